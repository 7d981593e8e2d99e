"""What came along when a prompt was copied: commands, labels, comments, markup, Discord's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["COMMAND", "left_over", "signature"]

_LABEL = r"prompt(?:[ \t]*#?\d{1,3})?\s*[:：]"
COMMAND = re.compile(rf"(?<!\S)/imagine\b(?:\s+{_LABEL}|\s*:)?\s*", re.IGNORECASE)
"""The command of Discord, with the label that its window shows."""
_FIRST = re.compile(rf"\s*(?:/?imagine\s+)?{_LABEL}\s*", re.IGNORECASE)
_COMMENT = re.compile(r"^[ \t]*(?P<comment>#+[ \t]+\S[^\r\n]*)(?:\r?\n|\Z)", re.MULTILINE)
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_ENTITIES |= {"mdash": "—", "ndash": "–", "hellip": "…"}
_ENTITY = re.compile(rf"&(?:({'|'.join(_ENTITIES)})|#(\d{{2,5}}));")
_ENTITIES_IN_A_ROW = re.compile(rf"(?:&(?:{'|'.join(_ENTITIES)}|#\d{{2,5}});)+")
_TAG = re.compile(
    r"</?(?P<tag>br|b|i|u|em|strong|p|div|span|code|pre|ul|ol|li|h[1-6])(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
# Behind the prompt of a job Discord shows who made it, from what, and how fast.
_WHO = r"(?:<@!?\d+>|@[^\s()@]+(?:[ \t][^\s()@]+)?)"
_HOW = r"(?:[ \t]*\([^()]*\))"
_FROM = (
    r"(?:Upscaled|Variations?|Remix|Remaster|Zoom|Pan|Vary|Image[ \t]#\d|Make[ \t]Square|Animate)"
)
_SPEED = r"[ \t]*\([^()]*(?:fast|relax|turbo|stealth|[Ww]aiting|[Pp]aused|\d%)[^()]*\)"
_SIGNATURE = re.compile(
    rf"(?:\*\*)?[ \t]*[-–—][ \t]+(?:{_FROM}\b[^@<\n]{{0,40}}?{_WHO}{_HOW}*|{_WHO}{_HOW}*?{_SPEED})\s*\Z"
)

_LONGEST = 160
_ROOM = 40


def signature(text: str) -> Span | None:
    """Where Discord's own words stand at the end of a text: ``- Upscaled by @user (fast)``."""
    if "@" not in text:
        return None
    # Nothing of it is long, so what is far from the end is never looked at.
    far = max(0, len(text.rstrip()) - _LONGEST)
    match = _SIGNATURE.search(text, far)
    return Span(match.start(), len(text.rstrip())) if match else None


def left_over(text: str, start: int, *, first: bool) -> Iterator[Finding]:
    """The findings in words.

    Args:
        text: The words.
        start: Where they begin in the prompt.
        first: Whether nothing stands before them.
    """
    command = COMMAND.search(text) if "/" in text else None
    command = command or (_FIRST.match(text) if first and "rompt" in text.lower() else None)
    if command:
        shown = command[0].strip()
        said = "a Discord command" if "magine" in shown.lower() else "the label of a prompt"
        yield _removal(text, Span(*command.span()), start, said)
    signed = signature(text)
    if signed:
        yield _removal(text, signed, start, "what Discord shows behind a job")
    if "#" in text and "\n" in text:
        yield from _comments(text, start)
    if "&" in text or "<" in text:
        yield from _markup(text, start)


def _removal(text: str, span: Span, start: int, what: str) -> Finding:
    """Words that are taken out together with the white space around them."""
    raw = text[span.start : span.end]
    begin = span.start + len(raw) - len(raw.lstrip())
    shown = raw.strip()
    return Finding(
        rules.DISCORD_COMMAND,
        Span(begin, begin + len(shown)).shifted(start),
        f"`{shown}` is {what} and no part of the prompt",
        fix="remove it",
        changes=(Change(span.shifted(start), ""),),
        safety="unsafe",
    )


def _comments(text: str, start: int) -> Iterator[Finding]:
    """Lines that a reader takes for comments; inside of a text with several lines they are none."""
    for match in _COMMENT.finditer(text):
        comment = match["comment"].rstrip()
        if "mjspec:" in comment:
            continue  # It was meant to hide findings, which is told already.
        begin = match.start("comment")
        span = Span(begin, begin + len(comment)).shifted(start)
        shown = comment if len(comment) <= _ROOM else f"{comment[: _ROOM - 3].rstrip()}..."
        yield Finding(
            rules.COMMENT_IN_PROMPT,
            span,
            f"`{shown}` looks like a comment, but is sent as part of the prompt",
            fix="remove the line",
            changes=(Change(Span(*match.span()).shifted(start), ""),),
            safety="unsafe",
        )


def _markup(text: str, start: int) -> Iterator[Finding]:
    """What is HTML for other signs, or for nothing."""
    for match in _ENTITIES_IN_A_ROW.finditer(text):
        signs = _ENTITY.sub(_sign, match[0])
        if signs.isprintable():
            yield _html(match, start, f"HTML for `{signs}`", signs, f"write `{signs}`")
    for match in _TAG.finditer(text):
        space = " " if match["tag"].lower() in ("br", "p", "li", "div") else ""
        yield _html(match, start, "HTML", space, "remove it")


def _sign(entity: re.Match[str]) -> str:
    return _ENTITIES[entity[1]] if entity[1] else chr(int(entity[2]))


def _html(match: re.Match[str], start: int, what: str, written: str, fix: str) -> Finding:
    span = Span(*match.span()).shifted(start)
    said = f"`{match[0]}` is {what}, and is sent as it stands"
    change = Change(span, written)
    return Finding(rules.STRAY_MARKUP, span, said, fix=fix, changes=(change,), safety="unsafe")
