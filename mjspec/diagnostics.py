"""What is found: diagnostics, their severity, fixes, and the errors that are raised."""

from __future__ import annotations

import re
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.rules import Rule
    from mjspec.source import Excerpt, Location

__all__ = ["Diagnostic", "Edit", "Finding", "Fix", "MjspecError", "Note", "Severity"]

_BRACE = re.compile(r"\\[\s\S]|[{}]")


class Severity(IntEnum):
    """How bad a finding is; ordered, so that thresholds can be compared."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


Safety = Literal["safe", "unsafe"]


class Edit(NamedTuple):
    """Replace the characters at a place with others.

    Attributes:
        location: The characters that go.
        replacement: What stands there instead.
    """

    location: Location
    replacement: str


class Fix(NamedTuple):
    """A change that mends a finding.

    Attributes:
        message: What the change does, as a command: ``write `--ar```.
        safety: ``safe`` keeps what the prompt means, ``unsafe`` guesses.
        edits: Changes that do not overlap, all in one source.
    """

    message: str
    safety: Safety
    edits: tuple[Edit, ...]


class Note(NamedTuple):
    """One more sentence about a finding.

    Attributes:
        message: The sentence.
        location: The place that it speaks of, if there is one.
    """

    message: str
    location: Location | None = None


class Diagnostic(NamedTuple):
    """A finding at a place.

    Attributes:
        rule: What kind of finding this is: code, name, default severity, explanation.
        severity: How bad it is here.
        message: What is wrong with the user's own characters, then what is allowed.
        location: The characters it speaks of.
        notes: More about it, for instance the other place of a conflict.
        help: What to do, as a sentence.
        fix: A change that mends it, where one is certain enough to be offered.
        jobs: How many jobs of a matrix, a table or a permutation it touches.
    """

    rule: Rule
    severity: Severity
    message: str
    location: Location
    notes: tuple[Note, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    jobs: int = 1

    @property
    def code(self) -> str:
        """The rule's code, for instance ``MJ201``."""
        return self.rule.code

    @property
    def name(self) -> str:
        """The rule's name, for instance ``unknown-parameter``."""
        return self.rule.name

    @property
    def url(self) -> str:
        """Where the rule is explained."""
        return self.rule.url


class Change(NamedTuple):
    """An edit in the coordinates of a prompt, before its place in a file is known."""

    span: Span
    replacement: str


class Finding(NamedTuple):
    """A diagnostic in the coordinates of one prompt.

    Findings know no file, so what was found once for a spelling holds wherever it recurs.
    """

    rule: Rule
    span: Span
    message: str
    severity: Severity | None = None
    help: str | None = None
    note: str | None = None
    note_span: Span | None = None
    fix: str | None = None
    changes: tuple[Change, ...] = ()
    safety: Safety = "safe"

    def shifted(self, offset: int) -> Finding:
        """The same finding, ``offset`` code points further on."""
        if not offset:
            return self
        return self._replace(
            span=Span(self.span[0] + offset, self.span[1] + offset),
            note_span=self.note_span and self.note_span.shifted(offset),
            changes=tuple(Change(c.span.shifted(offset), c.replacement) for c in self.changes),
        )

    def at(self, excerpt: Excerpt) -> Diagnostic:
        """The diagnostic at the characters that the user wrote."""
        notes: tuple[Note, ...] = ()
        if self.note:
            place = excerpt.locate(self.note_span) if self.note_span else None
            notes = (Note(self.note, place),)
        return Diagnostic(
            rule=self.rule,
            severity=self.severity or self.rule.severity,
            message=self.message,
            location=excerpt.locate(self.span),
            notes=notes,
            help=self.help,
            fix=self._fix(excerpt),
        )

    def _fix(self, excerpt: Excerpt) -> Fix | None:
        if not self.fix or not self.changes:
            return None
        edits = []
        for change in self.changes:
            place = excerpt.verbatim(change.span)
            if place is None or (change.replacement == " " and _follows_space(place)):
                return None
            if change.replacement.endswith(" ") and _ends_option(place, excerpt, change.span.end):
                return None
            if self.span.end > change.span.end and _begins_group(place, excerpt, change.span.end):
                return None
            edits.append(Edit(place, change.replacement))
        if len(edits) > 1 and len(excerpt.pieces) > 1 and _into_braces(edits):
            return None
        return Fix(self.fix, self.safety, tuple(edits))


def _follows_space(place: Location) -> bool:
    """Whether a space stands there already; the choice of a permutation comes without it."""
    start, end = place.span
    return start == end and place.source.text[start - 1 : start].isspace()


def _ends_option(place: Location, excerpt: Excerpt, end: int) -> bool:
    """Whether an option of a permutation ends there, which loses the space at its end."""
    following = place.source.text[place.span.end : place.span.end + 1]
    return following in ("}", ",") and excerpt.text[end : end + 1] != following


def _begins_group(place: Location, excerpt: Excerpt, end: int) -> bool:
    """Whether a permutation begins there: what was found reaches into one of its choices."""
    following = place.source.text[place.span.end : place.span.end + 1]
    return following == "{" and excerpt.text[end : end + 1] != following


def _into_braces(edits: list[Edit]) -> bool:
    """Whether braces open or close between edits, one of which so is in a permutation alone."""
    spans = sorted(edit.location.span for edit in edits)
    text = edits[0].location.source.text
    return any(_uneven(text[before.end : after.start]) for before, after in pairwise(spans))


def _uneven(text: str) -> bool:
    """Whether a brace in a text has its partner elsewhere."""
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1 if brace == "}" else 0
        if depth < 0:
            return True
    return depth > 0


class MjspecError(Exception):
    """Base of everything that mjspec raises on purpose."""
