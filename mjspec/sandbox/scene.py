"""A small landscape: a sky, a sun and misty ridges, all of it out of a few random numbers.

A row of the picture is first a row of labels, one byte for each pixel that says what is seen there;
then each label becomes a colour, by table. So nearly all work happens in C, row by row.
"""

from __future__ import annotations

from colorsys import hsv_to_rgb
from math import pi, sin, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random

__all__ = ["Colour", "Scene", "mix"]

Colour = tuple[float, float, float]

_SKY = 0
_HALOS = 14
_DISC = _HALOS + 1
_RIDGES = range(_DISC + 1, _DISC + 6)
_WAVES = 6


class _Sun(NamedTuple):
    x: float
    y: float
    radius: float


class Scene:
    """A landscape.

    Args:
        width: Pixels of a row.
        height: Rows in which all of it is to be seen; there is ground in any row below them.
        hue: The colour that everything is near to, from 0 to 1.
        dice: Where shapes and deviations come from.
    """

    def __init__(self, width: int, height: int, hue: float, dice: Random) -> None:
        self.width, self.height = width, height
        self._sun = _Sun(
            width * dice.uniform(0.2, 0.8),
            height * dice.uniform(0.16, 0.4),
            min(width, height) * dice.uniform(0.06, 0.13),
        )
        self._discs = [
            (label, (self._sun.radius * (1 + 0.16 * (_DISC - label))) ** 2)
            for label in range(1, _DISC + 1)
        ]
        self._paint(hue, dice)
        self._starts = self._ridge_starts(dice)
        self._seen = bytearray(width)

    def _paint(self, hue: float, dice: Random) -> None:
        away = dice.choice((-1, 1)) * dice.uniform(0.08, 0.16)
        self._top = _hsv(hue + away, 0.62, dice.uniform(0.42, 0.7))
        self._horizon = _hsv(hue, dice.uniform(0.3, 0.5), 0.99)
        self._glow = _hsv(hue - away / 2, 0.18, 1.0)
        self._near = _hsv(hue + away * 1.4, 0.7, dice.uniform(0.13, 0.2))

    def _ridge_starts(self, dice: Random) -> dict[int, list[tuple[int, int]]]:
        # Which label begins in which column, by the row in which it begins.
        starts: dict[int, list[tuple[int, int]]] = {}
        for depth, label in enumerate(_RIDGES):
            level = 0.44 + 0.12 * depth + dice.uniform(-0.02, 0.02)
            tops = _ridge(self.width, self.height, dice, 0.11 - 0.012 * depth)
            for x, top in enumerate(tops):
                y = max(0, int(self.height * level + top))
                starts.setdefault(y, []).append((x, label))
        return starts

    def labels(self, y: int) -> bytearray:
        """What is seen in each pixel of a row; rows must be asked for from the top down."""
        for x, label in self._starts.get(y, ()):
            self._seen[x] = max(label, self._seen[x])
        row = self._seen[:]
        for label, area in self._discs:
            reach = area - (y - self._sun.y) ** 2
            if reach <= 0:
                break
            half = sqrt(reach)
            low, high = max(0, int(self._sun.x - half)), max(0, int(self._sun.x + half))
            row[low:high] = row[low:high].replace(bytes((label - 1,)), bytes((label,)))
        return row

    def colours(self, y: int) -> dict[int, Colour]:
        """The colour of each label in a row."""
        down = min(1.0, y / self.height)
        sky = mix(self._top, self._horizon, min(1.0, down * 1.7) ** 0.8)
        found = {_SKY: sky, _DISC: mix(self._glow, (255.0, 255.0, 255.0), 0.6)}
        if (y - self._sun.y) ** 2 < self._discs[0][1]:
            for halo in range(1, _DISC):
                found[halo] = mix(sky, self._glow, 0.55 * (halo / _HALOS) ** 1.8)
        for depth, label in enumerate(_RIDGES):
            body = mix(self._horizon, self._near, 0.2 + 0.19 * depth)
            # Mist gathers below each ridge, so the next one stands out against it.
            mist = max(0.0, min(1.0, (down - 0.42 - 0.12 * depth) * 2.6))
            found[label] = mix(body, self._horizon, mist * 0.42)
        return found


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """A colour between two, at ``share`` of the way to the second."""
    rest = 1 - share
    return (
        first[0] * rest + second[0] * share,
        first[1] * rest + second[1] * share,
        first[2] * rest + second[2] * share,
    )


def _hsv(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = hsv_to_rgb(hue % 1, saturation, value)
    return red * 255, green * 255, blue * 255


def _ridge(width: int, height: int, dice: Random, strength: float) -> list[float]:
    # Folded sine waves have the sharp crests of mountains; each octave is half as high.
    waves = [
        (dice.uniform(0.7, 1.3) * 2**octave, dice.uniform(0, 2 * pi), 0.5**octave)
        for octave in range(_WAVES)
    ]
    reach = max(width, height) / 2
    tops = [0.0] * (width // 2 + 1)
    for speed, turn, part in waves:
        pace = 2 * speed / reach
        for x in range(len(tops)):
            tops[x] += part * (1 - 2 * abs(sin(x * pace + turn)))
    # Two columns share a top: the sines are much of the work, and nobody sees it.
    return [height * strength * tops[x // 2] for x in range(width)]
