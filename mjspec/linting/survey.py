"""Looks at the jobs of an input one after the other, and compiles none of them."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from mjspec.diagnostics import Severity
from mjspec.jobs.compiler import examine
from mjspec.jobs.emit import besides_text
from mjspec.jobs.examined import meaning_of
from mjspec.jobs.pipeline import (
    Findings,
    examined_job,
    examined_jobs,
    met_before,
    prompt_jobs,
    single_jobs,
)
from mjspec.jobs.seen import Seen, same_job
from mjspec.language.wording import OPENERS
from mjspec.linting.heads import cut, cut_closely, read_head
from mjspec.linting.shapes import is_separate
from mjspec.linting.tails import Meaning, Tail, Tails, tail_of
from mjspec.linting.wholes import Wholes
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.jobs.pipeline import Options
    from mjspec.reading.inputs import Input

__all__ = ["Known", "survey", "survey_lines", "survey_rows"]

_STREAMED = (".mj", ".txt", ".md", ".csv", ".jsonl", "prompt")


class Memory(NamedTuple):
    """What a run remembers of the prompts that one set of options holds for.

    Attributes:
        options: The options.
        tails: Parameters.
        wholes: Prompts that do not fall apart into words and parameters.
    """

    options: Options
    tails: Tails
    wholes: Wholes


class Known:
    """What a run remembers from input to input."""

    def __init__(self) -> None:
        self.seen = Seen()
        self._memories: list[Memory] = []

    def memory(self, options: Options) -> Memory:
        """What was met so far under these options."""
        for memory in self._memories:
            if memory.options is options:
                return memory
        for memory in self._memories:
            if memory.options == options:
                return memory
        self._memories.append(Memory(options, Tails(), Wholes()))
        return self._memories[-1]


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
            key = _key(one.content.prompt, _meaning(one).written, one.job.written)
            name = None if one.job.siblings else one.job.id
            findings.add(met_before(one.job, name, key, known.seen))
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
            _look(job, options, known, findings)
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
    tails = known.memory(options).tails
    text = source.source
    prompts = 0
    for start, line in lines:
        at = cut(line)
        tail = tails.known(line[at:]) if at >= 0 else None
        if tail is None:
            at = cut_closely(line)
            tail = tails.known(line[at:]) if at >= 0 else None
        if tail is None or not _follows(tail, line, at):
            more, found = _whole(source, (start, line), options, known)
            yield prompts + more, found
            prompts = 0
            continue
        head = read_head(line[:at], tail.model)
        found = [mark.at(text, start + at) for mark in tail.marks]
        sound = not tail.has_errors
        if head.findings:
            whole = text.excerpt(start, start + len(line))
            words = [finding.at(whole) for finding in head.findings]
            found = [*words, *found]
            sound = sound and not _has_errors(words)
        if sound:
            key = _key(head.text, tail.written, None)
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


def _follows(tail: Tail, text: str, at: int) -> bool:
    """Whether what is known of parameters holds behind these words: most do not look at them."""
    if tail.reaches_back and (text[at - 1] != " " or text[at - 2 : at - 1].isspace()):
        return False
    return text[0] not in OPENERS or not tail.looks_back


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
        place = Location(source.source, Span(start, start + len(text)))
        return len(same.keys), same.found(place, known.seen)
    findings = Findings()
    jobs = single_jobs(source, options, findings, source.line_jobs([line]))
    keys = [_look(job, options, known, findings) for job in jobs]
    found = findings.take()
    if not source.keep_permutations:
        wholes.learn(text, start, found, keys)
    return len(keys), found


def _look(job: Job, options: Options, known: Known, findings: Findings) -> int | None:
    """What is found in a job; of one that has nothing but its prompt, parameters are remembered.

    Args:
        job: The job, without permutations.
        options: What holds for it.
        known: What others have shown.
        findings: Where everything goes that was found.

    Returns:
        What equal jobs have in common; None for one with errors.
    """
    tails = known.memory(options).tails
    bare = not (job.faults or any(layer.values for layer in job.layers))
    recalled = _recalled(job, tails) if bare else None
    if recalled is None and bare and job.siblings:
        _rehearse(job, tails, options)
        recalled = _recalled(job, tails)
    if recalled is not None:
        found, key = recalled
        findings.add(found)
    else:
        one = examined_job(job, options, findings)
        meaning = _meaning(one)
        key = None if one.has_errors else _key(one.content.prompt, meaning.written, job.written)
        if bare:
            _remember(one, meaning, tails)
    if key is not None:
        findings.add(met_before(job, None if job.siblings else job.id, key, known.seen))
    return key


def _rehearse(job: Job, tails: Tails, options: Options) -> None:
    """Examine a choice of a prompt's permutations by itself, for what its parameters show."""
    if cut(job.prompt.text) >= 0:
        alone = replace(job, prompt=Source("", job.prompt.text).excerpt())
        one = examine(alone, options.assumptions, outside=options.outside)
        _remember(one, _meaning(one), tails)


def _remember(one: Examined, meaning: Meaning, tails: Tails) -> None:
    """Take note of what a prompt shows of its parameters, if it stands there as it is."""
    text, pieces = one.job.prompt
    if len(pieces) > 1 or pieces[0].source_length != len(text):
        return
    start = pieces[0].offset
    flags = one.resolved.prompt.flags
    at = flags[0][0] if flags else len(text)
    # Dashes may have turned out to be text.
    if at in (cut(text), cut_closely(text)):
        behind = [found for found in one.diagnostics if found.location.span.start >= start + at]
        tail = tail_of(behind, meaning, one.model, start + at)
        if _follows(tail, text, at):
            tails.learn(text[at:], tail)


def _recalled(job: Job, tails: Tails) -> tuple[list[Diagnostic], int | None] | None:
    """What is found in a job that has nothing but its prompt, if its parameters were met before."""
    text = job.prompt.text
    at = cut(text) if text else -1
    tail = tails.known(text[at:]) if at >= 0 else None
    if tail is None and text:
        at = cut_closely(text)
        tail = tails.known(text[at:]) if at >= 0 else None
    if tail is None or not _follows(tail, text, at):
        return None
    head = read_head(text[:at], tail.model)
    behind = [mark.finding(at) for mark in tail.marks]
    found = [finding.at(job.prompt) for finding in (*head.findings, *behind)]
    return found, None if _has_errors(found) else _key(head.text, tail.written, job.written)


def _has_errors(found: Iterable[Diagnostic]) -> bool:
    return any(one.severity is Severity.ERROR for one in found)


def _meaning(one: Examined) -> Meaning:
    meaning = meaning_of(one)
    separate = {key: value for key, value in meaning.values.items() if is_separate(key)}
    tied = {key: value for key, value in meaning.values.items() if key not in separate}
    return Meaning(besides_text(replace(meaning, values=tied)), tuple(sorted(separate.items())))


def _key(text: str, meaning: str, written: str | None) -> int:
    """Sixty-four bits that equal jobs have in common; a name takes part in what a job is."""
    content = f"{text}{meaning}{written}"
    return int.from_bytes(blake2b(content.encode(errors="surrogatepass"), digest_size=8).digest())
