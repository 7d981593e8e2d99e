"""The table of a gallery: images by two axes, there without JavaScript as well."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from mjspec.dispatch.plates import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.dispatch.exhibits import Exhibit, Exhibition

__all__ = ["grid", "has_grid"]

_NONE = "–"


def has_grid(exhibition: Exhibition) -> bool:
    """Whether there are two axes to make a table of."""
    return len(exhibition.axes) > 1


def grid(exhibition: Exhibition) -> Iterator[str]:
    """The table by the two axes with the most values; the script makes it out of any two."""
    if not has_grid(exhibition):
        return
    column_axis, row_axis = exhibition.axes[:2]
    cells: dict[tuple[str, str], list[tuple[int, Exhibit]]] = {}
    left_out = 0
    for number, exhibit in enumerate(exhibition.exhibits, 1):
        if row_axis not in exhibit.axes and column_axis not in exhibit.axes:
            left_out += 1
            continue
        place = (exhibit.axes.get(row_axis, _NONE), exhibit.axes.get(column_axis, _NONE))
        cells.setdefault(place, []).append((number, exhibit))
    rows = _ordered(row for row, _ in cells)
    columns = _ordered(column for _, column in cells)
    yield '<section id="grid" aria-label="Grid"><h2>Grid</h2>'
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Grid of images">'
    yield f'<table class="grid"><thead><tr><td class="corner">{_corner(row_axis, column_axis)}</td>'
    yield from (f'<th scope="col">{escape(column)}</th>' for column in columns)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield f'<tr><th scope="row">{escape(row)}</th>'
        for column in columns:
            yield _cell(cells.get((row, column), []), exhibition)
        yield "</tr>"
    yield f'</tbody></table></div><p class="note" id="left-out">{_left_out(left_out)}</p></section>\n'


def _ordered(values: Iterator[str]) -> list[str]:
    """Each value once, as the spec has them; the missing one comes last."""
    return sorted(dict.fromkeys(values), key=lambda value: value == _NONE)


def _corner(row: str, column: str) -> str:
    return f"<span>{escape(row)} ↓</span> <span>{escape(column)} →</span>"


def _left_out(number: int) -> str:
    if not number:
        return ""
    return f"{number} {'job has' if number == 1 else 'jobs have'} neither and stand below."


def _cell(exhibits: list[tuple[int, Exhibit]], exhibition: Exhibition) -> str:
    if not exhibits:
        return '<td><p class="empty">no job</p></td>'
    inner = "".join(
        figure(exhibit, number, _caption(exhibit, exhibition.axes)) for number, exhibit in exhibits
    )
    return f"<td>{inner}</td>"


def _caption(exhibit: Exhibit, axes: tuple[str, ...]) -> str:
    """What the row and the column do not say; where they say all, the job's name."""
    more = [
        f"{name} {exhibit.axes[name]}"
        for name in axes[2:]
        if name in exhibit.axes and (name, exhibit.axes[name]) != ("copy", "1")
    ]
    return ", ".join(more) or exhibit.id
