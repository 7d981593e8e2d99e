"""All jobs of a source on another version, but for those that cannot be migrated.

Jobs of one file may share what is written in it. So that none is changed by half, a job that cannot
be migrated keeps every character that it is made of, and so do the jobs that would need these
characters to be others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from mjspec.jobs.job import first_line
from mjspec.migration.links import NO_LINKS, Links, places_elsewhere, shifted
from mjspec.migration.plan import Plan, examined_texts, once, plan_job
from mjspec.migration.proof import doubt, is_same
from mjspec.migration.reading import Touched, read_jobs
from mjspec.migration.remedy import refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.migration.plan import Change, Course
    from mjspec.migration.reading import Reading
    from mjspec.reading.inputs import Input

__all__ = ["Migrated", "settle"]

_MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Migrated:
    """The outcome of a migration.

    Attributes:
        text: The text afterwards.
        findings: Why jobs were left as they were, each at its place.
        faults: The syntax errors because of which nothing was touched.
        changed: How many prompts are others now, jobs of a matrix or a table counted one by one.
        held: How many were left as they were, because they cannot be migrated.
        prompts: How many there are in all.
        links: What it has to do with other files.
    """

    text: str
    findings: tuple[Diagnostic, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    changed: int = 0
    held: int = 0
    prompts: int = 0
    links: Links = NO_LINKS


def settle(source: Input, course: Course) -> Migrated:
    """The text of a source with as many of its jobs on the new version as can be."""
    first = read_jobs(source, source.source.text)
    if first.faults:
        return Migrated(source.source.text, faults=first.faults)
    held: dict[int, list[Diagnostic]] = {}
    while True:
        attempt = _Attempt(source, first, course, held)
        text = attempt.run()
        if not attempt.troubles:
            found = once([reason for index in sorted(held) for reason in held[index]])
            changed, prompts = len(attempt.changed), len(first.jobs)
            return Migrated(text, tuple(found), (), changed, len(held), prompts, attempt.links())
        held |= attempt.troubles


class _Attempt:
    """One attempt; it ends without troubles, or with more jobs that must be held."""

    def __init__(
        self, source: Input, first: Reading, course: Course, held: Collection[int]
    ) -> None:
        self.source = source
        self.first = first
        self.course = course
        self.held = frozenset(held)
        self.plans = [Plan() for _ in first.jobs]
        self.troubles: dict[int, list[Diagnostic]] = {}
        self.changed: set[int] = set()
        self.touched: frozenset[tuple[int, int]] = frozenset()
        self.kept = list(course.kept)

    def run(self) -> str:
        """The new text; it is of no use where there are troubles."""
        reading = self.first
        for _ in range(_MOST_ROUNDS):
            changes = self._changes(reading)
            if self.troubles or not changes:
                break
            if reading is self.first:
                self.touched = frozenset((start, end) for start, end, _ in changes)
            self.kept = shifted(self.kept, changes)
            reading = read_jobs(self.source, _applied(reading.source.text, changes))
            if reading.faults or len(reading.jobs) != len(self.first.jobs):
                self._give_up()
                break
        if not self.troubles and reading is not self.first:
            self._prove(reading)
        return reading.source.text

    def links(self) -> Links:
        """What this has to do with other files."""
        needs = {need for plan in self.plans for need in plan.needs}
        keeps = {
            place
            for index in self.held
            for job in (self.first.jobs[index],)
            for place in places_elsewhere(job, self._texts(job), self.first.source)
        }
        return Links(self.touched, frozenset(needs), frozenset(keeps))

    def _changes(self, reading: Reading) -> set[Change]:
        """What is changed in one round, over all jobs."""
        wanted: dict[int, set[Change]] = {}
        wishes: set[Change] = set()
        for index, job in enumerate(reading.jobs):
            if index in self.held:
                continue
            plan = plan_job(
                job, reading.template(job), reading.source, reading.entries, self.course
            )
            if plan.reasons:
                late = reading is not self.first
                self.troubles[index] = [self._vague(index)] if late else plan.reasons
                continue
            self._remember(index, plan)
            if plan.changes:
                wanted[index] = plan.changes
            wishes |= plan.wishes
        kept = self._kept(reading)
        self._check_shared(wanted, kept)
        changes = {change for several in wanted.values() for change in several}
        return changes | {wish for wish in wishes if not kept.holds(*wish[:2])}

    def _remember(self, index: int, plan: Plan) -> None:
        mine = self.plans[index]
        mine.keys |= plan.keys
        mine.words |= plan.words
        mine.needs |= plan.needs

    def _kept(self, reading: Reading) -> Touched:
        """What the jobs that are left as they are keep."""
        kept = Touched(reading.source)
        for index in {*self.held, *self.troubles}:
            job = reading.jobs[index]
            kept.add(job, self._texts(job))
        kept.add_ranges(self.kept)
        kept.close()
        return kept

    def _check_shared(self, wanted: dict[int, set[Change]], kept: Touched) -> None:
        """Jobs may not change what others keep, nor differently from others."""
        holders: dict[Change, list[int]] = {}
        for index, changes in wanted.items():
            for change in changes:
                holders.setdefault(change, []).append(index)
        for (start, end, _), indexes in holders.items():
            if kept.holds(start, end):
                for index in indexes:
                    self.troubles.setdefault(index, [self._shared(index)])
        order = sorted(holders)
        for one, other in pairwise(order):
            if other[0] < one[1] or (one[:2] == other[:2]):
                for index in {*holders[one], *holders[other]}:
                    self.troubles.setdefault(index, [self._vague(index)])

    def _prove(self, reading: Reading) -> None:
        """Hold what would be another job than it was, but for its version."""
        pairs = zip(self.first.jobs, reading.jobs, strict=True)
        for index, (old, new) in enumerate(pairs):
            if is_same(old, new):
                continue
            if index not in self.held:
                self.changed.add(index)
                why = self._doubt(index, old, new)
                if why:
                    self.troubles[index] = [self._vague(index, f": {why}")]
            elif not self._means_same(old, new):
                self._give_up()
                return

    def _doubt(self, index: int, old: Job, new: Job) -> str | None:
        plan, course = self.plans[index], self.course
        for before, after in zip_longest(self._texts(old), self._texts(new)):
            if before is None or after is None:
                return "it would stand for another number of jobs"
            why = doubt(
                before,
                after,
                course.goal,
                plan.keys,
                elsewhere=bool(plan.needs),
                words=plan.words,
            )
            if why:
                return why
        return None

    def _texts(self, job: Job) -> Iterator[Examined]:
        return examined_texts(job, self.course.assumptions, outside=self.course.outside)

    def _means_same(self, old: Job, new: Job) -> bool:
        """Whether a job is set to the same, whatever weaker values say."""
        pairs = zip(self._texts(old), self._texts(new), strict=True)
        return old.prompt.text == new.prompt.text and all(
            _set(one) == _set(other) for one, other in pairs
        )

    def _vague(self, index: int, why: str = "") -> Diagnostic:
        place = first_line(self.first.jobs[index].prompt.location)
        message = f"this prompt cannot become one for {self.course.goal.name}{why}"
        return refusal(message, place, "migrate it by hand")

    def _shared(self, index: int) -> Diagnostic:
        place = first_line(self.first.jobs[index].prompt.location)
        message = (
            f"this prompt is not moved to {self.course.goal.name}: it shares what would have to"
            " change with another one, which cannot be migrated"
        )
        return refusal(message, place)

    def _give_up(self) -> None:
        """Hold everything: it cannot be said which job breaks the others."""
        for index in range(len(self.first.jobs)):
            if index not in self.held:
                self.troubles[index] = [self._shared(index)]
        if not self.troubles:
            message = "jobs that were to stay as they are became others"
            raise AssertionError(message)


def _set(job: Examined) -> dict[str, object]:
    return {key: setting.value for key, setting in job.settings.items()}


def _applied(text: str, changes: set[Change]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, replacement in sorted(changes):
        pieces += [text[at:start], replacement]
        at = end
    return "".join([*pieces, text[at:]])
