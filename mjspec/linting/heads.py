"""What stands before the first parameter, where it can be looked at alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec.jobs.multi_prompts import multi_prompt_findings
from mjspec.language.content import content_of
from mjspec.language.parser import first_parameter, parse
from mjspec.language.wording import join_findings, may_hold_more, text_findings

if TYPE_CHECKING:
    from mjspec.diagnostics import Finding
    from mjspec.jobs.model import Model
    from mjspec.language.prompt import Prompt

__all__ = ["Head", "cut", "cut_closely", "read_head"]

_LONGEST = 4000
_LONGEST_REMEMBERED = 1000
_MOST = 1 << 13
_FIRST = re.compile(r"-\s*-|[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DASHES = re.compile(r"-\s*(?:-|\Z)")
# Signs that may be more than text, and white space that is no plain space.
_NOT_PLAIN = re.compile(
    r"[\xa0\u1680\u2000-\u2015\u2028-\u202f\u205f-\u206f\u2212"
    r"\ufe58\ufe63\ufeff\uff0d]|\u3000\Z|-\s*(?:-|\Z)"
)

# Dashes that may be more than text, and what takes another look than this.
_DASHED = re.compile(r"-\s*-|[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ELSEWHERE = re.compile(r"[{}\0]|://")
_NOT_FREE = re.compile(
    r"[\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff]|\u3000\Z"
    r"|[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]\s*\Z"
)


class Head(NamedTuple):
    """What stands before the parameters.

    Attributes:
        text: The words in canonical form.
        findings: What is wrong with them.
    """

    text: str
    findings: tuple[Finding, ...]


class _Words(NamedTuple):
    """What is known of words in any model version, and their tree if they have weights."""

    head: Head
    prompt: Prompt | None


_words: dict[str, _Words] = {}


def cut(text: str) -> int:
    """Where the parameters of a prompt begin, if what stands before them is text alone; else -1.

    If so, nothing in one half decides what is found in the other, but for the model version and
    for a quote before the first word. It says no wherever that would take a closer look.
    """
    if len(text) > _LONGEST or "{" in text or "}" in text:
        return -1
    at = text.find("--")
    if at < 0:
        if _is_plain(text):
            return len(text)
        at = len(text)
    elif text[at - 1 : at].isspace() and _is_plain(text[:at]):
        return at
    match = _FIRST.search(text, 0, at + 2)
    at = match.start() if match else at
    return at if text[at - 1 : at].isspace() and _is_plain(text[:at]) else -1


def _is_plain(text: str) -> bool:
    if not text or text.isspace() or "://" in text or "\0" in text:
        return False
    # Of plain signs only hyphens can be more than text, which is several times as fast to ask.
    return (_DASHES if text.isascii() else _NOT_PLAIN).search(text) is None


def cut_closely(text: str) -> int:
    """The same for words with dashes among them that begin no parameter: ``a fox – red --v 7``."""
    if len(text) > _LONGEST or not _DASHED.search(text) or _ELSEWHERE.search(text):
        return -1
    at = first_parameter(text)
    head = text[:at]
    if not head or not (at == len(text) or head[-1].isspace()) or _NOT_FREE.search(head):
        return -1
    # Of other white space between the words and a dash, single spaces may make a parameter.
    return at if " ".join(head.split()) == head.strip() != "" else -1


def read_head(text: str, model: Model) -> Head:
    """What text without links and permutations says, and what is wrong with it.

    Args:
        text: The text before the parameters, as `cut` or `cut_closely` has found it.
        model: The model version that they choose.
    """
    if not may_hold_more(text):
        return Head(" ".join(text.split()), ())
    words = _words.get(text) or _read(text)
    if words.prompt is None:
        return words.head
    more = multi_prompt_findings(words.prompt, model)
    return words.head._replace(findings=(*words.head.findings, *more))


def _read(text: str) -> _Words:
    """What has to be looked at closely; it recurs more often than other words."""
    prompt = parse(text)
    findings: list[Finding] = []
    if prompt.doubts:
        join_findings(prompt, text, [], findings)
    text_findings(prompt, text, findings)
    single = len(prompt.parts) == 1
    content = " ".join(text.split()) if single else content_of(prompt).prompt
    words = _Words(Head(content, tuple(findings)), None if single else prompt)
    if len(text) <= _LONGEST_REMEMBERED:
        if len(_words) >= _MOST:
            _words.clear()
        _words[text] = words
    return words
