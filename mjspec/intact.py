"""Whether a source is still the same once some of its prompts are written in another way."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from mjspec.compiler import examine
from mjspec.expansion import expand_job
from mjspec.job import Job
from mjspec.sameness import same_prompt
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.inputs import Input
    from mjspec.manuscript import Manuscript
    from mjspec.pipeline import Options

__all__ = ["intact", "range_at", "strayed", "with_text"]

_MOST_EXAMINED = 64
"""Jobs of one permutation that are examined; their number has no bound."""


def with_text(source: Input, text: str) -> Input:
    """The same source with another text."""
    return replace(source, source=Source(source.source.name, text), found=[])


def range_at(offset: int, ranges: tuple[tuple[int, int], ...]) -> int:
    """The last range that begins no later than an offset; -1 if there is none."""
    return bisect_right(ranges, offset, key=itemgetter(0)) - 1


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
    before = with_text(source, old.text)
    for job, after in _jobs(source, before, old, new):
        pair = (job.prompt.text, after)
        if pair[0] == after or pair in compared:
            continue
        if same_prompt(*pair):
            compared.add(pair)
        elif not _has_errors(job, options):
            found |= _holding(job, before.source, old.ranges) or set(range(len(old.places)))
    return found


def _jobs(
    source: Input, before: Input, old: Manuscript, new: Manuscript
) -> Iterator[tuple[Job, str]]:
    """Each job whose prompt may have changed, with the prompt that it has now."""
    if source.lines() is None:
        after = with_text(source, new.text)
        for job, other in zip(before.jobs(), after.jobs(), strict=False):
            yield job, other.prompt.text
        return
    # Making a job of every line would take longer than all the rest.
    for span, place in zip(old.ranges, new.places, strict=True):
        text, after_text = old.text[slice(*span)], place.excerpt.text
        if text != after_text:
            excerpt = before.source.excerpt(*span)
            yield Job(prompt=excerpt, origin=excerpt.location), after_text


def _has_errors(job: Job, options: Options) -> bool:
    """Whether a job could not be sent anyway."""
    return any(
        examine(one, options.assumptions, outside=options.outside).has_errors
        for one in islice(expand_job(job), _MOST_EXAMINED)
    )


def _holding(job: Job, source: Source, ranges: tuple[tuple[int, int], ...]) -> set[int]:
    """The prompts that a job's text comes from."""
    found = set()
    for piece in job.prompt.pieces:
        index = range_at(piece.offset, ranges)
        if piece.source is source and index >= 0 and piece.offset <= ranges[index][1]:
            found.add(index)
    return found
