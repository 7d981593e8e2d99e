"""Looks at the jobs of an input one after the other, and compiles none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.jobs.pipeline import Findings, examined_jobs, prompt_jobs, single_jobs
from mjspec.jobs.seen import same_job
from mjspec.linting.looking import compared, has_errors, key_of, look, meaning_of, text_key
from mjspec.source import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.pipeline import Options
    from mjspec.linting.memory import Known
    from mjspec.reading.inputs import Input

__all__ = ["survey", "survey_lines", "survey_rows"]

_STREAMED = (".mj", ".txt", ".md", ".csv", ".jsonl", "prompt")


def survey(source: Input, options: Options, known: Known) -> Iterator[tuple[int, list[Diagnostic]]]:
    """What is found, with the number of prompts it was found in.

    Args:
        source: The input.
        options: What holds for its jobs.
        known: What the inputs before it have shown.

    Yields:
        For each prompt with findings where a line is a prompt, with the number of prompts since the
        one before; once for the whole of a spec.
    """
    lines = source.lines()
    if lines is not None and source.overlay is None:
        yield from survey_lines(source, lines, options, known)
        return
    if source.kind in _STREAMED:
        for _, prompts, found in survey_rows(source, options, known):
            yield prompts, found
        return
    findings = Findings()
    prompts = 0
    for one in examined_jobs(source, options, findings):
        if not one.has_errors:
            findings.add(compared(one.job, key_of(one, meaning_of(one)), known.seen))
        prompts += 1
    yield prompts, findings.take()


def survey_rows(
    source: Input, options: Options, known: Known
) -> Iterator[tuple[Location | None, int, list[Diagnostic]]]:
    """The same for prompts that may have fields, each with the place where its job is written.

    Args:
        source: The input.
        options: What holds for its jobs.
        known: What the inputs before it have shown.

    Yields:
        What is found in each prompt, and before it since the one before; at the end what is found
        behind the last one, at no place.
    """
    findings = Findings()
    for same in prompt_jobs(source, options, findings):
        place, prompts = None, 0
        for job in same:
            look(job, options, known, findings)
            place = job.origin
            prompts += 1
        yield place, prompts, findings.take()
    yield None, 0, findings.take()


def survey_lines(
    source: Input, lines: Iterable[tuple[int, str]], options: Options, known: Known
) -> Iterator[tuple[int, list[Diagnostic]]]:
    """The same for prompts without fields, one a line.

    Args:
        source: The input.
        lines: Where its prompts begin, and their text.
        options: What holds for them.
        known: What others have shown.
    """
    memory = known.memory(options)
    text = source.source
    prompts = 0
    for start, line in lines:
        halves = memory.halves(line)
        if halves is None:
            more, found = _whole(source, (start, line), options, known)
            yield prompts + more, found
            prompts = 0
            continue
        at, head, tail = halves
        found = [mark.at(text, start + at) for mark in tail.marks]
        sound = not tail.has_errors
        if head.findings:
            whole = text.excerpt(start, start + len(line))
            words = [finding.at(whole) for finding in head.findings]
            found = [*words, *found]
            sound = sound and not has_errors(words)
        if sound:
            key = text_key(head.text, tail.written, None)
            first = known.seen.before(key, text.name, text.line_at(start))
            if first is not None:
                place = Location(text, Span(start, start + len(line)))
                found = [same_job(place, first), *found]
        prompts += 1
        if found:
            found.sort(key=_place)
            yield prompts, found
            prompts = 0
    yield prompts, []


def _place(found: Diagnostic) -> Span:
    return found.location.span


def _whole(
    source: Input, line: tuple[int, str], options: Options, known: Known
) -> tuple[int, list[Diagnostic]]:
    """A line that has to be looked at as a whole, unless the same one was.

    Returns:
        How many prompts it stands for, and what is found in them.
    """
    start, text = line
    wholes = known.memory(options).wholes
    same = None if source.keep_permutations else wholes.known(text)
    if same is not None:
        return len(same.jobs), same.found(source.source, start, known.seen)
    findings = Findings()
    jobs = single_jobs(source, options, findings, source.line_jobs([line]))
    looked = [(look(job, options, known, findings), job.prompt.location.span) for job in jobs]
    found = findings.take()
    if not source.keep_permutations:
        wholes.learn(text, start, found, looked)
    return len(looked), found
