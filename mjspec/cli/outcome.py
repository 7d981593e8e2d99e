"""What one process of several hands back for each input, and how findings are put in order."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from mjspec.jobs.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from mjspec.report import Tally

__all__ = ["Noted", "Order", "Outcome", "Own", "Row"]


class Order(IntEnum):
    """What comes first in one line."""

    EARLY = 0
    "Findings before one about the whole line."
    WHOLE = 1
    "A finding about the whole line."
    LATE = 2
    "The others."

    def at(self, line: int) -> int:
        """A number that sorts as the place does."""
        return line * len(Order) + self


class Row(NamedTuple):
    """What was found in a row of a table, or in a line that may be several jobs, by itself.

    Attributes:
        line: Its first line.
        start: Where that begins in the part of the file.
        end: Where its last line ends.
        before: What is written about the rows before it that are no jobs.
        text: What is written about it.
        tally: The counts of that.
        keys: What its jobs have in common with equal ones, each with its line.
    """

    line: int
    start: int
    end: int
    before: str
    text: str
    tally: Tally
    keys: list[tuple[Hashable, int]]


@dataclass(slots=True)
class Outcome:
    """What was found in an input by itself.

    Attributes:
        tally: The counts.
        text: The findings as they are written.
        starts: Where something else can be put into the text.
        places: What the text behind each of them is about, see `Order`.
        left: Lines of which each may be several jobs, by themselves.
        keys: What equal jobs have in common, for each job without errors, in order.
        lines: Where each of these jobs stands.
    """

    tally: Tally
    text: str = ""
    starts: array[int] = field(default_factory=lambda: array("Q"))
    places: array[int] = field(default_factory=lambda: array("Q"))
    left: list[Row] = field(default_factory=list)
    keys: Sequence[Hashable] = ()
    lines: Sequence[int] = ()

    def pieces(self) -> Iterator[tuple[int, str]]:
        """What is written about each place."""
        ends = [*self.starts[1:], len(self.text)]
        for place, start, end in zip(self.places, self.starts, ends, strict=False):
            yield place, self.text[start:end]


class Noted(Seen):
    """Takes note of jobs; which of them are equal is asked elsewhere.

    Attributes:
        keys: What equal jobs have in common, job by job.
        lines: Their lines.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys = array("Q")
        self.lines = array("Q")
        self._add_key = self.keys.append
        self._add_line = self.lines.append

    def before(self, key: int, name: str, line: int) -> None:  # type: ignore[override]  # noqa: ARG002
        """Nothing was met before."""
        self._add_key(key)
        self._add_line(line)


class Own(Seen):
    """The jobs of one row, which are only compared with each other.

    Attributes:
        keys: What each has in common with equal ones, with its line.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[tuple[Hashable, int]] = []

    def before(self, key: Hashable, name: str, line: int) -> tuple[str, int] | None:
        """The same, and takes note of the job."""
        first = super().before(key, name, line)
        if first is None:
            self.keys.append((key, line))
        return first
