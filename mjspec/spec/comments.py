"""Finds comments: what begins with ``#`` between the scalars of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.source import Location, Span

if TYPE_CHECKING:
    from mjspec.source import Source

__all__ = ["Comments"]

_TO_LINE_END = re.compile(r"[^\r\n]*")


class Comments:
    """Collects comments while a file is read from its beginning to its end.

    Attributes:
        found: The comments so far.
        next: Where the next ``#`` stands that is in no scalar known so far.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Location] = []
        self.next = 0
        self._seek(0)

    def skip(self, start: int, end: int) -> None:
        """Take what lies before a scalar, and go on behind it."""
        self.take(start)
        if self.next < end:
            self._seek(end)

    def take(self, limit: int) -> None:
        """Take the comments before an offset; there is no scalar on the way."""
        while self.next < limit:
            match = _TO_LINE_END.match(self.source.text, self.next)
            end = match.end() if match else limit
            self.found.append(Location(self.source, Span(self.next, end)))
            self._seek(end)

    def _seek(self, start: int) -> None:
        at = self.source.text.find("#", start)
        self.next = at if at >= 0 else len(self.source.text)
