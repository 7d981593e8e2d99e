"""Looks at one job: by memory where that is enough, else by a full examination, which is remembered."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from mjspec.diagnostics import Severity
from mjspec.jobs import examined
from mjspec.jobs.compiler import examine
from mjspec.jobs.emit import besides_text
from mjspec.jobs.pipeline import examined_job, met_before
from mjspec.linting.heads import content_text
from mjspec.linting.shapes import is_separate
from mjspec.linting.tails import Meaning, tail_of
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.jobs.pipeline import Findings, Options
    from mjspec.jobs.seen import Seen
    from mjspec.linting.memory import Known, Memory

__all__ = ["compared", "has_errors", "key_of", "look", "meaning_of", "text_key"]


def look(job: Job, options: Options, known: Known, findings: Findings) -> int | None:
    """What is found in a job; of one that has nothing but its prompt, parameters are remembered.

    Args:
        job: The job, without permutations.
        options: What holds for it.
        known: What others have shown.
        findings: Where everything goes that was found.

    Returns:
        What equal jobs have in common; None for one with errors.
    """
    memory = known.memory(options)
    bare = not (job.faults or any(layer.values for layer in job.layers))
    recalled = _recalled(job, memory) if bare else None
    if recalled is None and bare and job.siblings:
        _rehearse(job, memory)
        recalled = _recalled(job, memory)
    if recalled is not None:
        found, key = recalled
        findings.add(found)
    else:
        one = examined_job(job, options, findings)
        meaning = meaning_of(one)
        key = None if one.has_errors else key_of(one, meaning)
        if bare:
            _remember(one, meaning, memory)
    if key is not None:
        findings.add(compared(job, key, known.seen))
    return key


def compared(job: Job, key: int, seen: Seen) -> list[Diagnostic]:
    """What is found at a job that others are equal to, or called like."""
    return met_before(job, None if job.siblings else job.id, key, seen)


def _rehearse(job: Job, memory: Memory) -> None:
    """Examine a choice of a prompt's permutations by itself, for what its parameters show."""
    options = memory.options
    alone = replace(job, prompt=Source("", job.prompt.text).excerpt())
    one = examine(alone, options.assumptions, outside=options.outside)
    _remember(one, meaning_of(one), memory)


def _remember(one: Examined, meaning: Meaning, memory: Memory) -> None:
    """Take note of what a prompt shows of its parameters, if it stands there as it is."""
    text, pieces = one.job.prompt
    if len(pieces) > 1 or pieces[0].source_length != len(text):
        return
    start = pieces[0].offset
    flags = one.resolved.prompt.flags
    at = flags[0][0] if flags else len(text)
    behind = [found for found in one.diagnostics if found.location.span.start >= start + at]
    tail = tail_of(behind, meaning, one.model, start + at)
    memory.learn(text, at, tail, meaning)


def _recalled(job: Job, memory: Memory) -> tuple[list[Diagnostic], int | None] | None:
    """What is found in a job that has nothing but its prompt, if its parameters were met before."""
    text = job.prompt.text
    halves = memory.halves(text) if text else None
    if halves is None:
        return None
    at, head, tail = halves
    behind = [mark.finding(at) for mark in tail.marks]
    found = [finding.at(job.prompt) for finding in (*head.findings, *behind)]
    return found, None if has_errors(found) else text_key(head.text, tail.written, job.written)


def has_errors(found: Iterable[Diagnostic]) -> bool:
    """Whether there is an error among findings."""
    return any(one.severity is Severity.ERROR for one in found)


def meaning_of(one: Examined) -> Meaning:
    """What a job has in common with equal ones besides its links and text."""
    meaning = examined.meaning_of(one)
    separate = {key: value for key, value in meaning.values.items() if is_separate(key)}
    tied = {key: value for key, value in meaning.values.items() if key not in separate}
    tied_meaning = meaning._replace(values=tied, identities=())
    return Meaning(besides_text(tied_meaning), separate)


def key_of(one: Examined, meaning: Meaning) -> int:
    """What equal jobs have in common."""
    text = content_text(one.identities, one.content.prompt)
    return text_key(text, meaning.written, one.job.written)


def text_key(text: str, meaning: str, written: str | None) -> int:
    """Sixty-four bits that equal jobs have in common; a name takes part in what a job is."""
    content = f"{text}{meaning}{written}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(content, digest_size=8).digest())
