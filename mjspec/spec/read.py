"""Reads YAML into nodes whose texts know their places; what is wrong becomes diagnostics.

Nothing here raises for what a file holds: not its syntax, its depth, its aliases or its tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mjspec.source import Location, Span
from mjspec.spec.builder import Builder
from mjspec.spec.events import Fault, parse

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.source import Source
    from mjspec.spec.nodes import Node, Scalar

__all__ = ["Documents", "comment_after", "read_yaml"]

# Some versions of libyaml give up far ahead of what they have told, without its first levels.
_LOOKAHEAD = "maximum nesting depth"
_BLANKS = (" ", "\t")
_COMMENT_AFTER = re.compile(r"[ \t]+(#[^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Documents:
    """What a file holds.

    Attributes:
        roots: The root of each document; one that is no valid YAML is left out, and after a syntax
            error there are no more.
        diagnostics: What is wrong with the file as YAML, in the order of the file.
        comments: Where each comment stands, from its ``#`` to the end of the line.
        stray_anchors: Where ``&name`` stands in front of plain text and nothing repeats it.
    """

    roots: tuple[Node, ...]
    diagnostics: tuple[Diagnostic, ...]
    comments: tuple[Location, ...]
    stray_anchors: tuple[Location, ...] = ()


@lru_cache(maxsize=2)
def read_yaml(source: Source, *, pure: bool = False) -> Documents:
    """Read all documents of a file; the last two are remembered, as a file is looked at repeatedly.

    Args:
        source: The file.
        pure: Use PyYAML's parser in Python also where the one in C is there.
    """
    builder = Builder(source)
    try:
        parse(source.text, builder, pure=pure)
        builder.finish()
    except Fault as fault:
        if not pure and _LOOKAHEAD in fault.problem:
            return read_yaml(source, pure=True)
        from mjspec.spec.faults import explain

        builder.fail(explain(source, fault, builder.innermost))
    # Keys are compared when their mapping ends, so what is found inside it was found before.
    found = sorted(builder.diagnostics, key=lambda each: each.location.span)
    return Documents(
        tuple(builder.roots),
        tuple(found),
        tuple(builder.comments.found),
        tuple(builder.stray_anchors),
    )


def comment_after(scalar: Scalar, source: Source) -> Location | None:
    """The comment that ends a plain scalar on its own line, which may be part of it by mistake."""
    if scalar.style != "plain" or source.text[scalar.end : scalar.end + 1] not in _BLANKS:
        return None
    match = _COMMENT_AFTER.match(source.text, scalar.end)
    return Location(source, Span(*match.span(1))) if match else None
