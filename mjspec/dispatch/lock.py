"""One runner at a time in a folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mjspec.diagnostics import MjspecError
from mjspec.dispatch.database import LedgerError, open_for_reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["LOCK_NAME", "LockedError", "run_lock"]

LOCK_NAME = "mjspec.lock"


class LockedError(MjspecError):
    """Another runner is at work in this folder; the message names it."""


@contextmanager
def run_lock(out: Path) -> Iterator[None]:
    """Holds the folder for one run; raises `LockedError` at once if somebody else does.

    SQLite's own lock on a file beside the ledger does it: it works on every system, needs no lease
    that could run out while a request is on its way, and dies with the process, SIGKILL included.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            out / LOCK_NAME, timeout=0, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(f"{out} cannot be written: {error}") from None
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise LockedError(f"{out} is in use by {_holder(out)}") from None
            raise LedgerError(f"{out} cannot be locked: {error}") from None
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{out / LOCK_NAME} is not our lock file: {error}") from None
        yield


def _holder(out: Path) -> str:
    try:
        with closing(open_for_reading(out)) as connection:
            row = connection.execute(
                "SELECT pid, host, started_at FROM run WHERE ended_at IS NULL"
                " ORDER BY started_at DESC LIMIT 1"
            ).fetchone()
    except (LedgerError, sqlite3.Error):
        row = None
    if row is None:
        return "another mjspec"
    since = datetime.fromtimestamp(row["started_at"], UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"another mjspec (process {row['pid']} on {row['host']}, since {since})"
