"""From a scalar's raw characters to its text, so that each character keeps its place.

PyYAML gives the text and the range of a scalar, not how the one came from the other. The raw
characters are therefore decoded once more here. Should the result ever differ from PyYAML's, its
text stands and the whole scalar is one unit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.source import Piece, Span

if TYPE_CHECKING:
    from mjspec.source import Source
    from mjspec.spec.nodes import Style

__all__ = ["decode"]

_FOLD = r"(?:\r\n?|\n)[ \t\r\n]*"
_PLAIN = re.compile(_FOLD)
_SINGLE = re.compile(rf"''|{_FOLD}")
_PAIR = r"u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
_DOUBLE = re.compile(
    rf"\\(?:{_FOLD}|{_PAIR}|x[0-9A-Fa-f]{{2}}|u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}|.)|{_FOLD}",
    re.DOTALL,
)
_BREAK = re.compile(r"\r\n?|\n")
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "\\": "\\",
    "/": "/",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HEADER = re.compile(r"[|>](?P<marks>[-+0-9]*)[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n|\Z)")
_FIRST_TEXT = re.compile(r"(?:\A|[\r\n])( *)[^ \r\n]")


class _Decoder:
    """Follows a text through its raw characters; runs that stand as they are make one piece."""

    def __init__(self, source: Source, value: str) -> None:
        self.source = source
        self.value = value
        self.pieces: list[Piece] = []
        self.length = 0
        # The run that stands as it is: where it begins in the text and ends in the source.
        self.run_start = 0
        self.run_end = -1
        self.wrong = False

    def add(self, text: str, offset: int, width: int) -> None:
        """Go on with a text that ``width`` characters at ``offset`` of the source stand for."""
        length = len(text)
        if not length:
            return
        if not self.value.startswith(text, self.length):
            self.wrong = True
        if length != width:
            self._end_run()
            self.pieces.append(Piece(self.length, length, self.source, offset, width))
            self.run_start = self.length + length
        elif offset == self.run_end:
            self.run_end += width
        else:
            self._end_run()
            self.run_start = self.length
            self.run_end = offset + width
        self.length += length

    def finish(self, span: Span) -> tuple[Piece, ...]:
        """The pieces; a single unit if what came out is not the text."""
        if self.wrong or self.length != len(self.value):
            return (Piece(0, len(self.value), self.source, span.start, span.end - span.start),)
        self._end_run()
        return tuple(self.pieces) or (Piece(0, 0, self.source, span.start, 0),)

    def _end_run(self) -> None:
        if length := self.length - self.run_start:
            offset = self.run_end - length
            self.pieces.append(Piece(self.run_start, length, self.source, offset, length))
        self.run_start = self.length
        self.run_end = -1


def decode(source: Source, style: Style, span: Span, value: str) -> tuple[tuple[Piece, ...], Span]:
    """Where each character of a scalar stands, and the range of the scalar.

    Args:
        source: The file.
        style: How the scalar is written.
        span: The range that PyYAML gives: with the quotes, or from a block's header to what follows.
        value: The text that PyYAML gives.
    """
    if style in {"literal", "folded"}:
        return _block(source, span, value)
    if style == "plain":
        return _flow(source, span, value, _PLAIN), span
    inner = Span(span.start + 1, span.end - 1)
    return _flow(source, inner, value, _SINGLE if style == "single" else _DOUBLE), span


def _flow(source: Source, span: Span, value: str, pattern: re.Pattern[str]) -> tuple[Piece, ...]:
    text, at = source.text, span.start
    decoder = _Decoder(source, value)
    for match in pattern.finditer(text, span.start, span.end):
        written, begin = match[0], match.start()
        literal = text[at:begin]
        if written[0] in "\r\n":
            # Blanks before a folded line end belong to the fold.
            literal = literal.rstrip(" \t")
            begin = at + len(literal)
        if literal:
            decoder.add(literal, at, len(literal))
        decoder.add(_replacement(written), begin, match.end() - begin)
        at = match.end()
    decoder.add(text[at : span.end], at, span.end - at)
    return decoder.finish(span)


def _replacement(written: str) -> str:
    if written[0] in "\r\n":
        return "\n" * (len(_BREAK.findall(written)) - 1) or " "
    if written == "''":
        return "'"
    code = written[1]
    if code in "\r\n":
        return "\n" * (len(_BREAK.findall(written)) - 1)
    if code == "u" and written.count("\\") > 1:
        return bytes.fromhex(written[2:6] + written[8:]).decode("utf-16-be")
    if code in "xuU" and len(written) > 2:  # noqa: PLR2004 - more than the escape's own letter.
        return chr(int(written.lstrip(r"\xuU"), 16))
    return _ESCAPES.get(code, "")


def _block(source: Source, span: Span, value: str) -> tuple[tuple[Piece, ...], Span]:
    text = source.text
    decoder = _Decoder(source, value)
    header = _HEADER.match(text, span.start, span.end)
    if header is None:  # pragma: no cover - PyYAML would have refused it.
        return decoder.finish(span), span
    folded, marks = header[0][0] == ">", header["marks"]
    first = last = -1
    spaced = True
    # The line ends since the last text.
    breaks: list[Span] = []
    line = re.compile(
        rf" {{0,{_indentation(text[header.end() : span.end], value)}}}([^\r\n]*)(\r\n?|\n|)"
    )
    for match in line.finditer(text, header.end(), span.end):
        start, end = match.span(1)
        if start < end:
            first = start if first < 0 else first
            was_spaced, spaced = spaced, text[start] in " \t"
            _add_breaks(decoder, breaks, fold=folded and not (was_spaced or spaced))
            decoder.add(text[start:end], start, end - start)
            last = end
            breaks = []
        if match[2]:
            breaks.append(Span(*match.span(2)))
    content = Span(first, last) if last >= 0 else Span(span.start, header.end("marks"))
    if "-" not in marks:
        _add_breaks(decoder, breaks if "+" in marks else breaks[: last >= 0], fold=False)
    return decoder.finish(content), content


def _indentation(raw: str, value: str) -> int:
    """How far a block is indented: its first text tells, in the file and in the value."""
    first = _FIRST_TEXT.search(raw)
    text = value.lstrip(" \n")
    if first is None or not text:
        lines = raw.replace("\r", "\n").split("\n")
        return max(map(len, lines)) - max(map(len, value.split("\n")))
    start = len(value) - len(text)
    return max(0, len(first[1]) - (start - value.rfind("\n", 0, start) - 1))


def _add_breaks(decoder: _Decoder, breaks: list[Span], *, fold: bool) -> None:
    """Line ends as they are, or one as a space and of several all but the first."""
    if fold and len(breaks) == 1:
        decoder.add(" ", breaks[0].start, breaks[0].end - breaks[0].start)
        return
    for start, end in breaks[1:] if fold else breaks:
        decoder.add("\n", start, end - start)
