"""From text to syntax tree: total, lossless and linear.

A prompt is cut into its head and its parameters by one pattern, and each piece is read by the
grammar. Parameters recur, so every distinct one is read once and its tree shared.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from mjspec.language.grammar import flag_pattern, head_pattern, parse_group
from mjspec.language.plausible import Candidate, is_parameter, looks_like_parameter
from mjspec.language.prompt import (
    DASHES,
    UNSEEN,
    Flag,
    Image,
    Permutation,
    Prompt,
    Text,
    Weight,
    Word,
)
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.language.prompt import Group, Part, Placed

__all__ = ["cut_plain", "first_parameter", "flag_of", "parse"]

_MASK = "\0"
# Where a parameter may begin: dashes, perhaps of several kinds, perhaps white space, and a letter. It
# begins with one set of signs, which lets the engine skip everything else, and takes each run of
# dashes once, which keeps it linear.
_DASHED = (
    rf"(?<![-{DASHES}][-{DASHES}])"
    rf"(?P<dash>(?<=-)(?:[-{DASHES}]++|(?: -(?!-)){{1,2}})|(?<=[{DASHES}])[-{DASHES}]*+)"
    rf"(?P<gap>[\s{UNSEEN}]*+)(?=[^\W\d_]|\0)"
)
_CUT = re.compile(rf"[-{DASHES}]{_DASHED}")
# Links are matched too, so that dashes inside them are never looked at.
_CUT_AMONG_LINKS = re.compile(rf"[h\-{DASHES}](?:(?<=h)ttps?://[^\s<>]++|{_DASHED})")
_OTHER_DASH = re.compile(f"[{DASHES}]")
_BRACE = re.compile(r"\\[\s\S]|[{}]")
_LETTERS = re.compile(r"[^\W\d_]+")
# What looks like nothing separates words too, so that it is in no value.
_WORDS = re.compile(rf"[^\s{UNSEEN}]+")
_REMEMBERED = 1 << 14
_LONGEST_REMEMBERED = 200
_flags: dict[str, Flag] = {}


def parse(text: str) -> Prompt:
    """The syntax tree of a prompt. Every text has one, and it renders back to that text."""
    if "{" in text or "}" in text:
        return _parse_braced(text)
    return _parse_plain(text) or _parse_cut(text)


def _parse_plain(text: str) -> Prompt | None:
    """The tree of a prompt in which every ``--`` stands free and touches a letter, as most do.

    It says what `_parse_cut` would say, several times as fast; None where that has to look closer.
    """
    pieces = cut_plain(text)
    if pieces is None:
        return None
    head, *tails = pieces
    at = len(head)
    flags = []
    for tail in tails:
        raw = f"--{tail}"
        flags.append((at, _flags.get(raw) or _remember(raw)))
        at += len(raw)
    return Prompt(_parts(head), tuple(flags))


def cut_plain(text: str) -> list[str] | None:
    """A prompt cut at its ``--``: its head, then each parameter without the dashes.

    None where a dash may be more or less than it looks, so that it takes `parse` to cut it.
    """
    if "://" in text or "- -" in text or not (text.isascii() or not _OTHER_DASH.search(text)):
        return None
    pieces = text.split("--")
    before = pieces[0]
    for piece in pieces[1:]:
        if (before and not before[-1].isspace()) or not piece[:1].isalpha():
            return None
        before = piece
    return pieces


def _parse_cut(text: str) -> Prompt:
    cuts, doubts = _cuts(text)
    parts = _parts(text[: cuts[0]] if cuts else text)
    flags = []
    for start, end in pairwise([*cuts, len(text)]):
        raw = text[start:end]
        flags.append((start, flag_of(raw)))
    return Prompt(parts, tuple(flags), doubts)


@lru_cache(maxsize=4)
def _parse_braced(text: str) -> Prompt:
    """Permutations are masked while the pieces are read: they are one sign of text there."""
    groups, braces = _groups(text)
    masked = _masked(text, groups)
    cuts, doubts = _cuts(masked)
    cuts.append(len(text))
    parts = _unmasked(_parts(masked[: cuts[0]]), text, groups)
    flags = []
    for start, end in pairwise(cuts):
        raw, hidden = text[start:end], masked[start:end]
        if raw == hidden:
            flags.append((start, flag_of(raw)))
        else:
            flags.append((start, _revealed(_flag(hidden), raw)))
    return Prompt(parts, tuple(flags), doubts, braces, groups)


def _groups(text: str) -> tuple[tuple[Placed, ...], tuple[int, ...]]:
    """The outermost pairs of braces, and the braces without a partner."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    stray: list[int] = []
    for match in _BRACE.finditer(text):
        start = match.start()
        if text[start] == "{":
            opened.append(start)
        elif text[start] == "}" and opened:
            first = opened.pop()
            while pairs and pairs[-1][0] > first:
                pairs.pop()
            pairs.append((first, start + 1))
        elif text[start] == "}":
            stray.append(start)
    groups = tuple((first, _group(text[first:end])) for first, end in pairs)
    return groups, tuple(sorted(stray + opened))


