"""Whether a fix can be made where it stands: the file must still be made of the same parts.

A finding knows the characters of a prompt, not the quotes around it. A comma that is written into a
cell without quotes would end the cell; what comes first once a word is gone may begin a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from mjspec.reading.inputs import ROWS, is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mjspec.diagnostics import Edit, Fix
    from mjspec.source import Source
    from mjspec.spec.nodes import Node, Scalar

__all__ = ["Fitting"]

_LINES = (".mj", ".txt", ".md")
_START = attrgetter("start")
_FENCE = re.compile(r"`{3}|~{3}")
_INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)
# What YAML takes for something else than text, at the beginning, within, and as a whole.
_OPENS = re.compile(r"[-?:](?:\s|\Z)|[,\[\]{}#&*!|>'\"%@`]")
_ENDS = re.compile(r":(?:\s|\Z)|\s#")
_NOTHING = re.compile(r"~|null|Null|NULL")
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")
_HOLDS = {
    "cell": re.compile(r'(?!")[^,\r\n]*'),
    "quoted cell": re.compile(r'(?:[^"]|"")*'),
    "single": re.compile(r"(?:[^']|'')*"),
    "double": re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL),
    "literal": re.compile(r".*", re.DOTALL),
    "folded": re.compile(r".*", re.DOTALL),
    "flow": re.compile(r"[^,\[\]{}]*"),
    "plain": re.compile(r".*", re.DOTALL),
}


class _Field(NamedTuple):
    """A text of a file between its quotes, and how it is written."""

    start: int
    end: int
    style: str


class Fitting:
    """Which fixes a source can take; it is looked through when the first is asked about."""

    def __init__(self, source: Source, kind: str) -> None:
        self._source = source
        self._kind = kind

    def takes(self, fix: Fix) -> bool:
        """Whether a fix leaves every line, cell and value what it is."""
        if self._kind in _LINES:
            return self._lines_take(fix.edits)
        if self._kind == "prompt":
            return True
        if self._kind == ROWS:
            # Nobody writes such a file.
            return False
        edits = [edit for edit in fix.edits if edit.location.source is self._source]
        return not any(map(_breaks_line, edits)) and self._fields_take(edits)

    def _lines_take(self, edits: Sequence[Edit]) -> bool:
        """Whether every line stays a prompt: how a line begins decides what it is."""
        source, text = self._source, self._source.text
        for edit in edits:
            where, (at, _) = edit.location
            if where is not source:
                continue
            if _breaks_line(edit):
                return False
            start = source.line_start(at)
            if not (start < at and text[start].isalnum()) and not self._line_takes(start, edits):
                return False
        return True

    def _line_takes(self, start: int, edits: Sequence[Edit]) -> bool:
        text = self._source.text
        end = self._source.line_span(self._source.line_at(start)).end
        start += text.startswith("\ufeff", start)
        line, new = text[start:end], _edited(text, start, end, edits)
        if is_comment(line) or not line.strip():
            return True
        if not new.strip() or is_comment(new):
            return False
        return not (self._kind == ".md" and _FENCE.match(new.lstrip()))

    def _fields_take(self, edits: Sequence[Edit]) -> bool:
        touched = {self._field_of(edit) for edit in edits} - {None}
        return all(self._holds(field, edits) for field in touched if field)

    def _field_of(self, edit: Edit) -> _Field | None:
        """The field that an edit is made in; None for one that replaces the quotes, too."""
        start, end = edit.location.span
        index = bisect_right(self._fields, start, key=_START) - 1
        field = self._fields[index] if index >= 0 else None
        return field if field and end <= field.end else None

    def _holds(self, field: _Field, edits: Sequence[Edit]) -> bool:
        """Whether a field with its edits is still one, and no other than before."""
        start, end, style = field
        old = self._source.text[start:end]
        new = _edited(self._source.text, start, end, edits)
        if style in ("plain", "flow") and _QUOTED.fullmatch(new):
            # Quotes around all of it, unless they stood in the text and only what is before them goes.
            return any(edit.location.span == (start, end) for edit in edits)
        if not new.strip() or not _HOLDS[style].fullmatch(new):
            return False
        if style in ("plain", "flow"):
            body = new.strip()
            return not (_OPENS.match(body) or _ENDS.search(body) or _NOTHING.fullmatch(body))
        if style in ("literal", "folded"):
            return _INDENTED.findall(f"x{old}") == _INDENTED.findall(f"x{new}") and (
                new[0].isspace() == old[0].isspace()
            )
        return True

    @cached_property
    def _fields(self) -> list[_Field]:
        return sorted(_fields(self._source, self._kind))


def _breaks_line(edit: Edit) -> bool:
    return "\n" in edit.replacement or "\r" in edit.replacement


def _edited(text: str, start: int, end: int, edits: Iterable[Edit]) -> str:
    """A range of a text with those edits that lie in it."""
    pieces, at = [], start
    for (first, last), replacement in sorted((e.location.span, e.replacement) for e in edits):
        if start <= first and last <= end:
            pieces += [text[at:first], replacement]
            at = last
    return "".join([*pieces, text[at:end]])


def _fields(source: Source, kind: str) -> Iterator[_Field]:
    if kind == ".csv":
        from mjspec.spec.tables import csv_rows

        for row in csv_rows(source, []):
            yield from map(_cell, row)
        return
    if kind == ".jsonl":
        from mjspec.spec.tables import read_jsonl

        for mapping in read_jsonl(source, []):
            yield from (_field(node, flow=False) for node, _ in _scalars(mapping))
        return
    from mjspec.spec.read import read_yaml

    for root in read_yaml(source).roots:
        for node, flow in _scalars(root):
            if node.source is source:
                yield _field(node, flow=flow)


def _scalars(root: Node) -> Iterator[tuple[Scalar, bool]]:
    """Every value in a node, and whether it stands in brackets."""
    from mjspec.spec.nodes import Mapping, Scalar

    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, flow = waiting.pop()
        if isinstance(node, Scalar):
            yield node, flow
            continue
        source, (start, _) = node.location
        flow = flow or source.text[start : start + 1] in ("{", "[")
        inner = [e.value for e in node.entries] if isinstance(node, Mapping) else node.items
        waiting += ((one, flow) for one in inner)


def _cell(node: Scalar) -> _Field:
    quoted = node.source.text[max(node.start - 1, 0) : node.start] == '"'
    return _Field(node.start, node.end, "quoted cell" if quoted else "cell")


def _field(node: Scalar, *, flow: bool) -> _Field:
    if node.style in ("single", "double"):
        return _Field(node.start + 1, node.end - 1, node.style)
    return _Field(node.start, node.end, "flow" if flow and node.style == "plain" else node.style)
