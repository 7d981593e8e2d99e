"""From inputs to examined jobs, lazily, and every finding told once for its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.jobs.compiler import compile_job, examine
from mjspec.jobs.expansion import expand_job, job_count, permutation_findings, text_count
from mjspec.jobs.job import first_line
from mjspec.jobs.model import Assumptions
from mjspec.jobs.seen import same_id, same_job

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from mjspec.jobs.compiler import Compiled
    from mjspec.jobs.emit import Emit
    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.jobs.seen import Seen
    from mjspec.reading.inputs import Input
    from mjspec.source import Source, Span

__all__ = [
    "MOST_JOBS",
    "Findings",
    "Options",
    "compiled_jobs",
    "examined_job",
    "examined_jobs",
    "met_before",
    "prompt_jobs",
    "single_jobs",
    "streamed_jobs",
    "too_many",
]

MOST_JOBS = 10_000
"""How many jobs a run may have unless the user allows more."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line and the configuration say about all jobs.

    Attributes:
        assumptions: Versions and custom flags.
        most_jobs: The limit that stops accidents.
        outside: Whether files may lie outside the folder of the spec.
    """

    assumptions: Assumptions = field(default_factory=Assumptions)
    most_jobs: int = MOST_JOBS
    outside: bool = False


_Key = tuple[str, str, int, "Span", str]


class Findings:
    """Diagnostics in the order found, equal ones at one place counted as one."""

    def __init__(self) -> None:
        self._found: dict[_Key, Diagnostic] = {}
        # What was told of a file before any of its jobs was looked at.
        self._early: set[_Key] = set()

    def add(self, diagnostics: Iterable[Diagnostic], *, job: bool = True) -> None:
        """Take findings; those of another job at the same place raise its number of jobs."""
        told = set()
        for diagnostic in diagnostics:
            place = diagnostic.location
            key = (
                diagnostic.rule.name,
                place.source.name,
                place.source.first_line,
                place.span,
                diagnostic.message,
            )
            known = self._found.get(key)
            if known is None:
                self._found[key] = diagnostic
                if not job:
                    self._early.add(key)
            elif key in self._early and job:
                self._early.remove(key)
                self._found[key] = known._replace(jobs=diagnostic.jobs)
            elif job and key not in told:
                self._found[key] = known._replace(jobs=known.jobs + diagnostic.jobs)
            told.add(key)

    def take(self, source: Source | None = None) -> list[Diagnostic]:
        """The findings so far, sorted by place within each source, and forget them.

        Args:
            source: Take only what stands in this one.
        """
        if source is None:
            taken, self._found = self._found, {}
            self._early.clear()
        else:
            taken = {k: d for k, d in self._found.items() if d.location.source is source}
            self._early.difference_update(taken)
            for key in taken:
                del self._found[key]
        if len(taken) <= 1:
            return list(taken.values())
        sources: dict[int, int] = {}
        for diagnostic in taken.values():
            sources.setdefault(id(diagnostic.location.source), len(sources))
        return sorted(
            taken.values(), key=lambda d: (sources[id(d.location.source)], d.location.span)
        )


def examined_jobs(
    source: Input, options: Options, findings: Findings, taken: int = 0
) -> Iterator[Examined]:
    """The jobs of one input, permutations expanded, each after all checks.

    The limit on their number is checked before the first one is built.

    Args:
        source: The input.
        options: What holds for all jobs.
        findings: Where everything goes that was found.
        taken: How many jobs of the limit other inputs have used.
    """
    jobs: list[Job] = []
    total = taken
    source.most_jobs = options.most_jobs
    for job in source.jobs():
        findings.add(permutation_findings(job), job=False)
        total += job_count(job) * job.copies
        if total > options.most_jobs:
            findings.add([_too_many(job, total, options.most_jobs)], job=False)
            jobs.clear()
            break
        jobs.append(job)
    for job in jobs:
        for one in expand_job(job):
            yield examined_job(one, options, findings)
    findings.add(source.found, job=False)


def too_many(parts: Iterable[Input], options: Options, taken: int = 0) -> list[Diagnostic]:
    """The finding at the prompt with which a file that comes in parts has too many jobs, if any.

    Args:
        parts: The parts; what is wrong with them is told elsewhere.
        options: What holds for all jobs.
        taken: How many jobs of the limit other inputs have used.
    """
    total = taken
    for part in parts:
        lines = _jobs_of_lines(part)
        if lines is not None and total + lines <= options.most_jobs:
            total += lines
            continue
        for job in part.jobs():
            total += job_count(job) * job.copies
            if total > options.most_jobs:
                return [_too_many(job, total, options.most_jobs)]
    return []


def _jobs_of_lines(part: Input) -> int | None:
    """How many jobs the lines of a part stand for; None where that shows only in the jobs."""
    lines = part.lines() if part.overlay is None else None
    if lines is None:
        return None
    if part.keep_permutations:
        return sum(1 for _ in lines)
    return sum(text_count(text) for _, text in lines)


def streamed_jobs(
    source: Input, options: Options, findings: Findings, jobs: Iterable[Job] | None = None
) -> Iterator[Examined]:
    """The same one by one, for reading only: the limit holds for each prompt, not for the file.

    Args:
        source: The input.
        options: What holds for all jobs.
        findings: Where everything goes that was found.
        jobs: Some of the input's jobs; all by default.
    """
    for same in prompt_jobs(source, options, findings, jobs):
        for one in same:
            yield examined_job(one, options, findings)


def single_jobs(
    source: Input, options: Options, findings: Findings, jobs: Iterable[Job] | None = None
) -> Iterator[Job]:
    """The same before they are examined: what the permutations of each prompt stand for."""
    for same in prompt_jobs(source, options, findings, jobs):
        yield from same


def prompt_jobs(
    source: Input, options: Options, findings: Findings, jobs: Iterable[Job] | None = None
) -> Iterator[Iterator[Job]]:
    """The same, those of one prompt together: what is found in several of them is told once."""
    told = 0
    for job in source.jobs() if jobs is None else jobs:
        # What is wrong with the rows before it comes before what is wrong with this one.
        findings.add(source.found[told:], job=False)
        told = len(source.found)
        findings.add(permutation_findings(job), job=False)
        total = job_count(job)
        if total > options.most_jobs:
            findings.add([_too_many(job, total, options.most_jobs)], job=False)
        else:
            yield expand_job(job)
    findings.add(source.found[told:], job=False)


def examined_job(job: Job, options: Options, findings: Findings) -> Examined:
    """A job after all checks."""
    examined = examine(job, options.assumptions, outside=options.outside)
    findings.add(examined.diagnostics)
    return examined


def compiled_jobs(
    examined: Iterable[Examined], style: Emit, findings: Findings, seen: Seen
) -> Iterator[tuple[Examined, Compiled | None]]:
    """Each job with its request, None for one with errors; equal jobs are told.

    Args:
        examined: The jobs.
        style: How requests are spelled.
        findings: Where duplicates go.
        seen: The jobs so far; shared by the inputs of a run.
    """
    for one in examined:
        compiled = compile_job(one, style)
        if compiled is not None:
            key = (one.job.written, compiled.fingerprint)
            findings.add(met_before(one.job, one.job.id and compiled.id, key, seen))
        yield one, compiled


def met_before(job: Job, name: str | None, key: Hashable, seen: Seen) -> list[Diagnostic]:
    """The finding at a job that was met before, or whose name was.

    Args:
        job: The job.
        name: The id that is shown; None if it has none of its own.
        key: What equal jobs have in common.
        seen: The jobs so far.
    """
    source, start = job.prompt.begin
    path, line = source.name, source.line_at(start)
    first = seen.before(key, path, line)
    if first is not None:
        return [same_job(job.prompt.location, first)]
    named = seen.before(f"id {name}", path, line) if name else None
    return [same_id(first_line(job.origin), str(name), named)] if named else []


def _too_many(job: Job, total: int, most: int) -> Diagnostic:
    rule = rules.TOO_MANY_JOBS
    shown = f"{total:,}" if total < 1 << 40 else "more than a million million"
    message = f"with this there are {shown} jobs; at most {most:,} are allowed"
    help_text = "raise the limit with --max-jobs if that many are meant"
    return Diagnostic(rule, Severity.ERROR, message, job.prompt.location, help=help_text)
