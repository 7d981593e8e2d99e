"""Applying fixes: as many as do not overlap, then look again, until there is nothing to mend."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mjspec.diagnostics import Diagnostic, Fix
    from mjspec.source import Source

__all__ = ["Fixed", "fix_text"]

MOST_ROUNDS = 10

_SYNTAX = (rules.INVALID_YAML, rules.INVALID_JSON, rules.INVALID_ROW)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The outcome of fixing a text.

    Attributes:
        text: The text afterwards.
        count: How many fixes were applied.
    """

    text: str
    count: int


def fix_text(
    source: Source, check: Callable[[Source], Iterable[Diagnostic]], *, unsafe: bool = False
) -> Fixed:
    """The text of a source with its fixes applied.

    A source with a syntax error is left as it is. Fixes that go round in a circle are undone.

    Args:
        source: The text.
        check: Gives the findings in a text.
        unsafe: Whether fixes that guess are applied too.
    """
    from mjspec.source import Source

    text, count = source.text, 0
    seen = {text}
    for _ in range(MOST_ROUNDS):
        current = Source(source.name, text)
        found = list(check(current))
        if _broken(found):
            return Fixed(source.text, 0)
        changed, applied = _applied(current, found, unsafe=unsafe)
        if not applied:
            return Fixed(text, count)
        if changed in seen:
            return Fixed(source.text, 0)
        seen.add(changed)
        text, count = changed, count + applied
    return Fixed(text, count)


def _broken(found: list[Diagnostic]) -> bool:
    return any(d.rule in _SYNTAX and d.severity is Severity.ERROR for d in found)


def _applied(source: Source, found: list[Diagnostic], *, unsafe: bool) -> tuple[str, int]:
    """One round: the fixes from left to right that overlap none before them."""
    fixes = [d.fix for d in found if d.fix and (unsafe or d.fix.safety == "safe")]
    fixes = [fix for fix in fixes if all(e.location.source is source for e in fix.edits)]
    fixes.sort(key=lambda fix: min(edit.location.span for edit in fix.edits))
    taken: list[tuple[int, int, str]] = []
    count = 0
    for fix in fixes:
        edits = _edits(fix)
        if any(_touches(edit, taken) for edit in edits):
            continue
        for edit in edits:
            insort(taken, edit)
        count += 1
    pieces, at = [], 0
    for start, end, replacement in taken:
        pieces += [source.text[at:start], replacement]
        at = end
    return "".join([*pieces, source.text[at:]]), count


def _edits(fix: Fix) -> list[tuple[int, int, str]]:
    return [(*edit.location.span, edit.replacement) for edit in fix.edits]


def _touches(edit: tuple[int, int, str], taken: list[tuple[int, int, str]]) -> bool:
    """Whether an edit overlaps or touches one of those taken, which are in order."""
    index = bisect_left(taken, edit)
    return any(
        edit[0] <= other[1] and other[0] <= edit[1]
        for other in taken[max(index - 1, 0) : index + 1]
    )
