"""What the jobs of a folder were compiled from, so that the same sources are not compiled again.

A ledger holds every job as it was compiled. Where the same is asked of the same files, those are the
jobs, and reading them takes a fraction of the time. Only the content of files counts, never their
date.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.database import LedgerError, reading
from mjspec.dispatch.rows import JOB_COLUMNS, job_of, job_row
from mjspec.files import FileError, digest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.ledger import Ledger

__all__ = ["Provenance", "recall", "remember"]

_NAME = "provenance"
_JOBS = f"SELECT {', '.join(JOB_COLUMNS)} FROM job ORDER BY position"  # noqa: S608 - our names.
# A job that was paid for keeps its price, and when it was planned.
_SAID = len(JOB_COLUMNS) - 2


@dataclass(frozen=True, slots=True)
class Provenance:
    """What jobs were compiled from.

    Attributes:
        question: Everything besides files that decides what they become: options, configuration,
            the version of this program.
        files: The SHA-256 of each file that was read, by its path.
    """

    question: str
    files: Mapping[str, str]


def remember(ledger: Ledger, jobs: Sequence[PaidJob], made_of: Provenance | None) -> None:
    """Notes what the jobs of the ledger were compiled from; forgets it where they are not the same.

    A ledger may hold others besides, which the sources had once, and what was paid for may have
    been planned with other metadata.
    """
    before = ledger.noted(_NAME)
    note = (
        json.dumps({"question": made_of.question, "files": dict(made_of.files)})
        if made_of
        else None
    )
    if note == before:
        return
    ledger.note(_NAME, note if _same(ledger.read(_JOBS), jobs) else None)


def recall(out: Path, question: str) -> tuple[list[PaidJob], Provenance] | None:
    """The jobs that the same question had as its answer; None where a file has changed since.

    Args:
        out: The output folder.
        question: What decides besides files, see `Provenance`.
    """
    try:
        with reading(out) as connection:
            made_of = _noted(connection, question)
            if made_of is None:
                return None
            return [job_of(row) for row in connection.execute(_JOBS)], made_of
    except LedgerError:
        # Whoever needs the ledger says what is wrong with it.
        return None


def _noted(connection: sqlite3.Connection, question: str) -> Provenance | None:
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_NAME,)).fetchone()
    try:
        note: Any = json.loads(row[0]) if row else None
    except ValueError:
        return None
    if not isinstance(note, dict) or note.get("question") != question:
        return None
    if not all(_unchanged(Path(path), before) for path, before in note["files"].items()):
        return None
    return Provenance(question, note["files"])


def _unchanged(path: Path, before: str) -> bool:
    try:
        return digest(path) == before
    except FileError:
        return False


def _same(rows: Sequence[sqlite3.Row], jobs: Sequence[PaidJob]) -> bool:
    if len(rows) != len(jobs):
        return False
    return all(
        tuple(row)[:_SAID] == job_row(job, job.key, position, 0, 0.0)[:_SAID]
        for position, (row, job) in enumerate(zip(rows, jobs, strict=True))
    )
