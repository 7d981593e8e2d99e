"""Whether a folder, a provider, a spec and a ledger belong together.

What does not is refused before anything is sent: each of these mistakes would buy again what is paid
for, or give up what is under way.
"""

from __future__ import annotations

import json
import mmap
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.database import LEDGER_NAME, LedgerError
from mjspec.dispatch.journal import EVENTS_NAME

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from mjspec.dispatch.client import Client
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.ledger import Ledger

__all__ = ["Kinship", "check_batch", "check_memory", "check_provider"]

_INTENT = b'"type": "intent"'
_UNDER_WAY = "SELECT count(*) AS n FROM attempt WHERE state IN ('submitted', 'running')"


def check_batch(out: Path, known: Collection[sqlite3.Row], jobs: Iterable[PaidJob]) -> None:
    """Refuses a spec that has nothing to do with the jobs that the folder holds.

    Entering it would cancel what is planned there. One job, one written id or one file in common is
    enough: a spec may be changed as much as its author likes.

    Args:
        out: The output folder.
        known: Its jobs, with ``key``, ``written`` and ``origin``.
        jobs: Those of the spec.
    """
    kinship = Kinship(known)
    for job in jobs:
        if kinship.shows(job, job.key):
            break
    kinship.check(out)


class Kinship:
    """Whether the jobs of a spec have anything to do with those that a folder holds.

    Args:
        known: The folder's jobs, with ``key``, ``written`` and ``origin``.
    """

    def __init__(self, known: Collection[sqlite3.Row]) -> None:
        self._number = len(known)
        self._keys = {row["key"] for row in known}
        self._written = {row["written"] for row in known} - {None}
        self._files = {_file(row) for row in known}
        self._strange = False
        self._akin = not known

    def shows(self, job: PaidJob, key: str) -> bool:
        """Looks at a job and its key; whether the jobs so far have something in common."""
        if not self._akin:
            self._strange = True
            self._akin = (
                key in self._keys
                or job.written in self._written
                or (job.origin.path if job.origin else None) in self._files
            )
        return self._akin

    def check(self, out: Path) -> None:
        """Refuses the jobs that were looked at if they have nothing in common with the folder's."""
        if self._akin or not self._strange:
            return
        named = ", ".join(sorted(name for name in self._files if name)) or "another spec"
        raise LedgerError(
            f"{out} holds another batch ({self._number} jobs of {named}); choose another --out."
            " Nothing was sent"
        )


def check_memory(out: Path, knows: Callable[[str], object]) -> None:
    """Refuses a ledger that is older than the events beside it.

    A ledger that was deleted or restored from a copy does not know what was bought since. Each intent
    is in the ledger before it is in the events, so that the newest one decides.

    Args:
        out: The output folder.
        knows: Whether the ledger has an attempt.
    """
    last = _last_intent(out / EVENTS_NAME)
    if last is None or knows(str(last["attempt"])):
        return
    at = datetime.fromtimestamp(float(last.get("at") or 0), UTC)
    raise LedgerError(
        f"{out / LEDGER_NAME} is older than {EVENTS_NAME} beside it, which tells of a"
        f" submission of {last.get('job')} at {at:%Y-%m-%d %H:%M:%S} UTC: it was deleted or restored"
        " from a copy, and going on could buy again what is paid for. Nothing was sent. Put the"
        f" newer ledger back, or move {EVENTS_NAME} away to give up what it tells"
    )


def check_provider(ledger: Ledger, client: Client) -> None:
    """Keeps a folder to the sandbox or to the real provider, and its open tasks to one address.

    The sandbox's pictures would pass for bought ones, and an address that does not know a task would
    let it look lost.
    """
    realm = "this machine" if client.local else "the provider"
    noted = ledger.noted("realm")
    if noted is None:
        ledger.note("realm", realm)
    elif noted != realm:
        way = "--sandbox or its --base-url" if realm == "the provider" else "its --base-url"
        raise LedgerError(
            f"{ledger.out} holds work of {noted}, and this run would speak to {realm};"
            f" give {way}, or choose another --out"
        )
    before = ledger.noted("base_url")
    # A sandbox has another port each time.
    if client.local or before == client.base_url:
        return
    if before is not None and ledger.read(_UNDER_WAY)[0]["n"]:
        raise LedgerError(
            f"{ledger.out} has tasks under way at {before}, and this run would ask"
            f" {client.base_url} for them; give --base-url {before}"
        )
    ledger.note("base_url", client.base_url)


def _file(row: sqlite3.Row) -> str | None:
    path: str | None = json.loads(row["origin"])["path"] if row["origin"] else None
    return path


def _last_intent(path: Path) -> dict[str, Any] | None:
    """The newest event before a submission, read from the end of a file that may be long."""
    try:
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            place = len(content)
            while (place := content.rfind(_INTENT, 0, place)) >= 0:
                begin = content.rfind(b"\n", 0, place) + 1
                end = content.find(b"\n", place)
                event = _event(content[begin : end if end >= 0 else len(content)])
                if event is not None:
                    return event
    except (OSError, ValueError):
        # There is none, or it is empty.
        return None
    return None


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and event.get("attempt") else None
