"""One static page with everything that a folder holds; it loads nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote

from mjspec.dispatch.exhibits import collect
from mjspec.dispatch.prices import usd
from mjspec.dispatch.sidecar import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mjspec.dispatch.exhibits import Exhibit, Exhibition

__all__ = ["GALLERY_NAME", "gallery"]

GALLERY_NAME = "gallery.html"

_FLAG = re.compile(r"(?<!\S)--[a-z]+")
_BLANK = '<p class="blank">no image</p>'


def gallery(out: Path) -> Path:
    """Writes ``gallery.html`` into an output folder and gives its path."""
    path = out / GALLERY_NAME
    write_atomically(path, "".join(_page(collect(out), out.resolve().name)))
    return path


def _page(exhibition: Exhibition, title: str) -> Iterator[str]:
    style, script = _resource("gallery.css"), _resource("gallery.js")
    # Only the two texts below may act; not even a successfully smuggled tag could load anything.
    policy = (
        "default-src 'none'; img-src 'self' file:; base-uri 'none'; form-action 'none'; "
        f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    )
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)} – mjspec</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#jobs">To the images</a>\n'
    )
    yield from _head(exhibition, title)
    yield from _grid(exhibition)
    yield '<main id="jobs">\n<h2 class="band">Jobs</h2>\n'
    for exhibit in exhibition.exhibits:
        yield from _job(exhibit, exhibition)
    yield "</main>\n"
    yield (
        '<dialog aria-label="Image"><img alt=""><p></p><div>'
        '<button type="button" id="before">Previous</button>'
        '<button type="button" id="after">Next</button>'
        '<button type="button" id="close">Close</button></div></dialog>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _head(exhibition: Exhibition, title: str) -> Iterator[str]:
    states = Counter(exhibit.state for exhibit in exhibition.exhibits)
    images = sum(len(exhibit.images) for exhibit in exhibition.exhibits)
    told = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield (
        f'<header class="head"><h1>{escape(title)}</h1>'
        f"<p>{images} images<br>{escape(told) or 'no jobs'}<br>"
        f"{usd(exhibition.actual)} charged, {made}</p></header>\n"
    )
    options = "".join(f"<option>{escape(state)}</option>" for state in sorted(states))
    yield (
        '<div class="tools" data-script hidden>'
        '<label>Filter <input id="filter" type="search" autocomplete="off"></label>'
        f'<label>State <select id="states"><option value="">all</option>{options}</select></label>'
    )
    if _has_grid(exhibition):
        yield _choice("Rows", "rows", exhibition.axes, 1)
        yield _choice("Columns", "columns", exhibition.axes, 0)
    yield '<output id="count" aria-live="polite"></output></div>\n'


def _choice(label: str, name: str, axes: tuple[str, ...], chosen: int) -> str:
    options = "".join(
        f"<option{' selected' if number == chosen else ''}>{escape(axis)}</option>"
        for number, axis in enumerate(axes)
    )
    return f'<label>{label} <select id="{name}">{options}</select></label>'


def _has_grid(exhibition: Exhibition) -> bool:
    return len(exhibition.axes) > 1


def _grid(exhibition: Exhibition) -> Iterator[str]:
    """The table that is there without JavaScript: the two axes with the most values."""
    if not _has_grid(exhibition):
        return
    column_axis, row_axis = exhibition.axes[:2]
    cells: dict[tuple[str, str], list[Exhibit]] = {}
    for exhibit in exhibition.exhibits:
        place = (exhibit.axes.get(row_axis, "–"), exhibit.axes.get(column_axis, "–"))
        cells.setdefault(place, []).append(exhibit)
    rows = list(dict.fromkeys(row for row, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    yield '<section aria-label="Grid"><h2 class="band">Grid</h2><div class="scroll" tabindex="0">'
    yield f'<table class="grid"><thead><tr><th scope="col">{escape(row_axis)} / '
    yield f"{escape(column_axis)}</th>"
    yield from (f'<th scope="col">{escape(column)}</th>' for column in columns)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield f'<tr><th scope="row">{escape(row)}</th>'
        for column in columns:
            inner = "".join(_figure(exhibit) for exhibit in cells.get((row, column), ()))
            yield f"<td>{inner}</td>"
        yield "</tr>"
    yield "</tbody></table></div></section>\n"


def _job(exhibit: Exhibit, exhibition: Exhibition) -> Iterator[str]:
    state = escape(exhibit.state)
    axes = escape(json.dumps(dict(exhibit.axes), ensure_ascii=False))
    yield f'<article class="job" data-state="{state}" data-axes="{axes}"><div><header>'
    yield f'<h3>{escape(exhibit.id)}</h3><span class="state {state}">{state}</span></header>'
    yield f'<p class="prompt">{_prompt(exhibit.prompt)}</p>'
    if exhibit.error:
        yield f'<p class="why">{escape(exhibit.error)}</p>'
    yield '<ul class="settings">'
    for name, value in exhibit.settings.items():
        mark = ' class="differs"' if name in exhibition.differing else ""
        yield f"<li{mark}>{escape(name)} <b>{escape(value)}</b></li>"
    yield (
        '</ul><div class="actions" data-script hidden>'
        '<button type="button" data-copy=".prompt">Copy prompt</button>'
        '<button type="button" data-copy=".yaml">Copy YAML</button></div>'
        f'<details><summary>YAML</summary><pre class="yaml">{escape(exhibit.yaml)}</pre></details>'
        f"</div>{_shots(exhibit) or _BLANK}</article>\n"
    )


def _figure(exhibit: Exhibit) -> str:
    shots = _shots(exhibit)
    name = exhibit.id if shots else f"{exhibit.id}: {exhibit.state}"
    return f"<figure>{shots}<figcaption>{escape(name)}</figcaption></figure>"


def _prompt(text: str) -> str:
    # Browsers break a line between two hyphens, which nobody can read back.
    return _FLAG.sub(r'<span class="flag">\g<0></span>', escape(text))


def _shots(exhibit: Exhibit) -> str:
    items = "".join(
        f'<li><a href="{_address(path)}"><img src="{_address(path)}" loading="lazy"'
        f' decoding="async" alt="{escape(exhibit.id)}, {number} of {len(exhibit.images)}:'
        f' {escape(exhibit.prompt)}">{number}</a></li>'
        for number, path in enumerate(exhibit.images, 1)
    )
    return f'<ul class="shots">{items}</ul>' if items else ""


def _address(path: str) -> str:
    # With the dot in front no file name can pass for a scheme.
    return "./" + escape(quote(path))


def _resource(name: str) -> str:
    text = (files("mjspec.dispatch") / "page" / name).read_text(encoding="utf-8")
    return f"\n{text}"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
