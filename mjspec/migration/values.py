"""What of a job's parameters the goal does not have, and what takes its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Severity
from mjspec.domains import Number, References, Switch
from mjspec.jobs.successors import heir, is_model_name, successor
from mjspec.language.prompt import Image, Weight
from mjspec.limits import advised, allowed
from mjspec.migration.remedy import TEXTS, Remedy, removed, replaced, shown
from mjspec.parameters import BY_KEY
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.diagnostics import Diagnostic, Edit
    from mjspec.jobs.examined import Examined
    from mjspec.language.settings import Setting
    from mjspec.migration.entries import Entries
    from mjspec.migration.goal import Goal
    from mjspec.parameters import Parameter

__all__ = ["remedies_for"]

_WEIGHT = re.compile(r"::.*")
# Errors that a version makes, also where an earlier version made them.
_ABOUT_VERSIONS = (rules.UNSUPPORTED_IN_VERSION, rules.MULTI_PROMPT_UNSUPPORTED)


def remedies_for(
    before: Examined, after: Examined, goal: Goal, entries: Entries | None
) -> Iterator[Remedy]:
    """What has to change in a job's values and words.

    Args:
        before: The job as it is.
        after: The job as if it were of the goal's version.
        goal: The version that it shall have.
        entries: The fields of its file; None where there are none.
    """
    settings = {**after.extra.values, **after.settings}
    worker = _Values(after, goal, entries, settings)
    old = {_place(d) for d in before.diagnostics if d.severity is Severity.ERROR}
    for diagnostic in after.diagnostics:
        if diagnostic.rule is rules.OBSOLETE_PARAMETER:
            yield from worker.obsolete(diagnostic, new=_place(diagnostic) not in old)
        elif diagnostic.severity is not Severity.ERROR:
            continue
        elif diagnostic.rule in _ABOUT_VERSIONS or _place(diagnostic) not in old:
            yield worker.mended(diagnostic)
        elif diagnostic.rule is rules.OUT_OF_RANGE:
            # It was wrong before, so it is no reason to leave the rest as it is.
            yield worker.mended(diagnostic)._replace(reason=None)
    for setting in settings.values():
        yield from worker.respelled(setting)


def _place(diagnostic: Diagnostic) -> tuple[str, int, Span]:
    location = diagnostic.location
    return diagnostic.rule.name, id(location.source), location.span


class _Values:
    """The values of one job."""

    def __init__(
        self, job: Examined, goal: Goal, entries: Entries | None, settings: dict[str, Setting]
    ) -> None:
        self.job = job
        self.goal = goal
        self.entries = entries
        self.settings = settings
        self.by_name = {s.origin.name_location.span: s for s in settings.values()}
        self.by_value = {s.origin.location.span: s for s in settings.values()}

    def mended(self, found: Diagnostic) -> Remedy:
        """What mends an error that the goal makes."""
        if found.rule is rules.MULTI_PROMPT_UNSUPPORTED:
            return self._unweighted(found)
        place = found.location.span
        setting = self.by_name.get(place) or self.by_value.get(place)
        keys = frozenset({setting.key}) if setting else frozenset()
        if setting and self.entries and self.entries.kind == ".csv":
            # The name of a column stands far away from the cell.
            found = found._replace(location=setting.origin.location)
        if found.fix is not None:
            fix = found.fix
            return Remedy(fix.edits, fix.safety == "safe", fix.message, keys, found)
        parameter = BY_KEY.get(setting.key) if setting else None
        if setting is None or parameter is None or found.rule is not rules.UNSUPPORTED_IN_VERSION:
            return Remedy((), reason=found)
        other = self._succeeded(setting, found)
        if other is not None:
            return other
        default = parameter.default == _written(parameter, setting)
        return Remedy(self._removed(setting), default, f"remove `{shown(setting)}`", keys, found)

    def obsolete(self, found: Diagnostic, *, new: bool) -> Iterator[Remedy]:
        """What becomes of a parameter that is gone; names of models are no values."""
        use = next(
            (u for u in self.job.resolved.uses if u.dead and _starts(self.job, u.start, found)),
            None,
        )
        parameter = use.reading.parameter if use else None
        if parameter is not None and is_model_name(parameter):
            return
        if found.severity is not Severity.ERROR:
            return
        reason = found if new else None
        if found.fix is not None:
            keys = frozenset({"size", "weird"})
            yield Remedy(
                found.fix.edits, found.fix.safety == "safe", found.fix.message, keys, reason
            )
        elif use is not None and parameter is not None:
            yield self._buried(parameter, use.span, reason)

    def respelled(self, setting: Setting) -> Iterator[Remedy]:
        """The documented spelling where another one is accepted too."""
        one = successor(setting.key)
        if one and self.goal.rules in one.spelled and one.value in (None, setting.value):
            remedy = self._succeeded(setting, None)
            if remedy is not None and remedy.edits:
                yield remedy

    def _buried(self, parameter: Parameter, span: Span, reason: Diagnostic | None) -> Remedy:
        """A dead parameter whose row names another one, or nothing that could be written."""
        prompt = self.job.job.prompt
        found = heir(parameter)
        if found and found[1] and found[0].key not in self.settings:
            domain = allowed(found[0], self.goal.rules)
            value = domain.nearest(found[1]) or found[1] if domain else ""
            if value:
                text = f"--{found[0].flag} {value}"
                edits = replaced(prompt, span, text)
                keys = frozenset({found[0].key})
                return Remedy(edits, False, f"write `{text}`", keys, reason)
        typed = prompt.text[span.start : span.end]
        return Remedy(removed(prompt, span), False, f"remove `{typed}`", reason=reason)

    def _succeeded(self, setting: Setting, reason: Diagnostic | None) -> Remedy | None:
        """Another parameter in the place of one; None where the goal has none that is like it."""
        one = successor(setting.key)
        if one is None or one.heir is None or one.value not in (None, setting.value):
            return None
        new = BY_KEY[one.heir]
        domain = advised(new, self.goal.rules)
        if domain is None:
            return None
        if setting.origin.kind not in TEXTS and new.field is None and new.needs is not None:
            return self._weighed(setting, new, reason)
        keys = frozenset({setting.key, new.key})
        if new.key in self.settings:
            edits = self._removed(setting)
            safe = self.settings[new.key].value == setting.value or one.value is not None
            return Remedy(edits, safe, f"remove `{shown(setting)}`", keys, reason)
        text, safe = "", True
        if isinstance(domain, References):
            text, safe = _referred(domain, str(setting.value))
        elif isinstance(domain, Number):
            old = BY_KEY[setting.key]
            text = domain.nearest(_written(old, setting)) or ""
            safe = _written(old, setting) == old.default == new.default
        if not text and not isinstance(domain, Switch):
            return None
        written = f"--{new.flag} {text}".strip()
        edits = self._heired(setting, new, text)
        return Remedy(edits, safe, f"write `{written}`", keys, reason) if edits else None

    def _weighed(
        self, setting: Setting, new: Parameter, reason: Diagnostic | None
    ) -> Remedy | None:
        """A weight behind the reference that it weighs, where that goes into `extra`."""
        old = BY_KEY[setting.key]
        reference, domain = self.settings.get(old.needs or ""), advised(new, self.goal.rules)
        if reference is None or self.entries is None or domain is None:
            return None
        moved = self._succeeded(reference, None)
        if moved is None or new.needs not in moved.keys or not moved.edits:
            return None
        written = f"--{new.flag} {domain.nearest(_written(old, setting)) or ''}"
        behind = self.entries.lengthened(reference, setting, f" {written}")
        gone = self._removed(setting)
        if not behind or not gone or _written(old, setting) == old.default:
            return None
        keys = frozenset({setting.key, new.key})
        return Remedy((*gone, *behind), False, f"write `{written}`", keys, reason)

    def _heired(self, setting: Setting, new: Parameter, text: str) -> tuple[Edit, ...]:
        origin = setting.origin
        if origin.kind in TEXTS:
            span = Span(origin.name_span.start, origin.value_span.end)
            # A value that is escaped in its file can only stay.
            alone = origin.name_span if text == origin.typed else Span(0, 0)
            whole = replaced(origin.name, span, f"--{new.flag} {text}".strip())
            return whole or (replaced(origin.name, alone, f"--{new.flag}") if alone.end else ())
        if self.entries is None:
            return ()
        if new.field is not None:
            return self.entries.renamed(setting, new.field, text or "true", "")
        if "extra" in self.settings or text != str(setting.value) or origin.typed != text:
            return ()
        return self.entries.renamed(setting, "extra", None, f"--{new.flag} ")

    def _removed(self, setting: Setting) -> tuple[Edit, ...]:
        origin = setting.origin
        if origin.kind in TEXTS:
            return removed(origin.name, Span(origin.name_span.start, origin.value_span.end))
        return self.entries.removed(setting) if self.entries else ()

    def _unweighted(self, found: Diagnostic) -> Remedy:
        """A multi-prompt without its weights: only where none of them says to leave something out."""
        prompt = self.job.job.prompt
        parts = self.job.resolved.prompt.parts
        weights = [
            part
            for last, part in zip((None, *parts), parts, strict=False)
            if isinstance(part, Weight) and not isinstance(last, Image)
        ]
        if any(weight.value <= 0 for weight in weights):
            return Remedy((), reason=found)
        edits: list[Edit] = []
        for weight in weights:
            start, end = weight.span
            around = prompt.text[max(start - 1, 0) : start] + prompt.text[end : end + 1]
            apart = start == 0 or end == len(prompt.text) or any(map(str.isspace, around))
            edit = replaced(prompt, weight.span, "" if apart else " ")
            if not edit:
                return Remedy((), reason=found)
            edits += edit
        return Remedy(tuple(edits), False, "remove the weights", reason=found, words=True)


def _starts(job: Examined, start: int, found: Diagnostic) -> bool:
    prompt = job.job.prompt
    place = prompt.locate(Span(start, start + 1))
    return place.source is found.location.source and place.span.start == found.location.span.start


def _written(parameter: Parameter, setting: Setting) -> str:
    """A value as the table writes defaults."""
    value = setting.value
    if isinstance(value, bool):
        return "on" if value else "off"
    return parameter.domain.write(value) if isinstance(value, str | int | float) else ""


def _referred(domain: References, text: str) -> tuple[str, bool]:
    """The references that a domain takes, and whether they are all of them as they were."""
    if len(text.split()) <= domain.most and all(map(domain.accepts, text.split())):
        return text, True
    links = []
    for word in text.split():
        scheme, slashes, rest = word.partition("://")
        links.append(scheme + slashes + _WEIGHT.sub("", rest))
    kept = [link for link in links if domain.accepts(link)][: domain.most]
    return " ".join(kept), False
