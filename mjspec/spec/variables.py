"""Variables: ``${name}`` in texts of YAML, CSV and JSON Lines; ``$${`` is a literal ``${``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Note
from mjspec.source import Excerpt, Span
from mjspec.spec import nodes
from mjspec.spec.nodes import Scalar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mjspec.source import Location
    from mjspec.spec.nodes import Node

__all__ = ["Scope"]

_REFERENCE = re.compile(r"\$(?:(?P<escaped>\$)(?=\{)|\{(?P<name>[^{}\r\n]*)\})")
_DEEPEST = 100
_LONGEST = 100_000
_TOO_LONG = f"has more than {_LONGEST:,} characters"


# Not frozen, which would take three times as long: there is one for each job.
@dataclass(slots=True)
class Scope:
    """The variables that hold at a place; nothing of it is changed but what was used and found.

    Attributes:
        values: The text of each variable, with its place.
        used: Names that were used, shared by all scopes of a file.
        found: Where findings go.
        columns: The columns of the table whose row it is.
        row: Where that row stands.
    """

    values: Mapping[str, Excerpt]
    used: set[str]
    found: list[Diagnostic] = field(default_factory=list)
    columns: Collection[str] = ()
    row: Location | None = None
    _filled: dict[str, Excerpt | None] = field(init=False, default_factory=dict)
    "Variables whose own variables are filled in; None for one that is being filled."

    def with_values(self, values: Mapping[str, Excerpt]) -> Scope:
        """The same scope with stronger values on top."""
        if not values:
            return self
        return Scope({**self.values, **values}, self.used, self.found, self.columns, self.row)

    def reporting(self, found: list[Diagnostic]) -> Scope:
        """The same scope whose findings go elsewhere."""
        return Scope(self.values, self.used, found, self.columns, self.row)

    def of_row(
        self, values: Mapping[str, Excerpt], columns: Collection[str], row: Location
    ) -> Scope:
        """The same scope with the cells of a row on top."""
        return Scope({**self.values, **values}, self.used, self.found, columns, row)

    def substitute(self, text: Excerpt, depth: int = 0) -> Excerpt:
        """The text with its variables filled in, every character keeping its place.

        A value may use other variables; an unknown one is found and stays as typed.
        """
        if "${" not in text.text:
            return text
        pieces: list[Excerpt] = []
        at = 0
        for match in _REFERENCE.finditer(text.text):
            start, end = match.span()
            pieces.append(text.slice(at, start))
            at = end
            if match["escaped"]:
                pieces.append(text.slice(end - 1, end))
                continue
            value = self._value(match["name"].strip(), text, Span(start, end), depth)
            pieces.append(value if value is not None else text.slice(start, end))
        pieces.append(text.slice(at, len(text.text)))
        return Excerpt.join([piece for piece in pieces if piece.text] or pieces[:1])

    def node(self, node: Node) -> Node:
        """A value with the variables in all of its texts filled in."""
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, nodes.Sequence):
            return nodes.Sequence(tuple(self.node(item) for item in node.items), node.location)
        entries = (nodes.Entry(entry.key, self.node(entry.value)) for entry in node.entries)
        return nodes.Mapping(tuple(entries), node.location)

    def _scalar(self, node: Scalar) -> Scalar:
        if "${" not in node.text:
            return node
        whole = _REFERENCE.fullmatch(node.text)
        text = self.substitute(node.excerpt)
        # A value that is nothing but one variable is what the variable holds, in any type; JSON and
        # lists in one line need the quotes that may stand around it.
        style = "plain" if whole and not whole["escaped"] else node.style
        return Scalar(text.text, style, node.tag, node.source, node.start, node.end, text.pieces)

    def _value(self, name: str, text: Excerpt, span: Span, depth: int) -> Excerpt | None:
        if name not in self.values and name in self.columns:
            self.used.add(name)
            self._fail(f"`${{{name}}}` has no text in this row", text.locate(span), self.row)
            return None
        if name not in self.values:
            self._fail(f"`${{{name}}}` names no variable{self._names(name)}", text.locate(span))
            return None
        self.used.add(name)
        if name in self._filled:
            value = self._filled[name]
        else:
            # Until it is filled in, whoever asks for it stands inside it.
            self._filled[name] = None
            value = self.substitute(self.values[name], depth + 1) if depth < _DEEPEST else None
            if value is not None and len(value.text) > _LONGEST:
                # What is made of it is too long as well, and no second finding.
                if not any(one.message.endswith(_TOO_LONG) for one in self.found):
                    self._fail(f"`${{{name}}}` {_TOO_LONG}", text.locate(span))
                value = text.slice(*span)
            self._filled[name] = value
        if value is None:
            self._fail(f"`${{{name}}}` leads back to itself", text.locate(span))
        return value

    def _fail(self, message: str, place: Location, row: Location | None = None) -> None:
        rule = rules.UNKNOWN_VARIABLE
        help_text = "set it under `vars`, in the matrix or in a column; `$${` writes `${`"
        notes = (Note("the row stands here", row),) if row else ()
        if row:
            help_text = "what is set under `vars` fills the gaps of a table"
        self.found.append(Diagnostic(rule, rule.severity, message, place, notes, help_text))

    def _names(self, name: str) -> str:
        from difflib import get_close_matches

        known = tuple(self.values)
        close = get_close_matches(name, known, 1, 0.6)
        if close:
            # The variable that was meant is not unused as well.
            self.used.add(close[0])
            return f"; did you mean `${{{close[0]}}}`?"
        return f"; there are {', '.join(known)}" if known else "; there are none here"
