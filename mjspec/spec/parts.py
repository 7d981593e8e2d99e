"""The entries of one job sorted by what they are, and the errors that concern it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.jobs.job import first_line
from mjspec.spec.doubts import lost_comment
from mjspec.spec.fields import FIELDS, is_null
from mjspec.spec.nodes import Scalar

if TYPE_CHECKING:
    from mjspec.spec.inherit import Fields
    from mjspec.spec.nodes import Entry, Mapping, Node, Sequence

__all__ = ["Faults", "Parts", "errors_among", "errors_in", "no_prompt"]


class Faults:
    """The errors of a document: those inside one job are that job's, the others everybody's."""

    def __init__(self, found: list[Diagnostic], jobs: Sequence) -> None:
        nodes = jobs.items
        errors = errors_among(found)
        self._of: dict[int, list[Diagnostic]] = {}
        common = []
        # Aliases may bring in nodes from elsewhere; an error in them is everybody's.
        places = sorted(((n.location.span, i) for i, n in enumerate(nodes)) if errors else ())
        starts = [place.start for place, _ in places]
        for error in errors:
            index = bisect_right(starts, error.location.span.start) - 1
            if index >= 0 and self._inside(error, nodes[places[index][1]]):
                self._of.setdefault(id(nodes[places[index][1]]), []).append(error)
            else:
                common.append(error)
        self.common = tuple(common)

    def _inside(self, error: Diagnostic, node: Node) -> bool:
        place = node.location
        return error.location.source is place.source and error.location.span.start < place.span.end

    def of(self, node: Node) -> tuple[Diagnostic, ...]:
        """The errors that concern a job."""
        return (*self.common, *self._of.get(id(node), ()))


def errors_among(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that keep a job from being compiled."""
    return tuple(d for d in found if d.severity is Severity.ERROR)


def errors_in(row: Mapping, found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The errors that reading a row has just added to the findings."""
    errors: list[Diagnostic] = []
    source, span = row.location
    for last in reversed(found):
        if last.location.source is not source or last.location.span.start < span.start:
            break
        if last.severity is Severity.ERROR:
            errors.append(last)
    return tuple(errors)


_JOB_KEYS = ("vars", "matrix", "rows", "copies")
_ROW_KEYS = ("copies",)
"""What a row may say besides fields, variables and its id."""


class Parts:
    """The entries of a job or a row, sorted by what they are."""

    def __init__(self, entries: tuple[Entry, ...] = (), *, row: bool = False) -> None:
        keys = _ROW_KEYS if row else _JOB_KEYS
        self.fields: Fields = {}
        self.others: list[Entry] = []
        self.id: Scalar | None = None
        self.vars: Node | None = None
        self.matrix: Node | None = None
        self.rows: Node | None = None
        self.copies: Node | None = None
        for entry in entries:
            key, value = entry.key.text, entry.value
            if key in FIELDS:
                self.fields[key] = entry
            elif key == "id" and isinstance(value, Scalar):
                self.id = None if is_null(value) else value
            elif key in keys:
                setattr(self, key, value)
            else:
                self.others.append(entry)

    @property
    def repeated(self) -> bool:
        """Whether several jobs may come of them."""
        return self.matrix is not None or self.rows is not None


def no_prompt(job: Mapping, entry: Entry | None) -> Diagnostic:
    """The finding about a job without prompt, at its first line or at the empty value."""
    rule, help_text = rules.EMPTY_PROMPT, None
    place = job.location
    if entry is not None and isinstance(entry.value, Scalar):
        place = entry.key.location
        comment = lost_comment(entry.value)
        if comment is not None:
            help_text = f"`{comment.text}` is a comment; put the prompt in quotes"
    message = "this job has no `prompt`" if entry is None else "the `prompt` of this job is empty"
    return Diagnostic(rule, rule.severity, message, first_line(place), help=help_text)
