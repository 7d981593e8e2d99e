"""Applying fixes: as many as do not overlap, then look again, until there is nothing to mend."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

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

    A source with a syntax error is left as it is. Fixes that go round in a circle, or come to no
    end, are undone.

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
    # What has not come to an end by now does not.
    return Fixed(source.text, 0)


def _broken(found: list[Diagnostic]) -> bool:
    return any(d.rule in _SYNTAX and d.severity is Severity.ERROR for d in found)


def _applied(source: Source, found: list[Diagnostic], *, unsafe: bool) -> tuple[str, int]:
    """One round: the fixes from left to right that overlap none before them."""
    fixes = [d.fix for d in found if d.fix and (unsafe or d.fix.safety == "safe")]
    fixes = [fix for fix in fixes if all(e.location.source is source for e in fix.edits)]
    fixes.sort(key=lambda fix: min(edit.location.span for edit in fix.edits))
    taken: list[_Edit] = []
    count = 0
    for fix in fixes:
        edits = _edits(fix, count)
        if any(_touches(edit, taken) for edit in edits):
            continue
        for edit in edits:
            insort(taken, edit)
        count += 1
    pieces, at = [], 0
    for start, end, _, replacement in taken:
        pieces += [source.text[at:start], replacement]
        at = end
    return "".join([*pieces, source.text[at:]]), count


class _Edit(NamedTuple):
    """An edit of a round; those at one place stand in the order of their fixes."""

    start: int
    end: int
    number: int
    text: str

    @property
    def adds(self) -> bool:
        """Whether it puts words between others, as what moves them does."""
        return self.start == self.end and len(self.text) > 1 and self.text.endswith(" ")


def _edits(fix: Fix, number: int) -> list[_Edit]:
    return [_Edit(*edit.location.span, number, edit.replacement) for edit in fix.edits]


def _touches(edit: _Edit, taken: list[_Edit]) -> bool:
    """Whether an edit overlaps or touches one of those taken, which are in order.

    Words that are moved to one place may stand there together.
    """
    index = bisect_left(taken, edit)
    return any(
        edit.start <= other.end
        and other.start <= edit.end
        and not (edit.adds and other.adds and edit.number != other.number)
        for other in taken[max(index - 1, 0) : index + 1]
    )
