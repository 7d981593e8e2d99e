"""Rows of tables are those of the standard library, and every character knows its place."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from mjspec.source import Source, Span
from mjspec.spec.nodes import Scalar
from mjspec.spec.tables import csv_rows, read_csv, read_jsonl

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic

CELLS = st.text(st.sampled_from("a🦊 \",;'\t\n{}\\é"), max_size=8)
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4)
NAMES = ("prompt", "who")


def check_places(node: Scalar, escape: str) -> None:
    """Each character stands where it says, or is one that is escaped there."""
    for at, character in enumerate(node.text):
        place = node.excerpt.locate(Span(at, at + 1))
        assert place.text in {character, escape} or place.text.startswith("\\")


@given(ROWS)
def test_cells_of_csv(rows: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    csv.writer(written).writerows([NAMES, *rows])
    found: list[Diagnostic] = []
    source = Source("a.csv", written.getvalue())
    assert [[cell.text for cell in row] for row in csv_rows(source, found)] == [
        [*NAMES],
        *map(list, rows),
    ]
    for row in csv_rows(source, found):
        for cell in row:
            check_places(cell, '""')
    kept = [{n: c for n, c in zip(NAMES, row, strict=True) if c.strip()} for row in rows]
    mappings = list(read_csv(source, found))
    assert [{e.key.text: e.value.text for e in m.entries} for m in mappings] == kept  # type: ignore[union-attr]
    assert not found


@given(ROWS, st.booleans())
def test_values_of_json_lines(rows: list[tuple[str, str]], ascii_only: bool) -> None:
    objects = [dict(zip(NAMES, row, strict=True)) for row in rows]
    text = "".join(json.dumps(one, ensure_ascii=ascii_only) + "\n" for one in objects)
    found: list[Diagnostic] = []
    mappings = list(read_jsonl(Source("a.jsonl", text), found))
    assert [{e.key.text: e.value.text for e in m.entries} for m in mappings] == objects  # type: ignore[union-attr]
    for mapping in mappings:
        for entry in mapping.entries:
            assert isinstance(entry.value, Scalar)
            check_places(entry.value, "")
    assert not found


def test_a_long_value_of_json_is_one_token() -> None:
    """Nothing in the pattern goes back over a text, however long and full of escapes it is."""
    value = 'a "b" \\ ' * 200_000
    text = json.dumps({"prompt": value}) + "\n"
    (row,) = read_jsonl(Source("a.jsonl", text), [])
    assert [entry.value.text for entry in row.entries] == [value]  # type: ignore[union-attr]
