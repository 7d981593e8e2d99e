"""Many prompts that have nothing to do with each other, looked at together, told one by one.

What parameters show is remembered from prompt to prompt, which makes it many times as fast as looking
at each prompt alone. What comes out is the same.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from mjspec import api, rules
from mjspec.config import Config
from mjspec.formatting.reformat import reformat
from mjspec.jobs.seen import Seen
from mjspec.linting.memory import Known
from mjspec.linting.survey import survey_lines
from mjspec.reading.inputs import Input, is_comment
from mjspec.reading.place import Place
from mjspec.report.page import ROLES
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.compiler import Compiled
    from mjspec.jobs.emit import Emit
    from mjspec.jobs.pipeline import Options

__all__ = ["Answer", "Finding", "Linter", "Request", "compiled", "normalized"]

_NAME = "prompt"
_NOWHERE = Place(Path(), Path())
_ODD = ("\n", "\r", "\ufeff", "mjspec:")
"""What makes a text no line of its own, or a comment that speaks of others."""
_T = TypeVar("_T")


class Finding(NamedTuple):
    """What is found in a prompt, as ``mjspec lint --format json`` has it; places are in the prompt."""

    code: str
    name: str
    severity: str
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    help: str | None


class Request(NamedTuple):
    """What would be sent, as ``mjspec compile`` has it; the body is JSON."""

    id: str
    body: str
    final_prompt: str
    billing_key: str
    fingerprint: str


class Answer(NamedTuple):
    """The requests of a prompt, or what is wrong with it."""

    jobs: list[Request] | None = None
    error: str | None = None


class Linter:
    """Lints prompts, and remembers what it has seen of their parameters.

    Args:
        options: Assumptions and limits.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known = Known()
        self._known.seen = _Forgetful()

    def lint(self, prompts: Sequence[str | None]) -> list[list[Finding] | None]:
        """The findings of each prompt; None where there is no prompt.

        That a prompt is the same as another one is no finding here.
        """
        try:
            return self._together(prompts)
        except Exception:  # noqa: BLE001 (a defect costs one prompt its answer, not a cluster its work)
            return [_answered(self._alone, prompt) for prompt in prompts]

    def _together(self, prompts: Sequence[str | None]) -> list[list[Finding] | None]:
        texts = [prompt or "" for prompt in prompts]
        starts, at = [], 0
        for text in texts:
            starts.append(at)
            at += len(text) + 1
        source = Source(_NAME, "\n".join(texts))
        blank = [not text or text.isspace() for text in texts]
        lines = [(starts[i], text) for i, text in enumerate(texts) if not blank[i]]
        answers: list[list[Finding] | None] = [
            None if prompt is None else self._alone(prompt) if blank[i] else []
            for i, prompt in enumerate(prompts)
        ]
        one = Input(source, "prompt", _NOWHERE)
        for _, some in survey_lines(one, lines, self._options, self._known):
            for diagnostic in some:
                index = bisect_right(starts, diagnostic.location.span.start) - 1
                answer = answers[index]
                if answer is not None and diagnostic.rule is not rules.DUPLICATE_JOB:
                    answer.append(_finding(diagnostic, texts[index], starts[index]))
        return answers

    def _alone(self, prompt: str) -> list[Finding]:
        found = api.lint(prompt, options=self._options)
        return [_finding(one, prompt, 0) for one in found if one.rule is not rules.DUPLICATE_JOB]


class _Forgetful(Seen):
    """Knows of no job, since rows do not know of each other."""

    def before(self, key: Hashable, name: str, line: int) -> tuple[str, int] | None:  # noqa: ARG002
        return None


def _finding(diagnostic: Diagnostic, prompt: str, start: int) -> Finding:
    """A finding at its place in the prompt alone."""
    low, high = diagnostic.location.span
    low, high = low - start, high - start
    begin, end = (1, low + 1), (1, high + 1)
    if "\n" in prompt or "\r" in prompt:
        alone = Source(_NAME, prompt)
        begin, end = alone.position(low), alone.position(high)
    rule, severity = diagnostic.rule, ROLES[diagnostic.severity]
    return Finding(
        rule.code, rule.name, severity, diagnostic.message, *begin, *end, diagnostic.help
    )


def _answered(ask: Callable[[str], _T], prompt: str | None) -> _T | None:
    """What is said of one prompt; nothing where that fails."""
    try:
        return None if prompt is None else ask(prompt)
    except Exception:  # noqa: BLE001 (the same)
        return None


def normalized(prompts: Sequence[str | None], options: Options) -> list[str | None]:
    """The canonical spelling of each prompt; None where there is no prompt."""
    answers: list[str | None] = [None] * len(prompts)
    lines: list[int] = []
    others: list[int] = []
    for index, prompt in enumerate(prompts):
        if prompt is not None:
            (lines if _is_line(prompt) else others).append(index)
    try:
        source = Source(_NAME, "\n".join(str(prompts[index]) for index in lines))
        text = reformat(Input(source, ".mj", _NOWHERE), options, Config()).text
        answers = _placed(answers, lines, text.split("\n") if lines else [])
    except Exception:  # noqa: BLE001 (the same)
        others += lines
    for index in others:
        answers[index] = _answered(lambda prompt: api.fmt(prompt, options), prompts[index])
    return answers


def _is_line(prompt: str) -> bool:
    return not (not prompt.strip() or is_comment(prompt) or any(sign in prompt for sign in _ODD))


def _placed(answers: list[str | None], lines: list[int], texts: list[str]) -> list[str | None]:
    for index, text in zip(lines, texts, strict=True):
        answers[index] = text
    return answers


def compiled(prompts: Sequence[str | None], options: Options, style: Emit) -> list[Answer | None]:
    """The requests of each prompt, or what is wrong with it; None where there is no prompt."""

    def one(prompt: str) -> Answer:
        try:
            jobs = api.compile(prompt, emit=style, options=options)
        except api.CompileError as error:
            return Answer(error=str(error))
        return Answer(jobs=[_request(job) for job in jobs])

    return [_answered(one, prompt) for prompt in prompts]


def _request(job: Compiled) -> Request:
    body = _encode(dict(job.request.body))
    return Request(job.id, body, job.final_prompt, job.billing_key, job.fingerprint)


# `json.dumps` would make an encoder for each of many requests.
_encode = json.JSONEncoder(ensure_ascii=False).encode