@lru_cache(maxsize=1 << 8)
def _group(raw: str) -> Group:
    # Only the outermost keeps its text: copies in nested groups would take quadratic room.
    return replace(parse_group(raw), raw=raw)


def _cuts(text: str) -> tuple[list[int], tuple[Span, ...]]:
    """Where parameters begin, and the dashes that only look as if one did."""
    cuts: list[int] = []
    doubts: list[Span] = []
    for candidate in _candidates(text):
        if is_parameter(candidate):
            cuts.append(candidate.start)
        elif looks_like_parameter(candidate):
            name = _LETTERS.match(text, candidate.end)
            doubts.append(Span(candidate.start, name.end() if name else candidate.end))
    return cuts, tuple(doubts)


def first_parameter(text: str) -> int:
    """Where the first parameter begins; the end of a text without any.

    Args:
        text: A prompt without permutations.
    """
    return next((at.start for at in _candidates(text) if is_parameter(at)), len(text))


def _candidates(text: str) -> Iterator[Candidate]:
    """Dashes that may begin a parameter."""
    pattern = _CUT_AMONG_LINKS if "://" in text else _CUT
    for match in pattern.finditer(text):
        torn = match.end("dash")
        if torn >= 0:
            yield Candidate(text, match.start(), torn, match.end())


def flag_of(raw: str) -> Flag:
    """The tree of one parameter as typed, from its dashes to the next one."""
    return _flags.get(raw) or _remember(raw)


def _remember(raw: str) -> Flag:
    flag = _flag(raw)
    if len(raw) <= _LONGEST_REMEMBERED:
        if len(_flags) >= _REMEMBERED:
            _flags.clear()
        _flags[raw] = flag
    return flag


def _flag(raw: str) -> Flag:
    """The rule ``flag``."""
    match = cast("re.Match[str]", flag_pattern().fullmatch(raw))
    dash, gap, name = match["DASH"], match["SPACE"] or "", match["NAME"]
    rest = match.end("NAME")
    words = tuple(Word(word[0], word.start()) for word in _WORDS.finditer(raw, rest))
    return Flag(raw, dash, gap, name, words)


def _revealed(flag: Flag, raw: str) -> Flag:
    """The same parameter with the permutations that were masked."""
    words = tuple(Word(raw[w.start : w.start + len(w.text)], w.start) for w in flag.words)
    if not flag.name.startswith(_MASK):
        return Flag(raw, flag.dash, flag.gap, flag.name, words)
    named = Word(raw[flag.name_start : flag.name_end], flag.name_start)
    return Flag(raw, flag.dash, flag.gap, "", (named, *words))


def _parts(text: str) -> tuple[Part, ...]:
    """The rule ``head``: what is neither link nor weight is text."""
    if not text:
        return ()
    weights, links = "::" in text, "://" in text
    if not (weights or links):
        return (Text(text, Span(0, len(text))),)
    parts: list[Part] = []
    at = 0
    for match in head_pattern(weights, links).finditer(text):
        start, end = match.span()
        if at < start:
            parts.append(Text(text[at:start], Span(at, start)))
        kind = Image if match.lastgroup == "LINK" else Weight
        parts.append(kind(match[0], Span(start, end)))
        at = end
    if at < len(text):
        parts.append(Text(text[at:], Span(at, len(text))))
    return tuple(parts)


def _masked(text: str, groups: tuple[Placed, ...]) -> str:
    pieces = []
    at = 0
    for start, group in groups:
        pieces += [text[at:start], _MASK * len(group.raw)]
        at = start + len(group.raw)
    return "".join([*pieces, text[at:]])


def _unmasked(parts: tuple[Part, ...], text: str, groups: tuple[Placed, ...]) -> tuple[Part, ...]:
    """The parts with the masked permutations cut out of their texts."""
    result: list[Part] = []
    waiting = list(reversed(groups))
    for part in parts:
        at, end = part.span
        while waiting and waiting[-1][0] < end:
            start, group = waiting.pop()
            if not isinstance(part, Text):
                continue  # A permutation inside a link belongs to the link.
            if start > at:
                result.append(Text(text[at:start], Span(at, start)))
            at = start + len(group.raw)
            result.append(Permutation(group.raw, Span(start, at), group))
        if at < end:
            result.append(replace(part, raw=text[at:end], span=Span(at, end)))
    return tuple(result)
