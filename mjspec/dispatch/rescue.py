"""Second memories for ids of paid tasks: files beside the ledger, and how they are read again."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.journal import EVENTS_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["remembered", "rescue"]

_PATTERN = "mjspec-rescue-*.jsonl"


def rescue(
    out: Path, run: str, attempt: str, key: str, tasks: Sequence[str]
) -> tuple[Path | None, str]:
    """Saves what the ledger could not take, wherever a file can be written.

    Returns:
        The file, if there is one, and the line itself, which must be shown in any case.
    """
    line = json.dumps({"type": "accepted", "attempt": attempt, "key": key, "tasks": list(tasks)})
    for folder in _folders(out):
        path = folder / f"mjspec-rescue-{run}.jsonl"
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            _drop_empty(path)
            continue
        return path, line
    return None, line


def remembered(out: Path, attempts: frozenset[str]) -> dict[str, list[str]]:
    """The task ids of attempts that the ledger does not know, from rescue files and events."""
    found: dict[str, list[str]] = {}
    if not attempts:
        return found
    for path in (*_rescue_files(out), out / EVENTS_NAME):
        for entry in _accepted(path):
            attempt, tasks = entry.get("attempt"), entry.get("tasks")
            if attempt in attempts and isinstance(tasks, list) and tasks:
                found.setdefault(str(attempt), [str(task) for task in tasks])
    return found


def _drop_empty(path: Path) -> None:
    """A full disk takes the name of a file and nothing more; that would look like a memory."""
    with suppress(OSError):
        if not path.stat().st_size:
            path.unlink()


def _folders(out: Path) -> tuple[Path, ...]:
    return (out, Path.cwd(), Path(tempfile.gettempdir()))


def _rescue_files(out: Path) -> Iterator[Path]:
    for folder in dict.fromkeys(_folders(out)):
        try:
            yield from sorted(folder.glob(_PATTERN))
        except OSError:
            continue


def _accepted(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                if '"accepted"' not in line:
                    continue
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict) and entry.get("type") == "accepted":
                    yield entry
    except OSError:
        return
