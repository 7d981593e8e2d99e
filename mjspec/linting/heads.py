"""What stands before the first parameter, where it can be looked at alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.jobs.checks import takes_images
from mjspec.jobs.multi_prompts import multi_prompt_findings
from mjspec.language.content import content_of
from mjspec.language.parser import first_parameter, parse
from mjspec.language.prompt import DASHES, Text
from mjspec.language.wording import join_findings, may_hold_more, text_findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Finding
    from mjspec.jobs.model import Model
    from mjspec.language.prompt import Prompt

__all__ = ["Head", "content_text", "cut", "cut_closely", "has_images", "read_head"]

_LONGEST = 4000
_LONGEST_REMEMBERED = 1000
_MOST = 1 << 13
_FIRST = re.compile(rf"-\s*-|[{DASHES}]")
_DASHES = re.compile(r"-\s*(?:-|\Z)")
# Signs that may be more than text, and white space that is no plain space.
_NOT_PLAIN = re.compile(
    rf"[{DASHES}\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff]"
    r"|\u3000\Z|-\s*(?:-|\Z)"
)

# Dashes that may be more than text, and what takes another look than this.
_DASHED = re.compile(rf"-\s*-|[{DASHES}]|://")
_DASH = re.compile(f"[-{DASHES}]")
_ELSEWHERE = re.compile(r"[{}\0]")
_ABOUT_LINKS = (rules.INVALID_IMAGE, rules.MISPLACED_IMAGE)
_NOT_FREE = re.compile(
    r"[\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff]|\u3000\Z"
    rf"|[-{DASHES}]\s*\Z"
)


class Head(NamedTuple):
    """What stands before the parameters.

    Attributes:
        text: The words in canonical form, behind the links to images.
        findings: What is wrong with them.
    """

    text: str
    findings: tuple[Finding, ...]


class _Words(NamedTuple):
    """What is known of words in any model version, and their tree if it matters in some."""

    head: Head
    prompt: Prompt | None = None
    images: bool = False


_words: dict[str, _Words | None] = {}


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
    """The same for words with links before them, or with dashes that begin no parameter.

    ``https://example.com/a.png a fox – red --v 7``
    """
    if len(text) > _LONGEST or not _DASHED.search(text) or _ELSEWHERE.search(text):
        return -1
    at = first_parameter(text)
    head = text[:at]
    if not head or not (at == len(text) or head[-1].isspace()) or _NOT_FREE.search(head):
        return -1
    # Of other white space between the words and a dash, single spaces may make a parameter.
    if " ".join(head.split()) != head.strip() or head.isspace():
        return -1
    return at if "://" not in head or _read(head) is not None else -1


def has_images(head: str) -> bool:
    """Whether links to images stand before the words of a prompt, which `cut_closely` has cut."""
    words = _read(head) if "://" in head else None
    return words is not None and words.images


def read_head(text: str, model: Model) -> Head | None:
    """What text without permutations says, and what is wrong with it.

    Args:
        text: The text before the parameters, as `cut` or `cut_closely` has found it.
        model: The model version that they choose.

    Returns:
        None if that takes a look at the parameters, too.
    """
    if not may_hold_more(text):
        # To join what was split takes several times as long.
        single = "  " not in text and text.isprintable()
        return Head(text.strip() if single else " ".join(text.split()), ())
    words = _read(text)
    if words is None or (words.images and not takes_images(model.rules)):
        return None
    if words.prompt is None:
        return words.head
    more = multi_prompt_findings(words.prompt, model)
    return words.head._replace(findings=(*words.head.findings, *more))


def _read(text: str) -> _Words | None:
    """What has to be looked at closely; it recurs more often than other words."""
    if text in _words:
        return _words[text]
    words = _looked_at(text)
    if len(text) <= _LONGEST_REMEMBERED:
        if len(_words) >= _MOST:
            _words.clear()
        _words[text] = words
    return words


def _looked_at(text: str) -> _Words | None:
    prompt = parse(text)
    findings: list[Finding] = []
    if prompt.doubts:
        join_findings(prompt, text, [], findings)
    text_findings(prompt, text, findings)
    if len(prompt.parts) == 1 and isinstance(prompt.parts[0], Text):
        return _Words(Head(" ".join(text.split()), tuple(findings)))
    content = content_of(prompt)
    if _DASH.search(text) and parse(content.prompt).flags:
        return None
    images = (*content.images, *content.weighted)
    if images and (not content.text or any(one.rule in _ABOUT_LINKS for one in findings)):
        return None
    head = Head(content_text(content.images, content.prompt), tuple(findings))
    return _Words(head, prompt, bool(images))


def content_text(images: Iterable[str], text: str) -> str:
    """Links and words as what equal jobs have in common."""
    return "\n".join([*images, text])
