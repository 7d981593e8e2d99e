"""What is found in a prompt's parameters, remembered by how they are spelled.

Prompts differ in their words and share their parameters: `` --ar 16:9 --v 6.1`` ends thousands of
them. Where words and parameters can be told apart for sure (`heads.cut`), what is found in the
parameters is found once, by the full examination, and moved to wherever they recur, each with those
that it is tied to.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.language.linking import MOVE_LINKS
from mjspec.linting.division import divided
from mjspec.linting.marks import Mark, mark_of
from mjspec.linting.shapes import CHOOSERS, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mjspec.jobs.model import Model
    from mjspec.language.settings import JSON
    from mjspec.linting.division import Shared
    from mjspec.linting.shapes import Shape
    from mjspec.source import Span

__all__ = ["Meaning", "Tail", "Tails", "tail_of"]

_CLOSING = (rules.TRAILING_PUNCTUATION, rules.TEXT_AFTER_PARAMETER)
_MOST = 1 << 14
_LONGEST = 400
_SELDOM = attrgetter("seldom")


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
        return _written(self.tied, [_said(name, value) for name, value in self.values.items()])


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


class Tails:
    """The parameters met so far, each with what is known of them."""

    def __init__(self) -> None:
        self._tails: dict[str, Tail] = {}
        self._groups: dict[tuple[str, ...], _Group] = {}
        self._alone: dict[tuple[str, ...], dict[str, _Single]] = {}

    def known(self, spelled: str) -> Tail | None:
        """What is known of parameters behind plain words; None if they must be examined.

        Args:
            spelled: The parameters, from the first one's dashes to the end of the prompt.
        """
        tail = self._tails.get(spelled)
        if tail is None and spelled:
            shape = shape_of(spelled)
            group = self._groups.get(shape.tied) if shape else None
            if shape is not None and group is not None:
                tail = _composed(shape, group)
                if tail is not None and not any(map(_SELDOM, shape.parts)):
                    self._keep(spelled, tail)
        return tail

    def learn(self, spelled: str, tail: Tail, meaning: Meaning) -> None:
        """Take in what an examination has shown.

        Args:
            spelled: The parameters behind plain words.
            tail: What was found.
            meaning: What they mean.
        """
        if any(_reaches_words(mark) for mark in tail.marks):
            return
        self._keep(spelled, tail)
        shape = shape_of(spelled)
        if shape is not None:
            self._take_apart(shape, tail, meaning)

    def _take_apart(self, shape: Shape, tail: Tail, meaning: Meaning) -> None:
        """Remember each part of what was found with the parameters that it depends on."""
        parts = divided(tail.marks, shape)
        fixed = [part.name for part in shape.parts if not part.free]
        values = {
            name: _said(name, meaning.values[name]) for name in fixed if name in meaning.values
        }
        tied = [i for i, joined in enumerate(shape.joined) if joined]
        version = tuple(shape.parts[i].spelling for i in tied if shape.parts[i].name in CHOOSERS)
        if len(self._groups) >= _MOST or len(self._alone) >= _MOST:
            self._groups.clear()
            self._alone.clear()
        alone = self._alone.setdefault(version, {})
        if len(alone) >= _MOST:
            alone.clear()
        for part, joined, marks in zip(shape.parts, shape.joined, parts.owned, strict=True):
            if not joined and marks is not None:
                alone[part.spelling] = _Single(tuple(marks), values.get(part.name))
        found = [marks for i in tied if (marks := parts.owned[i]) is not None]
        if len(found) == len(tied):
            names = [shape.parts[i].name for i in tied]
            self._groups[shape.tied] = _Group(
                tuple(map(tuple, found)),
                tuple(parts.shared),
                meaning.tied,
                tuple(values[name] for name in names if name in values),
                tail.model,
                alone,
            )

    def _keep(self, spelled: str, tail: Tail) -> None:
        if len(spelled) <= _LONGEST:
            if len(self._tails) >= _MOST:
                self._tails.clear()
            self._tails[spelled] = tail


class _Single(NamedTuple):
    """What is known of a parameter in one model version, whatever stands beside it.

    Attributes:
        marks: What is found; places count from its dashes.
        said: What it sets; None where that is not in the spelling.
    """

    marks: tuple[Mark, ...]
    said: str | None


class _Group(NamedTuple):
    """What is known of parameters that are tied to each other.

    Attributes:
        marks: What is found in each of them; places count from its dashes.
        shared: What is found in several of them.
        meaning: What they mean together.
        said: What each of them is set to, where that is in the spelling.
        model: The model version that they choose.
        alone: What is known of others in this version.
    """

    marks: tuple[tuple[Mark, ...], ...]
    shared: tuple[Shared, ...]
    meaning: str
    said: tuple[str, ...]
    model: Model
    alone: dict[str, _Single]


def _composed(shape: Shape, group: _Group) -> Tail | None:
    """What is known of parameters by what is known of each; None if one was not met before."""
    marks: list[Mark] = []
    said = list(group.said)
    tied = iter(group.marks)
    starts: list[int] = []
    for index, part in enumerate(shape.parts):
        spelling, name, _, free, *_ = part
        if free:
            said.append(_said(name, shape.values[index]))
        if shape.joined[index]:
            found = next(tied)
        else:
            single = group.alone.get(spelling)
            if single is None:
                return None
            found = single.marks
            if single.said is not None:
                said.append(single.said)
        if found:
            starts = starts or shape.starts
            marks += [mark.shifted(starts[index]) for mark in found]
    if group.shared:
        joined = list(compress(shape.starts, shape.joined))
        marks += [shared.at(joined) for shared in group.shared]
    written = _written(group.meaning, said)
    return _tail(marks, written, group.model) if marks else Tail((), written, group.model)


def _said(name: str, value: JSON) -> str:
    return f"{name} {value!r}"


def _written(meaning: str, said: list[str]) -> str:
    said.sort()
    return f"\0{meaning}\0{'; '.join(said)}\0"


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
    return _tail(marks, meaning.written, replace(model, setting=None))


def _tail(marks: list[Mark], written: str, model: Model) -> Tail:
    return Tail(
        tuple(marks),
        written,
        model,
        has_errors=any(mark.severity is Severity.ERROR for mark in marks),
        reaches_back=any(span.start < 0 for mark in marks for span in mark.spans),
        looks_back=any(mark.rule in _CLOSING for mark in marks),
    )


def _reaches_words(mark: Mark) -> bool:
    """Whether a finding depends on the words before the parameters: links belong before them."""
    if mark.rule is rules.TEXT_AFTER_PARAMETER and (not mark.fix or mark.fix.message == MOVE_LINKS):
        return True
    return any(span.start < -1 for span in mark.spans)


def _place(mark: Mark) -> Span:
    return mark.span
