"""The prompts of a source where they are written, and what can be written there instead."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from mjspec.formatting.canonical import shortest
from mjspec.language.parser import parse
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mjspec.diagnostics import Diagnostic
    from mjspec.reading.inputs import Input
    from mjspec.source import Excerpt, Source

__all__ = ["ENDS_SCALAR", "Manuscript", "Place", "read_manuscript"]

_START = attrgetter("start")
_WHITE = re.compile(r"\s")
# What may have to be written in another way between quotes.
_ESCAPED = re.compile(r"""["'\\]|[^ -~]""")
ENDS_SCALAR = re.compile(r":(?:\s|\Z)|\s#")
"""What ends a plain scalar of YAML."""


class Place(NamedTuple):
    """A prompt where it is written.

    Attributes:
        source: The source.
        start: Where it begins there.
        end: Where it ends.
        ends: Signs that end it for want of quotes: ``:`` in YAML, ``,`` in brackets and in CSV.
        inline: Whether its lines are of no importance.
        read: Its text where that is not simply what stands there, for instance in a file's fields.
    """

    source: Source
    start: int
    end: int
    ends: str = ""
    inline: bool = False
    read: Excerpt | None = None

    @property
    def written(self) -> str:
        """It as it stands in the source, escapes included."""
        return self.source.text[self.start : self.end]

    @property
    def text(self) -> str:
        """What it says."""
        return self.read.text if self.read else self.written

    @property
    def excerpt(self) -> Excerpt:
        """Its text with the place of each character."""
        return self.read or self.source.excerpt(self.start, self.end)

    @property
    def breaks(self) -> list[int]:
        """Offsets of white space that stays: ends of lines, folded ones too, and escapes."""
        text = self.text
        if self.inline or ("\n" not in text and "\r" not in text and text == self.written):
            return []
        excerpt = self.excerpt
        return [
            match.start()
            for match in _WHITE.finditer(text)
            if match[0] in "\r\n" or not _stands(excerpt, match.start())
        ]

    @property
    def plain(self) -> bool:
        """Whether it can be written anew as a whole: it says what stands there, in one line."""
        return self.text == self.written and not self.breaks

    def respelled(self, new: str) -> str | None:
        """It with another text, as it is written here; None if that cannot be edited in."""
        if not self.takes(new):
            return None
        if self.plain:
            return new
        span, replacement = shortest(self.text, Span(0, len(self.text)), new)[0]
        spot = self.excerpt.verbatim(span)
        if spot is None or _ESCAPED.search(replacement):
            return None
        start, end = spot.span
        return self.source.text[self.start : start] + replacement + self.source.text[end : self.end]

    def takes(self, text: str) -> bool:
        """Whether a text can stand here without quotes that are not there."""
        # A comma ends some, and several `--no` cannot be joined there.
        return not self.ends or (self.ends == ":" and not ENDS_SCALAR.search(text))

    def touches_braces(self, start: int, end: int) -> bool:
        """Whether a range of the source touches a permutation or a variable.

        What was found there was found in one of the texts that come of it; mending it would have to
        be right for all of them.
        """
        if "{" not in self.text:
            return False
        excerpt = self.excerpt
        groups = parse(excerpt.text).groups
        spans = [excerpt.locate(Span(at, at + len(one.raw))).span for at, one in groups]
        return any(span.start <= end and start <= span.end for span in spans)


@dataclass(frozen=True)
class Manuscript:
    """A source and the prompts in it.

    Attributes:
        source: The whole source.
        places: Its prompts, in order.
        others: The other texts in it, where it has fields.
        faults: Its syntax errors.
    """

    source: Source
    places: tuple[Place, ...]
    others: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()

    @property
    def text(self) -> str:
        """The whole text."""
        return self.source.text

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """What stands before, between and behind the prompts."""
        text = self.source.text
        pieces, at = [], 0
        for place in self.places:
            pieces.append(text[at : place.start])
            at = place.end
        return (*pieces, text[at:])

    def at(self, offset: int) -> int:
        """The last prompt that begins no later than an offset of the source; -1 if none does."""
        return bisect_right(self.places, offset, key=_START) - 1

    def without(self, new: Manuscript, indexes: Collection[int]) -> str:
        """The text of ``new``, with some of its prompts as they are here."""
        return new.replaced({index: self.places[index].written for index in indexes})

    def replaced(self, written: Mapping[int, str]) -> str:
        """The text with some of its prompts written anew."""
        text = self.source.text
        pieces, at = [], 0
        for index, new in sorted(written.items()):
            place = self.places[index]
            pieces += [text[at : place.start], new]
            at = place.end
        return "".join([*pieces, text[at:]])

    def only(self, indexes: Collection[int]) -> str:
        """The text with blanks for all prompts but some, so that these keep their places."""
        blank = {
            index: " " * (place.end - place.start)
            for index, place in enumerate(self.places)
            if index not in indexes
        }
        return self.replaced(blank)


def read_manuscript(source: Input) -> Manuscript:
    """The prompts of a source as they are written."""
    text = source.source.text
    lines = source.lines()
    if lines is not None:
        places = tuple(_line(source, start, line) for start, line in lines)
        return Manuscript(source.source, places)
    from mjspec.spec.written import table_prompts, yaml_prompts

    if source.kind in (".csv", ".jsonl"):
        written = table_prompts(source.source, source.kind)
    else:
        written = yaml_prompts(source.source)
    found: list[Place] = []
    for node in written.prompts:
        ends = ""
        if source.kind == ".csv":
            ends = "" if text[node.start - 1 : node.start] == '"' else ","
        elif node.style == "plain":
            ends = ":," if node.start in written.flowing else ":"
        if node.text.strip():
            found.append(_field(node.excerpt, ends))
    return Manuscript(source.source, tuple(found), written.others, written.faults)


def _line(source: Input, start: int, line: str) -> Place:
    if source.kind == "prompt":
        return Place(source.source, 0, len(source.source.text), inline=True)
    # In Markdown a block's indentation belongs to what stands around it, for instance a list.
    begin = start + len(line) - len(line.lstrip()) if source.kind == ".md" else start
    return Place(source.source, begin, start + len(line))


def _field(excerpt: Excerpt, ends: str) -> Place:
    place = excerpt.location
    return Place(place.source, *place.span, ends, read=excerpt)


def _stands(excerpt: Excerpt, offset: int) -> bool:
    """Whether a character stands in its source as it is."""
    return excerpt.verbatim(Span(offset, offset + 1)) is not None
