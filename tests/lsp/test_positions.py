from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position

from mjspec.lsp.positions import Lines
from mjspec.source import Source

ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
WIDTHS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


@pytest.mark.parametrize(
    ("text", "offset", "utf8", "utf16", "utf32"),
    [
        ("a fox --ar", 6, (0, 6), (0, 6), (0, 6)),
        ("\U0001f98a --ar", 2, (0, 5), (0, 3), (0, 2)),
        ("猫 --ar", 2, (0, 4), (0, 2), (0, 2)),
        ("é --ar", 2, (0, 3), (0, 2), (0, 2)),
        ("a\r\n\tb", 4, (1, 1), (1, 1), (1, 1)),
        ("a\rb", 2, (1, 0), (1, 0), (1, 0)),
        ("a\n\n", 3, (2, 0), (2, 0), (2, 0)),
        # These end a line for Python and not for an editor.
        ("a\u2028b\x0cc", 4, (0, 6), (0, 4), (0, 4)),
        ("\U0001f468\u200d\U0001f469 x", 4, (0, 12), (0, 6), (0, 4)),
    ],
)
def test_columns_count_the_units_of_the_encoding(
    text: str, offset: int, utf8: object, utf16: object, utf32: object
) -> None:
    found = []
    for encoding in ENCODINGS:
        place = Lines(text, encoding).position(offset)
        found.append((place.line, place.character))
        assert Lines(text, encoding).offset(place) == offset

    assert found == [utf8, utf16, utf32]


@given(st.text(st.characters() | st.sampled_from("\r\n\t\U0001f98a猫"), max_size=40), st.data())
def test_every_offset_has_a_position_and_comes_back(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    if text[offset - 1 : offset + 1] == "\r\n":
        return  # Inside of a line end there is no position.
    for encoding, codec in ENCODINGS.items():
        lines = Lines(text, encoding)
        place = lines.position(offset)
        before = text[lines.start(place.line) : offset].encode(codec, "surrogatepass")

        assert place.character == len(before) // WIDTHS[encoding]
        assert lines.offset(place) == offset


@given(st.text(st.sampled_from("ab\r\n\u2028\x85é"), max_size=30))
def test_lines_are_those_of_every_other_report(text: str) -> None:
    source, lines = Source("a.mj", text), Lines(text)

    for offset in range(len(text) + 1):
        assert lines.position(offset).line + 1 == source.position(offset).line


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [(0, 99, 3), (9, 0, 8), (1, 99, 8), (0, 2, 1), (0, 1, 0), (0, 0, 0)],
)
def test_a_position_beyond_or_inside_something_is_the_nearest_before(
    line: int, character: int, offset: int
) -> None:
    # A fox of two units, so that position 1 lies inside of it.
    assert Lines("\U0001f98aab\r\nxyz").offset(Position(line, character)) == offset
