"""The grammar at work: its terminals as patterns, its nesting rule as a parser. The only user of Lark."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from mjspec.language._terminals import TERMINALS
from mjspec.language.prompt import Group, Option
from mjspec.source import Span

if TYPE_CHECKING:
    from lark import Lark, Token

__all__ = [
    "CEILING",
    "flag_pattern",
    "grammar_of",
    "head_pattern",
    "parse_group",
    "run_pattern",
    "terminals",
]

CEILING = 1 << 40
"""Counts of permutations stop here: beyond it only "too many" matters."""


def parse_group(raw: str) -> Group:
    """The rule ``group``; ``raw`` runs from an opening brace to its partner."""
    return cast("Group", grammar_of("group").parse(raw))


@cache
def head_pattern(weights: bool, links: bool) -> re.Pattern[str]:
    """The terminals of the rule ``head`` that are no mere text; only those that can occur."""
    names = ["LINK"] * links + ["WEIGHT"] * weights
    return re.compile("|".join(map(_group, names)))


@cache
def flag_pattern() -> re.Pattern[str]:
    """The terminals of the rule ``flag``, one behind the other."""
    return re.compile(f"{_group('DASH')}{_group('SPACE')}?{_group('NAME')}{_group('REST')}?")


@cache
def run_pattern() -> re.Pattern[str]:
    """The terminals of the rule ``run``."""
    return re.compile(f"{_group('PLAIN')}|{_group('COMMA')}")


def _group(name: str) -> str:
    return f"(?P<{name}>{TERMINALS[name]})"


def terminals() -> dict[str, str]:
    """The terminals that are used as patterns, as the grammar has them.

    They are kept in `mjspec.language._terminals`, since most prompts need no more of Lark than these.
    """
    return {
        name: grammar_of(rule).get_terminal(name).pattern.to_regexp()
        for rule, names in _USED.items()
        for name in names
    }


_USED = {
    "head": ("LINK", "WEIGHT"),
    "flag": ("DASH", "SPACE", "NAME", "REST"),
    "run": ("PLAIN", "COMMA"),
}


@cache
def grammar_of(rule: str) -> Lark:
    """The grammar with one of its rules as the start."""
    from lark import Lark

    from mjspec._resources import grammar

    return Lark(
        grammar("prompt.lark"),
        parser="lalr",
        lexer="contextual",
        start=rule,
        transformer=_transformer() if rule == "group" else None,
        maybe_placeholders=False,
    )


def _transformer() -> Any:
    """The methods that Lark calls as each rule ends, so that nesting needs no recursion."""
    from lark import Transformer

    class Build(Transformer[Any, Any]):
        def options(self, nodes: list[Any]) -> list[Any]:
            """``options: node | options node``, collected in one growing list."""
            if len(nodes) == 1:
                return nodes
            nodes[0].append(nodes[1])
            return cast("list[Any]", nodes[0])

        def group(self, nodes: list[Any]) -> Group:
            """``group: "{" options? "}"``."""
            options = _split(nodes[1]) if len(nodes) > 2 else (_EMPTY,)  # noqa: PLR2004 (the braces)
            count = min(sum(option.count for option in options), CEILING)
            return Group("", Span(nodes[0].start_pos, nodes[-1].end_pos), options, count)

    return Build()


_EMPTY = Option((), 1)


def _split(nodes: list[Token | Group]) -> tuple[Option, ...]:
    """The options of a group: its runs of text cut at their commas."""
    options: list[Option] = []
    current: list[Span | Group] = []
    for node in nodes:
        if isinstance(node, Group):
            current.append(node)
            continue
        offset = cast("int", node.start_pos)
        for match in run_pattern().finditer(node):
            if match.lastgroup == "PLAIN":
                current.append(Span(match.start() + offset, match.end() + offset))
            else:
                options.append(_option(current))
                current = []
    options.append(_option(current))
    return tuple(options)


def _option(nodes: list[Span | Group]) -> Option:
    if not nodes:
        return _EMPTY
    count = 1
    for node in nodes:
        if isinstance(node, Group):
            count = min(count * node.count, CEILING)
    return Option(tuple(nodes), count)
