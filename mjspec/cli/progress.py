"""How a run shows itself: a table that redraws itself on a terminal, a plain line elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from textwrap import wrap
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mjspec.cli.terminal import Terminal
    from mjspec.dispatch.runner import Progress, Runner

__all__ = ["ProgressDisplay"]

_PLAIN_EVERY = 5.0
_LIVE_EVERY = 0.25
_BAR = 30
_NARROW = 20
_UNDER_WAY = ("intent", "submitted", "running")


class ProgressDisplay:
    """Asks a run how it does, as often as it is shown.

    Attributes:
        runner: Who is at work; None before the run.
        told: What was said already and need not be said at the end.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.runner: Runner | None = None
        self.told: set[str] = set()
        self._terminal = terminal
        # A log file has no cursor to move, and neither has a terminal without escapes.
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._begin = monotonic()
        self._next = self._begin + (0 if self._live else _PLAIN_EVERY)
        self._last: list[str] = []
        self._sentence = self._troubled = ""

    def tick(self) -> None:
        """Called several times a second."""
        if self._terminal.quiet or self.runner is None:
            return
        stopping = self.runner.stopping
        if stopping is not None and stopping not in self.told:
            self.told.add(stopping)
            self._wipe()
            self._terminal.say(stopping)
        if monotonic() < self._next:
            return
        self._next = monotonic() + (_LIVE_EVERY if self._live else _PLAIN_EVERY)
        progress = self.runner.progress()
        if progress is not None:
            self._show(progress)

    def end(self) -> None:
        """Leaves the terminal as it was."""
        self._wipe()

    def _show(self, progress: Progress) -> None:
        if not self._live:
            self._show_news(_sentence(progress), _trouble(progress))
            return
        lines = self._table(progress)
        if lines == self._last:
            return
        self._wipe()
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        sys.stderr.flush()
        self._last = lines

    def _show_news(self, sentence: str, trouble: str) -> None:
        """A line for what has changed: a log needs no picture of the moment."""
        if self._troubled and not trouble:
            self._terminal.say("it goes on")
        elif trouble != self._troubled:
            self._terminal.say(trouble)
        self._troubled = trouble
        if sentence != self._sentence:
            self._terminal.say(sentence)
            self._sentence = sentence

    def _wipe(self) -> None:
        if self._live and self._last:
            sys.stderr.write(f"\x1b[{len(self._last)}F\x1b[J")
            sys.stderr.flush()
            self._last = []

    def _table(self, progress: Progress) -> list[str]:
        counts = progress.summary
        total = sum(counts.values()) - counts["cancelled"]
        done = counts["done"]
        filled = _BAR * done // total if total else 0
        lines = [f"[{'#' * filled}{'.' * (_BAR - filled)}] {done} of {total} done, {self._time()}"]
        lines += [f"  {name:<12}{number:>7}" for name, number in _rows(progress)]
        limit = f" of {_usd(progress.cap)}" if progress.cap is not None else ""
        lines.append(f"  {_spent(progress)}{limit} spent or reserved")
        # A line that wraps would be two, and the cursor would not find the first one again.
        width = max(_NARROW, shutil.get_terminal_size().columns - 1)
        lines += [f"  {line}" for line in wrap(_trouble(progress), width - 2)]
        return [line[:width] for line in lines]

    def _time(self) -> str:
        minutes, seconds = divmod(int(monotonic() - self._begin), 60)
        return f"{minutes}:{seconds:02}"


def _rows(progress: Progress) -> list[tuple[str, int]]:
    """What is neither done nor cancelled, states that exist for moments together."""
    counts = progress.summary
    under_way = sum(counts[state] for state in _UNDER_WAY)
    rows = [("under way", under_way), ("at a time", progress.window)] if under_way else []
    rest = ("downloading", "planned", "failed", "rejected", "unknown")
    return rows + [(state, counts[state]) for state in rest if counts[state]]


def _sentence(progress: Progress) -> str:
    counts = ", ".join(f"{number} {name}" for name, number in progress.summary.items() if number)
    return f"{counts}; {_spent(progress)} spent or reserved"


def _trouble(progress: Progress) -> str:
    from mjspec.report.cells import plain

    # It quotes the provider, who must not steer the terminal.
    return plain(progress.trouble or "")


def _spent(progress: Progress) -> str:
    return _usd(progress.cost.actual + progress.cost.reserved)


def _usd(amount: int) -> str:
    from mjspec.dispatch.prices import usd

    return usd(amount)
