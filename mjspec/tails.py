"""What is found in a prompt's parameters, remembered by how they are spelled.

Prompts differ in their words and share their parameters: `` --ar 16:9 --v 6.1`` ends thousands of
them. Where nothing can be found in the words (`wording.is_plain`), what is found depends on the
parameters alone. So it is found once, by the full examination, and moved to wherever the same
spelling recurs, or one of the same shape.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from mjspec.diagnostics import Diagnostic, Edit, Fix, Note, Severity
from mjspec.parser import parse
from mjspec.shapes import shape_of
from mjspec.source import Location, Source, Span
from mjspec.wording import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Safety
    from mjspec.domains import Value
    from mjspec.rules import Rule
    from mjspec.shapes import Shape

__all__ = ["Meaning", "Tail", "Tails", "cut", "tail_of"]

_MOST = 1 << 14
_LONGEST = 400
_LONGEST_PLAIN = 4000
_FIRST = re.compile(r"-\s*-|[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


class Mend(NamedTuple):
    """A fix with its places counted from the first dash."""

    message: str
    safety: Safety
    edits: tuple[tuple[Span, str], ...]


class Mark(NamedTuple):
    """A finding with its places counted from the first dash."""

    rule: Rule
    severity: Severity
    message: str
    span: Span
    notes: tuple[tuple[str, Span | None], ...]
    help: str | None
    fix: Mend | None

    def at(self, source: Source, offset: int) -> Diagnostic:
        """The finding where the parameters begin at an offset of a source."""
        start, end = self.span
        return Diagnostic(
            self.rule,
            self.severity,
            self.message,
            Location(source, Span(start + offset, end + offset)),
            self._notes(source, offset) if self.notes else (),
            self.help,
            _fix(self.fix, source, offset) if self.fix else None,
        )

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every place that it speaks of or changes."""
        notes = [span for _, span in self.notes if span is not None]
        edits = [span for span, _ in self.fix.edits] if self.fix else []
        return (self.span, *notes, *edits)

    def shifted(self, offset: int) -> Mark:
        """The same finding, ``offset`` code points further on."""
        if not offset:
            return self
        fix = self.fix
        if fix is not None:
            fix = fix._replace(edits=tuple((s.shifted(offset), text) for s, text in fix.edits))
        notes = tuple((message, span and span.shifted(offset)) for message, span in self.notes)
        return self._replace(span=self.span.shifted(offset), notes=notes, fix=fix)

    def _notes(self, source: Source, offset: int) -> tuple[Note, ...]:
        return tuple(
            Note(message, span and Location(source, span.shifted(offset)))
            for message, span in self.notes
        )


def _fix(fix: Mend, source: Source, offset: int) -> Fix:
    edits = [Edit(Location(source, span.shifted(offset)), text) for span, text in fix.edits]
    return Fix(fix.message, fix.safety, tuple(edits))


class Meaning(NamedTuple):
    """What equal jobs have in common besides their text.

    Attributes:
        rest: Everything but the values that differ within one shape.
        free: Those values with their parameters' names, sorted.
    """

    rest: str
    free: tuple[tuple[str, Value], ...]


class Tail(NamedTuple):
    """Everything that is known of the parameters of a prompt.

    Attributes:
        marks: What is found in them.
        meaning: What they mean; None if there are errors.
    """

    marks: tuple[Mark, ...]
    meaning: Meaning | None


class Tails:
    """The parameters met so far, each with what is known of them."""

    def __init__(self) -> None:
        self._tails: dict[str, Tail] = {}
        self._shapes: dict[tuple[str, ...], tuple[tuple[tuple[int, Mark], ...], str | None]] = {}

    def known(self, text: str, at: int) -> Tail | None:
        """What is known of the parameters of a prompt; None if they must be examined.

        Args:
            text: A prompt with plain words.
            at: Where its parameters begin.
        """
        spelled = text[at:]
        tail = self._tails.get(spelled)
        if tail is None and spelled:
            shape = _shape(text, at)
            known = self._shapes.get(shape.key) if shape else None
            if shape is not None and known is not None:
                marks, rest = known
                moved = [mark.shifted(shape.starts[index] - at) for index, mark in marks]
                tail = Tail(
                    tuple(sorted(moved, key=_place)),
                    None if rest is None else Meaning(rest, shape.free),
                )
                self._keep(spelled, tail)
        return tail

    def learn(self, text: str, at: int, tail: Tail) -> None:
        """Take in what an examination has shown.

        Args:
            text: A prompt with plain words.
            at: Where its parameters begin.
            tail: What was found.
        """
        shape = _shape(text, at)
        if (shape is None and at < len(text)) or any(
            s.start < 0 for m in tail.marks for s in m.spans
        ):
            return
        self._keep(text[at:], tail)
        if shape is None:
            return
        ends = dict(pairwise([*sorted(shape.starts), len(text)]))
        marks = []
        for mark in tail.marks:
            index = _owner(mark, shape, ends, at)
            if index is None:
                return
            marks.append((index, mark.shifted(at - shape.starts[index])))
        if len(self._shapes) >= _MOST:
            self._shapes.clear()
        self._shapes[shape.key] = (tuple(marks), tail.meaning and tail.meaning.rest)

    def _keep(self, spelled: str, tail: Tail) -> None:
        if len(spelled) <= _LONGEST:
            if len(self._tails) >= _MOST:
                self._tails.clear()
            self._tails[spelled] = tail


def cut(text: str) -> int:
    """Where the parameters of a prompt begin, if its words are plain; -1 if they are not."""
    if len(text) > _LONGEST_PLAIN or "{" in text or "}" in text:
        return -1
    match = _FIRST.search(text)
    at = match.start() if match else len(text)
    return at if is_plain(text[:at]) else -1


def tail_of(found: Iterable[Diagnostic], meaning: Meaning | None, offset: int) -> Tail:
    """What was found in the parameters of a prompt.

    Args:
        found: Its findings there.
        meaning: What its parameters mean.
        offset: Where they begin in the source.
    """
    return Tail(tuple(sorted((_mark(one, offset) for one in found), key=_place)), meaning)


def _shape(text: str, at: int) -> Shape | None:
    """The shape of parameters that begin where the plain words end."""
    prompt = parse(text)
    plain = prompt.flags and prompt.flags[0][0] == at and not prompt.doubts
    return shape_of(prompt) if plain else None


def _owner(mark: Mark, shape: Shape, ends: dict[int, int], at: int) -> int | None:
    """The one parameter that a finding is about; None if it is about several or a free value."""
    for index, start in enumerate(shape.starts):
        end = ends[start]
        if all(start <= span.start + at and span.end + at <= end for span in mark.spans):
            spelling = shape.key[index]
            if not spelling.endswith("\0"):
                return index
            named = start + len(spelling) - 1
            within = all(span.end + at <= named for span in mark.spans)
            quoted = any(str(value) in mark.message for _, value in shape.free)
            return index if within and not quoted else None
    return None


def _place(mark: Mark) -> Span:
    return mark.span


def _mark(found: Diagnostic, offset: int) -> Mark:
    fix = None
    if found.fix is not None:
        edits = ((_back(edit.location, offset), edit.replacement) for edit in found.fix.edits)
        fix = Mend(found.fix.message, found.fix.safety, tuple(edits))
    notes = tuple(
        (n.message, _back(n.location, offset) if n.location else None) for n in found.notes
    )
    place = _back(found.location, offset)
    return Mark(found.rule, found.severity, found.message, place, notes, found.help, fix)


def _back(location: Location, offset: int) -> Span:
    return location.span.shifted(-offset)
