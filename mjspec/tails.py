"""What is found in a prompt's parameters, remembered by how they are spelled.

Prompts differ in their words and share their parameters: `` --ar 16:9 --v 6.1`` ends thousands of
them. Where words and parameters can be told apart for sure (`heads.cut`), what is found in the
parameters is found once, by the full examination, and moved to wherever the same spelling recurs,
or one of the same shape.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Edit, Fix, Note, Severity
from mjspec.shapes import shape_of
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Safety
    from mjspec.domains import Value
    from mjspec.model import Model
    from mjspec.rules import Rule
    from mjspec.shapes import Shape

__all__ = ["Meaning", "Tail", "Tails", "tail_of"]

_MOST = 1 << 14
_LONGEST = 400


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
        model: The model version that they choose.
    """

    marks: tuple[Mark, ...]
    meaning: Meaning | None
    model: Model

    @property
    def looks_back(self) -> bool:
        """Whether what is found would change with a quote or bracket before the first word."""
        return any(mark.rule is rules.TRAILING_PUNCTUATION for mark in self.marks)

    @property
    def has_errors(self) -> bool:
        """Whether a prompt with these parameters must not be sent."""
        return self.meaning is None


class Tails:
    """The parameters met so far, each with what is known of them."""

    def __init__(self) -> None:
        self._tails: dict[str, Tail] = {}
        self._shapes: dict[frozenset[str], _Outline] = {}

    def known(self, spelled: str) -> Tail | None:
        """What is known of parameters behind plain words; None if they must be examined.

        Args:
            spelled: The parameters, from the first one's dashes to the end of the prompt.
        """
        tail = self._tails.get(spelled)
        if tail is None and spelled:
            shape = shape_of(spelled)
            outline = self._shapes.get(shape.key) if shape else None
            if shape is not None and outline is not None:
                tail = outline.of(shape)
                if not shape.free:
                    self._keep(spelled, tail)
        return tail

    def learn(self, spelled: str, tail: Tail) -> None:
        """Take in what an examination has shown.

        Args:
            spelled: The parameters behind plain words.
            tail: What was found.
        """
        if any(span.start < 0 for mark in tail.marks for span in mark.spans):
            return
        shape = shape_of(spelled)
        if shape is None:
            if not spelled:
                self._keep(spelled, tail)
            return
        self._keep(spelled, tail)
        outline = _outline(tail, shape)
        if outline is not None:
            if len(self._shapes) >= _MOST:
                self._shapes.clear()
            self._shapes[shape.key] = outline

    def _keep(self, spelled: str, tail: Tail) -> None:
        if len(spelled) <= _LONGEST:
            if len(self._tails) >= _MOST:
                self._tails.clear()
            self._tails[spelled] = tail


class _Outline(NamedTuple):
    """What parameters of one shape have in common.

    Attributes:
        marks: What is found, each with the spelling of the parameter that it is about; places
            count from there.
        rest: What they mean but for the free values; None if there are errors.
        model: The model version that they choose.
    """

    marks: tuple[tuple[str, Mark], ...]
    rest: str | None
    model: Model

    def of(self, shape: Shape) -> Tail:
        """What is known of parameters of this shape."""
        meaning = None if self.rest is None else Meaning(self.rest, shape.free)
        if not self.marks:
            return Tail((), meaning, self.model)
        starts = shape.starts()
        marks = sorted((mark.shifted(starts[owner]) for owner, mark in self.marks), key=_place)
        return Tail(tuple(marks), meaning, self.model)


def _outline(tail: Tail, shape: Shape) -> _Outline | None:
    """What others of this shape share; None if something depends on more than single parameters."""
    if len({part.name for part in shape.parts}) < len(shape.parts):
        return None
    starts = shape.starts()
    marks = []
    for mark in tail.marks:
        owner = _owner(mark, shape, starts)
        if owner is None:
            return None
        marks.append((owner, mark.shifted(-starts[owner])))
    return _Outline(tuple(marks), tail.meaning and tail.meaning.rest, tail.model)


def tail_of(found: Iterable[Diagnostic], meaning: Meaning | None, model: Model, at: int) -> Tail:
    """What was found in the parameters of a prompt.

    Args:
        found: Its findings there.
        meaning: What its parameters mean.
        model: The model version that they choose.
        at: Where they begin in the source.
    """
    marks = sorted((_mark(one, at) for one in found), key=_place)
    # The place of the version would keep its whole source in memory.
    return Tail(tuple(marks), meaning, replace(model, setting=None))


def _owner(mark: Mark, shape: Shape, starts: dict[str, int]) -> str | None:
    """The one parameter that a finding is about; None if it is about several or a free value."""
    for part, length in zip(shape.parts, shape.lengths, strict=True):
        start = starts[part.spelling]
        if all(start <= span.start and span.end <= start + length for span in mark.spans):
            if part.value is None:
                return part.spelling
            named = start + len(part.spelling) - 1
            within = all(span.end <= named for span in mark.spans)
            quoted = any(str(value) in mark.message for _, value in shape.free)
            return part.spelling if within and not quoted else None
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
