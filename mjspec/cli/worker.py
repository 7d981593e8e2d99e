"""What one process of several does: it lints an input on its own, and writes what it finds."""

from __future__ import annotations

import io
import signal
from array import array
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

from mjspec.cli.tabular import Own, Row
from mjspec.jobs.seen import Seen
from mjspec.linting.batches import lint_input
from mjspec.linting.judge import Judge
from mjspec.linting.memory import Known
from mjspec.linting.survey import survey_lines
from mjspec.reading.inputs import ROWS
from mjspec.report import FORMATS, Page, Summary, Tally

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from mjspec.cli.tabular import Rows
    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.pipeline import Options
    from mjspec.reading.inputs import Input

__all__ = ["Look", "Order", "Outcome", "Task", "begin", "is_whole_line", "lint_apart"]


class Look(NamedTuple):
    """How findings are written.

    Attributes:
        style: The format.
        colour: Whether there are colours.
        width: Columns of a line.
        root: The folder from which services take paths.
    """

    style: str
    colour: bool
    width: int
    root: str

    def written(self, found: list[Diagnostic]) -> str:
        """Findings as text, without what ends a report."""
        page = _page(self)
        out = cast("io.StringIO", page.out)
        FORMATS[self.style](found, _nothing, page)
        text = out.getvalue()
        out.seek(0)
        out.truncate()
        return text


@cache
def _page(look: Look) -> Page:
    return Page(
        out=io.StringIO(), colour=look.colour, width=look.width, closing=False, root=look.root
    )


@cache
def _nothing() -> Summary:
    return Summary()


class Task(NamedTuple):
    """An input, and what holds for it."""

    source: Input
    options: Options
    config: Config
    look: Look

    def apart(self) -> Task:
        """The same for somebody who sees nothing else of the file."""
        portion = self.source.portion
        if portion is None:
            return self
        return self._replace(source=replace(self.source, portion=portion.apart()))


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


@dataclass(slots=True)
class Outcome:
    """What was found in an input by itself.

    Attributes:
        tally: The counts.
        texts: The findings as they are written, line by line.
        places: Where each of the texts belongs, see `Order`.
        left: Lines of which each may be several jobs, by themselves.
        keys: What equal jobs have in common, for each job without errors, in order.
        lines: Where each of these jobs stands.
    """

    tally: Tally
    texts: list[str] = field(default_factory=list)
    places: array[int] = field(default_factory=lambda: array("Q"))
    left: list[Row] = field(default_factory=list)
    keys: array[int] | list[Hashable] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("Q"))

    def write(self, text: str, place: int = 0) -> None:
        """Add what is written about one place."""
        self.texts.append(text)
        self.places.append(place)


class _Noted(Seen):
    """Takes note of the jobs of one input; which of them other inputs have is asked elsewhere."""

    def __init__(self, outcome: Outcome, *, blind: bool) -> None:
        super().__init__()
        self._outcome = outcome
        self._blind = blind

    def before(self, key: Hashable, name: str, line: int) -> tuple[str, int] | None:
        first = None if self._blind else super().before(key, name, line)
        if first is None:
            self._outcome.keys.append(key)  # type: ignore[arg-type]
            self._outcome.lines.append(line)
        return first


def begin() -> None:
    """Leave an interruption to the process that gives out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _known() -> Known:
    """What this process has met; other processes meet it again."""
    return Known()


def lint_apart(tasks: list[Task]) -> list[Outcome | Rows]:
    """Look at inputs without looking at others."""
    return [_lint(task) for task in tasks]


def _lint(task: Task) -> Outcome | Rows:
    if is_whole_line(task.source):
        return _lines(task)
    if task.source.portion is not None:
        from mjspec.cli.tabular import lint_rows

        return lint_rows(task, _known())
    return _spec(task)


def is_whole_line(source: Input) -> bool:
    """Whether each prompt of an input is a line, so that findings can be put between them."""
    return source.kind in (".mj", ".txt", ".md", ROWS)


def _lines(task: Task) -> Outcome:
    source, look, known = task.source, task.look, _known()
    outcome = Outcome(Tally(), keys=array("Q"))
    known.seen = _Noted(outcome, blind=True)
    judge = Judge(source.source, source.kind, task.config)
    left: list[tuple[int, str]] = []
    for prompts, found in survey_lines(source, _single(source, left), task.options, known):
        outcome.tally.prompts += prompts
        if found:
            reported = judge.judged(found)
            outcome.tally.count_all(reported)
            _write(reported, look, outcome)
    outcome.left = [_several(task, line, judge, known) for line in left]
    return outcome


def _several(task: Task, line: tuple[int, str], judge: Judge, known: Known) -> Row:
    """A prompt that may stand for several jobs, which are only compared with each other."""
    known.seen = own = Own()
    tally, texts = Tally(), []
    for prompts, found in survey_lines(task.source, [line], task.options, known):
        tally.prompts += prompts
        reported = judge.judged(found)
        tally.count_all(reported)
        texts.append(task.look.written(reported))
    start, text = line
    return Row(start, start + len(text), "", "".join(texts), tally, own.keys)


def _write(found: list[Diagnostic], look: Look, outcome: Outcome) -> None:
    """The findings of one line: those before one about the whole line, then the others."""
    if not found:
        return
    place = found[0].location
    line = place.start.line
    whole = place.source.line_span(line)
    late = next((i for i, one in enumerate(found) if one.location.span >= whole), len(found))
    if late:
        outcome.write(look.written(found[:late]), Order.EARLY.at(line))
    if late < len(found):
        outcome.write(look.written(found[late:]), Order.LATE.at(line))


def _single(source: Input, left: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The prompts that are one job each; the others are left."""
    for start, line in source.lines() or ():
        if "{" in line:
            left.append((start, line))
        else:
            yield start, line


def _spec(task: Task) -> Outcome:
    known = _known()
    outcome = Outcome(Tally())
    known.seen = _Noted(outcome, blind=False)
    for batch in lint_input(task.source, task.options, task.config, known):
        outcome.tally.prompts += batch.prompts
        outcome.tally.suppressed += batch.suppressed
        outcome.tally.count_all(batch.found)
        outcome.write(task.look.written(batch.found))
    return outcome
