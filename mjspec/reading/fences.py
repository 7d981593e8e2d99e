"""The fenced blocks of a Markdown file, which alone of it hold prompts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Block", "blocks"]

_LINE = re.compile(r"[^\r\n]+")
_FENCE = re.compile(
    r"\s*(?P<fence>`{3,}|~{3,})(?P<rest>[ \t]*(?:\{?\.?(?P<language>[\w-]*))[^`]*)\Z"
)
_LANGUAGES = frozenset({"mj", "midjourney"})


class Block(NamedTuple):
    """What stands between two fences; offsets into the file."""

    start: int
    end: int
    prompts: bool
    "Whether it is a block ``mj`` or ``midjourney``."


def blocks(text: str) -> Iterator[Block]:
    """Every fenced block, in order.

    A block ends at a fence of the same sign that is at least as long and says nothing else, or with
    the file. Fences may be indented, as in lists.
    """
    fence, begin, prompts = "", 0, False
    for line in _LINE.finditer(text):
        match = _FENCE.match(line[0])
        if match is None:
            continue
        if not fence:
            fence, begin = match["fence"], line.end()
            prompts = match["language"].lower() in _LANGUAGES
        elif match["fence"].startswith(fence) and not match["rest"].strip():
            yield Block(begin, line.start(), prompts)
            fence = ""
    if fence:
        yield Block(begin, len(text), prompts)
