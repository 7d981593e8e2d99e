"""What is wrong with the text of a prompt, and where text and parameters meet."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.prompt import UNSEEN, Image, Permutation, Text, Weight
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.prompt import Prompt

__all__ = ["MOVE_LINKS", "OPENERS", "join_findings", "text_findings", "word_findings"]

MOVE_LINKS = "move the link to the front"
_MOVE_WORDS = "move the words before the first parameter"

_SPACED_BEFORE = re.compile(r"\s+\Z")
_SPACED_NUMBER = re.compile(r"[ \t]+-?(?:\d+(?:\.\d+)?|\.\d+)(?=\s|\Z)")
_SPLIT_COLONS = re.compile(r"(?<!:): :(?!:)")
_COMMAND = re.compile(r"(?<!\S)/imagine\b(?:\s+prompt\s*:|\s*:)?\s*", re.IGNORECASE)
_BARE_COMMAND = re.compile(r"\s*imagine\s+prompt\s*:\s*", re.IGNORECASE)
_SINGLE = re.compile(r"(?<!\S)-(ar|aspect|v|version|niji|stylize|chaos|seed|iw|sref|q)(?=\s+\d)")
_LINK = re.compile(r"<?https?://[^\s<>]+>?\Z")
_BLOB = re.compile(r"\bblob:\Z")
_UNUSUAL = f"\xa0\u1680\u2007\u202f\u205f\u3000{UNSEEN}"
_CLOSERS = {'"': '"', "”": "“", "'": "'", "’": "‘", ")": "(", "]": "["}
OPENERS = frozenset(" \t").union(_CLOSERS.values())
"""What may stand before the opening quote or bracket of a whole prompt, and those themselves."""


def word_findings(text: str) -> list[Finding]:
    """What is wrong with text without links, weights and permutations."""
    findings: list[Finding] = []
    if "/" in text or " -" in text or ": :" in text or "magine" in text:
        _words(Text(text, Span(0, len(text))), first=True, findings=findings)
    return findings


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
        front = _front(prompt)
        return finding._replace(
            fix=MOVE_LINKS,
            changes=(Change(Span(front, front), f"{stray} "), _cut_out(text, span)),
        )
    space = "" if not first or text[first - 1].isspace() else " "
    return finding._replace(
        fix=_MOVE_WORDS,
        changes=(Change(Span(first, first), f"{space}{stray} "), _cut_out(text, span)),
        safety="unsafe",
    )


def _taken_out(text: str, span: Span) -> Change:
    """Take a link out; the words on both sides of it stay two words."""
    start, end = span
    if not text[end:].strip():
        return _cut_out(text, span)
    if not start or text[start - 1].isspace():
        return Change(Span(start, end + text[end].isspace()), "")
    return Change(span, "" if text[end].isspace() else " ")


def _cut_out(text: str, span: Span) -> Change:
    """Take a range out of a text, with the white space before it."""
    return Change(Span(len(text[: span.start].rstrip()), span.end), "")


def _enclosing(text: str, finding: Finding) -> Finding:
    """A quote or bracket behind the last value that opened before the whole prompt."""
    start, end = finding.span
    tail = text[start:end]
    opened = "".join(_CLOSERS.get(sign, "") for sign in reversed(tail))
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


def text_findings(prompt: Prompt, text: str, findings: list[Finding]) -> None:
    """What is wrong with the words, links and weights."""
    if prompt.braces:
        findings += _unbalanced(prompt, findings)
    texts = False
    for index, part in enumerate(prompt.parts):
        if isinstance(part, Text):
            _words(part, first=not texts, findings=findings)
            texts = texts or _says_something(part)
        elif isinstance(part, Weight):
            _weight(prompt, index, findings)
        elif isinstance(part, Image):
            _image(prompt, index, text, findings, misplaced=texts)
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


def _says_something(part: Text) -> bool:
    text = _COMMAND.sub("", part.raw) if "/" in part.raw else part.raw
    return any(map(str.isalnum, text))


def _words(part: Text, *, first: bool, findings: list[Finding]) -> None:
    raw, start = part.raw, part.span.start
    command = _COMMAND.search(raw) if "/" in raw else None
    command = command or (_BARE_COMMAND.match(raw) if first else None)
    if command:
        span = Span(start + command.start(), start + command.end())
        text = f"`{command[0].strip()}` is a Discord command and no part of the prompt"
        findings.append(_guess(rules.DISCORD_COMMAND, span, text, "remove it", Change(span, "")))
    if ": :" in raw:
        for match in _SPLIT_COLONS.finditer(raw):
            span = Span(start + match.start(), start + match.end())
            text = "`: :` is no weight; the two colons of `::` touch each other"
            findings.append(
                _guess(rules.SPACED_WEIGHT, span, text, "write `::`", Change(span, "::"))
            )
    if " -" in raw:
        for match in _SINGLE.finditer(raw):
            span = Span(start + match.start(), start + match.end())
            text = f"`{match[0]}` has one hyphen and is read as text; did you mean `-{match[0]}`?"
            change = Change(Span(span.start, span.start), "-")
            findings.append(_guess(rules.SINGLE_HYPHEN, span, text, f"write `-{match[0]}`", change))


def _guess(rule: rules.Rule, span: Span, message: str, fix: str, change: Change) -> Finding:
    return Finding(rule, span, message, fix=fix, changes=(change,), safety="unsafe")


def _weight(prompt: Prompt, index: int, findings: list[Finding]) -> None:
    """A weight touches the text before it and its number."""
    part = prompt.parts[index]
    before = prompt.parts[index - 1] if index else None
    after = prompt.parts[index + 1] if index + 1 < len(prompt.parts) else None
    gap = _SPACED_BEFORE.search(before.raw) if isinstance(before, Text) else None
    number = _SPACED_NUMBER.match(after.raw) if isinstance(after, Text) else None
    if gap and isinstance(before, Text) and before.raw.strip().strip(":"):
        torn = Span(part.span.start - len(gap[0]), part.span.start)
        findings.append(
            Finding(
                rules.SPACED_WEIGHT,
                Span(torn.start, part.span.end),
                f"there is a space before `{part.raw}`; a weight touches the text it weighs",
                fix="remove the space",
                changes=(Change(torn, ""),),
            )
        )
    elif number and part.raw == "::":
        span = Span(part.span.start, part.span.end + number.end())
        text = f"`::{number[0]}` has a space before its number, which is read as text"
        wanted = number[0].strip()
        change = Change(Span(part.span.end, span.end), wanted)
        findings.append(_guess(rules.SPACED_WEIGHT, span, text, f"write `::{wanted}`", change))


def _image(
    prompt: Prompt, index: int, text: str, findings: list[Finding], *, misplaced: bool
) -> None:
    part = prompt.parts[index]
    before = prompt.parts[index - 1] if index else None
    blob = _BLOB.search(before.raw) if isinstance(before, Text) else None
    if blob:
        span = Span(part.span.start - len(blob[0]), part.span.end)
        message = f"`blob:{part.raw}` lies in one browser only; upload the image and use its link"
        findings.append(Finding(rules.INVALID_IMAGE, span, message))
    elif misplaced:
        after = prompt.parts[index + 1] if index + 1 < len(prompt.parts) else None
        weight = after.raw if isinstance(after, Weight) else ""
        span = Span(part.span.start, part.span.end + len(weight))
        front = _front(prompt)
        findings.append(
            Finding(
                rules.MISPLACED_IMAGE,
                part.span,
                f"`{part.raw}` is read as an image prompt; links stand at the front, before the text",
                fix=MOVE_LINKS,
                changes=(
                    Change(Span(front, front), f"{part.raw}{weight} "),
                    _taken_out(text, span),
                ),
            )
        )


def _front(prompt: Prompt) -> int:
    """Where one more image link belongs: behind those at the front."""
    for index, part in enumerate(prompt.parts):
        weighs_text = isinstance(part, Weight) and not (
            index and isinstance(prompt.parts[index - 1], Image)
        )
        if isinstance(part, Permutation) or weighs_text:
            return part.span.start
        if isinstance(part, Text) and part.raw.strip():
            command = _COMMAND.match(part.raw.lstrip())
            blank = len(part.raw) - len(part.raw.lstrip())
            return part.span.start + blank + (command.end() if command else 0)
    return prompt.flags[0][0] if prompt.flags else 0
