"""What a command knows of the terminal: how much to say, and in which colours.

Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from typing import TextIO

    from mjspec.report import Page

__all__ = ["ColourMode", "Terminal"]

ColourMode = Literal["auto", "always", "never"]

_PIPE_WIDTH = 100


@dataclass(slots=True)
class Terminal:
    """The options that every command has.

    Attributes:
        quiet: Whether only data and errors are shown.
        verbose: Whether details are shown, and tracebacks of errors.
        colour: Whether there are colours; ``auto`` asks the environment and the stream.
    """

    quiet: bool = False
    verbose: bool = False
    colour: ColourMode = "auto"

    def coloured(self, stream: TextIO) -> bool:
        """Whether a stream gets colours."""
        if self.colour != "auto":
            return self.colour == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
            return True
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def page(self, stream: TextIO | None = None) -> Page:
        """What a report is written on; stdout if no stream is given."""
        from mjspec.report import Page

        out = stream or sys.stdout
        width = _width() if out.isatty() else _PIPE_WIDTH
        # Where CI checks a repository out, also when it works in a folder of it.
        root = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR") or ""
        colour = self.coloured(out)
        return Page(out=out, colour=colour, width=width, closing=not self.quiet, root=root)

    def say(self, text: str) -> None:
        """A line for the person at the terminal, unless they asked for quiet."""
        if not self.quiet:
            sys.stderr.write(f"{text}\n")

    def detail(self, text: str) -> None:
        """A line that only ``--verbose`` shows."""
        if self.verbose:
            sys.stderr.write(f"{text}\n")

    def fail(self, text: str) -> None:
        """What went wrong; shown always."""
        from mjspec.report.cells import plain

        head = "\x1b[1;31mError:\x1b[0m" if self.coloured(sys.stderr) else "Error:"
        sys.stderr.write(f"{head} {plain(text)}\n")


def _width() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().columns
