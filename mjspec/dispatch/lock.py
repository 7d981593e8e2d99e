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
from time import sleep

__all__ = ["LOCK_NAME", "LockedError", "run_lock"]

LOCK_NAME = "mjspec.lock"
_LOOKS = 10
_LOOK_EVERY = 0.05


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
    # Between taking the lock and writing down its name the first runner needs a moment.
    for _ in range(_LOOKS):
        row = _running(out)
        if row is not None:
            since = datetime.fromtimestamp(row["started_at"], UTC)
            return (
                f"another mjspec (process {row['pid']} on {row['host']},"
                f" since {since:%Y-%m-%d %H:%M:%S} UTC)"
            )
        sleep(_LOOK_EVERY)
    return "another mjspec"


def _running(out: Path) -> sqlite3.Row | None:
    try:
        with closing(open_for_reading(out)) as connection:
            row: sqlite3.Row | None = connection.execute(
                "SELECT pid, host, started_at FROM run WHERE ended_at IS NULL"
                " ORDER BY started_at DESC LIMIT 1"
            ).fetchone()
            return row
    except (LedgerError, sqlite3.Error):
        return None
