"""The kinds of values that parameters take: how each is read, described, checked and written."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, isfinite
from typing import Any, Literal

__all__ = [
    "Arity",
    "Choice",
    "Domain",
    "Number",
    "Ratio",
    "References",
    "Selector",
    "Switch",
    "Terms",
    "Value",
    "number_text",
]

Value = str | int | float | bool
"""What a parameter can hold once it was read; a JSON scalar."""

Arity = Literal["none", "one", "optional", "many", "rest"]
"""How many words belong to a parameter: ``rest`` is everything up to the next flag."""

_INTEGER = re.compile(r"[+-]?\d{1,20}")
_DECIMAL = re.compile(r"[+-]?(\d{1,20}\.?\d{0,20}|\.\d{1,20})")
_RATIO = re.compile(r"0*([1-9]\d{0,5}):0*([1-9]\d{0,5})")
_LOOSE_RATIO = re.compile(r"(\d{0,6}\.?\d{1,6})\s*[:x×/*]\s*(\d{0,6}\.?\d{1,6})", re.IGNORECASE)
_REFERENCE = r"(?:{kinds})(?:::-?(?:\d+\.?\d*|\.\d+))?"
_LINK = r"https?://[^\s,]+?"
_CODE = r"\d+"
_WORD = r"[A-Za-z0-9_-]+"


def number_text(value: float) -> str:
    """A number as prompts spell it: ``0.5``, ``1``, ``1.2``."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return repr(value) if "e" not in repr(value) else f"{value:f}".rstrip("0")


