"""Where the comments of a file stand that hide findings, and what each of them speaks for."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from mjspec.directives import INTENT, MARK, invalid, read_directives
from mjspec.linting.suppression import Suppressions
from mjspec.reading.fences import blocks
from mjspec.reading.inputs import is_comment
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.source import Source

__all__ = ["suppressions_in"]

_LINES = frozenset({".mj", ".txt"})
_YAML = frozenset({".yaml", ".yml"})
_REST = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n|\Z")
_NEXT = re.compile(r"(?:\r\n|\r|\n)([^\r\n]*)")
_HASH = re.compile(r"#[^\r\n]*mjspec:")
_HTML = re.compile(r"(?:(?<=[\r\n])|\A)[ \t]*(<!--[ \t]*mjspec:[^\r\n]*?-->)[ \t]*(?=[\r\n]|\Z)")


def suppressions_in(source: Source, kind: str) -> Suppressions | None:
    """The comments of a file that hide findings; None where there can be none.

    Args:
        source: The file.
        kind: The ending that says how it is read; JSON Lines and CSV have no comments.
    """
    result = Suppressions(source)
    if kind in _LINES:
        start = 1 if source.text.startswith("\ufeff") else 0
        _read_lines(result, Span(start, len(source.text)))
    elif kind == ".md":
        _read_markdown(result)
    elif kind in _YAML and _HASH.search(source.text):
        from mjspec.spec.remarks import read_remarks

        read_remarks(result)
    else:
        return None
    result.close()
    return result


def _read_lines(result: Suppressions, part: Span) -> None:
    """Prompts, one a line: a comment speaks for the prompt that follows, with comments between."""
    source, text = result.source, result.source.text
    below = Below(text, part.end, is_comment)
    low, at = part.start, text.find(MARK, *part)
    while at >= 0:
        begin = max(low, text.rfind("\n", low, at) + 1, text.rfind("\r", low, at) + 1)
        end = _end_of_line(text, at, part.end)
        if is_comment(text[begin:end]):
            comment = Span(begin + text[begin:end].index("#"), end)
            line = Span(begin, _behind_line_end(text, end))
            for directive in read_directives(source, comment, line, result.found):
                result.add(directive, below.line(end))
        elif meant := INTENT.search(text, begin, end):
            _no_comment(result, Span(meant.start(), end), Span(begin, end))
        low, at = end, text.find(MARK, end, part.end)


def _no_comment(result: Suppressions, place: Span, line: Span) -> None:
    """What was meant for a comment is a prompt or a part of one."""
    source = result.source
    if source.text[line.start : place.start].strip():
        message = "this is part of the prompt; a comment needs the line above it"
        result.found.append(invalid(source, place, message))
    else:
        sign = Span(place.start, place.start + 1)
        message = "without a space behind the `#` this line is a prompt"
        result.found.append(invalid(source, sign, message, "# "))


def _read_markdown(result: Suppressions) -> None:
    """Comments in blocks of prompts; outside of blocks, only what speaks for the whole file."""
    source = result.source
    ends, starts = [], []
    for block in blocks(source.text):
        starts.append(block.start)
        ends.append(block.end)
        if block.prompts:
            _read_lines(result, Span(block.start, block.end))
    for match in _HTML.finditer(source.text):
        index = bisect_right(starts, match.start()) - 1
        if index >= 0 and match.start() < ends[index]:
            continue
        line = Span(match.start(), _behind_line_end(source.text, match.end()))
        for directive in read_directives(source, Span(*match.span(1)), line, result.found):
            if directive.file:
                result.add(directive, None)
            else:
                message = "outside of a block of prompts there is only `ignore-file`"
                help_ = "write `# mjspec: ignore[...]` into the block, above the prompt"
                result.found.append(invalid(source, directive.span, message, help_=help_))


class Below:
    """Finds the line that follows a comment, with other comments between them.

    Of stacked comments all speak for the same line, which is looked for once.
    """

    def __init__(self, text: str, end: int, is_comment: Callable[[str], bool]) -> None:
        self._text = text
        self._end = end
        self._is_comment = is_comment
        self._looked = -1
        self._found: Span | None = None

    def line(self, end: int) -> Span | None:
        """The line that follows the comment which ends here; None if it is blank or missing."""
        if end < self._looked:
            return self._found
        at, self._found = end, None
        while match := _NEXT.match(self._text, at, self._end):
            at = match.end()
            if self._is_comment(match[1]):
                continue
            if match[1].strip():
                self._found = Span(match.start(1), at)
            at = match.start(1)
            break
        self._looked = at
        return self._found


def _end_of_line(text: str, at: int, limit: int) -> int:
    match = _REST.match(text, at, limit)
    return match.end() if match else limit


def _behind_line_end(text: str, end: int) -> int:
    match = _LINE_END.match(text, end)
    return match.end() if match else end
