"""Values with their places: what a prompt, a field or a default sets, and what it overrode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from mjspec.source import Excerpt, Location, Span

__all__ = ["JSON", "Kind", "Layer", "Origin", "Setting", "Settings"]

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]
"""What a request body can hold."""

Kind = Literal["default", "prompt", "field", "spec", "set", "extra"]
"""Where a value comes from, weakest first; ``spec`` is a ``--spec`` file."""


class Origin(NamedTuple):
    """The characters that set a value.

    Attributes:
        kind: What they stand in.
        label: How the user named it: ``--stop`` in a prompt, ``stop`` in a spec.
        name: The text in which the name stands.
        name_span: The name in that text.
        value: The text in which the value stands.
        value_span: The value in that text.
    """

    kind: Kind
    label: str
    name: Excerpt
    name_span: Span
    value: Excerpt
    value_span: Span

    @property
    def location(self) -> Location:
        """Where the value stands."""
        return self.value.locate(self.value_span)

    @property
    def name_location(self) -> Location:
        """Where the name stands."""
        return self.name.locate(self.name_span)

    @property
    def whole(self) -> Location:
        """From the name to the value, where both stand in one text; else the name."""
        if self.name is self.value:
            return self.name.locate(Span(self.name_span.start, self.value_span.end))
        return self.name_location

    @property
    def typed(self) -> str:
        """The value as the user typed it."""
        return self.value.text[self.value_span.start : self.value_span.end]


class Setting(NamedTuple):
    """One value.

    Attributes:
        key: The name in the table: a field, or a parameter that has none.
        value: The typed value; None where a field is unset with ``null``.
        origin: The characters that set it.
        overrides: The weaker settings that it replaced, strongest first.
        places: Where each item of a list stands.
    """

    key: str
    value: JSON
    origin: Origin
    overrides: tuple[Setting, ...] = ()
    places: tuple[Location, ...] = ()


class Layer(NamedTuple):
    """What one source of values sets, by key.

    Attributes:
        kind: What kind of source it is.
        values: What it sets.
        unread: The keys that it has with a value that could not be read.
    """

    kind: Kind
    values: Mapping[str, Setting]
    unread: frozenset[str] = frozenset()


Settings = Mapping[str, Setting]
"""The strongest setting of each key."""
