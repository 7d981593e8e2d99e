"""What a sandbox has accepted, in a file: one that begins later still knows its tasks."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.sandbox.tasks import Submission

__all__ = ["Memory"]


class Memory:
    """Lines of JSON, one for each accepted submission, and one for each address that was served.

    A file that cannot be read or written costs the memory, and nothing else.

    Args:
        path: The file; it is made with the first submission. None to forget everything.

    Attributes:
        submissions: What was accepted before, in order.
        port: Where the last sandbox listened, for links that it gave out; 0 if that is not known.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._served = 0
        self.submissions: list[dict[str, Any]] = []
        self.port = 0
        self._torn = False
        if path is not None:
            with suppress(OSError):
                self._read(path.read_text(encoding="utf-8", errors="replace"))

    def serve_at(self, port: int) -> None:
        """Tells where the present sandbox listens."""
        self._served = port

    def note(self, submission: Submission) -> None:
        """Adds what was accepted."""
        if self._path is None:
            return
        lines = [
            {
                "task_id": submission.task_id,
                "time": submission.time,
                "cost": submission.cost,
                "faults": submission.faults,
                "body": submission.body,
            }
        ]
        if self.port != self._served:
            self.port = self._served
            lines.insert(0, {"port": self.port})
        text = "\n" * self._torn + "".join(json.dumps(line) + "\n" for line in lines)
        self._torn = False
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(text)

    def _read(self, text: str) -> None:
        self._torn = bool(text) and not text.endswith("\n")
        for line in text.splitlines():
            # A killed process may leave half a line.
            with suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                if "port" in entry:
                    self.port = int(entry["port"])
                else:
                    self.submissions.append(
                        {
                            name: entry[name]
                            for name in ("task_id", "time", "cost", "faults", "body")
                        }
                    )
