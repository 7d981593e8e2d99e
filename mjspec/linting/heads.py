"""What stands before the first parameter, where it can be looked at alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec.jobs.multi_prompts import multi_prompt_findings
from mjspec.language.content import content_of
from mjspec.language.parser import parse
from mjspec.language.wording import text_findings, word_findings

if TYPE_CHECKING:
    from mjspec.diagnostics import Finding
    from mjspec.jobs.model import Model

__all__ = ["Head", "cut", "read_head"]

_LONGEST = 4000
_FIRST = re.compile(r"-\s*-|[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DASHES = re.compile(r"-\s*(?:-|\Z)")
# Signs that may be more than text, and white space that is no plain space.
_NOT_PLAIN = re.compile(
    r"[\xa0\u1680\u2000-\u2015\u2028-\u202f\u205f-\u206f\u2212"
    r"\ufe58\ufe63\ufeff\uff0d]|\u3000\Z|-\s*(?:-|\Z)"
)


class Head(NamedTuple):
    """What stands before the parameters.

    Attributes:
        text: The words in canonical form.
        findings: What is wrong with them.
    """

    text: str
    findings: list[Finding]


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


def read_head(text: str, model: Model) -> Head:
    """What text without links and permutations says, and what is wrong with it.

    Args:
        text: The text before the parameters, as `cut` has found it.
        model: The model version that they choose.
    """
    if "::" not in text:
        return Head(" ".join(text.split()), word_findings(text))
    prompt = parse(text)
    findings: list[Finding] = []
    text_findings(prompt, text, findings)
    findings += multi_prompt_findings(prompt, model)
    return Head(content_of(prompt).prompt, findings)
