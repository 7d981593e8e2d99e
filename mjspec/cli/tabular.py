"""The rows of a table, linted by a process of its own: each is told as it is, or looked at again.

Looked at again, together with everything before it, is a row with a job that an earlier row has.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mjspec.cli.outcome import Own, Row
from mjspec.linting.judge import Judge
from mjspec.linting.survey import survey_rows
from mjspec.report import Tally
from mjspec.source import Source
from mjspec.spec.columns import Columns, Portion
from mjspec.spec.tables import csv_header

if TYPE_CHECKING:
    from mjspec.cli.worker import Task
    from mjspec.linting.memory import Known
    from mjspec.reading.inputs import Input
    from mjspec.source import Location

__all__ = ["Rows", "lint_rows", "row_alone"]


@dataclass(slots=True)
class Rows:
    """What was found in a part of a table by itself.

    Attributes:
        tally: The counts of what belongs to no row with a job.
        rows: The rows with jobs.
        after: What is written about what stands behind them.
        columns: What the part shows of the columns.
    """

    tally: Tally = field(default_factory=Tally)
    rows: list[Row] = field(default_factory=list)
    after: str = ""
    columns: Columns = field(default_factory=Columns)


def lint_rows(task: Task, known: Known) -> Rows:
    """Look at a part of a table without looking at others.

    Args:
        task: The part, and what holds for it.
        known: What this process has met.
    """
    source, result = task.source, Rows()
    judge = Judge(source.source, source.kind, task.config)
    known.seen = own = Own()
    for place, prompts, found in survey_rows(source, task.options, known):
        reported = judge.judged(found)
        start = place.span.start if place else len(source.source.text) + 1
        late = [one for one in reported if one.location.span.start >= start]
        # They are in order, so that these come first.
        early = reported[: len(reported) - len(late)]
        result.tally.count_all(early)
        before = task.look.written(early) if early else ""
        if place is None:
            result.after = before
            continue
        tally = Tally(prompts=prompts)
        tally.count_all(late)
        text = task.look.written(late) if late else ""
        result.rows.append(Row(*_lines(place), before, text, tally, own.keys))
        known.seen = own = Own()
    if source.portion is not None:
        result.columns = source.portion.columns
    return result


def _lines(place: Location) -> tuple[int, int, int]:
    """The first line of a row and the range of all; its quotes may lie outside of its place."""
    source = place.source
    first, last = (source.line_at(at) for at in place.span)
    return first, source.line_span(first).start, source.line_span(last).end


def row_alone(task: Task, row: Row) -> Input:
    """One row of a part, to be looked at again."""
    source, portion = task.source.source, task.source.portion or Portion()
    header = portion.header
    if header is None and task.source.kind == ".csv":
        header = csv_header(source)
    text = source.text[row.start : row.end]
    return replace(
        task.source,
        source=Source(source.name, text, row.line),
        portion=Portion(header, last=False),
        stretch=None,
        found=[],
    )
