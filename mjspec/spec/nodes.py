"""The nodes of a YAML document: immutable, and every text in them knows its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from mjspec.source import Excerpt, Location, Piece, Span
from mjspec.spec.values import core_value, yaml11_reading, yaml11_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.source import Source

__all__ = [
    "Entry",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Style",
    "core_value",
    "yaml11_reading",
    "yaml11_value",
]

_new = tuple.__new__

Style = Literal["plain", "single", "double", "literal", "folded"]


class Scalar(NamedTuple):
    """A text as the user wrote it, before anything is made of it.

    A file may hold hundreds of thousands, most of them never pointed at. It is therefore the record
    that is quickest to make, and where its characters stand is kept as numbers, from which an
    excerpt and a location are made when asked for.

    Attributes:
        text: The text after unquoting and folding.
        style: How it is written.
        tag: A core tag that was written in front, by its short name: ``str`` for ``!!str``.
        source: Where it is written.
        start: Where it begins, with its quotes; a block begins with its first text.
        end: Where it ends, with its quotes; a block ends with its last text.
        pieces: Where each part of the text stands; none if it stands there as it is.
    """

    text: str
    style: Style
    tag: str | None
    source: Source
    start: int
    end: int
    pieces: tuple[Piece, ...] | None = None

    @classmethod
    def of(cls, excerpt: Excerpt) -> Scalar:
        """A plain scalar made of a text from elsewhere, for instance the cell of a table."""
        place = excerpt.location
        return cls(excerpt.text, "plain", None, place.source, *place.span, excerpt.pieces)

    @property
    def excerpt(self) -> Excerpt:
        """The text with the place of each of its characters."""
        text, style, _, source, start, _, pieces = self
        if pieces is None:
            length = len(text)
            start = start if style == "plain" else start + 1
            pieces = (_new(Piece, (0, length, source, start, length)),)
        return _new(Excerpt, (text, pieces))

    @property
    def location(self) -> Location:
        """Where it stands, with its quotes."""
        return Location(self.source, Span(self.start, self.end))


class Entry(NamedTuple):
    """A key and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, merge keys already resolved, each key once.

    What ``<<`` merges in comes first, so that the order is the one that PyYAML gives.
    """

    entries: tuple[Entry, ...]
    location: Location

    def __contains__(self, name: str) -> bool:
        return self.entry(name) is not None

    def entry(self, name: str) -> Entry | None:
        """The entry of a key; a key is its text, however it is quoted."""
        for entry in self.entries:
            if entry.key.text == name:
                return entry
        return None

    def get(self, name: str) -> Node | None:
        """The value of a key."""
        entry = self.entry(name)
        return entry.value if entry else None

    def keys(self) -> Iterator[str]:
        """The texts of the keys, in order."""
        return (entry.key.text for entry in self.entries)


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    location: Location


Node: TypeAlias = Scalar | Mapping | Sequence
