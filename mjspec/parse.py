"""From text to syntax tree: total, lossless and linear. The only module that uses Lark.

A prompt is cut into its head and its parameters by one pattern, and each piece is parsed by the
grammar. Parameters recur, so every distinct one is parsed once and its tree shared.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

from mjspec.plausible import Candidate, is_parameter, looks_like_parameter
from mjspec.prompt import Flag, Group, Image, Option, Permutation, Prompt, Text, Weight, Word
from mjspec.source import Span

if TYPE_CHECKING:
    from lark import Lark, Token

    from mjspec.prompt import Part, Placed

__all__ = ["CEILING", "parse"]

CEILING = 1 << 40
"""Counts of permutations stop here: beyond it only "too many" matters."""

_MASK = "\0"
_DOUBLE = 2
_DASHES = r"\u2010-\u2015\u2212\uFE58\uFE63\uFF0D"
# Where a parameter may begin: dashes, perhaps white space, and a letter. Links are matched too, so
# that dashes inside them are never looked at. It begins with one set of signs, which lets the
# engine skip everything else, and takes each run of dashes once, which keeps it linear.
_CUT = re.compile(
    rf"[h\-{_DASHES}](?:(?<=h)ttps?://[^\s<>]++"
    rf"|(?<![-{_DASHES}][-{_DASHES}])"
    rf"(?P<dash>(?<=-)(?:-++|(?: -++){{1,2}})|(?<=[{_DASHES}])[{_DASHES}]*+)(?P<gap>\s*+)(?=[A-Za-z\0]))"
)
_BRACE = re.compile(r"\\[\s\S]|[{}]")
_LETTERS = re.compile(r"[A-Za-z]+")
_WORDS = re.compile(r"\S+")
_REMEMBERED = 1 << 16
_flags: dict[str, Flag] = {}


def parse(text: str) -> Prompt:
    """The syntax tree of a prompt. Every text has one, and it renders back to that text."""
    if "{" in text or "}" in text:
        return _parse_braced(text)
    cuts, doubts = _cuts(text)
    if not cuts:
        return Prompt(_parts(text), (), doubts)
    flags = []
    known = _flags
    for index, start in enumerate(cuts):
        raw = text[start : cuts[index + 1] if index + 1 < len(cuts) else None]
        flags.append((start, known.get(raw) or _remember(raw)))
    return Prompt(_parts(text[: cuts[0]]), tuple(flags), doubts)


def _parse_braced(text: str) -> Prompt:
    """Permutations are masked while the pieces are parsed: they are one sign of text there."""
    groups, braces = _groups(text)
    masked = _masked(text, groups)
    cuts, doubts = _cuts(masked)
    cuts.append(len(text))
    parts = _unmasked(_parts(masked[: cuts[0]]), text, groups)
    flags = []
    for start, end in pairwise(cuts):
        raw, hidden = text[start:end], masked[start:end]
        if raw == hidden:
            flags.append((start, _flags.get(raw) or _remember(raw)))
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


@lru_cache(maxsize=1 << 12)
def _group(raw: str) -> Group:
    # Only the outermost keeps its text: copies in nested groups would take quadratic room.
    return replace(cast("Group", _parse_rule("group", raw)), raw=raw)


def _cuts(text: str) -> tuple[list[int], tuple[Span, ...]]:
    """Where parameters begin, and the dashes that only look as if one did."""
    cuts: list[int] = []
    doubts: list[Span] = []
    for match in _CUT.finditer(text):
        start, end = match.span()
        torn = match.end("dash")
        if torn < 0:
            continue
        if end - start == _DOUBLE and torn == end and text[start] == "-" and (
            not start or text[start - 1].isspace()
        ):
            cuts.append(start)
            continue
        candidate = Candidate(text, start, torn, end)
        if is_parameter(candidate):
            cuts.append(start)
        elif looks_like_parameter(candidate):
            name = _LETTERS.match(text, end)
            doubts.append(Span(start, name.end() if name else end))
    return cuts, tuple(doubts)


def _remember(raw: str) -> Flag:
    if len(_flags) >= _REMEMBERED:
        _flags.clear()
    flag = _flags[raw] = _flag(raw)
    return flag


def _flag(raw: str) -> Flag:
    return cast("Flag", _parse_rule("flag", raw))


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
    if "::" not in text and "http" not in text:
        return (Text(text, Span(0, len(text))),)
    parts: list[Part] = []
    at = 0
    for match in _head_pattern().finditer(text):
        start, end = match.span()
        if at < start:
            parts.append(Text(text[at:start], Span(at, start)))
        kind = Image if match.lastgroup == "LINK" else Weight
        parts.append(kind(match[0], Span(start, end)))
        at = end
    if at < len(text):
        parts.append(Text(text[at:], Span(at, len(text))))
    return tuple(parts)


@cache
def _head_pattern() -> re.Pattern[str]:
    """The terminals of the rule ``head``, as the grammar has them."""
    lark = _lark("head")
    return re.compile(
        "|".join(f"(?P<{n}>{lark.get_terminal(n).pattern.to_regexp()})" for n in ("LINK", "WEIGHT"))
    )


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


def _parse_rule(rule: str, text: str) -> object:
    return _lark(rule).parse(text)


@cache
def _lark(rule: str) -> Lark:
    from lark import Lark

    from mjspec._resources import grammar

    return Lark(
        grammar("prompt.lark"),
        parser="lalr",
        lexer="contextual",
        start=rule,
        transformer=_transformer(),
        maybe_placeholders=False,
    )


def _transformer() -> Any:
    """The methods that Lark calls as each rule ends, so that nesting needs no recursion."""
    from lark import Transformer

    class Build(Transformer[Any, Any]):
        def flag(self, tokens: list[Token]) -> Flag:
            at = 2 if tokens[1].type == "SPACE" else 1
            rest = tokens[at + 1] if len(tokens) > at + 1 else None
            start = sum(map(len, tokens[: at + 1]))
            return Flag(
                raw="".join(tokens),
                dash=str(tokens[0]),
                gap=str(tokens[1]) if at > 1 else "",
                name=str(tokens[at]),
                words=tuple(
                    Word(match[0], start + match.start()) for match in _WORDS.finditer(rest or "")
                ),
            )

        def option(self, nodes: list[Any]) -> list[Any]:
            """``option: | option PLAIN | option group``, collected in one growing list."""
            if not nodes:
                return []
            nodes[0].append(nodes[1] if isinstance(nodes[1], Group) else _span(nodes[1]))
            return cast("list[Any]", nodes[0])

        def options(self, nodes: list[Any]) -> list[Any]:
            """``options: option | options COMMA option``, collected in one growing list."""
            if len(nodes) == 1:
                return [_option(nodes[0])]
            nodes[0].append(_option(nodes[2]))
            return cast("list[Any]", nodes[0])

        def group(self, nodes: list[Any]) -> Group:
            options = tuple(nodes[1])
            count = min(sum(option.count for option in options), CEILING)
            span = Span(nodes[0].start_pos, nodes[2].end_pos)
            return Group("", span, options, count)

    return Build()


def _option(nodes: list[Span | Group]) -> Option:
    count = 1
    for node in nodes:
        if isinstance(node, Group):
            count = min(count * node.count, CEILING)
    return Option(tuple(nodes), count)


def _span(token: Token) -> Span:
    return Span(cast("int", token.start_pos), cast("int", token.end_pos))
