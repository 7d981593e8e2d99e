"""The matrix of a job: the product of its lists, without what is excluded, with what is included."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.spec.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.spec.nodes import Entry, Node

__all__ = ["Combination", "Matrix"]

Combination = dict[str, "Entry"]
"""One choice: the key and the value of each axis."""


class Matrix:
    """A matrix as written, read once and expanded lazily.

    Attributes:
        size: How many combinations the product has before anything is excluded.
    """

    def __init__(self, node: Mapping, found: list[Diagnostic]) -> None:
        self._axes: list[tuple[Entry, tuple[Node, ...]]] = []
        self._exclude: list[Mapping] = []
        self._include: list[Mapping] = []
        for entry in node.entries:
            name = entry.key.text
            if name in ("exclude", "include"):
                rows = _mappings(name, entry.value, found)
                (self._exclude if name == "exclude" else self._include).extend(rows)
            elif isinstance(entry.value, Sequence):
                self._axes.append((entry, entry.value.items))
            else:
                _wrong(f"`{name}` needs a list of values, such as `[1, 2]`", entry.value, found)
        self.size = (prod(len(items) for _, items in self._axes) if self._axes else 0) + len(
            self._include
        )

    @property
    def keys(self) -> tuple[Entry, ...]:
        """The entries that name the axes."""
        return tuple(entry for entry, _ in self._axes)

    def combinations(self) -> Iterator[Combination]:
        """Each combination that is not excluded, in the order written, then the included ones."""
        from mjspec.spec.nodes import Entry

        if self._axes:
            for values in product(*(items for _, items in self._axes)):
                choice = {
                    entry.key.text: Entry(entry.key, value)
                    for (entry, _), value in zip(self._axes, values, strict=True)
                }
                if not any(_matches(choice, row) for row in self._exclude):
                    yield choice
        for row in self._include:
            yield {entry.key.text: entry for entry in row.entries}


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
        if chosen is None or not isinstance(entry.value, Scalar):
            return False
        if not isinstance(chosen.value, Scalar) or chosen.value.text != entry.value.text:
            return False
    return bool(row.entries)


def _wrong(message: str, node: Node, found: list[Diagnostic]) -> None:
    found.append(Diagnostic(rules.WRONG_TYPE, rules.WRONG_TYPE.severity, message, node.location))
