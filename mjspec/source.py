"""Where text comes from: sources, spans, and text that remembers its places.

Offsets are Unicode code points and half-open. Lines and columns are computed only when something
is shown, because offsets compose and lines do not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

__all__ = ["Excerpt", "Location", "Piece", "Position", "Source", "Span"]

_LINE_END = re.compile(r"\r\n?|\n")

# Makes a record of its values in half the time; for those that are made by the hundred thousand.
_new = tuple.__new__


class Span(NamedTuple):
    """A half-open range of code points.

    Attributes:
        start: The offset of the first one.
        end: The offset behind the last one; equal to ``start`` where there is none.
    """

    start: int
    end: int

    def shifted(self, offset: int) -> Span:
        """The same range, ``offset`` code points further on."""
        return Span(self.start + offset, self.end + offset)


class Position(NamedTuple):
    """A place as people count: line and column from 1, columns in code points."""

    line: int
    column: int


class Source:
    """A named text: a file, standard input or an option of the command line.

    Attributes:
        name: How the source is shown, for a file its path as the user gave it.
        text: All of its characters, with the line ends that the file has.
        first_line: The number of its first line; not 1 where it is a later part of a file.
    """

    def __init__(self, name: str, text: str, first_line: int = 1) -> None:
        self.name = name
        self.text = text
        self.first_line = first_line

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    @cached_property
    def _line_starts(self) -> list[int]:
        # Only LF, CRLF and CR end a line, as in editors and on GitHub; str.splitlines knows more.
        starts = [0]
        text = self.text
        if "\r" not in text:
            at = text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = text.find("\n", at + 1)
            return starts
        starts += [match.end() for match in _LINE_END.finditer(text)]
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset, both from 1."""
        starts = self._line_starts
        index = bisect_right(starts, offset) - 1
        return Position(self.first_line + index, offset - starts[index] + 1)

    def line_start(self, offset: int) -> int:
        """The offset of the beginning of the line of an offset."""
        starts = self._line_starts
        return starts[bisect_right(starts, offset) - 1]

    def line_at(self, offset: int) -> int:
        """The number of the line of an offset."""
        return self.first_line + bisect_right(self._line_starts, offset) - 1

    def line_count(self) -> int:
        """How many lines the text has; an empty text has one."""
        return len(self._line_starts)

    def line_span(self, line: int) -> Span:
        """The range of a line, by its number, without its line end."""
        starts = self._line_starts
        index = line - self.first_line
        start = starts[index]
        end = starts[index + 1] if index + 1 < len(starts) else len(self.text)
        return Span(start, start + len(self.text[start:end].rstrip("\r\n")))

    def excerpt(self, start: int = 0, end: int | None = None) -> Excerpt:
        """A part of the text that knows where it stands."""
        text = self.text[start:end]
        length = len(text)
        return _new(Excerpt, (text, (_new(Piece, (0, length, self, start, length)),)))


class Location(NamedTuple):
    """A range of characters in a source.

    Attributes:
        source: The text.
        span: The characters of it.
    """

    source: Source
    span: Span

    @property
    def start(self) -> Position:
        """Where the range begins."""
        return self.source.position(self.span.start)

    @property
    def end(self) -> Position:
        """Where the range ends, exclusive."""
        return self.source.position(self.span.end)

    @property
    def text(self) -> str:
        """The characters of the range."""
        return self.source.text[self.span.start : self.span.end]


class Piece(NamedTuple):
    r"""Maps ``length`` characters from ``start`` of an excerpt to ``source_length`` of a source.

    With equal lengths the mapping is character by character; otherwise (an escape such as
    ``\n``, a folded line end) the piece is one unit.
    """

    start: int
    length: int
    source: Source
    offset: int
    source_length: int


class Excerpt(NamedTuple):
    """A text whose characters each stand somewhere in a source.

    It is what a prompt is read from: a line of a file, a YAML scalar with its escapes and folds, or
    a template into which values from other places were substituted. ``pieces`` are in order and
    cover the text without gaps.
    """

    text: str
    pieces: tuple[Piece, ...]

    @classmethod
    def join(cls, excerpts: list[Excerpt]) -> Excerpt:
        """The texts one after the other, each character keeping its place."""
        pieces: list[Piece] = []
        at = 0
        for text, own in excerpts:
            if at == 0:
                pieces += own
            else:
                for start, length, source, offset, source_length in own:
                    piece = (at + start, length, source, offset, source_length)
                    pieces.append(_new(Piece, piece))
            at += len(text)
        return cls("".join([text for text, _ in excerpts]), tuple(pieces))

    @property
    def location(self) -> Location:
        """Where the whole text stands."""
        return self.locate(Span(0, len(self.text)))

    @property
    def begin(self) -> tuple[Source, int]:
        """Where the text begins: the source and the offset in it."""
        first = self.pieces[0]
        if not first.length:
            first = self._piece_at(0)
        return first.source, _map(first, 0)

    def locate(self, span: Span) -> Location:
        """Where a range of the text stands.

        A range over several sources is cut to the source in which it begins.
        """
        if len(self.pieces) == 1:
            at, length, source, offset, source_length = self.pieces[0]
            if length == source_length and at == 0 and span[1] <= length:
                return Location(source, Span(span[0] + offset, span[1] + offset))
        first = self._piece_at(span.start)
        start = _map(first, span.start)
        if span.end <= span.start:
            return Location(first.source, Span(start, start))
        last = self._piece_at(span.end - 1)
        if last.source is not first.source or last.offset < first.offset:
            last = first
        inside = min(span.end, last.start + last.length)
        return Location(first.source, Span(start, max(start, _map_end(last, inside))))

    def slice(self, start: int, end: int) -> Excerpt:
        """A part of the text; pieces that are one unit are never cut."""
        if len(self.pieces) == 1:
            at, length, source, offset, source_length = self.pieces[0]
            if length == source_length and at == 0 and 0 <= start < end <= length:
                one = (0, end - start, source, offset + start, end - start)
                return _new(Excerpt, (self.text[start:end], (_new(Piece, one),)))
        pieces = []
        for first, length, source, offset, source_length in self.pieces:
            low, high = max(start, first), min(end, first + length)
            if low >= high:
                continue
            if length == source_length:
                offset, source_length = offset + low - first, high - low  # noqa: PLW2901
            pieces.append(Piece(low - start, high - low, source, offset, source_length))
        if not pieces:
            place = self.locate(Span(start, start))
            pieces.append(Piece(0, 0, place.source, place.span.start, 0))
        return Excerpt(self.text[start:end], tuple(pieces))

    def verbatim(self, span: Span) -> Location | None:
        """Where a range stands if it is there character by character, so that it can be edited."""
        location = self.locate(span)
        same = location.text == self.text[span.start : span.end]
        return location if same else None

    def _piece_at(self, offset: int) -> Piece:
        pieces = self.pieces
        if len(pieces) == 1:
            return pieces[0]
        index = bisect_right(pieces, offset, key=lambda piece: piece.start) - 1
        return pieces[max(index, 0)]


def _map(piece: Piece, offset: int) -> int:
    if piece.length == piece.source_length:
        return piece.offset + min(offset - piece.start, piece.length)
    return (
        piece.offset if offset < piece.start + piece.length else piece.offset + piece.source_length
    )


def _map_end(piece: Piece, end: int) -> int:
    if piece.length == piece.source_length:
        return piece.offset + end - piece.start
    return piece.offset + piece.source_length
