"""The source lines of a finding with an underline: a frame.

Prompts are often one line of many hundred characters, so a line is cut to a window around what is
underlined. Only that window is ever looked at, whatever the length of the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.report.cells import cells, is_narrow, plain, unjoined, width
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.report.cells import Cell
    from mjspec.report.page import Page, Role
    from mjspec.source import Location, Position

__all__ = ["draw"]

_SHOWN_LINES = 4
"""Spans over more lines are drawn with their first two and their last."""

_LEAD = 16
"""Columns that are kept free for what stands before an underline that fills the line."""

_CUT = "…"
_LINE_ENDS = "\r\n"
_LEAST_WIDTH = 40


Row = str | list["Cell"]
"""Characters in the order of their columns; text where each of them takes exactly one."""


class Part(NamedTuple):
    """What of a range stands in one line."""

    line: int
    column: int
    span: Span


class Strip(NamedTuple):
    """The visible part of one source line."""

    text: str
    lead: int
    "Columns before the underline."
    marked: int
    "Columns of the underline; one caret at least."


def draw(page: Page, location: Location, mark: str, role: Role) -> None:
    """Write the place of a finding and its lines.

    Args:
        page: Where to.
        location: What is underlined.
        mark: The sign that underlines.
        role: The colour of the underline.
    """
    source = location.source
    start = source.position(location.span.start)
    parts = _parts(location, start)
    gutter = len(str(parts[-1].line))
    room = max(page.width - gutter - 3, _LEAST_WIDTH)
    bar = page.paint(f"{'':{gutter}} |", "gutter")
    arrow = page.paint(f"{'':{gutter}}-->", "gutter")
    where = page.paint(plain(source.name), "path")
    lines = [f"{arrow} {where}:{start.line}:{start.column}\n{bar}\n"]
    before = start.line
    for part in parts:
        if part.line > before + 1:
            lines.append(f"{page.paint('...', 'gutter')}\n")
        before = part.line
        text, lead, marked = _strip(source.text, part, room)
        number = page.paint(f"{part.line:{gutter}} |", "gutter")
        under = page.paint(mark * marked, role)
        lines.append(f"{f'{number} {text}'.rstrip()}\n{bar} {'':{lead}}{under}\n")
    page.out.write("".join(lines))


def _parts(location: Location, place: Position) -> list[Part]:
    """The range cut at line ends, without the middle of a long one; one part at least."""
    source, (start, end) = location.source, location.span
    text = source.text
    # A range that ends with a line end is meant to end on the line before it.
    while end > start and text[end - 1] in _LINE_ENDS:
        end -= 1
    if text.find("\n", start, end) < 0 and text.find("\r", start, end) < 0:
        return [Part(*place, Span(start, end))]
    last = source.line_at(end)
    wanted = range(place.line, last + 1)
    numbers = list(wanted) if len(wanted) <= _SHOWN_LINES else [place.line, place.line + 1, last]
    parts = []
    for number in numbers:
        line, high = source.line_span(number)
        low, high = max(line, start), min(high, end)
        low += len(text[low:high]) - len(text[low:high].lstrip())
        if low < high:
            parts.append(Part(number, low - line + 1, Span(low, high)))
    return parts or [Part(*place, Span(start, start))]


def _strip(text: str, part: Part, room: int) -> Strip:
    """The part of a line around a span that fits into ``room`` columns."""
    start, end = part.span
    begin = start - (part.column - 1)
    # Cells without width let a window hold more characters than columns, within reason.
    reach = room * 2
    low = max(begin, start - reach)
    high = min(end, start + reach) + reach
    rest = _upto_line_end(text[start:high])
    complete = low == begin and (len(rest) < high - start or start + len(rest) == len(text))
    drawn = _row(text[low:start] + rest)
    before, after = drawn[: start - low], drawn[start - low :]
    marked, follow = after[: end - start], after[end - start :]
    if complete and _columns(drawn) <= room:
        return Strip(_join(drawn), _columns(before), max(_columns(marked), 1))
    return _window(before, marked, follow, room)


def _window(before: Row, marked: Row, after: Row, room: int) -> Strip:
    """As much as fits, the underlined part first, then about as much on both sides of it."""
    room -= 2 * len(_CUT)
    core = _fitting(marked, room - min(_columns(before), _LEAD))
    spare = room - _columns(core)
    right = (
        _fitting(after, spare - min(_columns(before), spare // 2))
        if len(core) == len(marked)
        else []
    )
    left = _fitting(before[::-1], spare - _columns(right))[::-1]
    if len(left) < len(before):
        left = left if isinstance(left, str) else unjoined(left)
    head = "" if len(left) == len(before) else _CUT
    tail = "" if len(core) == len(marked) and len(right) == len(after) else _CUT
    text = f"{head}{_join(left)}{_join(core)}{_join(right)}{tail}"
    return Strip(text, len(head) + _columns(left), max(_columns(core), 1))


def _row(text: str) -> Row:
    """The text as it is drawn; most lines are plain, so that characters are columns."""
    return text if is_narrow(text) else cells(text)


def _columns(row: Row) -> int:
    return len(row) if isinstance(row, str) else width(row)


def _fitting(row: Row, room: int) -> Row:
    """The first characters of a row that take no more than ``room`` columns."""
    if isinstance(row, str):
        return row[: max(room, 0)]
    taken = 0
    for index, cell in enumerate(row):
        taken += cell.width
        if taken > room:
            return row[:index]
    return row


def _join(row: Row) -> str:
    return row if isinstance(row, str) else "".join(cell.text for cell in row)


def _upto_line_end(text: str) -> str:
    ends = [at for at in (text.find("\n"), text.find("\r")) if at >= 0]
    return text[: min(ends)] if ends else text
