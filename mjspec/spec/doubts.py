"""What a reader of a spec may get wrong: ambiguous scalars, and prompts that a comment cuts off."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.spec.fields import FIELDS, ambiguity
from mjspec.spec.nodes import Mapping, Scalar
from mjspec.spec.read import comment_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.source import Location
    from mjspec.spec.nodes import Node

__all__ = ["cut_off", "doubts", "lost_comment", "stray_anchor"]


_NUMERIC = frozenset("+-.0123456789")
_LONGEST_WORD = len("false")
_TEXTS = {"vars": "the value", "negative_prompt": "the text", "extra": "the text"}
"""Where a text besides the prompt may be cut off."""
_FREE = frozenset({"metadata", "vars", "matrix"})
"""Where keys are the user's own words."""


def doubts(root: Node) -> Iterator[Diagnostic]:
    """Every scalar that another reader of YAML would take for something else, or that is cut off.

    A value is judged by the field that it belongs to: its own key, or the axis of a matrix. An
    alias leads to a node that was seen before and is not judged again.
    """
    seen: set[int] = set()
    stack: list[tuple[str | None, Node]] = [(None, root)]
    while stack:
        name, node = stack.pop()
        if isinstance(node, Scalar):
            if _may_mislead(node):
                doubt = ambiguity(name, node)
                if doubt is not None:
                    yield doubt
            if name in _TEXTS and (loss := cut_off(node, _TEXTS[name])):
                yield loss
        elif id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Mapping):
                stack += _parts(name, node)
            else:
                stack += [(name, item) for item in node.items]


def _parts(name: str | None, node: Mapping) -> list[tuple[str | None, Node]]:
    """What of a mapping has to be looked at, each with the field that it is judged by."""
    parts: list[tuple[str | None, Node]] = []
    for key, value in node.entries:
        field = _field(name, key.text)
        if field in _TEXTS or not isinstance(value, Scalar) or _may_mislead(value):
            parts.append((field, value))
    if name in _FREE:
        parts += [("key", key) for key, _ in node.entries]
    return parts


def _may_mislead(node: Scalar) -> bool:
    """Whether it may be more than a text; most are texts that no reader takes for anything else."""
    return node.text[:1] in _NUMERIC or len(node.text) <= _LONGEST_WORD


@lru_cache(maxsize=1 << 10)
def _field(outer: str | None, key: str) -> str | None:
    """The field that a key names; inside ``metadata`` and ``vars`` keys name none."""
    if outer in ("metadata", "vars"):
        return outer
    if outer == "matrix" and key in ("exclude", "include"):
        return outer
    if key in FIELDS or key in ("vars", "matrix"):
        return key
    return "vars" if outer == "matrix" else None


def lost_comment(node: Scalar) -> Location | None:
    """The comment that ends a plain prompt by mistake: a ` #` with no space behind it."""
    comment = comment_after(node, node.source)
    if comment is None or comment.text[1:2] in ("", " ", "\t"):
        return None
    return comment


def cut_off(node: Scalar, what: str = "the prompt") -> Diagnostic | None:
    """The warning about a text that a comment cuts off."""
    comment = lost_comment(node)
    if comment is None:
        return None
    rule = rules.COMMENT_IN_PROMPT
    message = f"`{comment.text}` is a comment here and no part of {what}"
    help_text = f"put {what} in quotes, or a space behind `#` if a comment is meant"
    return Diagnostic(rule, rule.severity, message, comment, help=help_text)


def stray_anchor(place: Location) -> Diagnostic:
    """The warning about an anchor that takes a word from a text and is never repeated."""
    rule = rules.UNUSED_ANCHOR
    message = (
        f"`{place.text}` names an anchor of YAML that nothing repeats, and is no part of the text"
    )
    help_text = "quote the value if the `&` belongs to it"
    return Diagnostic(rule, rule.severity, message, place, help=help_text)
