"""The comments of a YAML file that hide findings, and the values that each of them speaks for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.directives import INTENT, MARK, invalid, read_directives
from mjspec.source import Span
from mjspec.spec.nodes import Mapping, Scalar
from mjspec.spec.read import read_yaml

if TYPE_CHECKING:
    from mjspec.linting.suppression import Suppressions
    from mjspec.source import Location, Source
    from mjspec.spec.nodes import Node
    from mjspec.spec.read import Documents

__all__ = ["read_remarks"]

_NEXT = re.compile(r"(?:\r\n|\r|\n)([ \t]*)([^\r\n]*)")
_LINE_END = re.compile(r"\r\n|\r|\n|\Z")
# A key or a dash whose value is below it, perhaps with a tag, an anchor or the sign of a block.
_OPEN = re.compile(r"[:-](?:[ \t]+(?:[|>][-+0-9]*|&\S+|!\S*))*[ \t]*\Z")
_GAP = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")


def read_remarks(result: Suppressions) -> None:
    """Take the comments of the file that hide findings.

    Behind something a comment speaks for its line, on a line of its own for the next one; with a
    line goes all of a value that begins or ends in it, or follows a key in it.
    """
    source, text = result.source, result.source.text
    documents = read_yaml(source)
    result.complete = all(d.rule is not rules.INVALID_YAML for d in documents.diagnostics)
    lines = _Lines(source, documents)
    for place in documents.comments:
        if text.find(MARK, *place.span) < 0:
            continue
        begin = source.line_span(place.start.line).start
        alone = not text[begin : place.span.start].strip(" \t\ufeff")
        removal = _removal(text, begin, place, alone=alone)
        for directive in read_directives(source, place.span, removal, result.found, alone=alone):
            line = _below(source, place.span.end) if alone else place.start.line
            result.add(directive, lines.covered(line) if line else None)
    if result.complete:
        _inside_values(result, documents)


def _removal(text: str, begin: int, comment: Location, *, alone: bool) -> Span:
    """What goes with a comment: its line, or the blanks before it."""
    if alone:
        match = _LINE_END.match(text, comment.span.end)
        return Span(begin, match.end() if match else comment.span.end)
    return Span(begin + len(text[begin : comment.span.start].rstrip(" \t")), comment.span.end)


def _below(source: Source, end: int) -> int | None:
    """The line that follows a comment, with other comments between them; None if it is blank."""
    while match := _NEXT.match(source.text, end):
        if not match[2].startswith("#"):
            return source.position(match.start(1)).line if match[2].strip() else None
        end = match.end()
    return None


def _inside_values(result: Suppressions, documents: Documents) -> None:
    """What looks like such a comment and is text of a value hides nothing."""
    ends = [place.span.end for place in documents.comments]
    for match in INTENT.finditer(result.source.text):
        index = bisect_left(ends, match.end())
        if index == len(ends) or documents.comments[index].span.start > match.start():
            message = "this is part of a value; in YAML the comment belongs behind the key"
            result.found.append(invalid(result.source, Span(*match.span()), message))


class _Lines:
    """What belongs to a line: its own characters, and those of values that go on in others."""

    def __init__(self, source: Source, documents: Documents) -> None:
        self._source = source
        self._comments = [place.span.start for place in documents.comments]
        scalars = sorted(_scalars(documents.roots))
        self._starts = [start for start, _, _ in scalars]
        self._scalars = scalars
        self._known: dict[int, Span] = {}

    def covered(self, line: int) -> Span:
        """The range of a line with its values."""
        if line not in self._known:
            self._known[line] = self._covered(line)
        return self._known[line]

    def _covered(self, line: int) -> Span:
        start, end = low, high = self._source.line_span(line)
        first = bisect_left(self._starts, start)
        behind = bisect_right(self._starts, end)
        high = max([high, *(end for _, end, _ in self._scalars[first:behind])])
        if first and start <= self._scalars[first - 1][1] <= end:
            low = self._scalars[first - 1][0]
        return Span(low, max(high, self._value_below(start, end)))

    def _value_below(self, start: int, end: int) -> int:
        """Where the value ends that follows a key or a dash in this line; 0 if there is none."""
        text = self._source.text
        index = bisect_left(self._comments, start)
        if index < len(self._comments) and self._comments[index] <= end:
            end = self._comments[index]
        following = bisect_left(self._starts, end)
        if following == len(self._starts) or not _OPEN.search(text[start:end]):
            return 0
        begin, last, key = self._scalars[following]
        return 0 if key or not _GAP.fullmatch(text, end, begin) else last


def _scalars(roots: tuple[Node, ...]) -> set[tuple[int, int, bool]]:
    """Where each scalar begins and ends, and whether it is a key."""
    found = set()
    seen: set[int] = set()
    waiting: list[Node] = list(roots)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            found.add((node.start, node.end, False))
        elif id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Mapping):
                found |= {(entry.key.start, entry.key.end, True) for entry in node.entries}
                waiting += [entry.value for entry in node.entries]
            else:
                waiting += node.items
    return found
