"""How text looks on a terminal: what is drawn for each character, and how wide it is.

Carets stand under characters only if columns are counted as terminals count them: CJK and emoji
take two, combining marks none, a tab runs to the next stop. Control characters are never passed on,
since prompts come from anywhere and a terminal obeys them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Cell", "cells", "is_narrow", "plain", "unjoined", "width"]

_TAB = 4
_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JAMO_TAILS = range(0x1160, 0x1200)
_FIRST_PICTURE = 0x2400
_DELETE_PICTURE = "\u2421"
_UNSHOWN = "\ufffd"
# Of Latin and its punctuation every sign is drawn as it is, one column wide.
_NARROW = re.compile(r"[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e]*")


class Cell(NamedTuple):
    """What is drawn for one character of a source."""

    text: str
    width: int


def cells(text: str) -> list[Cell]:
    """One cell for each code point, in order.

    A character that joins the one before it (a combining mark, a variation selector, the second
    emoji of a joined pair) has no width of its own.
    """
    result: list[Cell] = []
    column = 0
    joined = False
    for character in text:
        cell = _tab(column) if character == "\t" else _cell(character)
        if joined and cell[1] > 1:
            cell = cell._replace(width=0)
        elif character == _EMOJI_STYLE and result and result[-1][1] == 1:
            # The selector makes a narrow sign such as a heart an emoji, two columns wide.
            cell = cell._replace(width=1)
        joined = character == _JOINER
        result.append(cell)
        column += cell[1]
    return result


def is_narrow(text: str) -> bool:
    """Whether each character is drawn as it is and takes one column, as in most prompts."""
    return _NARROW.fullmatch(text) is not None


def width(drawn: Iterable[Cell]) -> int:
    """Columns that cells take together."""
    return sum([cell[1] for cell in drawn])


def unjoined(drawn: list[Cell]) -> list[Cell]:
    """Cells without those at the beginning that would join a sign that is no longer there.

    Alone they would be drawn wider or narrower than beside it.
    """
    first = (i for i, cell in enumerate(drawn) if cell.width and cell.text != _EMOJI_STYLE)
    return drawn[next(first, len(drawn)) :]


def plain(text: str) -> str:
    """Text for one line of a report: line ends become spaces, control characters are shown."""
    if is_narrow(text):
        return text
    flat = " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
    return "".join(" " if character == "\t" else _cell(character).text for character in flat)


def _tab(column: int) -> Cell:
    columns = _TAB - column % _TAB
    return Cell(" " * columns, columns)


@lru_cache(maxsize=1 << 12)
def _cell(character: str) -> Cell:
    point = ord(character)
    if character.isascii() and character.isprintable():
        return Cell(character, 1)
    if point < 0x20:  # noqa: PLR2004 (the C0 controls, which have pictures)
        return Cell(chr(_FIRST_PICTURE + point), 1)
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Zl", "Zp") or _turns_text(character):
        return Cell(_DELETE_PICTURE if character == "\x7f" else _UNSHOWN, 1)
    if character == "\xad":
        return Cell("-", 1)
    if category in ("Mn", "Me", "Cf") or point in _SKIN_TONES or point in _JAMO_TAILS:
        return Cell(character, 0)
    return Cell(character, 2 if unicodedata.east_asian_width(character) in "WF" else 1)


def _turns_text(character: str) -> bool:
    """Whether it changes the direction of what follows, so that a line lies about its order."""
    return character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
