"""Multi-prompts, whose parts have weights: ``hot:: dog::2``. They ended with version 6.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Finding
from mjspec.jobs.model import spoken, unless_named
from mjspec.language.prompt import Image, Permutation, Text, Weight
from mjspec.source import Span
from mjspec.versions import describe, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.jobs.model import Model
    from mjspec.language.prompt import Prompt

__all__ = ["multi_prompt_findings"]

_MULTI_PROMPTS = span("1-6.1", "4-6")
_WHOLE_WEIGHTS = span("1-3")


def multi_prompt_findings(prompt: Prompt, model: Model) -> Iterator[Finding]:
    """What is wrong with the weights of a text in a model version; their sum must be positive."""
    weights = _weights(prompt)
    if not weights:
        return
    version = model.rules
    if version is not None and version not in _MULTI_PROMPTS:
        severity, note = unless_named(model)
        yield Finding(
            rules.MULTI_PROMPT_UNSUPPORTED,
            weights[0].span,
            f"`{weights[0].raw}` makes a multi-prompt, which {spoken(version)} does not have;"
            f" {describe(_MULTI_PROMPTS)} do{note}",
            severity=severity,
        )
        return
    fraction = next((weight for weight in weights if not weight.value.is_integer()), None)
    if version in _WHOLE_WEIGHTS and fraction is not None:
        yield Finding(
            rules.INVALID_WEIGHTS,
            fraction.span,
            f"`{fraction.raw}` is no whole number; {spoken(version)} takes only those",
        )
    last = prompt.parts[-1]
    rest = 1.0 if isinstance(last, Text | Permutation) and last.raw.strip() else 0.0
    if sum(weight.value for weight in weights) + rest <= 0:
        yield Finding(
            rules.INVALID_WEIGHTS,
            Span(weights[0].span.start, weights[-1].span.end),
            "the weights add up to zero or less; their sum must be positive",
        )


def _weights(prompt: Prompt) -> list[Weight]:
    """The weights of the text; those of image links are not among them."""
    parts = prompt.parts
    return [
        part
        for before, part in zip((None, *parts), parts, strict=False)
        if isinstance(part, Weight) and not isinstance(before, Image)
    ]
