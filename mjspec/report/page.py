"""What a report is written on: a text file, its width and its colours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mjspec.diagnostics import Severity

if TYPE_CHECKING:
    from typing import TextIO

    from mjspec.report.summary import Summary

__all__ = ["ROLES", "Closing", "Page", "Role"]

Closing = Callable[[], "Summary"]
"""Gives the counts once all findings have passed."""

Role = Literal["error", "warning", "info", "path", "gutter", "note", "help", "good", "strong"]

ROLES: dict[Severity, Role] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}
"""What each severity is called, and coloured as."""

_CODES: dict[str, str] = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "path": "1",
    "gutter": "34",
    "note": "1;34",
    "help": "1;32",
    "good": "1;32",
    "strong": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a report goes, and how it may look there.

    Attributes:
        out: The text file.
        colour: Whether escape sequences for colours are wanted.
        width: Columns of a line; longer source lines are cut to a window.
        closing: Whether text formats end with the counts.
        root: The folder from which services take paths; empty where the environment names none.
    """

    out: TextIO
    colour: bool = False
    width: int = 100
    closing: bool = True
    root: str = ""

    def paint(self, text: str, role: Role) -> str:
        """The text in the colour of its role; unchanged where no colour is wanted."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.colour and text else text

    def line(self, text: str = "") -> None:
        """Write one line."""
        self.out.write(f"{text}\n")

    def close(self, summary: Summary) -> None:
        """Write the sentences that end a text format."""
        if not self.closing:
            return
        first, *others = summary.sentences()
        role: Role = "strong" if summary.findings else "good"
        self.line(self.paint(first, role))
        for sentence in others:
            self.line(sentence)
