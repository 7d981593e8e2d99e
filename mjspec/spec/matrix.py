"""The matrix of a job: the product of its lists, without what is excluded, with what is included."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.spec.fields import FIELDS, plain_value, suggestion
from mjspec.spec.nodes import Entry, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.spec.nodes import Node

__all__ = ["Combination", "Matrix"]

Combination = dict[str, Entry]
"""One choice: the key and the value of each axis."""

_MOST_LOOKED_AT = 1_000_000


class Matrix:
    """A matrix as written, read once and expanded lazily.

    Attributes:
        size: How many combinations it has before anything is excluded.
        faults: The errors in it, which keep its jobs from being compiled.
        variables: The names that it gives to variables.
    """

    def __init__(self, node: Mapping, found: list[Diagnostic]) -> None:
        self._node = node
        self._axes: list[tuple[Entry, tuple[Node, ...]]] = []
        self._exclude: list[Mapping] = []
        self._include: list[Mapping] = []
        problems: list[Diagnostic] = []
        for entry in node.entries:
            name = entry.key.text
            if name in ("exclude", "include"):
                rows = _mappings(name, entry.value, problems)
                (self._exclude if name == "exclude" else self._include).extend(rows)
            else:
                self._add_axis(entry, problems)
        self._check_rows(problems)
        self.size = (prod(len(items) for _, items in self._axes) if self._axes else 0) + len(
            self._include
        )
        self.faults = tuple(p for p in problems if p.severity is Severity.ERROR)
        keys = [entry.key for entry, _ in self._axes]
        keys += [entry.key for row in self._include for entry in row.entries]
        self.variables: dict[str, Scalar] = {}
        for key in keys:
            if key.text not in FIELDS:
                self.variables.setdefault(key.text, key)
        found += problems

    def too_large(self, most: int | None) -> Diagnostic | None:
        """The error about a matrix that has too many combinations to look at.

        Combinations that are excluded are looked at too, so they may be many but not endless.
        """
        limit = _MOST_LOOKED_AT if most is None or self._exclude else most
        if self.size <= max(limit, most or 0):
            return None
        rule, place = rules.TOO_MANY_JOBS, self._node.location
        shown = f"{self.size:,}" if self.size < 1 << 60 else "more than a million million million"
        message = f"this matrix has {shown} combinations; at most {limit:,} are allowed"
        help_text = "raise the limit with --max-jobs if that many are meant"
        return Diagnostic(rule, rule.severity, message, place, help=help_text)

    def combinations(self) -> Iterator[Combination]:
        """Each combination that is not excluded, in the order written, then the included ones.

        A matrix that says nothing at all leaves the job as it is.
        """
        if self._axes:
            for values in product(*(items for _, items in self._axes)):
                choice = {
                    entry.key.text: Entry(entry.key, value)
                    for (entry, _), value in zip(self._axes, values, strict=True)
                }
                if not any(_matches(choice, row) for row in self._exclude):
                    yield choice
        elif not self._include:
            yield {}
        for row in self._include:
            yield {entry.key.text: entry for entry in row.entries}

    def _add_axis(self, entry: Entry, problems: list[Diagnostic]) -> None:
        name, node = entry.key.text, entry.value
        if not isinstance(node, Sequence):
            _wrong(f"`{name}` needs a list of values, such as `[1, 2]`", node, problems)
            return
        if not node.items:
            _wrong(f"`{name}` has no values, so that the matrix has no jobs", node, problems)
        for item in node.items:
            if name not in FIELDS and not isinstance(item, Scalar):
                _wrong(f"a value of the variable `{name}` needs to be one text", item, problems)
        self._axes.append((entry, node.items))

    def _check_rows(self, problems: list[Diagnostic]) -> None:
        """A row that excludes nothing was meant otherwise."""
        axes = {entry.key.text: items for entry, items in self._axes}
        for row in self._exclude:
            for entry in row.entries:
                name = entry.key.text
                if name not in axes:
                    message = f"`{name}` is no axis of this matrix{suggestion(name, tuple(axes))}"
                    rule = rules.UNKNOWN_FIELD
                    place = entry.key.location
                    problems.append(Diagnostic(rule, rule.severity, message, place))
                elif not any(_equal(item, entry.value) for item in axes[name]):
                    shown = f"`{entry.value.text}`" if isinstance(entry.value, Scalar) else "this"
                    message = f"{shown} is no value of `{name}` here, so this row excludes nothing"
                    rule, place = rules.UNUSED_VARIABLE, entry.value.location
                    problems.append(Diagnostic(rule, rule.severity, message, place))
        for row in self._include:
            for entry in row.entries:
                if entry.key.text not in FIELDS and not isinstance(entry.value, Scalar):
                    message = f"a value of the variable `{entry.key.text}` needs to be one text"
                    _wrong(message, entry.value, problems)


def _mappings(name: str, node: Node, found: list[Diagnostic]) -> list[Mapping]:
    items = node.items if isinstance(node, Sequence) else (node,)
    rows = []
    for item in items:
        if isinstance(item, Mapping):
            rows.append(item)
        else:
            _wrong(f"`{name}` needs a list of mappings, such as `[{{size: 1:1}}]`", item, found)
    return rows


def _matches(choice: Combination, row: Mapping) -> bool:
    """Whether every value of the row is the one that was chosen, compared as typed."""
    for entry in row.entries:
        chosen = choice.get(entry.key.text)
        if chosen is None or not _equal(chosen.value, entry.value):
            return False
    return bool(row.entries)


def _equal(one: Node, other: Node) -> bool:
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text
    return plain_value(one) == plain_value(other)


def _wrong(message: str, node: Node, found: list[Diagnostic]) -> None:
    found.append(Diagnostic(rules.WRONG_TYPE, rules.WRONG_TYPE.severity, message, node.location))
