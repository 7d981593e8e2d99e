"""Where a job says its version, and how it says the goal instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.jobs.successors import is_model_name
from mjspec.language.parser import parse
from mjspec.language.readings import read_flag
from mjspec.language.resolve import resolve
from mjspec.migration.remedy import Remedy, inserted, refusal, removed, replaced
from mjspec.parameters import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.diagnostics import Edit
    from mjspec.jobs.examined import Examined
    from mjspec.language.resolve import Resolved, Use
    from mjspec.language.settings import Layer, Setting
    from mjspec.migration.entries import Entries
    from mjspec.migration.goal import Goal
    from mjspec.parameters import Parameter
    from mjspec.source import Excerpt

__all__ = ["chosen", "deciding", "is_chosen", "named"]

_MODEL = frozenset({"version", "niji"})
_RANK = {parameter.key: rank for rank, parameter in enumerate(PARAMETERS)}


def is_chosen(job: Examined) -> bool:
    """Whether a job says anything about its version, be it by the name of an old model."""
    named = job.model.setting is not None and not job.model.implied
    return named or bool(_uses(job.resolved)) or any(_settings(job))


def deciding(job: Examined) -> Setting | None:
    """What decides about a job's version: what names it, or a `niji` that leaves it open."""
    return job.model.setting or job.settings.get("niji")


def chosen(job: Examined, goal: Goal, entries: Entries | None) -> Iterator[Remedy]:
    """The goal in the place of every version that a job names."""
    prompt = job.job.prompt
    yield from _in_text(prompt, job.resolved, goal)
    extra = job.settings.get("extra")
    if extra is not None and isinstance(extra.value, str):
        text = extra.origin.value.slice(*extra.origin.value_span)
        yield from _in_text(text, resolve(parse(text.text)), goal)
    if entries is None:
        return
    setting = deciding(job)
    decides = setting.origin.kind if setting else "default"
    for layer in job.job.layers:
        needed = layer.kind != "default" or decides == "default"
        for remedy in _in_layer(layer, job, goal, entries):
            yield remedy if needed else remedy._replace(needed=False, reason=None)


def _in_layer(layer: Layer, job: Examined, goal: Goal, entries: Entries) -> Iterator[Remedy]:
    version, niji = (layer.values.get(key) for key in ("version", "niji"))
    if version is not None and version.value is not None:
        yield from _field_version(version, job, goal, entries)
    if niji is not None and niji.value is not None:
        yield from _field_niji(niji, job, goal, entries)


def named(text: Excerpt, goal: Goal) -> Remedy | None:
    """The goal in a prompt that names no version, where `mjspec fmt` would put it."""
    tree = parse(text.text)
    rank = _RANK[goal.key]
    later = (start for start, flag in tree.flags if _rank_of(read_flag(flag).parameter) > rank)
    offset = next(later, len(text.text.rstrip()))
    edits = inserted(text, offset, goal.flag)
    return Remedy(edits, keys=_MODEL) if edits else None


def _rank_of(parameter: Parameter | None) -> int:
    return len(_RANK) if parameter is None or parameter.dead else _RANK[parameter.key]


def _uses(resolved: Resolved) -> list[Use]:
    """The parameters that choose a model, living and dead."""
    return [
        use
        for use in resolved.uses
        if use.key in _MODEL or (use.reading.parameter and is_model_name(use.reading.parameter))
    ]


def _settings(job: Examined) -> Iterator[Setting]:
    for layer in job.job.layers:
        for key in _MODEL:
            setting = layer.values.get(key)
            if setting is not None and setting.value is not None:
                yield setting


def _in_text(text: Excerpt, resolved: Resolved, goal: Goal) -> Iterator[Remedy]:
    uses = _uses(resolved)
    living = [use for use in uses if not use.dead]
    first = (living or uses)[:1]
    # Which of two different versions counts, or what an unreadable one is, nobody can say.
    sure = len({(use.key, str(use.reading.value)) for use in living}) <= 1 and all(
        use.reading.value is not None for use in living
    )
    for use in uses:
        says = use.key == goal.key and str(use.reading.value) == goal.number
        if says and sure:
            continue
        place = text.locate(use.span)
        typed = text.text[use.span.start : use.span.end]
        if use not in first:
            edits = removed(text, use.span)
            does = f"remove `{typed}`"
        else:
            edits = replaced(text, use.span, goal.flag)
            if not edits and use.key == goal.key and use.value_span != use.name_span:
                edits = replaced(text, use.value_span, goal.number)
            does = f"write `{goal.flag}`"
        why = "cannot be changed where it stands" if not edits else "is not the only version here"
        help_text = None if edits else f"write `{goal.flag}` there by hand"
        reason = refusal(f"`{typed}` {why}, so it does not become {goal.name}", place, help_text)
        yield Remedy(edits, sure or use.dead, does, _MODEL, reason)


def _field_version(
    setting: Setting, job: Examined, goal: Goal, entries: Entries
) -> Iterator[Remedy]:
    if _elsewhere(setting, entries):
        return
    kind = setting.origin.kind
    if goal.niji and not _beside("niji", kind, job):
        edits = entries.joined(setting, "niji", "true")
        if not edits and entries.kind == ".csv":
            # Without a column for it, the prompt says it.
            yield _remedy(entries.removed(setting), setting, goal)
            return
        if not edits:
            yield _remedy((), setting, goal)
            return
        yield Remedy(edits, keys=_MODEL)
    if str(setting.value) != goal.number:
        yield _remedy(entries.valued(setting, goal.number), setting, goal)


def _field_niji(setting: Setting, job: Examined, goal: Goal, entries: Entries) -> Iterator[Remedy]:
    if _elsewhere(setting, entries):
        return
    unnumbered = job.model.number is None
    if unnumbered and entries.kind == ".csv":
        # Without a column for the number, the prompt says it.
        yield _remedy(entries.removed(setting), setting, goal)
        return
    if setting.value is not goal.niji:
        text = "true" if goal.niji else "false"
        yield _remedy(entries.valued(setting, text), setting, goal)
    if unnumbered:
        yield _remedy(entries.joined(setting, "version", _quoted(goal, entries)), setting, goal)


def _quoted(goal: Goal, entries: Entries) -> str:
    return f'"{goal.number}"' if entries.kind == ".jsonl" else goal.number


def _beside(key: str, kind: str, job: Examined) -> bool:
    """Whether fields of the same strength set a key."""
    weak = kind == "default"
    layers = (layer for layer in job.job.layers if (layer.kind == "default") == weak)
    return any(key in layer.values and layer.values[key].value is not None for layer in layers)


def _elsewhere(setting: Setting, entries: Entries) -> bool:
    return setting.origin.location.source is not entries.source


def _remedy(edits: tuple[Edit, ...], setting: Setting, goal: Goal) -> Remedy:
    origin = setting.origin
    reason = refusal(
        f"`{origin.label}: {origin.typed}` cannot become {goal.name} where it stands",
        origin.location,
        "it is one of several values, or stands where nothing can be put beside it",
    )
    return Remedy(edits, keys=_MODEL, reason=reason)
