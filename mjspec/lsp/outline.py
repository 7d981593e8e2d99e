"""Where in a YAML text an offset stands, from the indentation alone: it may be half-typed.

A parser says nothing about a file until it is right again, which is when completion is no longer
needed. What is right is therefore not asked here, only which key a place belongs to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.lsp.positions import Lines

__all__ = ["ITEM", "Spot", "locate", "siblings"]

ITEM = "[]"
"""The step of a path into the entries of a list."""

_LINE = re.compile(
    r"(?P<lead>[ ]*(?:-[ ]+)*)"
    r"(?:(?P<key>\"[^\"]*\"|'[^']*'|[^\s\"'#{\[&*!|>:-][^:#{}]*?)[ \t]*:(?=[ \t]|\Z)[ \t]*)?"
)
_BLOCK = re.compile(r"(?:[&!]\S+[ ]+)*[|>][-+0-9]*[ \t]*(?:#.*)?\Z")
_COMMENT = re.compile(r"(?:\A|[ \t]+)#.*\Z")
_EMPTY = re.compile(r"[ \t]*(?:#.*)?\Z")
_MARKER = re.compile(r"(?:---|\.\.\.)(?:[ \t]|\Z)")
_NO_TEXT = ("{", "[", "&", "*", "#")
_STEP = re.compile(r"[{,][ \t]*(?P<key>[\w-]*)[ \t]*(?P<colon>:[ \t]*)?(?P<value>[^{},]*)\Z")


class Spot(NamedTuple):
    """A place in a YAML text.

    Attributes:
        path: The keys above it, `ITEM` for an entry of a list.
        key: The key whose value it stands in; None where a key itself stands.
        span: All of the key or the value.
    """

    path: tuple[str, ...]
    key: str | None
    span: Span


class _Row(NamedTuple):
    """A line: what it opens, each with its column, and its value behind the key."""

    steps: tuple[tuple[int, str], ...]
    width: int
    value: str

    @property
    def key(self) -> str | None:
        """The key, if there is one."""
        return self.steps[-1][1] if self.steps and self.steps[-1][1] != ITEM else None

    @property
    def block(self) -> bool:
        """Whether a block scalar begins."""
        return self.key is not None and _BLOCK.match(self.value) is not None

    @property
    def text(self) -> bool:
        """Whether a scalar begins that may go on."""
        return self.key is not None and bool(self.value) and not self.value.startswith(_NO_TEXT)


class _Above(NamedTuple):
    """What a line belongs to: the keys above it, and the line that began the scalar it is part of."""

    path: tuple[str, ...]
    scalar: int | None = None


def locate(lines: Lines, offset: int) -> Spot:
    """The place of an offset."""
    index = lines.line_at(offset)
    text, start = lines.content(index), lines.start(index)
    column = offset - start
    row = _row(text)
    above = _above(lines, index, row, column)
    if above.scalar is not None:
        key = _row(lines.content(above.scalar)).key
        return Spot(above.path, key, _scalar(lines, above.scalar))
    if row.key is None:
        begin = min(row.width, column)
        return Spot(above.path, None, Span(start + begin, start + max(len(text.rstrip()), column)))
    begin = row.steps[-1][0]
    end = len(text[: row.width].rstrip().removesuffix(":").rstrip())
    if column <= end:
        return Spot(above.path, None, Span(start + begin, start + end))
    if row.value.startswith("{"):
        return _flow(text, row, column, (*above.path, row.key), start)
    return Spot(above.path, row.key, _scalar(lines, index))


def _row(text: str) -> _Row:
    match = _LINE.match(text)
    if match is None:
        return _Row((), 0, text)
    steps = [(at, ITEM) for at, sign in enumerate(match["lead"]) if sign == "-"]
    if match["key"]:
        steps.append((match.start("key"), match["key"].strip("\"'")))
    return _Row(tuple(steps), match.end(), text[match.end() :])


def _above(lines: Lines, index: int, row: _Row, column: int) -> _Above:
    """What a line belongs to; an empty one belongs where the cursor is."""
    steps: list[str] = []
    scalar: int | None = None
    text = lines.content(index)
    dashes = [at for at, name in row.steps if name == ITEM]
    steps += [ITEM] * len(dashes)
    limit = dashes[0] if dashes else len(text) - len(text.lstrip()) if text.strip() else column
    item = bool(dashes)
    for number in range(index - 1, -1, -1):
        content = lines.content(number)
        if _MARKER.match(content) or (limit <= 0 and not item):
            break
        if _EMPTY.match(content):
            continue
        upper = _row(content)
        for at, name in reversed(upper.steps):
            if not (at < limit or (item and name != ITEM and at == limit)):
                continue
            if name != ITEM and (upper.block or (upper.text and not steps)):
                scalar = number
                steps.clear()
            else:
                steps.append(name)
            limit, item = at, name == ITEM
    return _Above(tuple(reversed(steps)), scalar)


def _scalar(lines: Lines, index: int) -> Span:
    """The characters of a value that begins on a line, without its quotes."""
    row, start = _row(lines.content(index)), lines.start(index)
    last = _last_line(lines, index, row.steps[-1][0])
    begin, end = start + row.width, lines.start(last) + len(lines.content(last))
    if row.block:
        first = lines.start(index + 1) if index + 1 < len(lines) else end
        return Span(min(first, end), end)
    if row.value[:1] in ("'", '"'):
        closed = lines.text.rfind(row.value[0], begin + 1, end)
        return Span(begin + 1, closed if closed > 0 else end)
    if last == index and (comment := _COMMENT.search(row.value)):
        end = begin + comment.start()
    return Span(begin, end)


def _last_line(lines: Lines, index: int, column: int) -> int:
    """The last line that is indented further than a key."""
    last = index
    for number in range(index + 1, len(lines)):
        line = lines.content(number)
        if not line.strip():
            continue
        if len(line) - len(line.lstrip(" ")) <= column or _MARKER.match(line):
            break
        last = number
    return last


def _flow(text: str, row: _Row, column: int, path: tuple[str, ...], start: int) -> Spot:
    """A place in a mapping in braces that begins on the same line."""
    match = _STEP.search(text, row.width, max(column, row.width))
    if match is None:
        return Spot(path, path[-1], Span(start + column, start + column))
    if match["colon"] is None:
        return Spot(path, None, Span(start + match.start("key"), start + column))
    return Spot(path, match["key"], Span(start + match.start("value"), start + column))


def siblings(lines: Lines, offset: int, column: int) -> frozenset[str]:
    """The other keys of the mapping in which a key stands that begins at a column."""
    index = lines.line_at(offset)
    found: set[str] = set()
    own = _row(lines.content(index))
    if ITEM not in (name for _, name in own.steps):
        for number in range(index - 1, -1, -1):
            if not _take(lines.content(number), column, found):
                break
            if ITEM in (name for _, name in _row(lines.content(number)).steps[:-1]):
                break
    for number in range(index + 1, len(lines)):
        content = lines.content(number)
        if _row(content).steps[:1] and _row(content).steps[0][0] < column:
            break
        if not _take(content, column, found):
            break
    return frozenset(found)


def _take(content: str, column: int, found: set[str]) -> bool:
    """Note the key of a line; whether the mapping goes on there."""
    if _EMPTY.match(content):
        return True
    row = _row(content)
    if row.key is not None and row.steps[-1][0] == column:
        found.add(row.key)
        return True
    return len(content) - len(content.lstrip(" ")) >= column


def comment_place(lines: Lines, offset: int) -> tuple[int, bool]:
    """The line where a comment belongs that speaks for an offset, and whether behind it.

    A comment would end a plain text of several lines and be part of a quoted one, so that there it
    needs a line of its own above.
    """
    index = lines.line_at(offset)
    row = _row(lines.content(index))
    above = _above(lines, index, row, offset - lines.start(index))
    first = index if above.scalar is None else above.scalar
    row = _row(lines.content(first))
    if row.key is None or row.block:
        return first, True
    last = _last_line(lines, first, row.steps[-1][0])
    return first, last == first or not row.text
