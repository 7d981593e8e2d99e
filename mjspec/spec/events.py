"""Drives PyYAML's parser and tells a handler what is met; no other module calls PyYAML.

PyYAML's own composer and constructor are left aside: they recurse, drop places and keep the last
of two equal keys. Its parser runs on events, with a stack of its own, and is safe at any depth.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from yaml import YAMLError
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from mjspec.spec.pure import PureParser

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from mjspec.spec.substitutes import Substituted

try:
    from yaml import CBaseLoader
except ImportError:  # PyYAML was built without libyaml.
    CBaseLoader = None  # type: ignore[assignment, misc]

__all__ = ["Fault", "Handler", "Kind", "Properties", "parse"]

Kind = Literal["mapping", "sequence"]

_PLAIN = b"\t\n\r" + bytes(range(0x20, 0x7F))
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Fault(Exception):  # noqa: N818 - it is a finding in the user's file, not an error of ours.
    """What PyYAML refused, with the place.

    Attributes:
        problem: What it says, in words that depend on the parser.
        offset: Where it noticed.
        opened: Where what it was reading begins.
    """

    def __init__(self, problem: str, offset: int, opened: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset
        self.opened = opened


class Properties(NamedTuple):
    """What may stand in front of a node: ``&anchor`` and ``!tag``, at least one of them."""

    anchor: str | None
    tag: str | None


class Handler(Protocol):
    """What is called as the parser goes on; all places are offsets into the text."""

    def document(self) -> None:
        """A document begins."""

    def scalar(
        self, value: str, style: str, start: int, end: int, properties: Properties | None
    ) -> None:
        """A scalar, its style as the character that introduces it, empty for a plain one.

        The range begins at the properties or the quotes. That of a block begins at its header and
        runs on to what follows.
        """

    def alias(self, anchor: str, start: int, end: int) -> None:
        """The use of an anchor."""

    def open(self, kind: Kind, start: int, end: int, properties: Properties | None) -> None:
        """A collection begins, at its properties, brackets or first child."""

    def close(self, start: int, end: int) -> None:
        """The innermost collection ends; in block style the range is empty and may be far on."""


def parse(text: str, handler: Handler, *, pure: bool = False) -> None:
    """Tell the handler what a text holds.

    Args:
        text: All of a file.
        handler: What is told.
        pure: Use the parser in Python also where the one in C is there.

    Raises:
        Fault: The text is not YAML, or the handler says so.
    """
    if _has_control(text) and (forbidden := _FORBIDDEN.search(text)):
        raise Fault("control character", forbidden.start())
    body = text.lstrip("\ufeff")
    base = len(text) - len(body)
    other = _substituted(body)
    body = other.text if other else body
    parser: Any = PureParser(body) if pure or CBaseLoader is None else CBaseLoader(body)
    try:
        _drive(parser.get_event, handler, base, other)
    except MarkedYAMLError as error:
        raise _fault(error, base) from error
    except YAMLError as error:  # pragma: no cover - the characters were checked above.
        raise Fault(str(error), 0) from error


def _substituted(text: str) -> Substituted | None:
    """The text with what stands in for other characters; most texts have none of those."""
    if text.isascii() and "\\u" not in text:
        return None
    from mjspec.spec.substitutes import substituted

    return substituted(text)


def _has_control(text: str) -> bool:
    """Whether a text may hold what is forbidden; that of ASCII alone is looked through quickly."""
    return not text.isascii() or bool(text.encode("ascii").translate(None, _PLAIN))


def _drive(get: Callable[[], Any], handler: Handler, base: int, other: Substituted | None) -> None:
    scalar, alias, open_, close = handler.scalar, handler.alias, handler.open, handler.close
    while (event := get()) is not None:
        kind = type(event)
        start, end = event.start_mark.index + base, event.end_mark.index + base
        if kind is ScalarEvent:
            value = other.restored(event.value, event.style) if other else event.value
            anchor, tag = event.anchor, event.tag
            properties = Properties(anchor, tag) if anchor or tag else None
            scalar(value, event.style or "", start, end, properties)
        elif kind is MappingStartEvent:
            open_("mapping", start, end, _properties(event))
        elif kind is SequenceStartEvent:
            open_("sequence", start, end, _properties(event))
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            close(start, end)
        elif kind is AliasEvent:
            alias(event.anchor, start, end)
        elif kind is DocumentStartEvent:
            handler.document()


def _properties(event: Any) -> Properties | None:
    return Properties(event.anchor, event.tag) if event.anchor or event.tag else None


def _fault(error: MarkedYAMLError, base: int) -> Fault:
    mark, opened = error.problem_mark or error.context_mark, error.context_mark
    problem = ": ".join(part for part in (error.context, error.problem) if part)
    offset = mark.index + base if mark else base
    return Fault(problem, offset, opened.index + base if opened else None)
