"""Permutations: how many texts a prompt stands for, and each of them.

Texts are picked by number, so nothing is built before it is asked for, and nesting of any depth
needs no recursion. The leftmost group varies slowest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.language.grammar import CEILING
from mjspec.language.prompt import Group
from mjspec.source import Excerpt, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mjspec.language.prompt import Placed, Prompt

__all__ = ["count", "expand"]

_KEPT = 1 << 10
"""How many texts of a group are kept for the next combination."""
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
    gaps = _gaps(prompt, excerpt)
    radices = [group.count for _, group in prompt.groups]
    known: list[dict[int, list[Excerpt]]] = [{} for _ in radices]
    for number in range(count(prompt)):
        pieces = [gaps[0]]
        for index, digit in enumerate(_digits(radices, number)):
            choice = known[index].get(digit)
            if choice is None:
                choice = list(_choice(prompt.groups[index], excerpt, digit))
                if len(known[index]) < _KEPT:
                    known[index][digit] = choice
            pieces += choice
            pieces.append(gaps[index + 1])
        yield Excerpt.join([piece for piece in pieces if piece.text] or pieces[:1])


def _gaps(prompt: Prompt, excerpt: Excerpt) -> list[Excerpt]:
    """What stands before, between and behind the groups."""
    starts = [start for start, _ in prompt.groups]
    ends = [start + len(group.raw) for start, group in prompt.groups]
    edges = zip([0, *ends], [*starts, len(excerpt.text)], strict=True)
    return [excerpt.slice(start, end) for start, end in edges]


def _choice(placed: Placed, excerpt: Excerpt, number: int) -> Iterator[Excerpt]:
    """The text of a group with this number, from 0."""
    start, group = placed
    for span in _chosen(group, number):
        yield from _unescaped(excerpt, span.shifted(start))


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
