"""Texts made of parts of others: every character keeps its place, whichever way they are made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mjspec.source import Excerpt, Piece, Source, Span

SOURCES = (Source("a.yaml", "abcdefghij" * 3), Source("vars.csv", "klmnopqrst" * 3))


@st.composite
def excerpts(draw: st.DrawFn) -> Excerpt:
    """Pieces that stand as they are, and units that were escapes."""
    text, pieces = "", []
    for _ in range(draw(st.integers(1, 4))):
        source = draw(st.sampled_from(SOURCES))
        offset, length = draw(st.integers(0, 9)), draw(st.integers(0, 6))
        as_it_is = draw(st.booleans())
        written = length if as_it_is else length + draw(st.integers(1, 3))
        pieces.append(Piece(len(text), length, source, offset, written))
        text += source.text[offset : offset + length] if as_it_is else "?" * length
    return Excerpt(text, tuple(pieces))


def places(excerpt: Excerpt) -> list[tuple[str, str, Span]]:
    """Each character with its place."""
    found = []
    for at, character in enumerate(excerpt.text):
        place = excerpt.locate(Span(at, at + 1))
        found.append((character, place.source.name, place.span))
    return found


@given(excerpts(), st.integers(0, 24), st.integers(0, 24))
def test_a_part_has_the_places_of_the_whole(whole: Excerpt, start: int, end: int) -> None:
    part = whole.slice(start, end)
    assert part.text == whole.text[start:end]
    assert sum(piece.length for piece in part.pieces) == len(part.text)
    assert [c for c, *_ in places(part)] == list(part.text)
    if all(piece.length == piece.source_length for piece in whole.pieces):
        assert places(part) == places(whole)[start:end]


@given(st.lists(excerpts(), min_size=1, max_size=4))
def test_joined_texts_keep_their_places(parts: list[Excerpt]) -> None:
    whole = Excerpt.join(parts)
    assert whole.text == "".join(part.text for part in parts)
    assert places(whole) == [place for part in parts for place in places(part)]


@given(excerpts())
def test_the_beginning_is_that_of_the_location(excerpt: Excerpt) -> None:
    source, offset = excerpt.begin
    assert source is excerpt.location.source
    assert offset == excerpt.location.span.start


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_part_of_a_source(start: int, end: int) -> None:
    part = SOURCES[0].excerpt(start, end)
    assert part == Excerpt(
        part.text, (Piece(0, len(part.text), SOURCES[0], start, len(part.text)),)
    )
    assert places(part) == [
        (SOURCES[0].text[at], "a.yaml", (at, at + 1)) for at in range(start, end)
    ]
