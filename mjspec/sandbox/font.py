"""A bitmap font of five by eight dots, with everything that printable ASCII has."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["ADVANCE", "HEIGHT", "WIDTH", "dots", "wrap"]

WIDTH = 5
HEIGHT = 8
ADVANCE = WIDTH + 1

_FIRST = " "
_LAST = "~"

# Five bytes a character, one for each column, the lowest bit on top; the eighth row is for what
# hangs below the line.
_COLUMNS = bytes.fromhex(
    "0000000000 00005f0000 0007000700 147f147f14 242a7f2a12 2313086462 3649562050 0008070300"
    "001c224100 0041221c00 2a1c7f1c2a 08083e0808 0080703000 0808080808 0000606000 2010080402"
    "3e5149453e 00427f4000 7249494946 2141494d33 1814127f10 2745454539 3c4a494931 4121110907"
    "3649494936 464949291e 0000140000 0040340000 0008142241 1414141414 0041221408 0201590906"
    "3e415d594e 7c1211127c 7f49494936 3e41414122 7f4141413e 7f49494941 7f09090901 3e41415173"
    "7f0808087f 00417f4100 2040413f01 7f08142241 7f40404040 7f021c027f 7f0408107f 3e4141413e"
    "7f09090906 3e4151215e 7f09192946 2649494932 03017f0103 3f4040403f 1f2040201f 3f4038403f"
    "6314081463 0304780403 6159494d43 007f414141 0204081020 004141417f 0402010204 8080808080"
    "0003070800 2054547840 7f28444438 3844444428 384444287f 3854545418 00087e0902 18a4a49c78"
    "7f08040478 00447d4000 0080847d00 7f10284400 00417f4000 7c04780478 7c08040478 3844444438"
    "fc18242418 18242418fc 7c08040408 4854545424 04043f4424 3c4040207c 1c2040201c 3c4030403c"
    "4428102844 1ca0a0a07c 4464544c44 0008364100 0000770000 0041360800 0201020402"
)
_PLACEHOLDER = bytes.fromhex("7f4141417f")


@lru_cache(maxsize=256)
def dots(character: str) -> tuple[tuple[int, int], ...]:
    """The dots of a character as columns and rows; outside printable ASCII it is an empty box."""
    columns = _PLACEHOLDER
    if _FIRST <= character <= _LAST:
        start = (ord(character) - ord(_FIRST)) * WIDTH
        columns = _COLUMNS[start : start + WIDTH]
    return tuple((x, y) for x in range(WIDTH) for y in range(HEIGHT) if columns[x] >> y & 1)


def wrap(text: str, width: int, lines: int) -> list[str]:
    """The text in lines of at most ``width`` characters; what is over the limit ends in dots."""
    result: list[str] = []
    for word in text[: width * (lines + 1)].split():
        rest = word
        if result and len(result[-1]) + 1 + len(rest) <= width:
            result[-1] += f" {rest}"
            continue
        while rest:
            result.append(rest[:width])
            rest = rest[width:]
    if len(result) > lines or len(text) > width * (lines + 1):
        result = result[:lines]
        result[-1] = f"{result[-1][: max(0, width - 3)]}..."[:width]
    return result
