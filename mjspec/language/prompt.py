"""The syntax tree of a prompt: what was typed, without any judgement.

Nodes keep every character, so a tree renders to the text it was parsed from. Spans take no part in
equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from mjspec.source import Span

__all__ = [
    "DASHES",
    "UNSEEN",
    "Flag",
    "Group",
    "Image",
    "Option",
    "ParameterUse",
    "Part",
    "Permutation",
    "Placed",
    "Prompt",
    "Text",
    "Weight",
    "Word",
    "render",
]

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
"""Dashes of other kinds than the hyphen, which may begin a parameter; the grammar's ``DASH``."""

UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
"""Signs that look like nothing and are no white space to Unicode."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the prompt."""

    raw: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Image:
    """A link to an image, with Discord's angle brackets if they were typed."""

    raw: str
    span: Span = field(compare=False)

    @property
    def url(self) -> str:
        """The link without brackets."""
        return self.raw.strip("<>")


@dataclass(frozen=True, slots=True)
class Weight:
    """The colons that end a part of a multi-prompt, with the number that touches them."""

    raw: str
    span: Span = field(compare=False)

    @property
    def value(self) -> float:
        """The weight; 1 where only colons stand."""
        return float(self.raw[2:] or 1)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Group:
    """Braces with options, nested ones included; without its place, so that equal ones are one object.

    Attributes:
        raw: The text with its braces; empty in nested groups, whose text the outermost holds.
        span: Where it stands in the outermost group.
        options: The alternatives between the commas.
        count: How many texts it stands for, no more than ``grammar.CEILING``.
    """

    raw: str
    span: Span
    options: tuple[Option, ...]
    count: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Option:
    """One alternative: ranges of plain text in the outermost group, and nested groups, in order."""

    nodes: tuple[Span | Group, ...]
    count: int


Placed = tuple[int, Group]
"""A group at its offset in the prompt."""


@dataclass(frozen=True, slots=True)
class Permutation:
    """A part of the text that stands for several: ``{red, green}``."""

    raw: str
    span: Span = field(compare=False)
    group: Group = field(compare=False, repr=False)


Part = Text | Image | Weight | Permutation


class Word(NamedTuple):
    """A run of characters without white space behind a parameter's name."""

    text: str
    start: int
    "Offset from the parameter's dashes."


@dataclass(frozen=True, slots=True, eq=False)
class Flag:
    """One parameter as typed, without its place, so that equal ones are one object.

    What was typed decides everything else, so it alone is compared.

    Attributes:
        raw: Everything from the dashes to the next parameter, white space included.
        dash: The dashes.
        gap: White space between the dashes and the name.
        name: The name as typed; empty where a permutation stands there.
        words: What follows, word by word; the first may touch the name.
    """

    raw: str
    dash: str
    gap: str
    name: str
    words: tuple[Word, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Flag) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    @property
    def name_start(self) -> int:
        """Offset of the name from the dashes."""
        return len(self.dash) + len(self.gap)

    @property
    def name_end(self) -> int:
        """Offset of the name's end."""
        return len(self.dash) + len(self.gap) + len(self.name)

    @property
    def glued(self) -> bool:
        """Whether the first word touches the name, as in ``--ar16:9``."""
        return bool(self.words) and self.words[0].start == self.name_end


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter at its place in the prompt."""

    flag: Flag
    start: int = field(compare=False)

    @property
    def name(self) -> str:
        """The name as typed."""
        return self.flag.name

    @property
    def values(self) -> tuple[str, ...]:
        """The words behind the name."""
        return tuple(word.text for word in self.flag.words)

    @property
    def span(self) -> Span:
        """From the dashes to the end of the last word."""
        return Span(self.start, self.start + len(self.flag.raw.rstrip()))

    @property
    def flag_span(self) -> Span:
        """The dashes and the name."""
        return Span(self.start, self.start + self.flag.name_end)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A parsed prompt.

    Attributes:
        parts: What stands before the first parameter.
        flags: The parameters with the offsets of their dashes.
        doubts: Dashes that were read as text, though they may have been meant as parameters.
        braces: Offsets of braces without a partner.
        groups: Every outermost permutation, those inside parameters included.
    """

    parts: tuple[Part, ...]
    flags: tuple[tuple[int, Flag], ...]
    doubts: tuple[Span, ...] = field(default=(), compare=False)
    braces: tuple[int, ...] = field(default=(), compare=False)
    groups: tuple[Placed, ...] = field(default=(), compare=False, repr=False)

    @property
    def parameters(self) -> tuple[ParameterUse, ...]:
        """The parameters at their places, in the order in which they were typed."""
        return tuple(ParameterUse(flag, start) for start, flag in self.flags)

    @property
    def text(self) -> str:
        """The words alone, without links, weights and parameters."""
        return "".join(part.raw for part in self.parts if isinstance(part, Text | Permutation))


def render(prompt: Prompt) -> str:
    """The text of a prompt; of an untouched one exactly what was parsed."""
    return "".join([*(part.raw for part in prompt.parts), *(flag.raw for _, flag in prompt.flags)])
