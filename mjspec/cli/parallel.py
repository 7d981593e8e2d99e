"""Linting with several processes: the same findings in the same order as one process has.

Each process looks at whole inputs, or at parts of large ones, by itself. What only shows in all of
them together, which jobs are equal, is looked for here, in their order.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING

import click

from mjspec.cli.tabular import Row, Rows, row_alone
from mjspec.cli.worker import Look, Order, Outcome, Task, begin, is_whole_line, lint_apart
from mjspec.jobs.seen import same_job
from mjspec.linting.judge import Judge
from mjspec.linting.memory import Known
from mjspec.reading.inputs import ROWS
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from mjspec.cli.linter import Linter
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
        ways = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in ways else None)
        pool = ProcessPoolExecutor(processes, mp_context=context, initializer=begin)
        waiting: deque[tuple[list[Task], Future[list[Outcome | Rows]] | None]] = deque()
        try:
            for tasks in self._portions():
                apart = self._linter.is_apart(tasks[0].source)
                waiting.append(
                    (
                        tasks,
                        pool.submit(lint_apart, [task.apart() for task in tasks])
                        if apart
                        else None,
                    )
                )
                # A few more than can be worked at, so that nobody waits and little is held.
                while len(waiting) > 2 * processes:
                    self._finish(*waiting.popleft())
            while waiting:
                self._finish(*waiting.popleft())
        except KeyboardInterrupt:
            # Nobody waits for what is being looked at.
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        except BrokenProcessPool:
            raise click.ClickException(
                "a process ended before its work was done; try `--jobs 1`"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)
        self._tally.unread = len(self._linter.sources.problems)

    def _portions(self) -> Iterator[list[Task]]:
        """The inputs in their order, small ones together, each that is not apart alone."""
        tasks: list[Task] = []
        size = 0
        for source in self._linter.sources.inputs(parts=True):
            apart = self._linter.is_apart(source)
            if tasks and (not apart or size > _ENOUGH):
                yield tasks
                tasks, size = [], 0
            tasks.append(Task(source, *self._linter.terms(source), self._look))
            size += len(source.source.text)
            if not apart:
                yield tasks
                tasks, size = [], 0
        if tasks:
            yield tasks

    def _finish(self, tasks: list[Task], future: Future[list[Outcome | Rows]] | None) -> None:
        if future is None:
            for task in tasks:
                self._lint_here(task.source)
            return
        for task, outcome in zip(tasks, future.result(), strict=True):
            if isinstance(outcome, Rows):
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
        self._page.out.writelines(outcome.texts)

    def _take_rows(self, task: Task, outcome: Rows) -> None:
        """What was found in a part of a table; rows with a job that was met before are judged here."""
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
            return outcome.texts
        own = zip(outcome.places, outcome.texts, strict=True)
        return (text for _, text in merge(own, more, key=itemgetter(0)))

    def _all_new(self, task: Task, outcome: Outcome) -> list[tuple[int, str]] | None:
        """The lines that are several jobs, if no job of the part was met before."""
        source = task.source.source
        several = [pair for row in outcome.left for pair in row.keys]
        keys = [*outcome.keys, *(key for key, _ in several)]
        lines = [*outcome.lines, *(line for _, line in several)]
        if not self._known.seen.all_new(keys, source.name, lines):
            return None
        for row in outcome.left:
            self._tally.add(row.tally)
        return [(Order.WHOLE.at(source.line_at(row.start)), row.text) for row in outcome.left]

    def _more(self, task: Task, outcome: Outcome) -> Iterator[tuple[int, str]]:
        """Place and text of what is found here: equal jobs, and lines that are several jobs."""
        source = task.source.source
        judge = Judge(source, task.source.kind, task.config)
        left = deque(outcome.left)
        for key, line in zip(outcome.keys, outcome.lines, strict=True):
            while left and source.line_at(left[0].start) < line:
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
        line = source.line_at(row.start)
        if not any(self._known.seen.knows(key) for key, _ in row.keys):
            for key, at in row.keys:
                self._known.seen.before(key, source.name, at)
            self._tally.add(row.tally)
            yield Order.WHOLE.at(line), row.text
            return
        span = _line(source, line)
        text = source.text[span.start : span.end]
        kind = ROWS if task.source.kind == ROWS else ".mj"
        alone = replace(task.source, source=Source(source.name, text, line), kind=kind, found=[])
        for batch in self._linter.batches(alone, self._known):
            self._tally.prompts += batch.prompts
            self._tally.count_all(batch.found)
            yield Order.WHOLE.at(line), self._look.written(batch.found)


def _line(source: Source, line: int) -> Span:
    span = source.line_span(line)
    return Span(span.start + source.text.startswith("\ufeff", span.start), span.end)
