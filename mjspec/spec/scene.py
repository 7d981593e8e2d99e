"""The place of a fault in a YAML file, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mjspec.source import Location, Span
from mjspec.spec.entries import shortened

if TYPE_CHECKING:
    from mjspec.source import Source

__all__ = ["Scene"]

# Dashes of lists, and a key with its colon. Nothing is tried twice, so that long lines take no time.
_ENTRY = re.compile(r"[ \t]*+(?:[-?][ \t]++)*+(?P<key>[^:\r\n]++)?(?P<colon>:(?=\s|\Z))?[ \t]*+")
_TO_LINE_END = re.compile(r"[^\r\n]*")


@dataclass(frozen=True)
class Scene:
    """Where the parser stopped.

    Attributes:
        source: The file.
        offset: Where it noticed the fault.
        opened: Where what it was reading begins.
        innermost: Where the innermost collection begins that is still open.
    """

    source: Source
    offset: int
    opened: int
    innermost: int | None

    @property
    def text(self) -> str:
        """All of the file."""
        return self.source.text

    @property
    def character(self) -> str:
        """The character at the fault; nothing at the end of the file."""
        return self.text[self.offset : self.offset + 1]

    @cached_property
    def line_start(self) -> int:
        """Where the line of the fault begins."""
        return self.source.line_span(self.source.position(self.offset).line).start

    @cached_property
    def line_above(self) -> str:
        """The last line above that is not blank."""
        above = self.text[: self.line_start].rstrip()
        return above[max(above.rfind("\n"), above.rfind("\r")) + 1 :]

    def entry(self, offset: int) -> tuple[int, int | None, int]:
        """Where the key, the colon and the value begin in the line of an offset."""
        line = self.source.line_span(self.source.position(offset).line).start
        match = _ENTRY.match(self.text, line)
        if match is None:  # pragma: no cover - every part of the pattern may be empty.
            return line, None, line
        key = match.start("key") if match["key"] else match.end()
        return key, (match.start("colon") if match["colon"] else None), match.end()

    def advice(self, offset: int) -> str:
        """How to write what stands at an offset as text."""
        key, colon, value = self.entry(offset)
        name = shortened(self.text[key:colon]) if colon and value <= offset else "prompt"
        return f"put the value in quotes, or write it indented below `{name}: >-`"

    def rest(self, start: int) -> Location:
        """From an offset to the end of its line."""
        match = _TO_LINE_END.match(self.text, start)
        written = match[0].rstrip() if match else ""
        return Location(self.source, Span(start, start + len(written)))

    def at(self, start: int, length: int = 1) -> Location:
        """Some characters, as far as there are any."""
        end = min(start + length, len(self.text))
        return Location(self.source, Span(min(start, end), end))
