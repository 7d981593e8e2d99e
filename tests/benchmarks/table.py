"""One table: what is measured, against whom, what must be reached, and what was."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.benchmarks.setting import Setting

HEAD = ("row", "what", "mjspec", "peer", "peer's", "ratio", "spread", "must", "aim", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the rounds of one row gave.

    Attributes:
        ours: Our figure, round by round.
        theirs: The peer's on the same input in the same rounds.
        ratios: How many times better ours was; empty where that says nothing.
    """

    ours: tuple[float, ...]
    theirs: tuple[float, ...] = ()
    ratios: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        name: What ``--only`` calls it.
        what: What is measured.
        peer: Whom it is measured against; empty where nobody does the same.
        unit: ``s``, ``ms``, ``/s``, ``MB``, ``%`` or nothing.
        must: The bound: of the ratio where that is judged, and of our own figure otherwise.
        aim: What is wanted beyond it.
        by_ratio: Whether the ratio is judged, and has to be large; our own figure has to be small.
        measure: Gives the samples of this row and of those that share its run.
    """

    name: str
    what: str
    unit: str
    measure: Callable[[Setting], Mapping[str, Sample]]
    peer: str = ""
    must: float | None = None
    aim: float | None = None
    by_ratio: bool = False


def verdict(row: Row, sample: Sample) -> str:
    """Whether the median reaches the bound and the aim."""
    sign = 1 if row.by_ratio else -1
    value = sign * statistics.median(sample.ratios if row.by_ratio else sample.ours)
    if row.must is not None and value < sign * row.must:
        return "short"
    if row.aim is not None and value < sign * row.aim:
        return "ok, short of the aim"
    return "ok" if row.must is not None or row.aim is not None else ""


def cells(row: Row, sample: Sample) -> tuple[str, ...]:
    """The line as texts, in the order of ``HEAD``."""
    judged = sample.ratios if row.by_ratio else sample.ours
    unit = "x" if row.by_ratio else row.unit
    theirs = written(statistics.median(sample.theirs), row.unit) if sample.theirs else ""
    ratio = written(statistics.median(sample.ratios), "x") if sample.ratios else ""
    several = len(judged) > 1
    spread = f"{written(min(judged), '')}..{written(max(judged), unit)}" if several else ""
    return (
        row.name,
        row.what,
        written(statistics.median(sample.ours), row.unit),
        row.peer,
        theirs,
        ratio,
        spread,
        written(row.must, unit) if row.must is not None else "",
        written(row.aim, unit) if row.aim is not None else "",
        verdict(row, sample),
    )


def written(value: float, unit: str) -> str:
    """A figure with its unit, no more digits than it is worth."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}{unit}" if unit in ("/s", "%") else f"{text} {unit}".rstrip()


def plain(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """The table for a terminal."""
    widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in (head, *lines)
    )


def markdown(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """The table for CONTRIBUTING.md."""
    rows = (head, ["---"] * len(head), *lines)
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in rows)
