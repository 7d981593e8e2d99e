"""Whether a source is still the same once some of its prompts are written in another way."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from mjspec.formatting.sameness import same_prompt
from mjspec.jobs.compiler import examine
from mjspec.jobs.expansion import expand_job
from mjspec.jobs.job import Job
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from mjspec.formatting.manuscript import Manuscript
    from mjspec.jobs.pipeline import Options
    from mjspec.reading.inputs import Input

__all__ = ["holding", "intact", "sendable", "strayed", "with_source", "with_text"]

_MOST_EXAMINED = 64
"""Jobs of one permutation that are examined; their number has no bound."""


def with_text(source: Input, text: str) -> Input:
    """The same source with another text."""
    return with_source(source, Source(source.source.name, text, source.source.first_line))


def with_source(source: Input, text: Source) -> Input:
    """The same input with the text of another source."""
    return replace(source, source=text, found=[])


def intact(old: Manuscript, new: Manuscript) -> bool:
    """Whether there are as many prompts as before, and nothing outside of them has changed."""
    return (
        not new.faults
        and len(old.places) == len(new.places)
        and old.others == new.others
        and old.outside == new.outside
    )


def strayed(source: Input, old: Manuscript, new: Manuscript, options: Options) -> set[int]:
    """The prompts of jobs that could be sent and would be others now."""
    found: set[int] = set()
    compared: set[tuple[str, str]] = set()
    for job, after in _jobs(source, old, new):
        pair = (job.prompt.text, after)
        if pair[0] == after or pair in compared:
            continue
        if same_prompt(*pair):
            compared.add(pair)
        elif not _has_errors(job, options):
            found |= holding(job, old) or set(range(len(old.places)))
    return found


def sendable(
    source: Input, held: Manuscript, indexes: AbstractSet[int], options: Options
) -> set[int]:
    """Those of some prompts that are the prompt of a job without errors."""
    found: set[int] = set()
    for job in with_source(source, held.source).jobs() if indexes else ():
        own = holding(job, held) & indexes
        if own - found and not _has_errors(job, options):
            found |= own
    return found


def _jobs(source: Input, old: Manuscript, new: Manuscript) -> Iterator[tuple[Job, str]]:
    """Each job whose prompt may have changed, with the prompt that it has now."""
    if source.lines() is None:
        before, after = with_source(source, old.source), with_source(source, new.source)
        for job, other in zip(before.jobs(), after.jobs(), strict=False):
            yield job, other.prompt.text
        return
    # Making a job of every line would take longer than all the rest.
    for place, other_place in zip(old.places, new.places, strict=True):
        if place.text != other_place.text:
            excerpt = place.excerpt
            yield Job(prompt=excerpt, origin=excerpt.location), other_place.text


def _has_errors(job: Job, options: Options) -> bool:
    """Whether a job could not be sent anyway."""
    return any(
        examine(one, options.assumptions, outside=options.outside).has_errors
        for one in islice(expand_job(job), _MOST_EXAMINED)
    )


def holding(job: Job, held: Manuscript) -> set[int]:
    """The prompts that a job's text comes from."""
    found = set()
    for piece in job.prompt.pieces:
        index = held.at(piece.offset)
        if piece.source is held.source and index >= 0 and piece.offset <= held.places[index].end:
            found.add(index)
    return found
