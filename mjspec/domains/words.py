"""Choices, switches, lists of terms and model versions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mjspec.domains.base import Arity, Domain, Value, number_text
from mjspec.domains.numbers import DECIMAL

__all__ = ["Choice", "Selector", "Switch", "Terms"]

_VERSION = re.compile(r"(?:v|ver|version)?\.?(\d{1,3}(?:[.,]\d{0,3})?)", re.IGNORECASE)


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
            if not DECIMAL.fullmatch(text):
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
            text = text.replace(",", ".", 1)
            if not DECIMAL.fullmatch(text):
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
        """The closest number: ``6.2`` was meant as 6.1, ``v7`` as 7, ``5,2`` as 5.2."""
        match = _VERSION.fullmatch(text)
        if not match:
            return None
        wanted = float(match[1].replace(",", "."))
        return min(self.numbers, key=lambda number: abs(float(number) - wanted))
