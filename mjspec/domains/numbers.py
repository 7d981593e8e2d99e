"""Numbers and ratios."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import gcd
from typing import Any

from mjspec.domains.base import Domain, Value, number_text

__all__ = ["DECIMAL", "Number", "Ratio", "reduce_ratio"]

_INTEGER = re.compile(r"[+-]?\d{1,300}", re.ASCII)
DECIMAL = re.compile(r"[+-]?(\d{1,300}\.?\d{0,300}|\.\d{1,300})", re.ASCII)
# 1,000 and, as much of Europe writes it, 0,5.
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|\Z))")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_RATIO = re.compile(r"0*([1-9]\d{0,5}):0*([1-9]\d{0,5})", re.ASCII)
_LOOSE_RATIO = re.compile(
    r"(\d{0,6}\.?\d{1,6})\s*(?:[:x×/*–-]|\s)\s*(\d{0,6}\.?\d{1,6})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Number(Domain):
    """Numbers from ``low`` to ``high``, both included; whole ones unless ``decimal``."""

    low: float
    high: float
    decimal: bool = False

    def read(self, text: str) -> Value:
        """A number; ``+5`` and ``007`` are 5 and 7."""
        if not (DECIMAL if self.decimal else _INTEGER).fullmatch(text):
            raise ValueError(text)
        value = float(text) if self.decimal else int(text)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def schema(self) -> dict[str, Any]:
        """Type with minimum and maximum."""
        kind = "number" if self.decimal else "integer"
        return {"type": kind, "minimum": _plain(self.low), "maximum": _plain(self.high)}

    def describe(self) -> str:
        """``0 to 1000``."""
        if self.low == self.high:
            return f"only {number_text(self.low)}"
        kind = "a number" if self.decimal else "a whole number"
        return f"{kind} from {number_text(self.low)} to {number_text(self.high)}"

    def nearest(self, text: str) -> str | None:
        """The closest number inside the range; ``1,000`` is a thousand, ``0,5`` a half."""
        plain = _COMMA.sub(".", _THOUSANDS.sub("", text))
        if not DECIMAL.fullmatch(plain):
            return None
        value = min(max(float(plain), self.low), self.high)
        return number_text(value if self.decimal else round(value))

    def narrowed(self, other: Domain) -> Domain:
        """The overlap of two ranges."""
        if not isinstance(other, Number):
            return other
        decimal = self.decimal and other.decimal
        return Number(max(self.low, other.low), min(self.high, other.high), decimal)


@dataclass(frozen=True, slots=True)
class Ratio(Domain):
    """Width to height in whole numbers, the longer side at most ``most`` times the shorter."""

    most: float | None = None

    def read(self, text: str) -> Value:
        """A ratio as typed, without leading zeros."""
        match = _RATIO.fullmatch(text)
        if not match:
            raise ValueError(text)
        return f"{match[1]}:{match[2]}"

    def schema(self) -> dict[str, Any]:
        """A pattern; the limit stands in the project's own keyword ``x-maxRatio``."""
        schema: dict[str, Any] = {"type": "string", "pattern": "^[1-9][0-9]*:[1-9][0-9]*$"}
        if self.most is not None:
            schema["x-maxRatio"] = _plain(self.most)
        return schema

    def describe(self) -> str:
        """``a ratio W:H of whole numbers``, with the limit if there is one."""
        limit = f", at most {_ratio_words(self.most)}" if self.most is not None else ""
        return f"a ratio W:H of whole numbers{limit}"

    def nearest(self, text: str) -> str | None:
        """``16x9`` was meant as 16:9, ``1.39:1`` as 139:100, ``20:1`` as the widest allowed."""
        match = _LOOSE_RATIO.fullmatch(text)
        if not match:
            return None
        width, height = (float(part) for part in match.groups())
        if not (width and height):
            return None
        if self.most is not None and max(width / height, height / width) > self.most:
            wide = _ratio_words(self.most)
            return wide if width > height else ":".join(reversed(wide.split(":")))
        return _whole_ratio(match[1], match[2])

    def narrowed(self, other: Domain) -> Domain:
        """The smaller limit."""
        limits = [d.most for d in (self, other) if isinstance(d, Ratio) and d.most is not None]
        return Ratio(min(limits)) if limits else self


def reduce_ratio(text: str) -> tuple[int, int]:
    """Width and height in lowest terms."""
    width, height = (int(part) for part in text.split(":"))
    divisor = gcd(width, height)
    return width // divisor, height // divisor


def _whole_ratio(width: str, height: str) -> str | None:
    places = max(len(part.partition(".")[2]) for part in (width, height))
    scale = 10**places
    whole = f"{round(float(width) * scale)}:{round(float(height) * scale)}"
    if places:
        whole = ":".join(map(str, reduce_ratio(whole)))
    return whole if _RATIO.fullmatch(whole) else None


def _ratio_words(most: float) -> str:
    # Limits of the table are short.
    return (
        f"{number_text(most)}:1" if float(most).is_integer() else str(_whole_ratio(str(most), "1"))
    )


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else value
