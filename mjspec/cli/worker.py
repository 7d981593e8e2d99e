"""What one process of several does: it lints an input on its own, and writes what it finds."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mjspec.cli.outcome import Noted, Order, Outcome, Own, Row
from mjspec.directives import MARK
from mjspec.linting.batches import lint_input
from mjspec.linting.judge import Judge
from mjspec.linting.memory import Known
from mjspec.linting.survey import survey_lines
from mjspec.reading.inputs import ROWS
from mjspec.report import FORMATS, Page, Summary, Tally
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.cli.tabular import Rows
    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.pipeline import Options
    from mjspec.reading.inputs import Input

__all__ = ["Look", "Task", "is_whole_line", "lint_apart"]


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

    def written(self, found: Iterable[Diagnostic]) -> str:
        """Findings as text, without what ends a report."""
        out = io.StringIO()
        self.write(found, out)
        return out.getvalue()

    def write(self, found: Iterable[Diagnostic], out: io.StringIO) -> None:
        """The same, finding by finding."""
        page = Page(out=out, colour=self.colour, width=self.width, closing=False, root=self.root)
        FORMATS[self.style](found, Summary, page)


class Task(NamedTuple):
    """An input, and what holds for it."""

    source: Input
    options: Options
    config: Config
    look: Look

    def apart(self) -> Task:
        """The same for somebody who sees nothing else of the file, but may read it there."""
        source = self.source
        if source.portion is not None:
            source = replace(source, portion=source.portion.apart())
        if source.stretch is not None:
            nothing = Source(source.source.name, "", source.source.first_line)
            source = replace(source, source=nothing)
        return self._replace(source=source)

    def opened(self) -> Task | None:
        """The same with its text; None if that can no longer be read."""
        source, stretch = self.source, self.source.stretch
        if stretch is None:
            return self
        text = stretch.text()
        if text is None:
            return None
        whole = Source(source.source.name, text, source.source.first_line)
        return self._replace(source=replace(source, source=whole))


@cache
def _known() -> Known:
    """What this process has met; other processes meet it again."""
    return Known()


def lint_apart(tasks: list[Task]) -> list[Outcome | Rows | None]:
    """Look at inputs without looking at others; None is for what only the whole can tell."""
    return [_lint(task) for task in map(Task.opened, tasks)]


def _lint(task: Task | None) -> Outcome | Rows | None:
    if task is None:
        return None
    if is_whole_line(task.source):
        return _lines(task)
    if MARK in task.source.source.text:
        return None
    if task.source.portion is not None:
        from mjspec.cli.tabular import lint_rows

        return lint_rows(task, _known())
    return _spec(task)


def is_whole_line(source: Input) -> bool:
    """Whether each prompt of an input is a line, so that findings can be put between them."""
    return source.kind in (".mj", ".txt", ".md", ROWS)


def _lines(task: Task) -> Outcome | None:
    source, known = task.source, _known()
    judge = Judge(source.source, source.kind, task.config)
    if judge.commented:
        return None
    known.seen = noted = Noted()
    outcome, out = Outcome(Tally(), keys=noted.keys, lines=noted.lines), io.StringIO()
    left: list[tuple[int, str]] = []
    task.look.write(_found(task, _single(source, left), judge, outcome, out), out)
    outcome.text = out.getvalue()
    outcome.left = [_several(task, line, judge, known) for line in left]
    return outcome


def _found(
    task: Task,
    lines: Iterable[tuple[int, str]],
    judge: Judge,
    outcome: Outcome,
    out: io.StringIO,
) -> Iterator[Diagnostic]:
    """The findings of lines, each taken when what is before it was written."""
    source = task.source.source
    for prompts, found in survey_lines(task.source, lines, task.options, _known()):
        outcome.tally.prompts += prompts
        reported = judge.judged(found) if found else found
        if not reported:
            continue
        outcome.tally.count_all(reported)
        line = source.line_at(reported[0].location.span.start)
        whole, last = source.line_span(line), None
        for one in reported:
            order = Order.EARLY if one.location.span < whole else Order.LATE
            if order is not last:
                outcome.places.append(order.at(line))
                outcome.starts.append(out.tell())
            last = order
            yield one


def _several(task: Task, line: tuple[int, str], judge: Judge, known: Known) -> Row:
    """A prompt that may stand for several jobs, which are only compared with each other."""
    known.seen = own = Own()
    tally, text = Tally(), ""
    for prompts, found in survey_lines(task.source, [line], task.options, known):
        tally.prompts += prompts
        reported = judge.judged(found) if found else found
        if reported:
            tally.count_all(reported)
            text += task.look.written(reported)
    start, prompt = line
    number = task.source.source.line_at(start)
    return Row(number, start, start + len(prompt), "", text, tally, own.keys)


def _single(source: Input, left: list[tuple[int, str]]) -> Iterable[tuple[int, str]]:
    """The prompts that are one job each; the others are left."""
    lines = source.lines() or ()
    return _parted(lines, left) if "{" in source.source.text else lines


def _parted(
    lines: Iterable[tuple[int, str]], left: list[tuple[int, str]]
) -> Iterator[tuple[int, str]]:
    for line in lines:
        if "{" in line[1]:
            left.append(line)
        else:
            yield line


def _spec(task: Task) -> Outcome:
    known, outcome, texts = _known(), Outcome(Tally()), []
    known.seen = own = Own()
    for batch in lint_input(task.source, task.options, task.config, known):
        outcome.tally.prompts += batch.prompts
        outcome.tally.suppressed += batch.suppressed
        outcome.tally.count_all(batch.found)
        texts.append(task.look.written(batch.found))
    outcome.text = "".join(texts)
    outcome.keys = [key for key, _ in own.keys]
    outcome.lines = [line for _, line in own.keys]
    return outcome
