"""Permutations become jobs: one each, lazily, and what is doubtful about them is told once."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from operator import itemgetter
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Finding, Severity
from mjspec.language.parser import parse
from mjspec.language.permutations import count, expand
from mjspec.language.resolve import resolve
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.jobs.job import Job
    from mjspec.language.prompt import Placed, Prompt

__all__ = ["expand_job", "job_count", "permutation_findings", "text_count"]

_JSON_LIKE = re.compile(r'\{\s*"[^"]*"\s*:')


def job_count(job: Job) -> int:
    """How many jobs a job becomes when its permutations are expanded."""
    return 1 if job.keep_permutations else text_count(job.prompt.text)


def text_count(text: str) -> int:
    """How many texts a prompt stands for."""
    return count(parse(text)) if "{" in text else 1


def expand_job(job: Job) -> Iterator[Job]:
    """The jobs that a job becomes, in the order of its permutations."""
    if job.keep_permutations or "{" not in job.prompt.text:
        yield job
        return
    prompt = parse(job.prompt.text)
    if not prompt.groups:
        yield job
        return
    for text in expand(prompt, job.prompt):
        yield replace(job, prompt=text, siblings=True)


def permutation_findings(job: Job) -> list[Diagnostic]:
    """What the braces of a prompt cost, and whether they look intended."""
    if "{" not in job.prompt.text:
        return []
    prompt = parse(job.prompt.text)
    if not prompt.groups:
        return []
    # `${name}` that names nothing leaves its braces behind; one finding about it is enough.
    unfilled = any(fault.rule is rules.UNKNOWN_VARIABLE for fault in job.faults)
    doubtful = [] if unfilled else [g for g in prompt.groups if _looks_accidental(g)]
    found = [
        _accidental(placed).at(job.prompt)
        for placed in doubtful
        if not _breaks_parameter(job, prompt, placed)
    ]
    total = count(prompt)
    if total > 1:
        start, group = prompt.groups[0]
        first = Span(start, start + len(group.raw))
        message = f"this prompt stands for {total:,} jobs, each at its own price"
        found.append(Finding(rules.MANY_JOBS, first, message).at(job.prompt))
    return found


def _looks_accidental(placed: Placed) -> bool:
    """Doubled braces, one option alone, and JSON are seldom permutations."""
    _, group = placed
    return (
        group.raw.startswith("{{")
        or len(group.options) == 1
        or _JSON_LIKE.match(group.raw) is not None
    )


def _breaks_parameter(job: Job, prompt: Prompt, placed: Placed) -> bool:
    """Whether the braces stand in a parameter that is an error with what they hold.

    ``--ar {{aspect}}`` has one thing wrong, and the error says it.
    """
    start, _ = placed
    index = bisect_right(prompt.flags, start, key=itemgetter(0)) - 1
    if index < 0:
        return False
    at, flag = prompt.flags[index]
    alone = job.prompt.slice(at, at + len(flag.raw))
    read = parse(alone.text)
    if len(read.groups) != 1:
        return False
    first = next(expand(read, alone))
    return any(
        finding.rule.severity is Severity.ERROR for finding in resolve(parse(first.text)).findings
    )


def _accidental(placed: Placed) -> Finding:
    start, group = placed
    shown = group.raw if len(group.raw) <= 40 else group.raw[:37] + "..."  # noqa: PLR2004 (room on a line)
    return Finding(
        rules.ACCIDENTAL_PERMUTATION,
        Span(start, start + len(group.raw)),
        f"`{shown}` looks like a template or JSON, but braces are a permutation of"
        f" {group.count:,} {'text' if group.count == 1 else 'texts'}",
        help="write `\\{` for a brace that is meant as text, or `${name}` for a variable",
    )
