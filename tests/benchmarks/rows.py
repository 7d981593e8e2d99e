"""Every row of the table, in its order."""

from __future__ import annotations

from tests.benchmarks import (
    batch,
    compiling,
    flight,
    linting,
    parsing,
    permuting,
    planning,
    rewriting,
    starting,
)

ROWS = (
    *parsing.ROWS,
    *linting.ROWS,
    *starting.ROWS,
    *compiling.ROWS,
    *planning.ROWS,
    *flight.ROWS,
    *batch.ROWS,
    *rewriting.ROWS,
    *permuting.ROWS,
)
