"""What an earlier run left behind: attempts without an end, and ids that only a second memory has."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from mjspec.dispatch.rescue import remembered

if TYPE_CHECKING:
    from mjspec.dispatch.run import Run

__all__ = ["recover"]


def recover(run: Run) -> None:
    """Settles attempts whose process died, and takes in the ids that were saved elsewhere."""
    ledger = run.ledger
    lost = ledger.settle("the run ended")
    rows = ledger.read("SELECT id FROM attempt WHERE state = 'unknown' AND task_id IS NULL")
    found = remembered(ledger.out, frozenset(row["id"] for row in rows))
    for attempt, tasks in found.items():
        # An id that another job has, whatever the reason, leaves this one unknown.
        with suppress(sqlite3.IntegrityError):
            ledger.accepted(attempt, tasks, "")
    if lost or found:
        unknown = [row["id"] for row in lost if row["id"] not in found]
        run.journal.write("recovered", unknown=unknown, adopted=found)
