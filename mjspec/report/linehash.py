"""The line hashes by which GitHub knows a finding again when lines have moved.

The same polynomial as GitHub's own upload action computes for files without hashes: over the first
hundred characters from the start of a line that are neither space nor tab, line ends as one line
feed, then a sign for the end of the file and zeros.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mjspec.source import Source

__all__ = ["line_hashes"]

_BLOCK = 100
_BASE = 37
_BITS = (1 << 64) - 1
_END = "\uffff"
_BLANKS = str.maketrans("", "", " \t")


def line_hashes(source: Source, lines: set[int]) -> dict[int, str]:
    """The hash of each wanted line, with the number of its occurrence in the file.

    Args:
        source: The file.
        lines: Line numbers from 1.
    """
    seen: Counter[str] = Counter()
    hashes = {}
    for number in range(1, max(lines, default=0) + 1):
        block = _block(source, source.line_span(number).start)
        seen[block] += 1
        if number in lines:
            hashes[number] = f"{_hash(block):x}:{seen[block]}"
    return hashes


def _block(source: Source, start: int) -> str:
    """The characters that count, from a line's start on."""
    text = source.text
    size = 2 * _BLOCK
    while True:
        part = text[start : start + size]
        if part.endswith("\r"):
            part = text[start : start + size + 1]
        kept = part.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)
        if len(kept) >= _BLOCK:
            return kept[:_BLOCK]
        if start + size >= len(text):
            return kept + _END
        size *= 4


def _hash(block: str) -> int:
    units = memoryview(block.encode("utf-16-le", "surrogatepass")).cast("H")[:_BLOCK]
    value: int = 0
    for unit in units:
        value = value * _BASE + unit & _BITS
    return value * pow(_BASE, _BLOCK - len(units), _BITS + 1) & _BITS
