"""The parts of a table, each with what it has in common with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.reading.parts import read_rows_in_parts
from mjspec.source import Source
from mjspec.spec.columns import Columns, Portion
from mjspec.spec.tables import csv_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.reading.stretch import Part
    from mjspec.spec.nodes import Scalar

__all__ = ["read_portions"]


def read_portions(
    path: str, shown: str, kind: str, sharers: int = 1
) -> Iterator[tuple[Part, Portion]]:
    """The parts of a table in their order.

    Args:
        path: The file; ``-`` for standard input.
        shown: How it is shown.
        kind: ``.csv`` or ``.jsonl``.
        sharers: How many processes look at them.

    Raises:
        FileError: It cannot be used; what came before was sound.
    """
    columns, header = Columns(), None
    for part in read_rows_in_parts(path, shown, kind, sharers):
        yield part, Portion(header, columns, part.last)
        if header is None and kind == ".csv":
            header = csv_header(_beginning(part.source, csv_header(part.source)))


def _beginning(source: Source, header: tuple[Scalar, ...]) -> Source:
    """A table up to the end of its header, which every process is sent."""
    if not header:
        return source
    last = source.line_at(header[-1].location.span.end)
    return Source(source.name, source.text[: source.line_span(last).end])
