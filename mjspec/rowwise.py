"""Many prompts that have nothing to do with each other, looked at together, told one by one.

What parameters show is remembered from prompt to prompt, which makes it many times as fast as looking
at each prompt alone. What comes out is the same.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec import api, rules
from mjspec.config import Config
from mjspec.inputs import Input, is_comment
from mjspec.place import Place
from mjspec.reformat import reformat
from mjspec.report.structured import record
from mjspec.source import Location, Source, Span
from mjspec.survey import Known, survey_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mjspec.diagnostics import Diagnostic
    from mjspec.emit import Emit
    from mjspec.pipeline import Options

__all__ = ["Linter", "compiled", "normalized"]

_NAME = "prompt"
_NOWHERE = Place(Path(), Path())
_ODD = ("\n", "\r", "\ufeff", "mjspec:")
"""What makes a text no line of its own, or a comment that speaks of others."""


class Linter:
    """Lints prompts, and remembers what it has seen.

    Args:
        options: Assumptions and limits.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._known = Known()

    def lint(self, prompts: Sequence[str | None]) -> list[list[dict[str, Any]] | None]:
        """The findings of each prompt, as JSON has them; None where there is no prompt.

        That a prompt is the same as another one is no finding here.
        """
        try:
            return self._together(prompts)
        except Exception:  # noqa: BLE001 (a defect costs one prompt its answer, not a cluster its work)
            return [_answer(self._alone, prompt) for prompt in prompts]

    def _together(self, prompts: Sequence[str | None]) -> list[list[dict[str, Any]] | None]:
        texts = [prompt or "" for prompt in prompts]
        starts, at = [], 0
        for text in texts:
            starts.append(at)
            at += len(text) + 1
        source = Source(_NAME, "\n".join(texts))
        lines = [(at, text) for at, text in zip(starts, texts, strict=True) if text.strip()]
        found: dict[int, list[Diagnostic]] = {}
        one = Input(source, "prompt", _NOWHERE)
        for _, some in survey_lines(one, lines, self._options, self._known):
            for diagnostic in some:
                index = bisect_right(starts, diagnostic.location.span.start) - 1
                found.setdefault(index, []).append(diagnostic)
        answers: list[list[dict[str, Any]] | None] = []
        for index, prompt in enumerate(prompts):
            if prompt is None or prompt.strip():
                own = [_moved(one, prompt or "", starts[index]) for one in found.get(index, ())]
                answers.append(None if prompt is None else _records(own))
            else:
                answers.append(self._alone(prompt))
        return answers

    def _alone(self, prompt: str) -> list[dict[str, Any]]:
        return _records(api.lint(prompt, options=self._options))


def _moved(diagnostic: Diagnostic, prompt: str, start: int) -> Diagnostic:
    """A finding at its place in the prompt alone."""
    low, high = diagnostic.location.span
    place = Location(Source(_NAME, prompt), Span(low - start, high - start))
    return replace(diagnostic, location=place)


def _records(found: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    return [record(one) for one in found if one.rule is not rules.DUPLICATE_JOB]


def _answer(ask: Callable[[str], Any], prompt: str | None) -> Any:
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
        answers[index] = _answer(lambda prompt: api.fmt(prompt, options), prompts[index])
    return answers


def _is_line(prompt: str) -> bool:
    return not (not prompt.strip() or is_comment(prompt) or any(sign in prompt for sign in _ODD))


def _placed(answers: list[str | None], lines: list[int], texts: list[str]) -> list[str | None]:
    for index, text in zip(lines, texts, strict=True):
        answers[index] = text
    return answers


def compiled(
    prompts: Sequence[str | None], options: Options, style: Emit
) -> list[dict[str, Any] | None]:
    """The requests of each prompt, or what is wrong with it."""

    def one(prompt: str) -> dict[str, Any]:
        try:
            return {"jobs": api.compile(prompt, emit=style, options=options)}
        except api.CompileError as error:
            return {"error": str(error)}

    return [_answer(one, prompt) for prompt in prompts]
