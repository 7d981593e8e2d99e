"""The images of a task: a landscape with the prompt and its parameters written below it."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from mjspec.sandbox import font, png
from mjspec.sandbox.prompts import read_flags
from mjspec.sandbox.scene import Colour, Scene

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Picture", "render", "size_of"]

_SHORTEST = 96
_FEWEST_COLUMNS = 8
_DESCRIBED = 4000
_NARROW = 300
_MARGIN = 10
_LEADING = font.HEIGHT + 2
_DARKEN = 0.3
_TEXT = range(250, 253)
_LANDSCAPES = 16
_INKS = ((255, 255, 255), (255, 214, 128), (176, 182, 196))


_Tables = list[bytes]


class Picture(NamedTuple):
    """What decides how an image looks.

    Attributes:
        prompt: The final prompt; it is written on the image.
        place: Which of the four, from 0; None for the grid of all four.
        variant: Tells repeated prompts without a seed apart.
        side: Pixels on the long side.
    """

    prompt: str
    place: int | None
    variant: int
    side: int


class _Line(NamedTuple):
    text: str
    ink: int


@lru_cache(maxsize=64)
def render(picture: Picture) -> bytes:
    """The PNG of a picture, the same bytes for the same picture."""
    top, rows = (None, _grid(picture)) if picture.place is None else _single(picture)
    return png.encode(rows, top, Software="mjspec sandbox", Description=picture.prompt[:_DESCRIBED])


def size_of(prompt: str, side: int) -> tuple[int, int]:
    """Width and height for the prompt's aspect ratio, the longer one being ``side``."""
    ratios = [flag.value for flag in read_flags(prompt)[1] if flag.field == "size"]
    across, _, down = (ratios[-1] if ratios else "1:1").partition(":")
    try:
        ratio = float(across) / float(down or 1)
    except (ValueError, ZeroDivisionError):
        ratio = 1.0
    if not ratio > 0:
        ratio = 1.0
    short = max(1, _SHORTEST * side // 512, round(side * min(ratio, 1 / ratio)))
    return (side, short) if ratio >= 1 else (short, side)


def _single(picture: Picture) -> tuple[png.Top | None, list[bytes]]:
    width, height = size_of(picture.prompt, picture.side)
    scale = 1 if width < _NARROW else 2
    columns = (width - 2 * _MARGIN) // (font.ADVANCE * scale)
    room = height // 2 // (_LEADING * scale)
    lines = _lines(picture, columns, room) if columns >= _FEWEST_COLUMNS and room else []
    text = len(lines) * _LEADING * scale
    band = max(0, height - text - 2 * _MARGIN + 2 * scale) if lines else height
    view = _view(_number(picture), picture.place or 0, width, height, band)
    if band == height:
        return None, view.rows
    labels = [bytearray(row) for row in view.labels]
    for number, line in enumerate(lines):
        _write(labels, line, _MARGIN + number * _LEADING * scale, scale)
    return view.top, _coloured(view.tables, labels)


class _View(NamedTuple):
    """A landscape, packed down to the band in which the text of a picture will stand.

    Attributes:
        top: What is above the band; None if there is no band.
        rows: The whole of it if there is no band.
        labels: What is seen in the band, by rows.
        tables: The colours of the band's rows.
    """

    top: png.Top | None
    rows: list[bytes]
    labels: list[bytearray]
    tables: list[_Tables]


# Drawing is nearly all of the work, so there are some landscapes and no more, each drawn once.
@lru_cache(maxsize=4 * _LANDSCAPES)
def _view(number: int, index: int, width: int, height: int, band: int) -> _View:
    scene = _scene(number, index, width, max(1, (3 * band + height) // 4))
    labels = [scene.labels(y) for y in range(height)]
    tables = _row_tables(scene, height, band)
    rows = _coloured(tables[:band], labels[:band])
    if band == height:
        return _View(None, rows, [], [])
    return _View(png.Top(rows), [], labels[band:], tables[band:])


def _row_tables(scene: Scene, height: int, band: int) -> list[_Tables]:
    tables: list[_Tables] = []
    for y in range(height):
        # Two rows share their colours: nobody sees it, and colours are half of the work.
        if y % 2 and y != band:
            tables.append(tables[-1])
        else:
            tables.append(_tables(scene.colours(y), _DARKEN if y >= band else 1.0))
    return tables


def _grid(picture: Picture) -> list[bytes]:
    width, height = (max(1, n // 2) for n in size_of(picture.prompt, picture.side))
    parts = [_view(_number(picture), index, width, height, height).rows for index in range(4)]
    upper = [left + right for left, right in zip(parts[0], parts[1], strict=True)]
    lower = [left + right for left, right in zip(parts[2], parts[3], strict=True)]
    return upper + lower


def _number(picture: Picture) -> int:
    """Which of the landscapes a picture shows."""
    seeds = [flag.value for flag in read_flags(picture.prompt)[1] if flag.field == "seed"]
    key = f"{picture.prompt}\n{seeds or picture.variant}".encode("utf-8", "surrogatepass")
    return blake2b(key, digest_size=1).digest()[0] % _LANDSCAPES


def _scene(number: int, index: int, width: int, height: int) -> Scene:
    # The four images of a task differ in their shapes and a little in their colour.
    hue = number / _LANDSCAPES + index * 0.035
    key = blake2b(bytes([number]), salt=bytes([index])).digest()
    return Scene(width, height, hue, Random(key))  # noqa: S311 (it paints)


def _lines(picture: Picture, columns: int, room: int) -> list[_Line]:
    text, flags = read_flags(picture.prompt)
    foot = [_Line(f"sandbox {(picture.place or 0) + 1}/4", 2)]
    named = " ".join(flag.text for flag in flags)
    behind = [_Line(line, 1) for line in font.wrap(named, columns, max(1, room // 2))]
    left = max(1, room - len(behind) - len(foot))
    return [*(_Line(line, 0) for line in font.wrap(text, columns, left)), *behind, *foot]


def _write(rows: list[bytearray], line: _Line, top: int, scale: int) -> None:
    dot = bytes([_TEXT[line.ink]]) * scale
    for place, character in enumerate(line.text):
        left = _MARGIN + place * font.ADVANCE * scale
        if left + font.WIDTH * scale > len(rows[0]):
            break  # The foot is longer than the narrowest images are wide.
        for x, y in font.dots(character):
            start = left + x * scale
            for row in rows[top + y * scale : top + (y + 1) * scale]:
                row[start : start + scale] = dot


def _coloured(tables: Sequence[_Tables], rows: Sequence[bytearray]) -> list[bytes]:
    result = []
    for channels, labels in zip(tables, rows, strict=True):
        row = bytearray(3 * len(labels))
        for channel, table in enumerate(channels):
            row[channel::3] = labels.translate(table)
        result.append(bytes(row))
    return result


def _tables(colours: Mapping[int, Colour], light: float) -> _Tables:
    # What red, green and blue a label stands for.
    tables = []
    for channel, inks in enumerate(zip(*_INKS, strict=True)):
        table = bytearray(256)
        table[_TEXT.start : _TEXT.stop] = bytes(inks)
        for label, colour in colours.items():
            table[label] = int(colour[channel] * light)
        tables.append(bytes(table))
    return tables
