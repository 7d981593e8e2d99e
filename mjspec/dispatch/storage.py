"""A database that one process writes from many threads, a transaction at a time."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mjspec.dispatch.database import LEDGER_NAME, open_for_writing, transaction, translated

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Store"]


class Store:
    """The open database of an output folder.

    Args:
        out: The output folder; it and the database are made if there are none.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._path = out / LEDGER_NAME
        self._connection = open_for_writing(out)
        self._lock = threading.RLock()

    def close(self) -> None:
        """Ends the use of the ledger; what is committed stays."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, for the modules that plan and decide."""
        with self._lock, translated(self._path), transaction(self._connection) as connection:
            yield connection

    def read(self, query: str, *values: object) -> list[sqlite3.Row]:
        """The rows of a query."""
        with self._lock, translated(self._path):
            return self._connection.execute(query, values).fetchall()

    def note(self, name: str, value: str | None) -> None:
        """Remembers something about the folder; ``None`` forgets it."""
        with self.change() as connection:
            if value is None:
                connection.execute("DELETE FROM meta WHERE name = ?", (name,))
            else:
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str | None:
        """What was remembered."""
        rows = self.read("SELECT value FROM meta WHERE name = ?", name)
        return rows[0]["value"] if rows else None
