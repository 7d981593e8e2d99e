"""The memory of a batch: what is wanted, what may have been charged, what came home.

Every method that changes something is one transaction and is on the disk when it returns. Each step
asks for the state that it may leave; a step that finds another one raises instead of overwriting, so
a late answer or a second runner cannot turn the history back.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from mjspec._version import __version__
from mjspec.dispatch.database import LedgerError, translated
from mjspec.dispatch.rows import Attempt, attempt_of, job_of
from mjspec.dispatch.status import Money, money
from mjspec.dispatch.storage import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.dispatch.job import PaidJob

__all__ = ["SPENT", "BudgetError", "Ledger"]

# What an attempt may have cost: the bill where there is one, else the estimate. Attempts that were
# provably not charged cost nothing; one whose fate is not known keeps its estimate.
SPENT = (
    "SELECT coalesce(sum(coalesce(cost, estimate)), 0) FROM attempt"
    " WHERE state NOT IN ('not_sent', 'refused', 'rejected', 'not_charged')"
)


class BudgetError(LedgerError):
    """The next job would cost more than is allowed."""


class Ledger(Store):
    """The ledger of one output folder, open for the one process that may write it."""

    def start_run(self, run: str, max_cost: int | None) -> None:
        """Notes who is at work; a run that never said its end died."""
        with self.change() as connection:
            connection.execute("UPDATE run SET ended_at = started_at WHERE ended_at IS NULL")
            connection.execute(
                "INSERT INTO run (id, started_at, pid, host, version, max_cost)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (run, time(), os.getpid(), socket.gethostname(), __version__, max_cost),
            )

    def end_run(self, run: str, exit_code: int, reason: str | None) -> None:
        """Notes how a run ended."""
        with self.change() as connection:
            connection.execute(
                "UPDATE run SET ended_at = ?, exit_code = ?, stop_reason = ? WHERE id = ?",
                (time(), exit_code, reason, run),
            )

    def sent_within(self, seconds: float) -> tuple[float, ...]:
        """When the requests of the last seconds went out, on this process's monotonic clock."""
        now, clock = time(), monotonic()
        rows = self.read(
            "SELECT connected_at FROM attempt WHERE connected_at > ? AND connected_at <= ?",
            now - seconds,
            now,
        )
        return tuple(clock - (now - row["connected_at"]) for row in rows)

    def money(self) -> Money:
        """The sums of the ledger."""
        with self._lock, translated(self._path):
            return money(self._connection)

    def planned(self) -> list[str]:
        """The keys of the jobs that are still to be sent, in the order of the spec."""
        rows = self.read("SELECT key FROM job_state WHERE state = 'planned' ORDER BY position")
        return [row["key"] for row in rows]

    def job(self, key: str) -> PaidJob:
        """A job by its key."""
        rows = self.read("SELECT * FROM job WHERE key = ?", key)
        if not rows:
            raise LedgerError(f"no job with the key {key}")
        return job_of(rows[0])

    def estimate(self, key: str) -> int:
        """What a job costs by the prices that it was planned with, in micro-dollars."""
        found: int = self.read("SELECT estimate FROM job WHERE key = ?", key)[0]["estimate"]
        return found

    def has_attempt(self, attempt: str) -> bool:
        """Whether an attempt is known."""
        return bool(self.read("SELECT 1 FROM attempt WHERE id = ?", attempt))

    def under_way(self) -> list[Attempt]:
        """What is accepted and not yet home."""
        rows = self.read(
            "SELECT * FROM job_state WHERE state IN ('submitted', 'running', 'downloading')"
            " ORDER BY expires_at IS NULL, expires_at, submitted_at"
        )
        return [attempt_of(row) for row in rows]

    def intend(self, key: str, attempt: str, run: str, estimate: int, cap: int | None) -> None:
        """Commits, before a byte leaves, that a charge may follow, and reserves its price.

        Raises:
            BudgetError: The price does not fit under the cap; nothing was written.
            LedgerError: The job already has an attempt that counts.
        """
        with self.change() as connection:
            if cap is not None:
                spent = connection.execute(SPENT).fetchone()[0]
                if spent + estimate > cap:
                    raise BudgetError("the next job does not fit into --max-cost")
            try:
                connection.execute(
                    "INSERT INTO attempt (id, job, run, state, intent_at, estimate)"
                    " VALUES (?, ?, ?, 'intent', ?, ?)",
                    (attempt, key, run, time(), estimate),
                )
            except sqlite3.IntegrityError as error:
                raise LedgerError(f"the job {key} is already under way: {error}") from None

    def connected(self, attempt: str) -> None:
        """Marks that bytes may leave from now on; refuses if the attempt was given up."""
        self._step(attempt, ("intent",), "connected_at = ?", time())

    def accepted(self, attempt: str, tasks: Sequence[str], raw: str) -> None:
        """Commits the provider's ids."""
        now = time()
        self._step(
            attempt,
            ("intent", "unknown"),
            "state = 'submitted', task_id = ?, tasks = ?, answer = ?, answered_at = ?,"
            " submitted_at = ?, error = NULL",
            tasks[0],
            json.dumps(list(tasks)),
            raw,
            now,
            now,
        )

    def withdrawn(self, attempt: str, state: str, status: int | None, why: str) -> None:
        """The attempt cost nothing and its job is to be sent again (``not_sent``, ``refused``)."""
        self._step(
            attempt,
            ("intent",),
            "state = ?, current = 0, http_status = ?, error = ?, finished_at = ?",
            state,
            status,
            why,
            time(),
        )

    def rejected(self, attempt: str, status: int | None, why: str) -> None:
        """The provider refused the job for good; nothing was charged."""
        self._step(
            attempt,
            ("intent",),
            "state = 'rejected', http_status = ?, error = ?, cost = 0, finished_at = ?",
            status,
            why,
            time(),
        )

    def unknown(self, attempt: str, status: int | None, why: str, raw: str = "") -> None:
        """The job may have been charged; its price stays reserved and nothing sends it again."""
        self._step(
            attempt,
            ("intent",),
            "state = 'unknown', http_status = ?, error = ?, answer = ?",
            status,
            why,
            raw,
        )

    def running(self, attempt: str) -> None:
        """The provider works on it."""
        self._step(attempt, ("submitted",), "state = 'running'")

    def completed(
        self,
        attempt: str,
        images: Sequence[tuple[str, str]],
        cost: int | None,
        expires_at: float | None,
    ) -> None:
        """The provider is done: notes the links, as pairs of task and address."""
        with self.change() as connection:
            self._update(
                connection,
                attempt,
                ("submitted", "running"),
                "state = 'downloading', cost = ?, completed_at = ?, expires_at = ?, error = NULL",
                (cost, time(), expires_at),
            )
            connection.executemany(
                "INSERT INTO asset (attempt, number, task_id, url, state)"
                " VALUES (?, ?, ?, ?, 'wanted')",
                [(attempt, n, task, url) for n, (task, url) in enumerate(images, 1)],
            )

    def lost(self, attempt: str, why: str) -> None:
        """The images of a paid task cannot be had any more; the cost stays."""
        self._step(
            attempt,
            ("downloading",),
            "state = 'failed', error = ?, finished_at = ?",
            why,
            time(),
        )

    def failed(self, attempt: str, why: str, cost: int | None) -> None:
        """The provider ended it; ``None`` keeps the estimate as its cost."""
        self._step(
            attempt,
            ("submitted", "running"),
            "state = 'failed', error = ?, cost = ?, finished_at = ?",
            why,
            cost,
            time(),
        )

    def troubled(self, attempt: str, why: str | None) -> None:
        """Notes why an attempt does not get on, without giving it up."""
        self._step(attempt, ("submitted", "running", "downloading"), "error = ?", why)

    def home(self, attempt: str) -> None:
        """All images are here."""
        self._step(
            attempt,
            ("downloading",),
            "state = 'done', error = NULL, finished_at = ?",
            time(),
        )

    def settle(self, why: str) -> list[sqlite3.Row]:
        """Decides about attempts whose process is gone or gives up now.

        Without the mark of a connection they are planned again, with it nobody knows. Gives the
        attempts that have become unknown.
        """
        with self.change() as connection:
            connection.execute(
                "UPDATE attempt SET state = 'not_sent', current = 0, error = ?, finished_at = ?"
                " WHERE state = 'intent' AND connected_at IS NULL",
                (why, time()),
            )
            lost = connection.execute(
                "SELECT id, job FROM attempt WHERE state = 'intent'"
            ).fetchall()
            connection.execute(
                "UPDATE attempt SET state = 'unknown', error = ? WHERE state = 'intent'",
                (f"{why} after the connection stood and before an answer was read",),
            )
        return lost

    def _step(self, attempt: str, states: tuple[str, ...], changes: str, *values: Any) -> None:
        with self.change() as connection:
            self._update(connection, attempt, states, changes, values)

    def _update(
        self,
        connection: sqlite3.Connection,
        attempt: str,
        states: tuple[str, ...],
        changes: str,
        values: tuple[Any, ...],
    ) -> None:
        marks = ", ".join("?" * len(states))
        # Column names are written above, only values come from outside.
        query = f"UPDATE attempt SET {changes} WHERE id = ? AND state IN ({marks})"  # noqa: S608
        if connection.execute(query, (*values, attempt, *states)).rowcount != 1:
            raise LedgerError(f"the attempt {attempt} is not in the state for this step")
