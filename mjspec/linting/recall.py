"""Parameters that were met before, with what is known of them.

Prompts differ in their words and share their parameters: `` --ar 16:9 --v 6.1`` ends thousands of
them. Where words and parameters can be told apart for sure (`heads.cut`), what is found in the
parameters is found once, by the full examination, and moved to wherever they recur, each with those
that it is tied to.
"""

from __future__ import annotations

from itertools import compress
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.language.linking import MOVE_LINKS
from mjspec.linting.division import divided
from mjspec.linting.shapes import CHOOSERS, joined_in, run_of
from mjspec.linting.tails import Tail, put_together, said, tail_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.jobs.model import Model
    from mjspec.linting.division import Shared
    from mjspec.linting.marks import Mark
    from mjspec.linting.shapes import Part, Run
    from mjspec.linting.tails import Meaning

__all__ = ["Tails"]

_MOST = 1 << 14
_LONGEST = 400
_SELDOM = attrgetter("seldom")
_SPELLING = itemgetter(0)


class Tails:
    """The parameters met so far."""

    def __init__(self) -> None:
        self._tails: dict[str, Tail] = {}
        self._runs: dict[tuple[str, ...], _Composed] = {}
        self._groups: dict[tuple[str, ...], _Group] = {}
        self._alone: dict[tuple[str, ...], dict[str, _Single]] = {}

    def known(self, spelled: str) -> Tail | None:
        """What is known of parameters behind plain words; None if they must be examined.

        Args:
            spelled: The parameters, from the first one's dashes to the end of the prompt.
        """
        tail = self._tails.get(spelled)
        if tail is not None or not spelled:
            return tail
        run = run_of(spelled)
        if run is None:
            return None
        spellings = tuple(map(_SPELLING, run.parts))
        composed = self._runs.get(spellings) or self._compose(spellings, run.parts)
        if composed is None:
            return None
        tail = composed.tail(run)
        if not any(map(_SELDOM, run.parts)):
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
        run = run_of(spelled)
        joined = joined_in(run.parts) if run else None
        if run and joined:
            self._take_apart(run, joined, tail, meaning)

    def _take_apart(self, run: Run, joined: list[bool], tail: Tail, meaning: Meaning) -> None:
        """Remember each part of what was found with the parameters that it depends on."""
        division = divided(tail.marks, run, joined)
        values = {
            part.name: said(part.name, meaning.values[part.name])
            for part in run.parts
            if not part.free and part.name in meaning.values
        }
        if len(self._groups) >= _MOST or len(self._alone) >= _MOST:
            self._groups.clear()
            self._alone.clear()
        tied = list(compress(run.parts, joined))
        version = tuple(part.spelling for part in tied if part.name in CHOOSERS)
        alone = self._alone.setdefault(version, {})
        if len(alone) >= _MOST:
            alone.clear()
        for part, is_tied, marks in zip(run.parts, joined, division.owned, strict=True):
            if not is_tied and marks is not None:
                alone[part.spelling] = _Single(tuple(marks), values.get(part.name))
        found = [tuple(marks) for marks in compress(division.owned, joined) if marks is not None]
        if len(found) == len(tied):
            self._groups[tuple(part.spelling for part in tied)] = _Group(
                tuple(found),
                tuple(division.shared),
                meaning.tied,
                tuple(values[part.name] for part in tied if part.name in values),
                tail.model,
                alone,
            )

    def _compose(self, spellings: tuple[str, ...], parts: tuple[Part, ...]) -> _Composed | None:
        """What is known of parameters by what is known of each; None if one was not met before."""
        joined = joined_in(parts)
        group = self._groups.get(tuple(compress(spellings, joined))) if joined else None
        if joined is None or group is None:
            return None
        tied = iter(group.marks)
        marks: list[tuple[int, Mark]] = []
        values = list(group.said)
        free: list[tuple[int, str]] = []
        for index, part in enumerate(parts):
            if part.free:
                free.append((index, part.name))
            if joined[index]:
                found = next(tied)
            else:
                single = group.alone.get(part.spelling)
                if single is None:
                    return None
                found = single.marks
                if single.said is not None:
                    values.append(single.said)
            if found:
                marks += [(index, mark) for mark in found]
        composed = _Composed(
            tuple(marks), _at(group.shared, joined), group.meaning, values, free, group.model
        )
        if len(self._runs) >= _MOST:
            self._runs.clear()
        self._runs[spellings] = composed
        return composed

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


class _Composed(NamedTuple):
    """What is known of parameters of these spellings, whatever their free values are.

    Attributes:
        marks: What is found in each, with its number; places count from its dashes.
        shared: What is found in several of them.
        meaning: What they mean together.
        said: What each is set to, where that is in the spelling.
        free: The numbers and names of the others.
        model: The model version that they choose.
    """

    marks: tuple[tuple[int, Mark], ...]
    shared: list[Shared]
    meaning: str
    said: list[str]
    free: list[tuple[int, str]]
    model: Model

    def tail(self, run: Run) -> Tail:
        """The same with the values and places of a run of parameters."""
        values = [said(name, run.values[index]) for index, name in self.free]
        written = put_together(self.meaning, [*self.said, *values])
        if not (self.marks or self.shared):
            return Tail((), written, self.model)
        starts = run.starts
        marks = [mark.shifted(starts[index]) for index, mark in self.marks]
        marks += [one.mark.moved([starts[slot] for slot in one.slots]) for one in self.shared]
        return tail_with(marks, written, self.model)


def _at(shared: Sequence[Shared], joined: list[bool]) -> list[Shared]:
    """Findings in several of the tied parameters, with the numbers that those have among all."""
    if not shared:
        return []
    places = list(compress(range(len(joined)), joined))
    return [one._replace(slots=tuple(places[slot] for slot in one.slots)) for one in shared]


def _reaches_words(mark: Mark) -> bool:
    """Whether a finding depends on the words before the parameters: links belong before them."""
    if mark.rule is rules.TEXT_AFTER_PARAMETER and (not mark.fix or mark.fix.message == MOVE_LINKS):
        return True
    return any(span.start < -1 for span in mark.spans)
