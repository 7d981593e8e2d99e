"""From one text to another with few and small edits, so that cursors and folds stay in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import TextEdit

from mjspec.lsp.positions import Lines

if TYPE_CHECKING:
    from mjspec.lsp.documents import Document

__all__ = ["rewritten"]


def rewritten(document: Document, text: str) -> list[TextEdit]:
    """The edits that make a document's text another one: one for each line that differs."""
    old, new = document.lines, Lines(text)
    if document.text == text:
        return []
    if len(old) != len(new):
        return [_edit(document, 0, len(document.text), text)]
    edits = []
    for line in range(len(old)):
        start, end = old.start(line), _end(old, line)
        wanted = text[new.start(line) : _end(new, line)]
        if document.text[start:end] != wanted:
            edits.append(_edit(document, start, end, wanted))
    return edits


def _end(lines: Lines, line: int) -> int:
    """Where a line ends, its line end included."""
    return lines.start(line + 1) if line + 1 < len(lines) else len(lines.text)


def _edit(document: Document, start: int, end: int, wanted: str) -> TextEdit:
    """One edit without what is the same at its beginning and end."""
    text = document.text
    low, limit = 0, min(end - start, len(wanted))
    while low < limit and text[start + low] == wanted[low]:
        low += 1
    high = 0
    while high < limit - low and text[end - 1 - high] == wanted[len(wanted) - 1 - high]:
        high += 1
    place = document.range(start + low, end - high)
    return TextEdit(place, wanted[low : len(wanted) - high])
