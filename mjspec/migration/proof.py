"""Whether a job that was migrated is still the same in all but what had to change."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from mjspec.diagnostics import Severity
from mjspec.language.parser import parse
from mjspec.language.readings import read_flag

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.language.content import Content
    from mjspec.migration.goal import Goal

__all__ = ["doubt", "is_same"]

_MODEL = frozenset({"version", "niji"})
_WEIGHTS = re.compile(r"::-?[\d.]*")


def doubt(
    old: Examined,
    new: Examined,
    goal: Goal,
    keys: AbstractSet[str],
    *,
    elsewhere: bool,
    words: bool,
) -> str | None:
    """What is wrong with a migrated job, in words that finish a sentence; None if nothing is.

    Args:
        old: The job as it was.
        new: The job afterwards, under its own version.
        goal: The version that it shall have.
        keys: The settings that may be others.
        elsewhere: Whether its version stands in another file.
        words: Whether weights of its text may be gone.
    """
    if not elsewhere and not goal.reached(new.model):
        return f"it would still not be {goal.name}"
    fresh = Counter(_errors(new)) - Counter(_errors(old))
    if fresh and not elsewhere:
        return f"it would have a new error, {next(iter(fresh))}"
    if _said(old.content, words=words) != _said(new.content, words=words):
        return "its words or links would be others"
    before, after = _values(old), _values(new)
    for key in before.keys() | after.keys():
        if key.removeprefix("extra ") not in keys | _MODEL and before.get(key) != after.get(key):
            return f"`{key}` would be another"
    gone = {text for text in old.resolved.kept if not _is_dead(text)} - set(new.resolved.kept)
    return f"`{min(gone)}` would be gone" if gone else None


def is_same(old: Job, new: Job) -> bool:
    """Whether a job is written the same."""
    if old.prompt.text != new.prompt.text:
        return False
    return [_layer(old, i) for i in range(len(old.layers))] == [
        _layer(new, i) for i in range(len(new.layers))
    ]


def _layer(job: Job, index: int) -> dict[str, object]:
    return {key: setting.value for key, setting in job.layers[index].values.items()}


def _errors(job: Examined) -> list[str]:
    return [d.rule.name for d in job.diagnostics if d.severity is Severity.ERROR]


def _said(content: Content, *, words: bool) -> object:
    text = " ".join(_WEIGHTS.sub(" ", content.text).split()) if words else content.text
    return content.images, content.weighted, text


def _values(job: Examined) -> dict[str, object]:
    values: dict[str, object] = {key: one.value for key, one in job.settings.items()}
    values.pop("extra", None)
    values.update((f"extra {key}", one.value) for key, one in job.extra.values.items())
    return values


def _is_dead(text: str) -> bool:
    flags = parse(text).flags
    parameter = read_flag(flags[0][1]).parameter if flags else None
    return parameter is not None and (parameter.dead or parameter.key == "weird")
