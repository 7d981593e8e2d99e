"""Columns of tables that nothing uses: told only where a field was probably meant."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.spec.fields import FIELDS, meant_field, read_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from mjspec.spec.nodes import Entry, Scalar

__all__ = ["Columns", "Portion"]

# Names of parameters, and of much else; `no` is a number in many tables.
_COMMON = frozenset({"no", *"abcdefghijklmnopqrstuvwxyz"})


class Columns:
    """The columns of a table that are no fields; one for all parts of a table.

    A table often carries more than the prompts need, so an unused column is no finding by itself.

    Attributes:
        used: The names that variables have used.
    """

    def __init__(self) -> None:
        self.used: set[str] = set()
        self._keys: dict[str, Scalar | None] = {}
        # Columns that hold what the field takes that they resemble.
        self._fitting: set[str] = set()

    def add(self, entries: Iterable[Entry]) -> None:
        """Take the columns of a row."""
        for entry in entries:
            name = entry.key.text
            if name not in self._keys:
                self._keys[name] = entry.key if _meant(name) else None
            if self._keys[name] is not None and name not in self._fitting and _fits(entry):
                self._fitting.add(name)

    def merge(self, later: Columns) -> None:
        """Take what a later part of the table has shown."""
        self.used |= later.used
        self._keys = {**later._keys, **self._keys}
        self._fitting |= later._fitting

    def unused(self, used: AbstractSet[str]) -> Iterator[Diagnostic]:
        """A finding for each unused column whose name is close to that of a field.

        It is an error where a cell holds what that field takes, and is lost otherwise.
        """
        for name, key in self._keys.items():
            if key is not None and name not in used:
                rule = rules.UNKNOWN_FIELD if name in self._fitting else rules.UNUSED_VARIABLE
                message = f"the column `{name}` is never used; did you mean `{_meant(name)}`?"
                yield Diagnostic(rule, rule.severity, message, key.location)


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a table, and what it has in common with the others.

    Attributes:
        header: The names of the columns, where they stand in an earlier part.
        columns: What the parts have shown so far.
        last: Whether no other part follows.
    """

    header: tuple[Scalar, ...] | None = None
    columns: Columns = field(default_factory=Columns)
    last: bool = True

    def apart(self) -> Portion:
        """The same for somebody who does not see the other parts."""
        return Portion(self.header, last=False)


def _meant(name: str) -> str | None:
    return None if name in FIELDS else meant_field(name)


def _fits(entry: Entry) -> bool:
    meant = _meant(entry.key.text)
    if meant is None or entry.key.text.lower() in _COMMON:
        return False
    problems: list[Diagnostic] = []
    read = read_field(meant, entry.key.excerpt, entry.value, "field", problems)
    return read is not None and read.value is not None and not problems
