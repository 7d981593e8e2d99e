"""The images of attempts: which are wanted, what they are called, which are here."""

from __future__ import annotations

import sqlite3
from time import time
from typing import TYPE_CHECKING

from mjspec.dispatch.files import stem_key
from mjspec.dispatch.rows import Asset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.dispatch.arrival import Arrival
    from mjspec.dispatch.storage import Store

__all__ = ["Assets"]


class Assets:
    """The part of a ledger that is about images.

    Args:
        store: The open ledger.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, attempt: str) -> list[Asset]:
        """The images of an attempt."""
        rows = self._store.read("SELECT * FROM asset WHERE attempt = ? ORDER BY number", attempt)
        return [Asset(**{name: row[name] for name in Asset.__slots__}) for row in rows]

    def claim_stem(self, attempt: str, number: int, stem: str) -> bool:
        """Reserves a file name without its ending; false if another image has it."""
        try:
            with self._store.change() as connection:
                connection.execute(
                    "UPDATE asset SET stem = ?, stem_key = ? WHERE attempt = ? AND number = ?",
                    (stem, stem_key(stem), attempt, number),
                )
        except sqlite3.IntegrityError:
            return False
        return True

    def done(self, attempt: str, arrived: Sequence[Arrival], *, home: bool) -> None:
        """Images are safely in their places; ``home`` means that all of the attempt's are."""
        now = time()
        with self._store.change() as connection:
            connection.executemany(
                "UPDATE asset SET state = 'done', path = ?, size = ?, sha256 = ?, done_at = ?,"
                " error = NULL WHERE attempt = ? AND number = ?",
                [
                    (image.path, image.size, image.sha256, now, attempt, image.number)
                    for image in arrived
                ],
            )
            if home:
                connection.execute(
                    "UPDATE attempt SET state = 'done', error = NULL, finished_at = ?"
                    " WHERE id = ? AND state = 'downloading'",
                    (now, attempt),
                )

    def failed(self, attempt: str, number: int, why: str, *, lost: bool) -> None:
        """An image did not come; a lost one is not asked for again."""
        with self._store.change() as connection:
            connection.execute(
                "UPDATE asset SET state = ?, error = ?, tries = tries + 1"
                " WHERE attempt = ? AND number = ?",
                ("lost" if lost else "wanted", why, attempt, number),
            )
