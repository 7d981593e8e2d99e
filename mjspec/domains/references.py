"""References to images, styles and profiles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from mjspec.domains.base import Arity, Domain, Value

__all__ = ["References"]

_WEIGHTED = r"(?:{kinds})(?:::-?(?:\d+\.?\d*|\.\d+))?"
_LINK = r"https?://[^\s,<>]+?"
_CODE = r"\d+"
_WORD = r"[A-Za-z0-9_-]+"
# A mention of a Discord user stands for that user's profile.
_MENTION = r"@!?\d+"


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
        one = _pattern(self)
        if not words or not all(one.fullmatch(word) for word in words):
            raise ValueError(text)
        return " ".join(words)

    def accepts(self, word: str) -> bool:
        """Whether one word can be one of the references."""
        return _pattern(self).fullmatch(word.strip("<>")) is not None

    def schema(self) -> dict[str, Any]:
        """A pattern over the words, each one link, code or name."""
        more = "" if self.most == 1 else f"(?: {self.one()}){{0,{self.most - 1}}}"
        schema = {"type": "string", "pattern": f"^{self.one()}{more}$"}
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

    def one(self) -> str:
        """A regular expression for one word."""
        kinds = [_LINK] * self.links + [_CODE] * self.codes + [_WORD, _MENTION] * self.names
        kinds += [re.escape(word) for word in self.words]
        weighted = _WEIGHTED.format(kinds="|".join(kinds))
        return weighted if self.weighted else f"(?:{'|'.join(kinds)})"


@cache
def _pattern(domain: References) -> re.Pattern[str]:
    """What one word may be."""
    return re.compile(domain.one())


def _without_type(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "type"}
