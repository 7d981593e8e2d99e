"""Columns of tables that nothing uses: told only where a field was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.spec.fields import FIELDS, meant_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.spec.nodes import Entry, Scalar
    from mjspec.spec.variables import Scope

__all__ = ["Columns"]


class Columns:
    """The columns of a table that are no fields.

    A table often carries more than the prompts need, so an unused column is no finding by itself.
    """

    def __init__(self) -> None:
        self._keys: dict[str, Scalar] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Take the columns of a row."""
        for entry in entries:
            self._keys.setdefault(entry.key.text, entry.key)

    def unused(self, scope: Scope) -> Iterator[Diagnostic]:
        """A warning for each unused column whose name is close to that of a field."""
        for name, key in self._keys.items():
            meant = None if name in scope.used or name in FIELDS else meant_field(name)
            if meant is not None:
                message = f"the column `{name}` is never used; did you mean `{meant}`?"
                place = key.location
                yield Diagnostic(rules.UNKNOWN_FIELD, Severity.WARNING, message, place)
