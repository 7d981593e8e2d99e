"""Text that was most likely meant as a parameter: one hyphen, other signs, dashes behind the name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.domains import Ratio, Switch, Terms
from mjspec.language.plausible import fits
from mjspec.parameters import BY_FLAG
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.parameters import Parameter

__all__ = ["leading", "mistyped"]

# One hyphen, or a sign that looks like a dash on Japanese and Chinese keyboards.
_MARKED = re.compile(r"(?<!\S)(?P<mark>-|[ー\uff70一]{1,2})(?P<gap>[ \t]*)(?P<name>[a-z]+)")
_REVERSED = re.compile(r"(?<![\w-])(?P<name>[a-z]+)(?P<mark>--|[—–]{1,2})[ \t]*(?=[.\d])")
_DASHES = re.compile(r"--|[—–]")
_BARE = re.compile(r"(?<!\S)(?<!-\s)(?P<name>ar)(?P<mark>[ \t]+)(?=\d{1,4}:\d{1,4}(?![\w:]))")


class _Meant(NamedTuple):
    """What was meant: the signs that are wrong, and how they are written."""

    span: Span
    name: str
    written: str


def mistyped(text: str, start: int) -> Iterator[Finding]:
    """The findings in words that hold no parameter.

    Args:
        text: The words.
        start: Where they begin in the prompt.
    """
    if "-" in text or not text.isascii():
        for match in _MARKED.finditer(text):
            meant = _marked(match)
            if meant is not None:
                yield _read_as_text(text, start, meant, hyphen=match["mark"] == "-")
        for match in _REVERSED.finditer(text) if _DASHES.search(text) else ():
            parameter = BY_FLAG.get(match["name"])
            sure = len(match["name"]) > 1 or match["mark"] == "--"
            if parameter and sure and _has_value(parameter, text, match.end()):
                yield _read_as_text(text, start, _reordered(match))
    if "ar " in text or "ar\t" in text:
        for match in _BARE.finditer(text):
            at = match.start("name")
            yield _read_as_text(text, start, _Meant(Span(at, at + 2), match["name"], "--ar"))


def leading(text: str) -> Change | None:
    """The change that makes a parameter of words which begin with one hyphen: ``-v 7``."""
    match = _MARKED.match(text)
    meant = _marked(match) if match else None
    return Change(meant.span, meant.written) if meant else None


def _marked(match: re.Match[str]) -> _Meant | None:
    """A name behind a hyphen, if it is a parameter's and its value follows."""
    parameter, end = BY_FLAG.get(match["name"]), match.end()
    if parameter is None or isinstance(parameter.domain, Switch):
        return None
    glued = match.string[end : end + 1].isdigit()
    # A hyphen that stands free is a dash between words, nearly always.
    if match["gap"] and not (glued or isinstance(parameter.domain, Ratio)):
        return None
    if not _has_value(parameter, match.string, end):
        return None
    return _Meant(Span(match.start(), end), match["name"], f"--{match['name']}")


def _reordered(match: re.Match[str]) -> _Meant:
    return _Meant(Span(*match.span()), match["name"], f"--{match['name']} ")


def _has_value(parameter: Parameter, text: str, end: int) -> bool:
    if parameter.dead:
        return False
    return fits(parameter, text, end, prose=not isinstance(parameter.domain, Terms))


def _read_as_text(text: str, start: int, meant: _Meant, *, hyphen: bool = False) -> Finding:
    begin, end = meant.span
    typed = text[begin:end].rstrip()
    written = meant.written.rstrip()
    how = "has one hyphen and" if hyphen else "is no parameter and"
    return Finding(
        rules.SINGLE_HYPHEN if hyphen else rules.MISTYPED_PARAMETER,
        Span(begin + start, begin + len(typed) + start),
        f"`{typed}` {how} is read as text; did you mean `{written}`?",
        fix=f"write `{written}`",
        changes=(Change(meant.span.shifted(start), meant.written),),
        safety="unsafe",
    )
