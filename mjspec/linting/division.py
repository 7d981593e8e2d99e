"""What was found in a run of parameters, divided among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mjspec.linting.marks import Mark
    from mjspec.linting.shapes import Run
    from mjspec.source import Span

__all__ = ["Division", "Shared", "divided"]


class Shared(NamedTuple):
    """A finding with places in several of the parameters that are tied to each other.

    Attributes:
        mark: The finding; each place counts from the dashes of the parameter that it is in.
        slots: For each place, which of the tied parameters that is.
    """

    mark: Mark
    slots: tuple[int, ...]


class Division(NamedTuple):
    """Who the findings belong to.

    Attributes:
        owned: What was found in each parameter alone, with places from its dashes; None where that
            is not sure, because a finding reaches beyond it, or would be another one with another
            value.
        shared: What was found in several of those that are tied.
    """

    owned: list[list[Mark] | None]
    shared: list[Shared]


def divided(marks: Iterable[Mark], run: Run, joined: Sequence[bool]) -> Division:
    """Divide findings among the parameters that they were found in.

    Args:
        marks: The findings, with places from the first dash.
        run: The parameters.
        joined: Which of them are tied to another one.
    """
    starts, ends = run.starts[:-1], run.starts[1:]
    result = Division([[] for _ in starts], [])
    ranks = [sum(joined[:i]) for i in range(len(starts))]
    for mark in marks:
        slots = [_slot(span, starts, ends) for span in mark.spans]
        known = [slot for slot in slots if slot is not None]
        owned = result.owned[known[0]] if known else None
        if len(known) < len(slots) or not _is_about(mark, run, known):
            _give_up(result, mark, starts, ends)
        elif len({*known}) > 1 and all(joined[slot] for slot in known):
            moved = mark.moved([-starts[slot] for slot in known])
            result.shared.append(Shared(moved, tuple(ranks[slot] for slot in known)))
        elif len({*known}) > 1:
            _give_up(result, mark, starts, ends)
        elif owned is not None:
            owned.append(mark.shifted(-starts[known[0]]))
    return result


def _slot(span: Span, starts: list[int], ends: list[int]) -> int | None:
    """The only parameter that a place is in; None if there is none, or it is between two."""
    within = [i for i, end in enumerate(ends) if starts[i] <= span.start and span.end <= end]
    return within[0] if len(within) == 1 else None


def _give_up(result: Division, mark: Mark, starts: list[int], ends: list[int]) -> None:
    """Nothing is known of any parameter from the first to the last place of a finding."""
    first = min(span.start for span in mark.spans)
    last = max(span.end for span in mark.spans)
    for index, end in enumerate(ends):
        if starts[index] <= last and first <= end:
            result.owned[index] = None


def _is_about(mark: Mark, run: Run, slots: list[int]) -> bool:
    """Whether a finding stays the same with other free values and beside other parameters."""
    if mark.rule is rules.TEXT_AFTER_PARAMETER:
        # Its fix moves the words before the first parameter, whichever that is.
        return False
    free = False
    starts = run.starts
    for span, slot in zip(mark.spans, slots, strict=True):
        part, start = run.parts[slot], starts[slot]
        if part.free:
            free = True
            if span.end > start + part.spelling.index("\0"):
                return False
    values = [str(value) for value in run.values if value is not None]
    return not (free and any(value in mark.message for value in values))
