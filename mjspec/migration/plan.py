"""What becomes of one job, or of those that its permutations make: the edits, or the reasons why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from mjspec.jobs.compiler import examine
from mjspec.jobs.expansion import expand_job
from mjspec.language.parser import parse
from mjspec.migration.choice import chosen, deciding, is_chosen, named
from mjspec.migration.links import place_of
from mjspec.migration.remedy import refusal, told
from mjspec.migration.values import remedies_for
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.jobs.model import Assumptions
    from mjspec.migration.entries import Entries
    from mjspec.migration.goal import Goal
    from mjspec.migration.links import Place
    from mjspec.migration.remedy import Remedy
    from mjspec.source import Excerpt, Location, Source

__all__ = ["Change", "Course", "Plan", "examined_texts", "once", "plan_job"]

MOST_EXAMINED = 64
"""Jobs of one permutation that are examined; their number has no bound."""

_BY_HAND = "decide which of them go, and migrate then"

Change = tuple[int, int, str]
"""A range of a source and the characters that come there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How jobs are migrated.

    Attributes:
        goal: The version that they shall have.
        assumptions: What the configuration says about versions and custom flags.
        outside: Whether local images may lie outside the folder of the spec.
        unsafe: Whether jobs may mean something else afterwards.
        also: The files that are migrated in the same run.
        kept: Ranges of the file that jobs of other files keep.
        stuck: Where other files do not change, though jobs of this one would need it.
    """

    goal: Goal
    assumptions: Assumptions
    outside: bool = False
    unsafe: bool = False
    also: frozenset[Path] = frozenset()
    kept: frozenset[tuple[int, int]] = frozenset()
    stuck: frozenset[Place] = frozenset()


@dataclass(slots=True)
class Plan:
    """What becomes of a job.

    Attributes:
        changes: What is written.
        wishes: What is written where no job that is left as it is minds.
        reasons: Why it is left as it is; nothing is written then.
        keys: The settings that may be others afterwards.
        needs: Where other files, which are migrated too, have to change for it.
        words: Whether weights of its text go.
    """

    changes: set[Change] = field(default_factory=set)
    wishes: set[Change] = field(default_factory=set)
    reasons: list[Diagnostic] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    needs: set[Place] = field(default_factory=set)
    words: bool = False


def plan_job(
    job: Job, template: Excerpt | None, source: Source, entries: Entries | None, course: Course
) -> Plan:
    """The plan for a job as written.

    Args:
        job: The job, its permutations unexpanded.
        template: The prompt as it is written, before variables are filled in; None where it is in
            another file or comes from a variable.
        source: The file.
        entries: Its fields; None where it has none.
        course: How it is migrated.
    """
    plan = Plan()
    goal = course.goal
    unnamed = 0
    texts = list(examined_texts(job, course.assumptions, outside=course.outside))
    for before in texts:
        unnamed += not is_chosen(before) and not goal.reached(before.model)
        after = examine(before.job, goal.under(course.assumptions), outside=course.outside)
        if is_chosen(before):
            _check_place(before, source, plan, course)
        for remedy in chosen(before, goal, entries):
            _take(_outside_braces(remedy, job, goal), plan, source, course)
        for remedy in remedies_for(before, after, goal, entries):
            _take(remedy, plan, source, course)
    # Where a parameter goes, the place for another one is only known afterwards.
    if unnamed and not plan.changes:
        addition = named(template, goal) if template is not None and unnamed == len(texts) else None
        if addition is None:
            message = f"this job names no version, and `{goal.flag}` cannot be put into its prompt"
            plan.reasons.append(refusal(message, job.prompt.location))
        else:
            _take(addition, plan, source, course)
    plan.reasons = once(plan.reasons)
    return plan


def examined_texts(job: Job, assumptions: Assumptions, *, outside: bool) -> Iterator[Examined]:
    """What is known of the jobs that a job becomes, as far as these are looked at."""
    for one in islice(expand_job(job), MOST_EXAMINED):
        yield examine(one, assumptions, outside=outside)


def _take(remedy: Remedy, plan: Plan, source: Source, course: Course) -> None:
    """Enter what is done, or why nothing can be."""
    reason = told(remedy)
    places = [edit.location for edit in remedy.edits]
    away = next((place for place in places if place.source is not source), None)
    if away is not None:
        _away(away, plan, course)
    elif remedy.edits and (remedy.safe or course.unsafe):
        changes = {(*edit.location.span, edit.replacement) for edit in remedy.edits}
        if remedy.needed:
            plan.changes |= changes
        else:
            plan.wishes |= changes
        plan.keys |= remedy.keys
        plan.words |= remedy.words
    elif reason is not None and reason.location.source is not source:
        _away(reason.location, plan, course)
    elif reason is not None:
        plan.reasons.append(reason)


def _check_place(job: Examined, source: Source, plan: Plan, course: Course) -> None:
    """A version that another file says is changed there, or not at all."""
    setting = deciding(job)
    if setting is None or course.goal.reached(job.model):
        return
    place = setting.origin.location
    if place.source is not source:
        _away(place, plan, course)


def _away(place: Location, plan: Plan, course: Course) -> None:
    need, name = place_of(place), place.source.name
    plan.needs.add(need)
    if need[0] not in course.also:
        way = f"name `{name}` too, to migrate it with them"
    elif need in course.stuck:
        way = f"`{name}` keeps it, because not all that use it can be migrated"
    else:
        return
    message = f"this is used by jobs of another file, and does not become {course.goal.name}"
    plan.reasons.append(refusal(message, place, way))


def _outside_braces(remedy: Remedy, job: Job, goal: Goal) -> Remedy:
    """The remedy without its edits where they stand in a permutation: it chooses among versions."""
    if "{" not in job.prompt.text:
        return remedy
    groups = [
        job.prompt.locate(Span(start, start + len(group.raw)))
        for start, group in parse(job.prompt.text).groups
    ]
    for edit in remedy.edits:
        place = edit.location
        for group in groups:
            inside = group.span.start <= place.span.start and place.span.end <= group.span.end
            if place.source is group.source and inside:
                message = (
                    f"`{group.text}` chooses among versions; all of them would become {goal.name}"
                )
                return remedy._replace(edits=(), reason=refusal(message, group, _BY_HAND))
    return remedy


def once(reasons: list[Diagnostic]) -> list[Diagnostic]:
    """Each reason once, with the number of jobs that have it."""
    found: dict[tuple[str, int, Span, str], Diagnostic] = {}
    for reason in reasons:
        place = reason.location
        key = (reason.rule.name, id(place.source), place.span, reason.message)
        known = found.get(key)
        found[key] = known._replace(jobs=known.jobs + 1) if known else reason
    return list(found.values())
