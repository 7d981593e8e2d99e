"""What is wrong with the text of a prompt, and where text and parameters meet."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.language.linking import (
    MOVE_LINKS,
    cut_out,
    front_of,
    link_findings,
    put_at,
    says_something,
)
from mjspec.language.mistyped import leading, mistyped
from mjspec.language.prompt import DASHES, UNSEEN, Image, Text, Weight
from mjspec.language.residue import left_over, signature
from mjspec.language.weighing import mistyped_weights, torn_weight
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.language.prompt import Prompt

__all__ = ["OPENERS", "join_findings", "may_hold_more", "text_findings"]

_MOVE_WORDS = "move the words before the first parameter"

_LINK = re.compile(r"<?https?://[^\s<>]+>?\Z")
_UNUSUAL = f"\xa0\u1680\u2007\u202f\u205f\u3000{UNSEEN}"
# Dashes and white space of other kinds, signs that look like dashes, and the fullwidth colon.
_OTHER_SIGNS = frozenset(f"{DASHES}ー\uff70一：{_UNUSUAL}")
_CLOSERS = {
    '"': '"',
    "”": "“",
    "'": "'",
    "’": "‘",
    ")": "(",
    "]": "[",
    "»": "«",
    "*": "*",
    "`": "`",
}
_QUOTES = frozenset("\"'“‘«")
OPENERS = frozenset(" \t").union(_CLOSERS.values())
"""What may stand before the opening quote or bracket of a whole prompt, and those themselves."""


def may_hold_more(text: str) -> bool:
    """Whether words before the parameters can hold anything but text; most have none of these signs.

    Args:
        text: Words without permutations.
    """
    return (
        " -" in text
        or "--" in text
        or "/" in text
        or ":" in text
        or "&" in text
        or "<" in text
        or "@" in text
        or "\n" in text
        or "\t" in text
        or " ar " in text
        or "rompt" in text
        or text.startswith(("-", "ar "))
        or not (text.isascii() or _OTHER_SIGNS.isdisjoint(text))
    )


def join_findings(prompt: Prompt, text: str, starts: list[int], findings: list[Finding]) -> None:
    """Where text and parameters meet: glued dashes, words and quotes behind parameters."""
    wanted = set(starts)
    before = prompt.parts[-1].raw if prompt.parts else ""
    for start, flag in prompt.flags:
        last = before[-1:]
        if start in wanted and last and last in _UNUSUAL:
            findings.append(_unusual(start, before))
        elif start in wanted and last and not last.isspace():
            findings.append(_glued(start, f"{flag.dash}{flag.gap}{flag.name}", last))
        before = flag.raw
    findings += [_doubtful(text[span.start : span.end], span) for span in prompt.doubts]
    for index, finding in enumerate(findings):
        if finding.rule is rules.TEXT_AFTER_PARAMETER:
            findings[index] = _moved(prompt, text, finding)
        elif finding.rule is rules.TRAILING_PUNCTUATION:
            findings[index] = _enclosing(text, finding)
    if any(finding.rule is rules.GLUED_PARAMETER for finding in findings):
        _unwrap(prompt.flags[0][0] if prompt.flags else 0, text, findings)


def _glued(start: int, name: str, last: str) -> Finding:
    return Finding(
        rules.GLUED_PARAMETER,
        Span(start, start + len(name)),
        f"`{name}` touches `{last}`; a parameter needs a space before it",
        fix="put a space before it",
        changes=(Change(Span(start, start), " "),),
    )


def _unusual(start: int, before: str) -> Finding:
    span = Span(start - len(before) + len(before.rstrip(_UNUSUAL)), start)
    return Finding(
        rules.UNUSUAL_SPACE,
        span,
        f"another sign than a space (U+{ord(before[-1]):04X}) stands before the dashes;"
        " write a plain space",
        fix="write a plain space",
        changes=(Change(span, " "),),
    )


def _doubtful(text: str, span: Span) -> Finding:
    """Dashes that were read as text."""
    if text[0] != "-":
        message = (
            f"`{text}` is read as text here, but Midjourney may take the em dash for two hyphens;"
            " put a space behind it"
        )
        return Finding(rules.EM_DASH, span, message)
    message = (
        f"`{text}` is read as text here, but Midjourney may take it for a parameter;"
        " put spaces around the dashes, or write one"
    )
    return Finding(rules.GLUED_PARAMETER, span, message)


def _moved(prompt: Prompt, text: str, finding: Finding) -> Finding:
    """Words behind a parameter, with the change that moves them before the first one."""
    span = finding.span
    stray = text[span.start : span.end]
    first = prompt.flags[0][0]
    links = [word for word in stray.split() if _LINK.match(word)]
    if links and len(links) == len(stray.split()):
        front = front_of(prompt)
        return finding._replace(
            fix=MOVE_LINKS if front is not None else None,
            changes=() if front is None else (put_at(front, stray), cut_out(text, span)),
        )
    removal = signature(stray)
    if removal is not None and not text[span.end :].strip():
        return _signed(text, finding)
    meant = leading(stray)
    if meant is not None:
        return finding._replace(
            message=f"{finding.message}; did you mean `{meant.replacement}`?",
            fix=f"write `{meant.replacement}`",
            changes=(Change(meant.span.shifted(span.start), meant.replacement),),
            safety="unsafe",
        )
    space = "" if not first or text[first - 1].isspace() else " "
    return finding._replace(
        fix=_MOVE_WORDS,
        changes=(Change(Span(first, first), f"{space}{stray} "), cut_out(text, span)),
        safety="unsafe",
    )


def _signed(text: str, finding: Finding) -> Finding:
    """What Discord shows behind a job, copied with the prompt, which it shows in bold."""
    start, end = finding.span
    stray = text[start:end]
    changes = [cut_out(text, finding.span)]
    body = text.lstrip()
    if stray.startswith("**") and body.startswith("**"):
        at = len(text) - len(body)
        changes.insert(0, Change(Span(at, at + 2), ""))
    return finding._replace(
        message=f"`{stray}` is what Discord shows behind a job and no part of the prompt",
        fix="remove it",
        changes=tuple(changes),
        safety="unsafe",
    )


def _enclosing(text: str, finding: Finding) -> Finding:
    """A quote or bracket behind the last value that opened before the whole prompt."""
    start, end = finding.span
    tail = text[start:end]
    opened = _opened(tail)
    body = text.lstrip()
    if not opened or text[end:].strip() or not body.startswith(opened):
        return finding
    at = len(text) - len(body)
    inside = text[at + len(opened) : start]
    if any(sign in inside for sign in {*tail, *opened} - {"."}):
        return finding
    return finding._replace(
        message=f"`{opened}` and `{tail}` enclose the whole prompt, and so stand in its text and"
        " behind its last parameter; remove both",
        fix="remove both",
        changes=(Change(Span(at, at + len(opened)), ""), *finding.changes),
    )


def _unwrap(first: int, text: str, findings: list[Finding]) -> None:
    """Brackets or quotes around the parameters: ``a fox (--ar 16:9)``. They are one mistake."""
    for index, finding in enumerate(findings):
        start, end = finding.span
        opened = _opened(text[start:end])
        if finding.rule is not rules.TRAILING_PUNCTUATION or text[end:].strip() or not opened:
            continue
        if not text[:first].endswith(opened) or set(text[first:start]) & {
            *opened,
            *text[start:end],
        }:
            continue
        front = Span(first - len(opened), first)
        space = "" if text[: front.start][-1:].isspace() else " "
        findings[index] = finding._replace(
            message=f"`{opened}` and `{text[start:end]}` enclose the parameters; remove both",
            fix="remove both",
            changes=(Change(front, space), *finding.changes),
            # What stands in quotes may be meant as words that are seen in the image.
            safety="unsafe" if set(opened) & _QUOTES else "safe",
        )
        findings[:] = [
            one
            for one in findings
            if one.rule is not rules.GLUED_PARAMETER or one.span.start != first
        ]
        return


def _opened(closers: str) -> str:
    """The signs that open what some signs close."""
    return "".join(_CLOSERS.get(sign, "") for sign in reversed(closers))


def text_findings(prompt: Prompt, text: str, findings: list[Finding]) -> None:
    """What is wrong with the words, links and weights."""
    if prompt.braces:
        findings += _unbalanced(prompt, findings)
    texts = False
    for index, part in enumerate(prompt.parts):
        if isinstance(part, Text):
            _words(part, first=not texts, findings=findings)
            texts = texts or says_something(part)
        elif isinstance(part, Weight):
            findings += torn_weight(prompt, index, part)
        elif isinstance(part, Image):
            findings += link_findings(prompt, index, text, misplaced=texts)
        else:
            texts = True


def _unbalanced(prompt: Prompt, findings: list[Finding]) -> list[Finding]:
    """Braces without a partner, unless something was found at the parameter they stand in."""
    spans = sorted(finding.span for finding in findings)
    message = "this brace has no partner and is read as text; write `\\` before a brace that is meant as text"
    found = []
    for brace in prompt.braces:
        index = bisect_right(spans, (brace, brace + 1)) - 1
        if index < 0 or not spans[index].start <= brace < spans[index].end:
            found.append(Finding(rules.UNBALANCED_BRACE, Span(brace, brace + 1), message))
    return found


def _words(part: Text, *, first: bool, findings: list[Finding]) -> None:
    raw, start = part.raw, part.span.start
    if not may_hold_more(raw):
        return
    findings += left_over(raw, start, first=first)
    findings += mistyped(raw, start)
    findings += mistyped_weights(raw, start)
