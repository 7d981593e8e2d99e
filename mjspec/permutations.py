"""Permutations: how many texts a prompt stands for, and each of them.

Texts are picked by number, so nothing is built before it is asked for, and nesting of any depth
needs no recursion. The leftmost group varies slowest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.grammar import CEILING
from mjspec.prompt import Group
from mjspec.source import Excerpt, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mjspec.prompt import Prompt

__all__ = ["count", "expand"]

_ESCAPED_COMMA = re.compile(r"\\,")


def count(prompt: Prompt) -> int:
    """How many texts the prompt stands for, no more than ``grammar.CEILING``."""
    total = 1
    for _, group in prompt.groups:
        total = min(total * group.count, CEILING)
    return total


def expand(prompt: Prompt, excerpt: Excerpt) -> Iterator[Excerpt]:
    """Each text that the prompt stands for, its characters keeping their places.

    Args:
        prompt: The parsed prompt.
        excerpt: The text it was parsed from.
    """
    if not prompt.groups:
        yield excerpt
        return
    for number in range(count(prompt)):
        yield _pick(prompt, excerpt, number)


def _pick(prompt: Prompt, excerpt: Excerpt, number: int) -> Excerpt:
    """The text with this number, from 0."""
    digits = _digits([group.count for _, group in prompt.groups], number)
    pieces: list[Excerpt] = []
    at = 0
    for (start, group), digit in zip(prompt.groups, digits, strict=True):
        pieces.append(excerpt.slice(at, start))
        for span in _chosen(group, digit):
            pieces += _unescaped(excerpt, span.shifted(start))
        at = start + len(group.raw)
    pieces.append(excerpt.slice(at, len(excerpt.text)))
    return Excerpt.join([piece for piece in pieces if piece.text] or pieces[:1])


def _chosen(group: Group, number: int) -> Iterator[Span]:
    """The ranges of plain text in one choice among a group's texts."""
    waiting: list[tuple[Span | Group, int]] = [(group, number)]
    while waiting:
        node, digit = waiting.pop()
        if not isinstance(node, Group):
            yield node
            continue
        for option in node.options:
            if digit < option.count:
                nodes = _stripped(option.nodes, group.raw)
                inner = [part.count if isinstance(part, Group) else 1 for part in nodes]
                waiting.extend(reversed(list(zip(nodes, _digits(inner, digit), strict=True))))
                break
            digit -= option.count


def _stripped(nodes: tuple[Span | Group, ...], raw: str) -> list[Span | Group]:
    """An option without the white space at its ends, which only sets it off from its comma."""
    result = list(nodes)
    if result and isinstance(first := result[0], Span):
        text = raw[first.start : first.end]
        result[0] = Span(first.end - len(text.lstrip()), first.end)
    if result and isinstance(last := result[-1], Span):
        text = raw[last.start : last.end]
        result[-1] = Span(last.start, last.start + len(text.rstrip()))
    return result


def _digits(radices: Sequence[int], number: int) -> list[int]:
    """The number in a mixed radix, the first digit the most significant."""
    digits = []
    for radix in reversed(radices):
        number, digit = divmod(number, radix)
        digits.append(digit)
    return digits[::-1]


def _unescaped(excerpt: Excerpt, span: Span) -> Iterator[Excerpt]:
    r"""The range without the backslash of ``\,``; ``\{`` stays, it would open a permutation."""
    at = span.start
    for match in _ESCAPED_COMMA.finditer(excerpt.text, span.start, span.end):
        yield excerpt.slice(at, match.start())
        at = match.start() + 1
    yield excerpt.slice(at, span.end)
