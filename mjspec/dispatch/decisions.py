"""What only a person can decide: the fate of an unknown job, another try, no try at all."""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Literal

from mjspec.diagnostics import MjspecError
from mjspec.dispatch.database import LEDGER_NAME, LedgerError
from mjspec.dispatch.ledger import Ledger
from mjspec.dispatch.lock import run_lock
from mjspec.dispatch.rescue import remembered
from mjspec.dispatch.rows import label_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

__all__ = ["DecisionError", "Resolved", "Retried", "cancel", "resolve", "retry"]

Verdict = Literal["not-charged", "resubmit"]


class DecisionError(MjspecError):
    """A decision does not fit the job that it is made about."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What became of an unknown job.

    Attributes:
        id: The job.
        state: Its state now.
        message: The same as a sentence, with what to do next.
    """

    id: str
    state: str
    message: str


@dataclass(frozen=True, slots=True)
class Retried:
    """What `retry` did.

    Attributes:
        planned: Ids of the jobs that are planned again.
        paid: Ids of failed jobs that cost money and were left alone.
    """

    planned: tuple[str, ...]
    paid: tuple[str, ...]


def resolve(
    out: Path, job: str, *, task_id: str | None = None, verdict: Verdict | None = None
) -> Resolved:
    """Decides about a job whose outcome is not known.

    Args:
        out: The output folder.
        job: The job's id as `status` shows it, its key, or the id of the attempt.
        task_id: The provider has it under this id: it is followed from now on.
        verdict: ``not-charged``: nothing was bought, the job is planned again and its price is free.
            ``resubmit``: buy it again whatever happened; the old price stays on the bill.
    """
    if (task_id is None) == (verdict is None):
        raise DecisionError("give one of --task-id, --not-charged and --resubmit")
    with _writable(out) as ledger:
        row = _unknown_job(ledger, job)
        if task_id is not None:
            return _adopt(ledger, row, task_id.strip())
        _check_memories(ledger, row)
        state = "not_charged" if verdict == "not-charged" else "abandoned"
        with ledger.change() as connection:
            connection.execute(
                "UPDATE attempt SET state = ?, current = 0, resolution = ?, finished_at = ?"
                " WHERE id = ?",
                (state, verdict, time(), row["attempt"]),
            )
            connection.execute("UPDATE job SET cancelled_at = NULL WHERE key = ?", (row["key"],))
    name = label_of(row)
    return Resolved(name, "planned", f"{name} is planned again; `mjspec resume` sends it")


def retry(out: Path, jobs: Collection[str] = (), *, paid: bool = False) -> Retried:
    """Plans failed and rejected jobs again.

    Args:
        out: The output folder.
        jobs: Ids as `status` shows them, or keys; all that failed or were rejected if there are none.
        paid: Also those that cost money, as a job does whose links have died.
    """
    with _writable(out) as ledger:
        rows = ledger.read(
            "SELECT key, id, copy, attempt, state, cost FROM job_state"
            " WHERE state IN ('failed', 'rejected') ORDER BY position"
        )
        rows = _named(rows, jobs, "has not failed")
        again: list[sqlite3.Row] = []
        left: list[sqlite3.Row] = []
        for row in rows:
            free = row["state"] == "rejected" or row["cost"] == 0
            (again if free or paid else left).append(row)
        with ledger.change() as connection:
            connection.executemany(
                "UPDATE attempt SET current = 0, resolution = 'retry' WHERE id = ?",
                [(row["attempt"],) for row in again],
            )
            connection.executemany(
                "UPDATE job SET cancelled_at = NULL WHERE key = ?", [(row["key"],) for row in again]
            )
    return Retried(tuple(map(label_of, again)), tuple(map(label_of, left)))


def cancel(out: Path, jobs: Collection[str] = ()) -> tuple[str, ...]:
    """Cancels planned jobs, all of them if none is named; what was sent cannot be called back.

    The next `submit` of a spec that still has them plans them again.
    """
    with _writable(out) as ledger:
        rows = ledger.read(
            "SELECT key, id, copy FROM job_state WHERE state = 'planned' ORDER BY position"
        )
        gone = _named(rows, jobs, "is not planned; only planned jobs can be cancelled")
        with ledger.change() as connection:
            connection.executemany(
                "UPDATE job SET cancelled_at = ? WHERE key = ?",
                [(time(), row["key"]) for row in gone],
            )
    return tuple(map(label_of, gone))


@contextmanager
def _writable(out: Path) -> Iterator[Ledger]:
    if not (out / LEDGER_NAME).exists():
        raise LedgerError(f"{out} holds no ledger")
    with run_lock(out):
        ledger = Ledger(out)
        try:
            yield ledger
        finally:
            ledger.close()


def _unknown_job(ledger: Ledger, name: str) -> sqlite3.Row:
    rows = ledger.read(
        "SELECT key, id, copy, state, attempt, intent_at FROM job_state"
        " WHERE id = ?1 OR key = ?1 OR attempt = ?1",
        name,
    ) or ledger.read(
        "SELECT key, id, copy, state, attempt, intent_at FROM job_state"
        " WHERE id || '-copy' || copy = ?",
        name,
    )
    if not rows:
        raise DecisionError(f"there is no job {name!r} in {ledger.out}")
    unknown = [row for row in rows if row["state"] == "unknown"]
    if not unknown:
        raise DecisionError(f"{name!r} is {rows[0]['state']}; only unknown jobs are resolved")
    if len(unknown) > 1:
        keys = ", ".join(f"{row['key']} ({label_of(row)})" for row in unknown)
        raise DecisionError(f"{len(unknown)} unknown jobs are called {name!r}; give a key: {keys}")
    return unknown[0]


def _check_memories(ledger: Ledger, row: sqlite3.Row) -> None:
    """Refuses to give up an attempt whose task id the next run would find beside the ledger."""
    found = remembered(ledger.out, frozenset((row["attempt"],))).get(row["attempt"])
    # An id that another job has leads nowhere, whatever the reason.
    if found and not ledger.read("SELECT 1 FROM attempt WHERE task_id = ?", found[0]):
        raise DecisionError(
            f"{label_of(row)} was accepted as {found[0]}, which was saved beside the ledger;"
            " `mjspec resume` goes on with it"
        )


def _adopt(ledger: Ledger, row: sqlite3.Row, task_id: str) -> Resolved:
    if not task_id:
        raise DecisionError("the task id is empty")
    try:
        with ledger.change() as connection:
            connection.execute(
                "UPDATE attempt SET state = 'submitted', task_id = ?, tasks = ?, error = NULL,"
                " submitted_at = intent_at, resolution = 'task-id' WHERE id = ?",
                (task_id, json.dumps([task_id]), row["attempt"]),
            )
    except sqlite3.IntegrityError:
        raise DecisionError(f"{task_id} already belongs to another job") from None
    name = label_of(row)
    message = f"{name} is {task_id}; `mjspec resume` fetches its images"
    return Resolved(name, "submitted", message)


def _named(rows: list[sqlite3.Row], names: Collection[str], why_not: str) -> list[sqlite3.Row]:
    """The rows of these names, all of them if there are none; an id means all of its copies."""
    if not names:
        return rows
    chosen: set[str] = set()
    for name in names:
        found = [row["key"] for row in rows if name in (row["id"], row["key"])]
        found = found or [row["key"] for row in rows if name == label_of(row)]
        if not found:
            raise DecisionError(f"{name!r} {why_not}")
        chosen.update(found)
    return [row for row in rows if row["key"] in chosen]
