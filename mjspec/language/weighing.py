"""How weights are typed: torn off their text or number, or with other colons than ``::``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.language.prompt import Text
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.language.prompt import Prompt, Weight

__all__ = ["mistyped_weights", "torn_weight"]

_SPACED_BEFORE = re.compile(r"\s+\Z")
_SPACED_NUMBER = re.compile(r"[ \t]+-?(?:\d+(?:\.\d+)?|\.\d+)(?=\s|\Z)")
_SPLIT_COLONS = re.compile(r"(?<!:): :(?!:)")
_NUMBER = r"-?(?:\d{0,3}\.\d{1,3}|\d{1,2})(?=[\s,]|\Z)"
# `night:10,` is no weight here. In brackets, as others write it, it is text and nothing else.
_ONE_COLON = re.compile(rf"(?<=[^\W\d_])[:：]{_NUMBER}")
_REST = re.compile(r"[./+]\d[\d.]*")
_FULLWIDTH = re.compile(rf"(?:：[:：]|:：)(?:{_NUMBER})?")


def mistyped_weights(text: str, start: int) -> Iterator[Finding]:
    """Signs in words that were most likely meant as a weight.

    Args:
        text: The words.
        start: Where they begin in the prompt.
    """
    if ": :" in text:
        for match in _SPLIT_COLONS.finditer(text):
            span = Span(*match.span()).shifted(start)
            message = "`: :` is no weight; the two colons of `::` touch each other"
            yield _guess(rules.SPACED_WEIGHT, span, message, Change(span, "::"), "::")
    for match in _ONE_COLON.finditer(text) if ":" in text or "：" in text else ():
        wanted = f"::{match[0][1:]}"
        yield _malformed(match, start, wanted, "has one colon and")
    for match in _FULLWIDTH.finditer(text) if "：" in text else ():
        wanted = f"::{match[0][2:]}"
        yield _malformed(match, start, wanted, "has fullwidth colons and")


def _malformed(match: re.Match[str], start: int, wanted: str, how: str) -> Finding:
    span = Span(*match.span()).shifted(start)
    message = f"`{match[0]}` {how} is read as text; a weight is written `{wanted}`"
    return _guess(rules.MALFORMED_WEIGHT, span, message, Change(span, wanted), wanted)


def torn_weight(prompt: Prompt, index: int, part: Weight) -> Iterator[Finding]:
    """A weight that does not touch the text before it, or its number."""
    before = prompt.parts[index - 1] if index else None
    after = prompt.parts[index + 1] if index + 1 < len(prompt.parts) else None
    gap = _SPACED_BEFORE.search(before.raw) if isinstance(before, Text) else None
    number = _SPACED_NUMBER.match(after.raw) if isinstance(after, Text) else None
    if gap and isinstance(before, Text) and before.raw.strip():
        torn = Span(part.span.start - len(gap[0]), part.span.start)
        # Behind a colon the two would be three without the space.
        sure = not before.raw.rstrip().endswith(":")
        yield Finding(
            rules.SPACED_WEIGHT,
            Span(torn.start, part.span.end),
            f"there is a space before `{part.raw}`; a weight touches the text it weighs",
            fix="remove the space" if sure else None,
            changes=(Change(torn, ""),) if sure else (),
        )
    if number and part.raw == "::":
        span = Span(part.span.start, part.span.end + number.end())
        message = f"`::{number[0]}` has a space before its number, which is read as text"
        wanted = number[0].strip()
        change = Change(Span(part.span.end, span.end), wanted)
        yield _guess(rules.SPACED_WEIGHT, span, message, change, f"::{wanted}")
    torn_number = _REST.match(after.raw) if isinstance(after, Text) else None
    if torn_number and (part.raw != "::" or torn_number[0][0] == "+"):
        shown = f"{part.raw}{torn_number[0]}"
        span = Span(part.span.start, part.span.end + torn_number.end())
        message = f"`{shown}` is read as `{part.raw}` and text; a weight is a number such as `1.5` or `-1`"
        yield Finding(rules.MALFORMED_WEIGHT, span, message)
    if isinstance(after, Text) and part.raw == "::" and after.raw.startswith(":"):
        extra = len(after.raw) - len(after.raw.lstrip(":"))
        span = Span(part.span.start, part.span.end + extra)
        message = f"`{'::' + ':' * extra}` has too many colons; a weight is written `::`"
        change = Change(Span(part.span.end, span.end), "")
        yield _guess(rules.MALFORMED_WEIGHT, span, message, change, "::")


def _guess(rule: rules.Rule, span: Span, message: str, change: Change, written: str) -> Finding:
    return Finding(
        rule, span, message, fix=f"write `{written}`", changes=(change,), safety="unsafe"
    )
