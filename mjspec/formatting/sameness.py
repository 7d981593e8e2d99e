"""Whether two texts are the same prompt: what must not change when a prompt is only written anew."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from mjspec.diagnostics import Severity
from mjspec.language.content import content_of
from mjspec.language.parser import parse
from mjspec.language.permutations import expand
from mjspec.language.resolve import resolve
from mjspec.source import Source

if TYPE_CHECKING:
    from mjspec.domains import Value
    from mjspec.language.content import Content
    from mjspec.language.prompt import Prompt

__all__ = ["same_prompt", "texts_of"]

_MOST_COMPARED = 64
_MOST_CHARACTERS = 100_000
"""How much of a permutation is compared, as the number of its texts has no bound."""

_Said = tuple["Content", dict[str, "Value"], tuple[str, ...]]


def same_prompt(before: str, after: str) -> bool:
    """Whether two texts say the same: links, words, values, what is passed on as typed.

    Errors that were there before may be gone, but none may be new.
    """
    first, second = parse(before), parse(after)
    if not _agree(first, second):
        return False
    if not (first.groups or second.groups):
        return True
    return len(first.groups) == len(second.groups) and all(
        _agree(parse(one), parse(other))
        for one, other in zip(texts_of(first, before), texts_of(second, after), strict=False)
    )


def _agree(first: Prompt, second: Prompt) -> bool:
    said, errors = _reading(first)
    says, mistakes = _reading(second)
    return said == says and mistakes <= errors


def _reading(prompt: Prompt) -> tuple[_Said, frozenset[str]]:
    """What a prompt says, and the names of its errors."""
    resolved = resolve(prompt)
    values = {key: value for key, (value, _) in resolved.values.items()}
    errors = frozenset(
        finding.rule.name
        for finding in resolved.findings
        if (finding.severity or finding.rule.severity) is Severity.ERROR
    )
    return (content_of(prompt), values, resolved.kept), errors


def texts_of(prompt: Prompt, text: str) -> list[str]:
    """The first texts that the permutations of a prompt stand for."""
    excerpt = Source("prompt", text).excerpt()
    most = max(2, min(_MOST_COMPARED, _MOST_CHARACTERS // len(text)))
    return [one.text for one in islice(expand(prompt, excerpt), most)]