class Domain(ABC):
    """A set of values with their spelling in a prompt."""

    __slots__ = ()

    @property
    def arity(self) -> Arity:
        """How many words of the prompt belong to the value."""
        return "one"

    @abstractmethod
    def read(self, text: str) -> Value:
        """The value that a text spells; ranges are not looked at.

        Raises:
            ValueError: The text is no value of this kind.
        """

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the values."""

    @abstractmethod
    def describe(self) -> str:
        """What is allowed, in words that fit behind "allowed is"."""

    def write(self, value: Value) -> str:
        """The canonical spelling of a value in a prompt."""
        if isinstance(value, float):
            return number_text(value)
        return str(value)

    def nearest(self, text: str) -> str | None:
        """The legal spelling that was most likely meant; None if nothing is close."""
        del text
        return None

    def narrowed(self, other: Domain) -> Domain:
        """The values that both domains hold."""
        return other


@dataclass(frozen=True, slots=True)
class Number(Domain):
    """Numbers from ``low`` to ``high``, both included; whole ones unless ``decimal``."""

    low: float
    high: float
    decimal: bool = False

    def read(self, text: str) -> Value:
        """A number; ``+5`` and ``007`` are 5 and 7."""
        if not (_DECIMAL if self.decimal else _INTEGER).fullmatch(text):
            raise ValueError(text)
        value = float(text) if self.decimal else int(text)
        return int(value) if isinstance(value, float) and value.is_integer() else value

    def schema(self) -> dict[str, Any]:
        """Type with minimum and maximum."""
        kind = "number" if self.decimal else "integer"
        return {"type": kind, "minimum": _plain(self.low), "maximum": _plain(self.high)}

    def describe(self) -> str:
        """``0 to 1000``."""
        kind = "a number" if self.decimal else "a whole number"
        return f"{kind} from {number_text(self.low)} to {number_text(self.high)}"

    def nearest(self, text: str) -> str | None:
        """The closest number inside the range."""
        if not _DECIMAL.fullmatch(text):
            return None
        value = min(max(float(text), self.low), self.high)
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


@dataclass(frozen=True, slots=True)
class Choice(Domain):
    """One of a few words; with ``numeric`` they are numbers, ``.5`` being ``0.5``."""

    values: tuple[str, ...]
    numeric: bool = False
    pattern: str | None = None
    "What else is allowed, as a regular expression, for open lists."
    kind: str = ""
    "The words for what ``pattern`` allows."

    def read(self, text: str) -> Value:
        """The word; whether it is one of the values is a question for the schema."""
        if self.numeric:
            if not _DECIMAL.fullmatch(text):
                raise ValueError(text)
            return number_text(float(text))
        return text

    def schema(self) -> dict[str, Any]:
        """An enumeration, or a pattern where the list is open."""
        if self.pattern:
            words = "|".join(re.escape(value) for value in self.values)
            return {"type": "string", "pattern": f"^(?:{words}|{self.pattern})$"}
        return {"type": "string", "enum": list(self.values)}

    def describe(self) -> str:
        """``0.5, 1 or 2``."""
        words = list(self.values) + ([self.kind] if self.kind else [])
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

    def nearest(self, text: str) -> str | None:
        """The closest number, or the most similar word."""
        if self.numeric:
            if not _DECIMAL.fullmatch(text):
                return None
            wanted = float(text)
            return min(self.values, key=lambda value: abs(float(value) - wanted))
        from difflib import get_close_matches

        return next(iter(get_close_matches(text.lower(), self.values, 1, 0.6)), None)

    def narrowed(self, other: Domain) -> Domain:
        """The values that are in both lists."""
        if isinstance(other, Choice) and not self.pattern:
            return Choice(tuple(v for v in other.values if v in self.values), self.numeric)
        return other


@dataclass(frozen=True, slots=True)
class Switch(Domain):
    """On by being there; takes no value."""

    @property
    def arity(self) -> Arity:
        """No word."""
        return "none"

    def read(self, text: str) -> Value:
        """Always true: nothing stands behind the flag."""
        if text:
            raise ValueError(text)
        return True

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}

    def describe(self) -> str:
        """``no value``."""
        return "no value"

    def write(self, value: Value) -> str:
        """Nothing stands behind the flag."""
        del value
        return ""


@dataclass(frozen=True, slots=True)
class Terms(Domain):
    """A list separated by commas that runs to the next flag."""

    @property
    def arity(self) -> Arity:
        """Everything."""
        return "rest"

    def read(self, text: str) -> Value:
        """The items with single spaces, separated by a comma and a space."""
        items = (" ".join(item.split()) for item in re.split("[,，]", text))
        value = ", ".join(item for item in items if item)
        if not value:
            raise ValueError(text)
        return value

    def schema(self) -> dict[str, Any]:
        """A text that is not empty."""
        return {"type": "string", "minLength": 1}

    def describe(self) -> str:
        """``words separated by commas``."""
        return "words separated by commas"


@dataclass(frozen=True, slots=True)
class References(Domain):
    """Links, codes and words such as ``random``, with optional ``::weight``.

    Attributes:
        links: Whether http(s) links are allowed.
        codes: Whether numeric codes are allowed.
        words: Words that are allowed besides.
        names: Whether any identifier is allowed, as for profiles.
        most: How many may stand side by side.
        optional: Whether the parameter may stand alone.
        weighted: Whether ``::2`` may follow each.
    """

    links: bool = False
    codes: bool = False
    words: tuple[str, ...] = ()
    names: bool = False
    most: int = 32
    optional: bool = False
    weighted: bool = False

    @property
    def arity(self) -> Arity:
        """One word, or as many as stand there."""
        return "optional" if self.optional else "one" if self.most == 1 else "many"

    def read(self, text: str) -> Value:
        """The references with single spaces; a parameter that may stand alone is then true."""
        words = text.replace("<", " ").replace(">", " ").split()
        if not words and self.optional:
            return True
        one = re.compile(self._one())
        if not words or not all(one.fullmatch(word) for word in words):
            raise ValueError(text)
        return " ".join(words)

    def accepts(self, word: str) -> bool:
        """Whether one word can be one of the references."""
        return re.fullmatch(self._one(), word.strip("<>")) is not None

    def schema(self) -> dict[str, Any]:
        """A pattern over the words, each one link, code or name."""
        more = "" if self.most == 1 else f"(?: {self._one()}){{0,{self.most - 1}}}"
        schema = {"type": "string", "pattern": f"^{self._one()}{more}$"}
        return {"type": ["string", "boolean"], **_without_type(schema)} if self.optional else schema

    def describe(self) -> str:
        """``links or codes``, with how many there may be."""
        several = self.most > 1
        kinds = ["links" if several else "one link"] if self.links else []
        kinds += ["codes"] if self.codes or self.names else []
        kinds += list(self.words)
        text = kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} or {kinds[-1]}"
        return f"{text} (at most {self.most})" if 1 < self.most <= 4 else text  # noqa: PLR2004 (a real limit of the table)

    def write(self, value: Value) -> str:
        """The references, nothing for a parameter that stands alone."""
        return "" if value is True else str(value)

    def _one(self) -> str:
        kinds = [_LINK] * self.links + [_CODE] * self.codes + [_WORD] * self.names
        kinds += [re.escape(word) for word in self.words]
        weighted = _REFERENCE.format(kinds="|".join(kinds))
        return weighted if self.weighted else f"(?:{'|'.join(kinds)})"


@dataclass(frozen=True, slots=True)
class Selector(Domain):
    """The number of a model version; ``optional`` where the flag may stand alone."""

    numbers: tuple[str, ...]
    optional: bool = False

    @property
    def arity(self) -> Arity:
        """One word, or none."""
        return "optional" if self.optional else "one"

    def read(self, text: str) -> Value:
        """The text: which versions exist is looked up later."""
        if not text and not self.optional:
            raise ValueError(text)
        return text

    def schema(self) -> dict[str, Any]:
        """An enumeration of the numbers."""
        return {"type": "string", "enum": list(self.numbers)}

    def describe(self) -> str:
        """The numbers in words."""
        return f"{', '.join(self.numbers[:-1])} or {self.numbers[-1]}"

    def nearest(self, text: str) -> str | None:
        """The closest number: ``6.2`` was meant as 6.1."""
        if not _DECIMAL.fullmatch(text) or not isfinite(float(text)):
            return None
        return min(self.numbers, key=lambda number: abs(float(number) - float(text)))


def reduce_ratio(text: str) -> tuple[int, int]:
    """Width and height in lowest terms."""
    width, height = (int(part) for part in text.split(":"))
    divisor = gcd(width, height)
    return width // divisor, height // divisor


def _whole_ratio(width: str, height: str) -> str:
    places = max(len(part.partition(".")[2]) for part in (width, height))
    scale = 10**places
    whole = f"{round(float(width) * scale)}:{round(float(height) * scale)}"
    if places:
        whole = ":".join(map(str, reduce_ratio(whole)))
    return whole


def _ratio_words(most: float) -> str:
    return f"{number_text(most)}:1" if float(most).is_integer() else _whole_ratio(str(most), "1")


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _without_type(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "type"}


def intersection(domains: Sequence[Domain]) -> Domain:
    """The values that all the domains hold."""
    result = domains[0]
    for domain in domains[1:]:
        result = result.narrowed(domain)
    return result
