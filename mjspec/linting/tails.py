"""What is known of the parameters of a prompt."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.linting.marks import Mark, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mjspec.jobs.model import Model
    from mjspec.language.settings import JSON
    from mjspec.source import Span

__all__ = ["Meaning", "Tail", "put_together", "said", "tail_of", "tail_with"]

_CLOSING = (rules.TRAILING_PUNCTUATION, rules.TEXT_AFTER_PARAMETER)


class Meaning(NamedTuple):
    """What equal jobs have in common besides their text.

    Attributes:
        tied: What depends on more than one parameter.
        values: What the others are set to.
    """

    tied: str
    values: Mapping[str, JSON]

    @property
    def written(self) -> str:
        """All of it as text, to be put behind the words of a prompt."""
        return put_together(self.tied, [said(*one) for one in self.values.items()])


class Tail(NamedTuple):
    """Everything that is known of the parameters of a prompt.

    Attributes:
        marks: What is found in them.
        written: What they mean, if there are no errors.
        model: The model version that they choose.
        has_errors: Whether a prompt with these parameters must not be sent.
        reaches_back: Whether a fix takes the space before the first of them away.
        looks_back: Whether what is found would change with a quote or bracket before the first word.
    """

    marks: tuple[Mark, ...]
    written: str
    model: Model
    has_errors: bool = False
    reaches_back: bool = False
    looks_back: bool = False


def said(name: str, value: JSON) -> str:
    """What a parameter is set to, as text."""
    return f"{name} {value!r}"


def put_together(tied: str, values: list[str]) -> str:
    """What parameters mean, as text.

    Args:
        tied: What depends on more than one of them.
        values: What each of the others is set to; they are sorted.
    """
    values.sort()
    return f"\0{tied}\0{'; '.join(values)}\0"


def tail_of(found: Iterable[Diagnostic], meaning: Meaning, model: Model, at: int) -> Tail:
    """What was found in the parameters of a prompt.

    Args:
        found: Its findings there.
        meaning: What its parameters mean.
        model: The model version that they choose.
        at: Where they begin in the source.
    """
    marks = sorted((mark_of(one, at) for one in found), key=_place)
    # The place of the version would keep its whole source in memory.
    return tail_with(marks, meaning.written, replace(model, setting=None))


def tail_with(marks: Sequence[Mark], written: str, model: Model) -> Tail:
    """What is known of parameters in which something is found."""
    return Tail(
        tuple(marks),
        written,
        model,
        has_errors=any(mark.severity is Severity.ERROR for mark in marks),
        reaches_back=any(span.start < 0 for mark in marks for span in mark.spans),
        looks_back=any(mark.rule in _CLOSING for mark in marks),
    )


def _place(mark: Mark) -> Span:
    return mark.span
