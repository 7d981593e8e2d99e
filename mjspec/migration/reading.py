"""A source as its migration sees it: the jobs, where their prompts and fields stand, what they share."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.language.settings import Setting
    from mjspec.migration.entries import Entries
    from mjspec.reading.inputs import Input
    from mjspec.source import Excerpt

__all__ = ["Reading", "Touched", "read_jobs"]

_REST = re.compile(r"[\"']?[ \t]*(?:#[^\r\n]*)?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A source, read.

    Attributes:
        source: The source.
        jobs: Its jobs, permutations unexpanded.
        entries: Its fields; None where it has none.
        prompts: Its prompts as they are written, in order.
        starts: Where each of them begins.
        faults: Its syntax errors, and matrices that are too large to be looked at.
    """

    source: Source
    jobs: tuple[Job, ...]
    entries: Entries | None = None
    prompts: tuple[Excerpt, ...] = ()
    starts: tuple[int, ...] = ()
    faults: tuple[Diagnostic, ...] = ()

    def template(self, job: Job) -> Excerpt | None:
        """The prompt of a job before variables were filled in; None where it is not written here."""
        if self.entries is None:
            return job.prompt
        for piece in job.prompt.pieces:
            if piece.source is self.source:
                index = bisect_right(self.starts, piece.offset) - 1
                if index >= 0 and piece.offset <= self.prompts[index].location.span.end:
                    return self.prompts[index]
        if job.origin.source is not self.source:
            return None
        first, last = job.origin.span
        inside = self.prompts[bisect_left(self.starts, first) : bisect_right(self.starts, last)]
        return inside[0] if len(inside) == 1 else None


def read_jobs(source: Input, text: str) -> Reading:
    """The jobs of a source that has this text."""
    current = replace(source, source=Source(source.source.name, text), found=[])
    jobs = tuple(current.jobs())
    if source.lines() is not None:
        return Reading(current.source, jobs)
    from mjspec.migration.entries import read_entries
    from mjspec.spec.written import table_prompts, yaml_prompts

    if source.kind in (".csv", ".jsonl"):
        written = table_prompts(current.source, source.kind)
    else:
        written = yaml_prompts(current.source)
    prompts = tuple(node.excerpt for node in written.prompts)
    starts = tuple(excerpt.location.span.start for excerpt in prompts)
    # A matrix that is too large has no jobs, so that nothing is known of them.
    faults = (*written.faults, *(d for d in current.found if d.rule is rules.TOO_MANY_JOBS))
    return Reading(current.source, jobs, read_entries(current), prompts, starts, faults)


class Touched:
    """Ranges of a source that must stay as they are."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._spans: list[tuple[int, int]] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, job: Job, texts: Iterable[Examined]) -> None:
        """Keep everything that a job is made of: its prompt, and what it is set to."""
        for piece in job.prompt.pieces:
            if piece.source is self._source:
                self._spans.append((piece.offset, piece.offset + piece.source_length))
        for text in texts if job.layers else ():
            for setting in text.settings.values():
                self._spans += _places(setting, self._source)

    def add_ranges(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Keep ranges as well."""
        self._spans += ranges

    def close(self) -> None:
        """Be ready for questions."""
        self._spans.sort()
        self._starts = [start for start, _ in self._spans]
        furthest = -1
        for _, end in self._spans:
            furthest = max(furthest, end)
            self._ends.append(furthest)

    def holds(self, start: int, end: int) -> bool:
        """Whether a range touches one that must stay."""
        index = bisect_right(self._starts, end) - 1
        return index >= 0 and self._ends[index] >= start


def _places(setting: Setting, source: Source) -> Iterator[tuple[int, int]]:
    for place in (setting.origin.name_location, setting.origin.location):
        if place.source is source:
            start, end = place.span
            rest = _REST.match(source.text, end)
            yield start, rest.end() if rest else end
