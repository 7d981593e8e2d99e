"""The events file: one JSON object a line, append only, every step of every run.

Each line has ``at`` (seconds since the epoch), ``run`` and ``type``; lines about a job have ``job``
(its id), ``key`` and, once there is one, ``attempt``. The types and what they add:

    run_started     pid, host, version, base_url, max_cost_usd
    planned         jobs, added, cancelled
    recovered       unknown, adopted: what an earlier run left behind
    intent          estimate_usd: committed, nothing sent yet
    accepted        task_id, tasks: written before the ledger has it, as a second memory
    not_sent        error: no connection stood
    refused         error, status, wait: the provider is busy
    rejected        error, status: refused for good, not charged
    unknown         error, status: may have been charged
    running         task_id
    completed       task_id, images, cost_usd
    failed          task_id, error, cost_usd
    image           path, bytes, sha256
    image_failed    number, error, lost
    troubled        error: a job that does not get on
    paused          seconds, error: many outcomes in a row are unknown
    unheard         error: no usable answer for a while
    heard           the provider answers again
    rescued         task_id, tasks, file: the ledger could not take an id
    stopping        reason, error
    run_ended       exit_code, summary, actual_usd

Readers skip types that they do not know. No line holds a key or a header.
"""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from time import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["EVENTS_NAME", "Event", "Journal"]

EVENTS_NAME = "events.jsonl"


@dataclass(frozen=True, slots=True)
class Event:
    """A step of a run.

    Attributes:
        type: One of the types above.
        at: Seconds since the epoch.
        facts: What else the line holds.
    """

    type: str
    at: float
    facts: Mapping[str, Any]


class Journal:
    """Appends to the events file and tells a listener.

    A journal that cannot be written does not stop paid work; the ledger is what counts.

    Args:
        out: The output folder.
        run: The run's id.
        listener: Called with every event, from many threads; what it raises is ignored.
    """

    def __init__(self, out: Path, run: str, listener: Callable[[Event], None] | None) -> None:
        self._run = run
        self._listener = listener
        self._lock = threading.Lock()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        try:
            self._file: int | None = os.open(out / EVENTS_NAME, flags, 0o644)
            self._torn = _is_torn(self._file)
        except OSError:
            self._file = None

    def write(self, kind: str, /, **facts: Any) -> None:
        """Adds an event; one write for each, so that lines of a killed process are whole."""
        event = Event(kind, time(), MappingProxyType(facts))
        line = json.dumps(
            {"at": round(event.at, 3), "run": self._run, "type": kind, **facts},
            ensure_ascii=False,
            default=str,
        )
        with self._lock:
            self._append(line.encode("utf-8", "replace") + b"\n")
        if self._listener is not None:
            # A display must not cost money.
            with suppress(Exception):
                self._listener(event)

    def _append(self, line: bytes) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            # A full disk may have taken half a line; the next one must not be lost with it.
            whole = b"\n" + line if self._torn else line
            self._torn = os.write(self._file, whole) < len(whole)

    def close(self) -> None:
        """Ends the use of the file."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None


def _is_torn(file: int) -> bool:
    """Whether the last line has no end, as after a full disk or a power cut."""
    size = os.lseek(file, 0, os.SEEK_END)
    if not size:
        return False
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) != b"\n"
