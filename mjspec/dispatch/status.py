"""What a folder holds, as plain data; safe to ask while a runner is at work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.database import reading
from mjspec.dispatch.job import JobState
from mjspec.dispatch.prices import dollars
from mjspec.dispatch.rows import label_of, origin_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Money", "count_states", "is_over", "money", "paths_of", "status"]


_FREE = "('not_sent', 'refused', 'rejected', 'not_charged')"


@dataclass(frozen=True, slots=True)
class Money:
    """Sums in micro-dollars.

    Attributes:
        estimated: What all jobs that are not cancelled cost by the price table.
        actual: What the provider has said that it charged.
        reserved: The estimates of what may have been charged and has no bill yet.
    """

    estimated: int
    actual: int
    reserved: int

    def as_json(self) -> dict[str, float]:
        """In dollars, as `status` shows it."""
        return {
            "estimated": dollars(self.estimated),
            "actual": dollars(self.actual),
            "reserved": dollars(self.reserved),
        }


def status(out: Path, *, labels: bool = False) -> dict[str, Any]:
    """The state of every job: the JSON of `mjspec status --format json`.

    Args:
        out: The output folder.
        labels: Whether ids are what people call the jobs, copies with their number.
    """
    with reading(out) as connection:
        rows = connection.execute("SELECT * FROM job_state ORDER BY position, key").fetchall()
        images = paths_of(connection)
        sums = money(connection)
    return {
        "version": 1,
        "summary": count_states(row["state"] for row in rows),
        "cost": sums.as_json(),
        "jobs": [
            {
                "id": label_of(row) if labels else row["id"],
                "fingerprint": row["fingerprint"],
                "state": row["state"],
                "task_id": row["task_id"],
                "images": images.get(row["attempt"], []),
                "error": _error(row),
                "origin": origin_of(row),
            }
            for row in rows
        ],
    }


def is_over(out: Path) -> bool:
    """Whether every job of a folder has come to an end that nobody doubts."""
    with reading(out) as connection:
        (left,) = connection.execute(
            "SELECT count(*) FROM job_state"
            " WHERE state NOT IN ('done', 'failed', 'rejected', 'cancelled')"
        ).fetchone()
    return not left


def count_states(states: Iterable[str]) -> dict[str, int]:
    """How many jobs are in each state; every state is named, so that scripts need no defaults."""
    counts = Counter(states)
    return {state.value: counts[state.value] for state in JobState}


def money(connection: sqlite3.Connection) -> Money:
    """The sums of a ledger."""
    # The names are those of our own states.
    estimated, actual, reserved = connection.execute(
        "SELECT (SELECT coalesce(sum(estimate), 0) FROM job_state WHERE state <> 'cancelled'),"  # noqa: S608
        f" coalesce(sum(CASE WHEN state NOT IN {_FREE} THEN cost END), 0),"
        f" coalesce(sum(CASE WHEN cost IS NULL AND state NOT IN {_FREE}"
        " THEN estimate END), 0) FROM attempt"
    ).fetchone()
    return Money(estimated, actual, reserved)


def paths_of(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The images that are here, by attempt, relative to the output folder."""
    found: dict[str, list[str]] = {}
    for row in connection.execute(
        "SELECT attempt, path FROM asset WHERE state = 'done' ORDER BY attempt, number"
    ):
        found.setdefault(row["attempt"], []).append(row["path"])
    return found


def _error(row: sqlite3.Row) -> str | None:
    error: str | None = row["error"]
    if row["state"] != "unknown":
        return error
    return (
        f"{error}. It may have been charged and is not sent again by itself: look in the provider's"
        f" task list for metadata mjspec = {row['attempt']}, then `mjspec resolve` with"
        " --task-id, --not-charged or --resubmit"
    )
