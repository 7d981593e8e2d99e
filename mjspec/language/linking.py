"""Image links in a prompt: which of them stand in the wrong place, and where they belong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.language.prompt import Image, Permutation, Text, Weight
from mjspec.language.residue import COMMAND
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.language.prompt import Prompt

__all__ = ["MOVE_LINKS", "cut_out", "front_of", "link_findings", "put_at", "says_something"]

MOVE_LINKS = "move the link to the front"
_ENDS = ",;.!?)]\"'"
_MARKDOWN = re.compile(r"!?\[[^\[\]\n]{0,80}\]\(\Z")
_BLOB = re.compile(r"\bblob:\Z")


def link_findings(prompt: Prompt, index: int, text: str, *, misplaced: bool) -> Iterator[Finding]:
    """What is wrong with a link.

    Args:
        prompt: The tree.
        index: Which of its parts the link is.
        text: The prompt.
        misplaced: Whether words stand before it.
    """
    part = prompt.parts[index]
    before = prompt.parts[index - 1] if index else None
    blob = _BLOB.search(before.raw) if isinstance(before, Text) else None
    if blob:
        span = Span(part.span.start - len(blob[0]), part.span.end)
        message = f"`blob:{part.raw}` lies in one browser only; upload the image and use its link"
        yield Finding(rules.INVALID_IMAGE, span, message)
    elif around := _markdown(prompt, index):
        yield around
    elif misplaced:
        after = prompt.parts[index + 1] if index + 1 < len(prompt.parts) else None
        weight = after.raw if isinstance(after, Weight) else ""
        span = Span(part.span.start, part.span.end + len(weight))
        # Before a space a link ends earlier than before other signs.
        front = None if part.raw[-1] in _ENDS else front_of(prompt)
        yield Finding(
            rules.MISPLACED_IMAGE,
            part.span,
            f"`{part.raw}` is read as an image prompt; links stand at the front, before the text",
            fix=None if front is None else MOVE_LINKS,
            changes=()
            if front is None
            else (put_at(front, f"{part.raw}{weight}"), _taken_out(text, span)),
        )


def _markdown(prompt: Prompt, index: int) -> Finding | None:
    """A link with its text in brackets before it: ``![a fox](https://example.com/fox.png)``."""
    part = prompt.parts[index]
    before = prompt.parts[index - 1] if index else None
    after = prompt.parts[index + 1] if index + 1 < len(prompt.parts) else None
    opening = _MARKDOWN.search(before.raw) if isinstance(before, Text) else None
    if opening is None or not (isinstance(after, Text) and after.raw.startswith(")")):
        return None
    span = Span(part.span.start - len(opening[0]), part.span.end + 1)
    return Finding(
        rules.STRAY_MARKUP,
        span,
        f"`{opening[0]}...)` is Markdown, of which only the link is an image prompt",
        fix="write the link alone",
        changes=(Change(span, part.raw),),
        safety="unsafe",
    )


def front_of(prompt: Prompt) -> int | None:
    """Where one more image link belongs: behind those at the front; None if it would touch another."""
    for index, part in enumerate(prompt.parts):
        before = prompt.parts[index - 1] if index else None
        if isinstance(part, Weight) and not isinstance(before, Image):
            return None
        if isinstance(part, Permutation):
            return part.span.start
        if isinstance(part, Text) and says_something(part):
            blank = len(part.raw) - len(part.raw.lstrip())
            if not blank and before is not None:
                return None
            command = COMMAND.match(part.raw, blank)
            return part.span.start + (command.end() if command else blank)
    return prompt.flags[0][0] if prompt.flags else 0


def says_something(part: Text) -> bool:
    """Whether words are more than a command, quotes and brackets."""
    text = COMMAND.sub("", part.raw) if "/" in part.raw else part.raw
    return any(map(str.isalnum, text))


def put_at(place: int, words: str) -> Change:
    """Put words there, set off by a space."""
    return Change(Span(place, place), f"{words} ")


def _taken_out(text: str, span: Span) -> Change:
    """Take a link out; the words on both sides of it stay two words."""
    start, end = span
    if not text[end:].strip():
        return cut_out(text, span)
    if not start or text[start - 1].isspace():
        return Change(Span(start, end + text[end].isspace()), "")
    return Change(span, "" if text[end].isspace() else " ")


def cut_out(text: str, span: Span) -> Change:
    """Take a range out of a text, with the white space before it."""
    return Change(Span(len(text[: span.start].rstrip()), span.end), "")
