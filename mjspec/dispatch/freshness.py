"""Whether a page that was made of a ledger still shows what the ledger holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.dispatch.database import reading

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_current"]

_NEWEST = (
    "SELECT max(coalesce((SELECT max(max(planned_at), max(coalesce(cancelled_at, 0))) FROM job), 0),"
    " coalesce((SELECT max(max(intent_at), max(coalesce(finished_at, 0))) FROM attempt), 0))"
)


def is_current(page: Path, out: Path) -> bool:
    """Whether nothing has happened in a folder since a page about it was written."""
    try:
        written = page.stat().st_mtime
    except OSError:
        return False
    with reading(out) as connection:
        newest: float = connection.execute(_NEWEST).fetchone()[0]
    return written > newest
