"""Linting with several processes: the same findings in the same order as one process has.

Each process looks at whole inputs, or at parts of large ones, by itself. What only shows in all of
them together, which jobs are equal, is looked for here, in their order.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from heapq import merge
from itertools import chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING

from mjspec.cli.outcome import Order, Outcome
from mjspec.cli.worker import Look, Task, is_whole_line, lint_apart
from mjspec.jobs.seen import same_job
from mjspec.linting.judge import Judge
from mjspec.linting.memory import Known
from mjspec.reading.inputs import ROWS
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.cli.linter import Linter
    from mjspec.cli.outcome import Row
    from mjspec.cli.tabular import Rows
    from mjspec.diagnostics import Diagnostic
    from mjspec.reading.inputs import Input
    from mjspec.report import Page, Tally

__all__ = ["Crew"]

_ENOUGH = 1 << 18
"""Characters of small files that are given to a process at once."""


class Crew:
    """Several processes that share a run of lint."""

    def __init__(self, linter: Linter, tally: Tally, page: Page, style: str) -> None:
        self._linter = linter
        self._tally = tally
        self._page = page
        self._look = Look(style, page.colour, page.width, page.root)
        self._known = Known()

    def lint(self, processes: int) -> None:
        """Look at everything, and write what is found as soon as its turn comes."""
        self._write(list(self._linter.sources.found))
        portions = self._portions(processes)
        first, second = next(portions, None), next(portions, None)
        if first is not None and second is None:
            # One process is enough, and this is one.
            for task in first:
                self._lint_here(task.source)
        elif first is not None and second is not None:
            self._share(chain((first, second), portions), processes)
        self._tally.unread = len(self._linter.sources.problems)

    def _share(self, portions: Iterable[list[Task]], processes: int) -> None:
        from mjspec.cli.pool import Pool

        # A few more than can be worked at, so that nobody waits and little is held.
        pool = Pool(processes, lint_apart, ahead=2 * processes)
        pieces = ((tasks, self._apart(tasks)) for tasks in portions)
        for tasks, outcomes in pool.results(pieces):
            for task, outcome in zip(tasks, outcomes or repeat(None), strict=False):
                self._finish(task, outcome)

    def _apart(self, tasks: list[Task]) -> list[Task] | None:
        """What another process is given; None for what is looked at here."""
        apart = self._linter.is_apart(tasks[0].source)
        return [task.apart() for task in tasks] if apart else None

    def _portions(self, processes: int) -> Iterator[list[Task]]:
        """The inputs in their order, small files together, each that is not apart alone."""
        tasks: list[Task] = []
        size = 0
        for source in self._linter.sources.inputs(parts=True, sharers=processes):
            apart = self._linter.is_apart(source)
            later = source.source.first_line > 1
            if tasks and (later or not apart or size > _ENOUGH):
                yield tasks
                tasks, size = [], 0
            tasks.append(Task(source, *self._linter.terms(source), self._look))
            size += len(source.source.text)
            if not apart:
                yield tasks
                tasks, size = [], 0
        if tasks:
            yield tasks

    def _finish(self, task: Task, outcome: Outcome | Rows | None) -> None:
        if outcome is None:
            self._lint_here(task.source)
        elif not isinstance(outcome, Outcome):
            self._take_rows(task, outcome)
        elif is_whole_line(task.source):
            self._tally.files += task.source.source.first_line == 1
            self._tally.add(outcome.tally)
            self._page.out.writelines(self._merged(task, outcome))
        elif any(self._known.seen.knows(key) for key in outcome.keys):
            self._lint_here(task.source)
        else:
            self._take(task, outcome)

    def _take(self, task: Task, outcome: Outcome) -> None:
        """What was found in a file of which no job is in another one."""
        name = task.source.source.name
        for key, line in zip(outcome.keys, outcome.lines, strict=True):
            self._known.seen.before(key, name, line)
        self._tally.files += task.source.source.first_line == 1
        self._tally.add(outcome.tally)
        self._page.out.write(outcome.text)

    def _take_rows(self, task: Task, outcome: Rows) -> None:
        """What was found in a part of a table; rows with a job that was met before are judged here."""
        from mjspec.cli.tabular import row_alone

        source, portion = task.source.source, task.source.portion
        self._tally.files += source.first_line == 1
        self._tally.add(outcome.tally)
        for row in outcome.rows:
            self._page.out.write(row.before)
            if any(self._known.seen.knows(key) for key, _ in row.keys):
                self._lint_here(row_alone(task, row), files=0)
                continue
            for key, line in row.keys:
                self._known.seen.before(key, source.name, line)
            self._tally.add(row.tally)
            self._page.out.write(row.text)
        self._page.out.write(outcome.after)
        if portion is not None:
            portion.columns.merge(outcome.columns)
            if portion.last:
                judge = Judge(source, task.source.kind, task.config)
                self._write(judge.judged(portion.columns.unused(portion.columns.used)))

    def _lint_here(self, source: Input, files: int | None = None) -> None:
        """What has to be looked at together with everything before it."""
        self._tally.files += source.source.first_line == 1 if files is None else files
        for batch in self._linter.batches(source, self._known):
            self._tally.prompts += batch.prompts
            self._tally.suppressed += batch.suppressed
            self._write(batch.found)

    def _write(self, found: list[Diagnostic]) -> None:
        if found:
            self._tally.count_all(found)
            self._page.out.write(self._look.written(found))

    def _merged(self, task: Task, outcome: Outcome) -> Iterable[str]:
        """The findings of a process, with those between them that it could not know of."""
        more = self._all_new(task, outcome)
        if more is None:
            more = list(self._more(task, outcome))
        if not more:
            return (outcome.text,)
        return (text for _, text in merge(outcome.pieces(), more, key=itemgetter(0)))

    def _all_new(self, task: Task, outcome: Outcome) -> list[tuple[int, str]] | None:
        """The lines that are several jobs, if no job of the part was met before."""
        keys, lines = outcome.keys, outcome.lines
        several = [(line, key) for row in outcome.left for key, line in row.keys]
        if several:
            pairs = merge(zip(lines, keys, strict=True), several, key=itemgetter(0))
            lines, keys = zip(*pairs, strict=True)
        if not self._known.seen.all_new(keys, task.source.source.name, lines):
            return None
        for row in outcome.left:
            self._tally.add(row.tally)
        return [(Order.WHOLE.at(row.line), row.text) for row in outcome.left]

    def _more(self, task: Task, outcome: Outcome) -> Iterator[tuple[int, str]]:
        """Place and text of what is found here: equal jobs, and lines that are several jobs."""
        source = task.source.source
        judge = Judge(source, task.source.kind, task.config)
        left = deque(outcome.left)
        for key, line in zip(outcome.keys, outcome.lines, strict=True):
            while left and left[0].line < line:
                yield from self._left(task, left.popleft())
            first = self._known.seen.before(key, source.name, line)
            if first is not None:
                place = _line(source, line)
                found = judge.judged([same_job(Location(source, place), first)])
                self._tally.count_all(found)
                yield Order.WHOLE.at(line), self._look.written(found)
        while left:
            yield from self._left(task, left.popleft())

    def _left(self, task: Task, row: Row) -> Iterator[tuple[int, str]]:
        source = task.source.source
        if not any(self._known.seen.knows(key) for key, _ in row.keys):
            for key, at in row.keys:
                self._known.seen.before(key, source.name, at)
            self._tally.add(row.tally)
            yield Order.WHOLE.at(row.line), row.text
            return
        span = _line(source, row.line)
        alone = replace(
            task.source,
            source=Source(source.name, source.text[span.start : span.end], row.line),
            kind=ROWS if task.source.kind == ROWS else ".mj",
            stretch=None,
            found=[],
        )
        for batch in self._linter.batches(alone, self._known):
            self._tally.prompts += batch.prompts
            self._tally.count_all(batch.found)
            yield Order.WHOLE.at(row.line), self._look.written(batch.found)


def _line(source: Source, line: int) -> Span:
    span = source.line_span(line)
    return Span(span.start + source.text.startswith("\ufeff", span.start), span.end)
