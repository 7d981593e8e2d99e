"""What every kind of value can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Arity", "Domain", "Value", "intersection", "number_text"]

Value = str | int | float | bool
"""What a parameter can hold once it was read; a JSON scalar."""

Arity = Literal["none", "one", "optional", "many", "rest"]
"""How many words belong to a parameter: ``rest`` is everything up to the next flag."""


def number_text(value: float) -> str:
    """A number as prompts spell it: ``0.5``, ``1``, ``1.2``."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return repr(value) if "e" not in repr(value) else f"{value:f}".rstrip("0")


class Domain(ABC):
    """A set of values with their spelling in a prompt."""

    __slots__ = ()

    @property
    def arity(self) -> Arity:
        """How many words of the prompt belong to the value."""
        return "one"

    @abstractmethod
    def read(self, text: str) -> Value:
        """The value that a text spells; ranges are not looked at.

        Raises:
            ValueError: The text is no value of this kind.
        """

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the values."""

    @abstractmethod
    def describe(self) -> str:
        """What is allowed, in words that fit behind "allowed is"."""

    def write(self, value: Value) -> str:
        """The canonical spelling of a value in a prompt."""
        if isinstance(value, float):
            return number_text(value)
        return str(value)

    def nearest(self, text: str) -> str | None:
        """The legal spelling that was most likely meant; None if nothing is close."""
        del text
        return None

    def narrowed(self, other: Domain) -> Domain:
        """The values that both domains hold."""
        return other


def intersection(domains: Sequence[Domain]) -> Domain:
    """The values that all the domains hold."""
    result = domains[0]
    for domain in domains[1:]:
        result = result.narrowed(domain)
    return result
