"""What is found in prompts that do not fall apart into words and parameters, by their text.

Files of prompts hold many of them more than once, and these are the ones that take longest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.jobs.pipeline import Findings
from mjspec.jobs.seen import same_job
from mjspec.linting.marks import Mark, mark_of
from mjspec.source import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.seen import Seen
    from mjspec.source import Source, Span

__all__ = ["Whole", "Wholes"]

_MOST = 1 << 13
_LONGEST = 1000
_MOST_JOBS = 100


class Whole(NamedTuple):
    """What is known of a prompt as it stands in a line of its own.

    Attributes:
        marks: What is found in it, with places from its beginning.
        jobs: What each of the jobs that it stands for has in common with equal ones, None for one
            with errors; and its place from the beginning.
    """

    marks: tuple[Mark, ...]
    jobs: tuple[tuple[int | None, Span], ...]

    def found(self, source: Source, start: int, seen: Seen) -> list[Diagnostic]:
        """What is found where the prompt stands again, with the jobs that are not new.

        Args:
            source: Where it stands.
            start: Where it begins there.
            seen: The jobs so far.
        """
        found = [mark.at(source, start) for mark in self.marks]
        line = source.line_at(start)
        firsts = [key and seen.before(key, source.name, line) for key, _ in self.jobs]
        if any(firsts):
            findings = Findings()
            findings.add(found)
            for (_, span), first in zip(self.jobs, firsts, strict=True):
                if first:
                    findings.add([same_job(Location(source, span.shifted(start)), first)])
            return findings.take()
        return found


class Wholes:
    """The prompts met so far."""

    def __init__(self) -> None:
        self._known: dict[str, Whole] = {}

    def known(self, text: str) -> Whole | None:
        """What is known of a prompt; None if it must be looked at."""
        return self._known.get(text)

    def learn(
        self,
        text: str,
        start: int,
        found: Sequence[Diagnostic],
        jobs: Sequence[tuple[int | None, Span]],
    ) -> None:
        """Take in what was found in a line.

        Args:
            text: The prompt.
            start: Where it begins in its source.
            found: What was found, by place.
            jobs: What each of its jobs has in common with equal ones, and its place.
        """
        if len(text) > _LONGEST or len(jobs) > _MOST_JOBS:
            return
        marks = [mark_of(one, start) for one in found if one.rule is not rules.DUPLICATE_JOB]
        own = tuple((key, span.shifted(-start)) for key, span in jobs)
        if {span for _, span in own} & {mark.span for mark in marks}:
            # It would take its turn among those about equal jobs, which have the same place.
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[text] = Whole(tuple(marks), own)
