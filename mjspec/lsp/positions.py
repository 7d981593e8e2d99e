"""Offsets and the positions of the protocol: the one place where code units are counted.

mjspec counts code points; the protocol counts lines from 0 and columns in the code units of an
encoding that client and server agree on, UTF-16 unless the client offers another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from lsprotocol.types import Position, PositionEncodingKind, Range

if TYPE_CHECKING:
    from mjspec.source import Span

__all__ = ["Encoding", "Lines"]

Encoding = PositionEncodingKind | str
"""What columns count: code units of UTF-8, UTF-16 or UTF-32."""

# The protocol's line ends, which are those of `Source` too; `str.splitlines` knows more.
_LINE_END = re.compile(r"\r\n|\n|\r")
# A character takes one unit, and one more for each of these code points that it lies beyond.
_LIMITS: dict[str, tuple[int, ...]] = {
    PositionEncodingKind.Utf8: (0x7F, 0x7FF, 0xFFFF),
    PositionEncodingKind.Utf16: (0xFFFF,),
    PositionEncodingKind.Utf32: (),
}


class Lines:
    """A text and where its lines begin."""

    def __init__(self, text: str, encoding: Encoding = PositionEncodingKind.Utf16) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._limits = _LIMITS[encoding]

    def __len__(self) -> int:
        return len(self._starts)

    def start(self, line: int) -> int:
        """Where a line begins."""
        return self._starts[line]

    def content(self, line: int) -> str:
        """A line without its end."""
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        return self.text[self._starts[line] : end].rstrip("\r\n")

    def line_at(self, offset: int) -> int:
        """The line, from 0, that an offset lies in."""
        return bisect_right(self._starts, offset) - 1

    def position(self, offset: int) -> Position:
        """The position of an offset."""
        line = self.line_at(min(offset, len(self.text)))
        return Position(line, self._units(self.text[self._starts[line] : offset]))

    def range(self, span: Span) -> Range:
        """The positions of a span."""
        return Range(self.position(span.start), self.position(span.end))

    def offset(self, position: Position) -> int:
        """The offset of a position; one beyond the line or the text means its end."""
        if position.line >= len(self._starts):
            return len(self.text)
        line = self.content(max(position.line, 0))
        return self._starts[max(position.line, 0)] + self._points(line, position.character)

    def _units(self, text: str) -> int:
        if not self._limits or text.isascii():
            return len(text)
        return len(text) + sum(ord(sign) > limit for limit in self._limits for sign in text)

    def _points(self, line: str, units: int) -> int:
        """How many characters lie in so many units; one that is cut does not."""
        if not self._limits or line.isascii():
            return min(max(units, 0), len(line))
        count = 0
        for index, sign in enumerate(line):
            count += 1 + sum(ord(sign) > limit for limit in self._limits)
            if count > units:
                return index
        return len(line)
