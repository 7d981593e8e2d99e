"""The prompts of a source where they are written, and the same source with them written anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mjspec.formatting import changed, formatting_steps
from mjspec.parser import parse
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mjspec.diagnostics import Diagnostic
    from mjspec.formatting import Step
    from mjspec.inputs import Input
    from mjspec.source import Excerpt

__all__ = ["Manuscript", "Place", "read_manuscript", "respelled"]

_WHITE = re.compile(r"\s")
# What ends a plain scalar of YAML.
_ENDS_SCALAR = re.compile(r":(?:\s|\Z)|\s#")


class Place(NamedTuple):
    """A prompt where it is written.

    Attributes:
        excerpt: Its text.
        ends: Signs that end it for want of quotes: ``:`` in YAML, ``,`` in brackets and in CSV.
        inline: Whether its lines are of no importance.
    """

    excerpt: Excerpt
    ends: str = ""
    inline: bool = False

    @property
    def breaks(self) -> list[int]:
        """Offsets of white space that stays: ends of lines, folded ones too, and escapes."""
        excerpt = self.excerpt
        text = excerpt.text
        piece = excerpt.pieces[0]
        plain = len(excerpt.pieces) == 1 and piece.length == piece.source_length
        if self.inline or (plain and "\n" not in text and "\r" not in text):
            return []
        return [
            match.start()
            for match in _WHITE.finditer(text)
            if match[0] in "\r\n" or not _stands(excerpt, match.start())
        ]

    def touches_braces(self, start: int, end: int) -> bool:
        """Whether a range of the source touches a permutation or a variable.

        What was found there was found in one of the texts that come of it; mending it would have to
        be right for all of them.
        """
        if "{" not in self.excerpt.text:
            return False
        groups = parse(self.excerpt.text).groups
        spans = [self.excerpt.locate(Span(at, at + len(one.raw))).span for at, one in groups]
        return any(span.start <= end and start <= span.end for span in spans)


@dataclass(frozen=True)
class Manuscript:
    """A text and the prompts in it.

    Attributes:
        text: The whole text.
        places: Its prompts, in order.
        others: The other texts in it, where it has fields.
        faults: Its syntax errors.
    """

    text: str
    places: tuple[Place, ...]
    others: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()

    @cached_property
    def ranges(self) -> tuple[tuple[int, int], ...]:
        """Where each prompt begins and ends in the text."""
        return tuple(map(_range, self.places))

    @cached_property
    def written(self) -> tuple[str, ...]:
        """Each prompt as it is written, escapes included."""
        return tuple(self.text[start:end] for start, end in self.ranges)

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """What stands before, between and behind the prompts."""
        pieces, at = [], 0
        for start, end in self.ranges:
            pieces.append(self.text[at:start])
            at = end
        return (*pieces, self.text[at:])

    def without(self, new: Manuscript, indexes: Collection[int]) -> str:
        """The text of ``new``, with some of its prompts as they are here."""
        return new.replaced({index: self.written[index] for index in indexes})

    def replaced(self, written: Mapping[int, str]) -> str:
        """The text with some of its prompts written anew."""
        pieces = [self.outside[0]]
        for index, rest in enumerate(self.outside[1:]):
            pieces += [written.get(index, self.written[index]), rest]
        return "".join(pieces)

    def only(self, indexes: Collection[int]) -> str:
        """The text with blanks for all prompts but some, so that these keep their places."""
        blank = {
            index: " " * len(text)
            for index, text in enumerate(self.written)
            if index not in indexes
        }
        return self.replaced(blank)


def read_manuscript(source: Input) -> Manuscript:
    """The prompts of a source as they are written."""
    text = source.source.text
    lines = source.lines()
    if lines is not None:
        return Manuscript(text, tuple(_line(source, start, line) for start, line in lines))
    from mjspec.spec.written import table_prompts, yaml_prompts

    if source.kind in (".csv", ".jsonl"):
        written = table_prompts(source.source, source.kind)
    else:
        written = yaml_prompts(source.source)
    places: list[Place] = []
    for node in written.prompts:
        ends = ""
        if source.kind == ".csv":
            ends = "" if text[node.start - 1 : node.start] == '"' else ","
        elif node.style == "plain":
            ends = ":," if node.start in written.flowing else ":"
        if node.text.strip():
            places.append(Place(node.excerpt, ends))
    return Manuscript(text, tuple(places), written.others, written.faults)


def respelled(manuscript: Manuscript) -> dict[int, str]:
    """The prompts that have another canonical form, as far as they can be edited where they stand."""
    result = {}
    for index, place in enumerate(manuscript.places):
        edits = sorted(_edits(place))
        if not edits:
            continue
        at, end = manuscript.ranges[index]
        pieces = []
        for start, stop, replacement in edits:
            pieces += [manuscript.text[at:start], replacement]
            at = stop
        result[index] = "".join([*pieces, manuscript.text[at:end]])
    return result


def _line(source: Input, start: int, line: str) -> Place:
    if source.kind == "prompt":
        return Place(source.source.excerpt(), inline=True)
    # In Markdown a block's indentation belongs to what stands around it, for instance a list.
    begin = start + len(line) - len(line.lstrip()) if source.kind == ".md" else start
    return Place(source.source.excerpt(begin, start + len(line)))


def _edits(place: Place) -> Iterator[tuple[int, int, str]]:
    """The edits of a prompt, step by step; a step that cannot be made as a whole is left out."""
    excerpt = place.excerpt
    text = excerpt.text
    for step in formatting_steps(text, place.breaks, join="," not in place.ends):
        if place.ends and _breaks_out(place, text, step):
            continue
        spots = [excerpt.verbatim(change.span) for change in step]
        found = [
            (*spot.span, change.replacement)
            for spot, change in zip(spots, step, strict=True)
            if spot is not None
        ]
        if len(found) == len(step):
            yield from found


def _breaks_out(place: Place, text: str, step: Step) -> bool:
    """Whether a text without quotes would end early."""
    if ":" in place.ends and _ENDS_SCALAR.search(changed(text, [step])):
        return True
    gone = sum(text[slice(*change.span)].count(",") for change in step)
    return "," in place.ends and sum(c.replacement.count(",") for c in step) > gone


def _range(place: Place) -> tuple[int, int]:
    pieces = place.excerpt.pieces
    if len(pieces) == 1:
        return pieces[0].offset, pieces[0].offset + pieces[0].source_length
    span = place.excerpt.location.span
    return span.start, span.end


def _stands(excerpt: Excerpt, offset: int) -> bool:
    """Whether a character stands in its source as it is."""
    return excerpt.verbatim(Span(offset, offset + 1)) is not None
