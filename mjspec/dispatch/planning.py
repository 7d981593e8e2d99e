"""Brings the ledger in line with a spec: new jobs in, vanished ones out, paid ones untouched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.rows import JOB_COLUMNS, job_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.ledger import Ledger
    from mjspec.dispatch.prices import Prices

__all__ = ["Planned", "enter"]

_INSERT = f"INSERT INTO job ({', '.join(JOB_COLUMNS)}) VALUES ({', '.join('?' * len(JOB_COLUMNS))})"  # noqa: S608
# A job that nothing was sent for takes what the spec says now: metadata and price are no part of
# its key. One that was sent keeps the request that was paid for.
_REFRESH = (
    f"UPDATE job SET {', '.join(f'{name} = ?' for name in JOB_COLUMNS[1:])},"  # noqa: S608
    " cancelled_at = NULL WHERE key = ?"
)
_ORIGIN = JOB_COLUMNS.index("origin")
_POSITION = JOB_COLUMNS.index("position")


@dataclass(frozen=True, slots=True)
class Planned:
    """What entering a spec did.

    Attributes:
        added: Jobs that are new.
        cancelled: Planned jobs that the spec no longer has.
        states: How many of the spec's jobs are in each state.
    """

    added: int
    cancelled: int
    states: Mapping[str, int]


def enter(ledger: Ledger, jobs: Iterable[PaidJob], prices: Prices) -> Planned:
    """Enters the jobs of a spec; entering the same ones again changes nothing."""
    now = time()
    known = {
        row["key"]: row for row in ledger.read("SELECT key, state, origin, position FROM job_state")
    }
    states: Counter[str] = Counter()
    rows: dict[str, tuple[Any, ...]] = {}
    for job in jobs:
        key = job.key
        if key not in rows:
            estimate = prices.of(job.billing_key, job.repeat)
            rows[key] = job_row(job, len(rows), estimate, now)
            state = known[key]["state"] if key in known else "planned"
            states["planned" if state == "cancelled" else state] += 1
    gone = [k for k, row in known.items() if k not in rows and row["state"] == "planned"]
    with ledger.change() as connection:
        _write(connection, rows, known)
        connection.executemany(
            "UPDATE job SET cancelled_at = ? WHERE key = ?", [(now, key) for key in gone]
        )
    added = sum(key not in known for key in rows)
    return Planned(added=added, cancelled=len(gone), states=dict(states))


def _write(
    connection: sqlite3.Connection,
    rows: Mapping[str, tuple[Any, ...]],
    known: Mapping[str, sqlite3.Row],
) -> None:
    connection.executemany(_INSERT, [row for key, row in rows.items() if key not in known])
    waiting = {key for key, row in known.items() if row["state"] in ("planned", "cancelled")}
    connection.executemany(
        _REFRESH, [(*row[1:], key) for key, row in rows.items() if key in waiting]
    )
    moved = [
        (row[_ORIGIN], row[_POSITION], key)
        for key, row in rows.items()
        if key in known
        and key not in waiting
        and (known[key]["origin"], known[key]["position"]) != (row[_ORIGIN], row[_POSITION])
    ]
    connection.executemany("UPDATE job SET origin = ?, position = ? WHERE key = ?", moved)
