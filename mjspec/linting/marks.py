"""A finding in a prompt's parameters, with places that hold wherever the same parameters recur."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from mjspec.diagnostics import Change, Diagnostic, Edit, Finding, Fix, Note
from mjspec.source import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Safety, Severity
    from mjspec.rules import Rule
    from mjspec.source import Source

__all__ = ["Mark", "Mend", "mark_of"]


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
    jobs: int = 1

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
            self.jobs,
        )

    def finding(self, offset: int) -> Finding:
        """The same in a prompt whose parameters begin at an offset."""
        mark = self.shifted(offset)
        note, note_span = mark.notes[0] if mark.notes else (None, None)
        fix = mark.fix
        return Finding(
            mark.rule,
            mark.span,
            mark.message,
            mark.severity,
            mark.help,
            note,
            note_span,
            fix and fix.message,
            tuple(Change(*edit) for edit in fix.edits) if fix else (),
            fix.safety if fix else "safe",
        )

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every place that it speaks of or changes."""
        notes = [span for _, span in self.notes if span is not None]
        edits = [span for span, _ in self.fix.edits] if self.fix else []
        return (self.span, *notes, *edits)

    def shifted(self, offset: int) -> Mark:
        """The same finding, ``offset`` code points further on."""
        return self.moved(repeat(offset)) if offset else self

    def moved(self, offsets: Iterable[int]) -> Mark:
        """The same finding with each of its `spans` further on by an offset of its own."""
        one = iter(offsets)
        span = self.span.shifted(next(one))
        notes = tuple([(message, at and at.shifted(next(one))) for message, at in self.notes])
        fix = self.fix
        if fix is not None:
            edits = tuple([(at.shifted(next(one)), text) for at, text in fix.edits])
            fix = fix._replace(edits=edits)
        return self._replace(span=span, notes=notes, fix=fix)

    def _notes(self, source: Source, offset: int) -> tuple[Note, ...]:
        return tuple(
            Note(message, span and Location(source, span.shifted(offset)))
            for message, span in self.notes
        )


def _fix(fix: Mend, source: Source, offset: int) -> Fix:
    edits = [
        Edit(Location(source, Span(start + offset, end + offset)), text)
        for (start, end), text in fix.edits
    ]
    return Fix(fix.message, fix.safety, tuple(edits))


def mark_of(found: Diagnostic, offset: int) -> Mark:
    """What was found, with its places counted from an offset of its source."""
    fix = None
    if found.fix is not None:
        edits = ((_back(edit.location, offset), edit.replacement) for edit in found.fix.edits)
        fix = Mend(found.fix.message, found.fix.safety, tuple(edits))
    notes = tuple(
        (n.message, _back(n.location, offset) if n.location else None) for n in found.notes
    )
    place = _back(found.location, offset)
    told = (found.rule, found.severity, found.message)
    return Mark(*told, place, notes, found.help, fix, found.jobs)


def _back(location: Location, offset: int) -> Span:
    return location.span.shifted(-offset)
