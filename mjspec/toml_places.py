"""Where keys and values stand in a TOML text, which the standard reader does not tell."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["place_of", "syntax_place"]

Names = tuple[str, ...]
"""The keys that lead to an entry, from the outermost on; a value stands behind its key."""

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\ufeff]+|\#[^\n]*)"
    r"|(?P<text>'''(?s:.*?)'{3,5}|\"\"\"(?s:(?:[^\\]|\\.)*?)\"{3,5}|'[^'\n]*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<word>[^\s\#'\"\[\]{}=,.]+)"
    r"|(?P<sign>[\n\[\]{}=,.])"
)
_AT = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
)


def place_of(text: str, names: Names) -> int:
    """The offset at which an entry stands, or the closest one around it.

    Args:
        text: A valid TOML text.
        names: The keys that lead to it; the last may be a value as it is written there.
    """
    best, at = 0, 0
    for found, offset in _entries(text):
        size = len(found)
        if best < size <= len(names) and found == names[:size]:
            best, at = size, offset
    return at


def syntax_place(message: str) -> tuple[str, int | None, int]:
    """What the reader's message says, and its line and column; no line is the end of the text."""
    match = _AT.fullmatch(message)
    if match is None:
        return message, 1, 1
    line = int(match["line"]) if match["line"] else None
    return match["what"], line, int(match["column"] or 1)


class _Reader:
    """The tokens of a valid text, one after the other."""

    def __init__(self, text: str) -> None:
        self.tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup != "space"]
        self.at = 0

    def sign(self) -> str:
        """The next token if it is a sign; empty for others and at the end."""
        if self.at == len(self.tokens):
            return ""
        return self.tokens[self.at]["sign"] or ""

    def is_word(self) -> bool:
        """Whether the next token is neither sign nor text."""
        return self.tokens[self.at]["word"] is not None

    def more(self) -> bool:
        """Whether any token is left."""
        return self.at < len(self.tokens)

    def take(self) -> re.Match[str]:
        """The next token."""
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, signs: str) -> None:
        """Leave out all of these signs that follow."""
        while self.sign() and self.sign() in signs:
            self.at += 1

    def key(self) -> list[tuple[str, int]]:
        """The parts of a dotted key, each with its offset."""
        parts = []
        while self.more() and self.sign() in ("", "."):
            token = self.take()
            if token["sign"] is None:
                parts.append((_plain(token), token.start()))
        return parts


def _entries(text: str) -> Iterator[tuple[Names, int]]:
    """Every key and every value with the offset where it stands."""
    reader = _Reader(text)
    table: Names = ()
    reader.skip("\n")
    while reader.more():
        if reader.sign() == "[":
            reader.skip("[")
            parts = reader.key()
            reader.skip("]")
            yield from _prefixes((), parts)
            table = tuple(name for name, _ in parts)
        else:
            yield from _assignment(reader, table)
        reader.skip("\n")


def _assignment(reader: _Reader, table: Names) -> Iterator[tuple[Names, int]]:
    parts = reader.key()
    yield from _prefixes(table, parts)
    reader.skip("=")
    yield from _value(reader, (*table, *(name for name, _ in parts)))


def _value(reader: _Reader, names: Names) -> Iterator[tuple[Names, int]]:
    """A value and what is in it; nested ones are as deep as the reader of the text allows."""
    opened = reader.sign()
    if opened not in ("[", "{"):
        yield from _scalar(reader, names)
        return
    reader.take()
    closing = "]" if opened == "[" else "}"
    reader.skip("\n,")
    while reader.sign() != closing:
        yield from _value(reader, names) if opened == "[" else _assignment(reader, names)
        reader.skip("\n,")
    reader.take()


def _scalar(reader: _Reader, names: Names) -> Iterator[tuple[Names, int]]:
    """One value; a number or a date may be several tokens."""
    first = last = reader.take()
    while first["word"] and reader.more() and (reader.sign() == "." or reader.is_word()):
        last = reader.take()
    text = _plain(first) if first is last else first.string[first.start() : last.end()]
    yield (*names, text), first.start()


def _prefixes(table: Names, parts: list[tuple[str, int]]) -> Iterator[tuple[Names, int]]:
    names = table
    for name, offset in parts:
        names = (*names, name)
        yield names, offset


def _plain(token: re.Match[str]) -> str:
    """The text that a token stands for."""
    if token["text"] is None:
        return token[0]
    return str(tomllib.loads(f"x = {token[0]}")["x"])
