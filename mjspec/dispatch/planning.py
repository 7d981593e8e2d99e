"""Brings the ledger in line with a spec: new jobs in, vanished ones out, paid ones untouched."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.rows import JOB_COLUMNS, job_row, origin_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.ledger import Ledger
    from mjspec.dispatch.prices import Prices

__all__ = ["Planned", "enter"]

_KNOWN = f"SELECT {', '.join(JOB_COLUMNS)}, state FROM job_state"  # noqa: S608 - our names.
_INSERT = f"INSERT INTO job ({', '.join(JOB_COLUMNS)}) VALUES ({', '.join('?' * len(JOB_COLUMNS))})"  # noqa: S608
# A job that nothing was sent for takes what the spec says now: metadata and price are no part of
# its key. One that was sent keeps the request that was paid for.
_REFRESH = (
    f"UPDATE job SET {', '.join(f'{name} = ?' for name in JOB_COLUMNS[1:])},"  # noqa: S608
    " cancelled_at = NULL WHERE key = ?"
)
_MOVE = "UPDATE job SET origin = ?, position = ? WHERE key = ?"
_CANCEL = "UPDATE job SET cancelled_at = ? WHERE key = ?"
_WAITING = ("planned", "cancelled")


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
    known = {row["key"]: row for row in ledger.read(_KNOWN)}
    states: Counter[str] = Counter()
    entry = _Entry(known, now)
    for job in jobs:
        key = job.key
        if key not in entry.seen:
            state = entry.add(job, key, prices)
            states["planned" if state == "cancelled" else state] += 1
    gone = [
        key for key, row in known.items() if key not in entry.seen and row["state"] == "planned"
    ]
    with ledger.change() as connection:
        connection.executemany(_INSERT, entry.new)
        connection.executemany(_REFRESH, entry.changed)
        connection.executemany(_MOVE, entry.moved)
        connection.executemany(_CANCEL, [(now, key) for key in gone])
    return Planned(added=len(entry.new), cancelled=len(gone), states=dict(states))


class _Entry:
    """The rows to write, gathered before the transaction begins."""

    def __init__(self, known: Mapping[str, sqlite3.Row], now: float) -> None:
        self._known = known
        self._now = now
        self.seen: set[str] = set()
        self.new: list[tuple[Any, ...]] = []
        self.changed: list[tuple[Any, ...]] = []
        self.moved: list[tuple[Any, ...]] = []

    def add(self, job: PaidJob, key: str, prices: Prices) -> str:
        """Takes in a job; gives its state in the ledger."""
        position = len(self.seen)
        self.seen.add(key)
        old = self._known.get(key)
        if old is not None and old["state"] not in _WAITING:
            origin = origin_text(job)
            if (old["origin"], old["position"]) != (origin, position):
                self.moved.append((origin, position, key))
            return str(old["state"])
        row = job_row(job, key, position, prices.of(job.billing_key, job.repeat), self._now)
        if old is None:
            self.new.append(row)
            return "planned"
        if _differs(old, row):
            self.changed.append((*row[1:], key))
        return str(old["state"])


def _differs(old: sqlite3.Row, new: tuple[Any, ...]) -> bool:
    # The last column is when the job was planned, which is no reason to write it again.
    return old["state"] == "cancelled" or tuple(old)[: len(new) - 1] != new[:-1]
