"""The source lines of a finding with an underline: a frame.

Prompts are often one line of many hundred characters, so a line is cut to a window around what is
underlined. Only that window is ever looked at, whatever the length of the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.report.cells import cells, plain, width
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.report.cells import Cell
    from mjspec.report.page import Page, Role
    from mjspec.source import Location

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


class Strip(NamedTuple):
    """The visible part of one source line."""

    number: int
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
    spans = _line_spans(location)
    last = location.source.position(spans[-1].start).line
    gutter = len(str(last))
    room = max(page.width - gutter - 3, _LEAST_WIDTH)
    place = location.start
    arrow = page.paint(f"{'':{gutter}}-->", "gutter")
    where = page.paint(plain(location.source.name), "path")
    page.line(f"{arrow} {where}:{place.line}:{place.column}")
    bar = page.paint(f"{'':{gutter}} |", "gutter")
    page.line(bar)
    before = None
    for span in spans:
        strip = _strip(location, span, room)
        if before is not None and strip.number > before + 1:
            page.line(page.paint("...", "gutter"))
        before = strip.number
        number = page.paint(f"{strip.number:{gutter}} |", "gutter")
        page.line(f"{number} {strip.text}".rstrip())
        under = page.paint(mark * strip.marked, role)
        page.line(f"{bar} {'':{strip.lead}}{under}")


def _line_spans(location: Location) -> list[Span]:
    """The range cut at line ends, without the middle of a long one; one span at least."""
    source, (start, end) = location.source, location.span
    text = source.text
    # A range that ends with a line end is meant to end on the line before it.
    while end > start and text[end - 1] in _LINE_ENDS:
        end -= 1
    first, last = source.position(start).line, source.position(end).line
    if first == last:
        return [Span(start, end)]
    wanted = range(first, last + 1)
    numbers = list(wanted) if len(wanted) <= _SHOWN_LINES else [first, first + 1, last]
    spans = []
    for number in numbers:
        low, high = source.line_span(number)
        low, high = max(low, start), min(high, end)
        indent = len(text[low:high]) - len(text[low:high].lstrip())
        spans.append(Span(low + indent, high))
    return [span for span in spans if span.start < span.end] or [Span(start, start)]


def _strip(location: Location, span: Span, room: int) -> Strip:
    """The part of a line around a span that fits into ``room`` columns."""
    source = location.source
    line, column = source.position(span.start)
    begin = span.start - (column - 1)
    # Cells without width let a window hold more characters than columns, within reason.
    reach = room * 2
    low = max(begin, span.start - reach)
    high = min(span.end, span.start + reach) + reach
    rest = _upto_line_end(source.text[span.start : high])
    complete = low == begin and (
        len(rest) < high - span.start or span.start + len(rest) == len(source.text)
    )
    drawn = _row(source.text[low : span.start] + rest)
    before, after = drawn[: span.start - low], drawn[span.start - low :]
    marked, follow = after[: span.end - span.start], after[span.end - span.start :]
    if complete and _columns(drawn) <= room:
        return Strip(line, _join(drawn), _columns(before), max(_columns(marked), 1))
    return _window(line, before, marked, follow, room)


def _window(line: int, before: Row, marked: Row, after: Row, room: int) -> Strip:
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
    head = "" if len(left) == len(before) else _CUT
    tail = "" if len(core) == len(marked) and len(right) == len(after) else _CUT
    text = f"{head}{_join(left)}{_join(core)}{_join(right)}{tail}"
    return Strip(line, text, len(head) + _columns(left), max(_columns(core), 1))


def _row(text: str) -> Row:
    """The text as it is drawn; most lines are plain, so that characters are columns."""
    return text if text.isascii() and text.isprintable() else cells(text)


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
