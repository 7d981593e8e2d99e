"""One static page with everything that a folder holds; it loads nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from mjspec.dispatch.exhibits import collect
from mjspec.dispatch.grid import grid, has_grid
from mjspec.dispatch.plates import card
from mjspec.dispatch.prices import usd
from mjspec.dispatch.sidecar import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mjspec.dispatch.exhibits import Exhibition

__all__ = ["GALLERY_NAME", "gallery"]

GALLERY_NAME = "gallery.html"

_LIGHTBOX = (
    '<dialog aria-label="Image"><figure><img alt=""></figure><div class="legend">'
    '<p class="place"></p><p class="words"></p><ul class="settings"></ul></div>'
    '<div class="actions"><button type="button" id="before">Previous</button>'
    '<button type="button" id="after" autofocus>Next</button>'
    '<button type="button" data-copy=".prompt">Copy prompt</button>'
    '<button type="button" data-copy=".yaml">Copy YAML</button>'
    '<a class="button" id="original" href="#jobs">Open file</a>'
    '<button type="button" id="close">Close</button></div></dialog>\n'
)
_KEYS = (
    "<footer data-script><p>Keys: <kbd>/</kbd> filter, <kbd>j</kbd> <kbd>k</kbd> next and"
    " previous job, <kbd>Enter</kbd> opens an image, <kbd>←</kbd> <kbd>→</kbd> <kbd>Home</kbd>"
    " <kbd>End</kbd> turn pages, <kbd>Esc</kbd> closes.</p></footer>\n"
)


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
        '<a class="skip" href="#jobs">To the jobs</a>\n'
    )
    yield from _head(exhibition, title)
    yield from _tools(exhibition)
    yield from grid(exhibition)
    yield '<main id="jobs" tabindex="-1">\n<h2>Jobs</h2>\n'
    if not exhibition.exhibits:
        yield '<p class="note">There are no jobs in this folder yet.</p>\n'
    for number, exhibit in enumerate(exhibition.exhibits, 1):
        yield from card(exhibit, number)
    yield '<p class="note" id="nothing" hidden>No job fits the filter.</p>\n</main>\n'
    yield f"{_KEYS}{_LIGHTBOX}<script>{script}</script>\n</body>\n</html>\n"


def _head(exhibition: Exhibition, title: str) -> Iterator[str]:
    states = Counter(exhibit.state for exhibit in exhibition.exhibits)
    images = sum(len(exhibit.pictures) for exhibit in exhibition.exhibits)
    told = ", ".join(f"{number} {escape(state)}" for state, number in sorted(states.items()))
    made = datetime.now(UTC)
    yield (
        f'<header class="head"><h1>{escape(title)}</h1><p>{_count(images, "image")} in'
        f" {_count(len(exhibition.exhibits), 'job')}<br>{told or 'no jobs'}<br>"
        f"{usd(exhibition.actual)} charged, made "
        f'<time datetime="{made:%Y-%m-%dT%H:%M:%SZ}">{made:%Y-%m-%d %H:%M} UTC</time></p></header>\n'
    )


def _tools(exhibition: Exhibition) -> Iterator[str]:
    states = Counter(exhibit.state for exhibit in exhibition.exhibits)
    total = len(exhibition.exhibits)
    options = "".join(
        f'<option value="{escape(state)}">{escape(state)} ({number})</option>'
        for state, number in sorted(states.items())
    )
    yield (
        '<div class="tools" role="search" data-script><label class="wide">Filter '
        '<input id="filter" type="search" autocomplete="off" spellcheck="false"'
        ' placeholder="words, or stylize:100"></label>'
        f'<label>State <select id="states"><option value="">all</option>{options}</select></label>'
    )
    if has_grid(exhibition):
        yield _choice("Rows", "rows", exhibition.axes, 1)
        yield _choice("Columns", "columns", exhibition.axes, 0)
    yield (
        '<label>Size <input id="size" type="range" min="6" max="30" step="1" value="11"></label>'
        f'<output id="count" aria-live="polite">{total} of {total} jobs</output></div>\n'
    )


def _choice(label: str, name: str, axes: tuple[str, ...], chosen: int) -> str:
    options = "".join(
        f"<option{' selected' if number == chosen else ''}>{escape(axis)}</option>"
        for number, axis in enumerate(axes)
    )
    return f'<label>{label} <select id="{name}" autocomplete="off">{options}</select></label>'


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _resource(name: str) -> str:
    text = (files("mjspec.dispatch") / "page" / name).read_text(encoding="utf-8")
    return f"\n{text}"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
