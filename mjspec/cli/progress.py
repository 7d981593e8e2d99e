"""How a run shows itself: one redrawn line on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.cli.terminal import Terminal
    from mjspec.dispatch.runner import Progress

__all__ = ["ProgressLine"]

_PLAIN_EVERY = 5.0
_LIVE_EVERY = 0.25


class ProgressLine:
    """Asks a run how it does, as often as it is shown.

    Attributes:
        ask: Gives the progress; None when there is no run.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.ask: Callable[[], Progress | None] = lambda: None
        self._quiet = terminal.quiet
        self._live = sys.stderr.isatty()
        self._next = monotonic() + (0 if self._live else _PLAIN_EVERY)
        self._last = ""

    def tick(self) -> None:
        """Called several times a second."""
        if self._quiet or monotonic() < self._next:
            return
        self._next = monotonic() + (_LIVE_EVERY if self._live else _PLAIN_EVERY)
        progress = self.ask()
        if progress is None:
            return
        text = _sentence(progress)
        if text == self._last:
            return
        self._last = text
        if self._live:
            sys.stderr.write(f"\r\x1b[2K{text}")
        else:
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._live and self._last:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def _sentence(progress: Progress) -> str:
    from mjspec.dispatch.prices import usd

    counts = ", ".join(f"{number} {name}" for name, number in progress.summary.items() if number)
    spent = usd(progress.cost.actual + progress.cost.reserved)
    return f"{counts}; {spent} spent or reserved"
