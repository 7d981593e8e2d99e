r"""Characters that stand in for what PyYAML does not take, each text as long as what it stands for.

PyYAML ends lines where YAML 1.1 did, and refuses the surrogate pairs with which JSON writes an emoji
(``"\ud83e\udd8a"``), though a JSON file is a YAML file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Substituted", "substituted"]

_OLD_BREAKS = "\x85\u2028\u2029"
_OLD_BREAK = re.compile(f"[{_OLD_BREAKS}]")
_PRIVATE = range(0xE000, 0xF900)
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HAS_PAIR = re.compile(_PAIR)
# A backslash and what it escapes are read together, as two of them begin no escape.
_ESCAPE = re.compile(rf"(?P<pair>{_PAIR})|\\.", re.DOTALL)
_ESCAPED_PRIVATE = re.compile(r"\\[uU](?:0000)?([eEfF][0-9a-fA-F]{3})")


class Substituted(NamedTuple):
    """A text that PyYAML takes, and the way back.

    Attributes:
        text: The text.
        signs: What each character of a scalar that stands in for another one means.
        pairs: The same for escapes where they are no escapes, outside of double quotes.
    """

    text: str
    signs: dict[int, str]
    pairs: dict[str, str]

    def restored(self, value: str, style: str | None) -> str:
        """The text of a scalar as it was meant."""
        if style != '"' and self.pairs and "\\u" in value:
            value = re.sub(r"\\u\w{4}\\u\w{4}", lambda m: self.pairs.get(m[0], m[0]), value)
        return value.translate(self.signs)


def substituted(text: str) -> Substituted | None:
    """The text with its stand-ins; None where it needs none."""
    breaks, paired = _OLD_BREAK.search(text), "\\u" in text and _HAS_PAIR.search(text)
    if not breaks and not paired:
        return None
    free = _free(text)
    signs: dict[int, str] = {}
    pairs: dict[str, str] = {}
    if breaks:
        stand_ins = dict(zip(_OLD_BREAKS, free, strict=False))
        signs = {ord(new): old for old, new in stand_ins.items()}
        text = _OLD_BREAK.sub(lambda match: stand_ins[match[0]], text)
    if paired:
        text = _without_pairs(text, free, signs, pairs)
    return Substituted(text, signs, pairs)


def _without_pairs(
    text: str, free: Iterator[str], signs: dict[int, str], pairs: dict[str, str]
) -> str:
    """The text with two private characters for each pair, of which the second means nothing."""
    second = next(free, None)
    if second is None:
        return text
    signs[ord(second)] = ""
    known: dict[str, str] = {}

    def stand_in(match: re.Match[str]) -> str:
        written = match["pair"]
        if written and written not in known:
            first = next(free, None)
            if first is not None:
                signs[ord(first)] = _character(written)
                known[written] = f"\\u{ord(first):04x}\\u{ord(second):04x}"
        return known.get(match[0], match[0])

    text = _ESCAPE.sub(stand_in, text)
    pairs.update({new: old for old, new in known.items()})
    return text


def _character(pair: str) -> str:
    return bytes.fromhex(pair[2:6] + pair[8:]).decode("utf-16-be")


def _free(text: str) -> Iterator[str]:
    """Private characters that the text holds neither as they are nor escaped."""
    used = {ord(sign) for sign in set(text)} | {int(m, 16) for m in _ESCAPED_PRIVATE.findall(text)}
    return (chr(code) for code in _PRIVATE if code not in used)
