"""The entries of one job sorted by what they are, and the errors that concern it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.diagnostics import Diagnostic, Severity
from mjspec.spec.fields import FIELDS
from mjspec.spec.nodes import Scalar, Sequence

if TYPE_CHECKING:
    from mjspec.spec.inherit import Fields
    from mjspec.spec.nodes import Entry, Node

__all__ = ["Faults", "Parts", "errors_among"]


class Faults:
    """The errors of a document: those inside one job are that job's, the others everybody's."""

    def __init__(self, found: list[Diagnostic], jobs: Node | None) -> None:
        self._errors = errors_among(found)
        nodes = jobs.items if isinstance(jobs, Sequence) else ()
        if self._errors:
            inside = [error for node in nodes for error in self.inside(node)]
            self.common = tuple(error for error in self._errors if error not in inside)
        else:
            self.common = ()

    def inside(self, node: Node) -> tuple[Diagnostic, ...]:
        """The errors within a node."""
        place = node.location
        return tuple(
            error
            for error in self._errors
            if error.location.source is place.source
            and place.span.start <= error.location.span.start < place.span.end
        )

    def of(self, node: Node) -> tuple[Diagnostic, ...]:
        """The errors that concern a job."""
        return (*self.common, *self.inside(node)) if self._errors else ()


def errors_among(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(d for d in found if d.severity is Severity.ERROR)


class Parts:
    """The entries of a job or a row, sorted by what they are."""

    def __init__(self, entries: tuple[Entry, ...] = ()) -> None:
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
                self.id = value
            elif key in ("vars", "matrix", "rows", "copies"):
                setattr(self, key, value)
            else:
                self.others.append(entry)

    def under(self, row: Parts) -> Parts:
        """These entries with a row's over them; what the row has besides are variables."""
        result = Parts()
        result.fields = {**self.fields, **row.fields}
        result.others = row.others
        result.id = row.id or self.id
        result.vars, result.matrix, result.rows = self.vars, self.matrix, None
        result.copies = row.copies or self.copies
        return result
