"""One input, linted: every finding in it as the configuration judges it, in batches as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.pipeline import Findings, compiled_jobs, examined_jobs, streamed_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.compiler import Examined
    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.inputs import Input
    from mjspec.pipeline import Options

__all__ = ["Batch", "lint_input"]

_STREAMED = (".mj", ".txt", ".md", ".csv", ".jsonl", "prompt")


class Batch(NamedTuple):
    """Some of an input's prompts, and what was found in them."""

    prompts: int
    found: list[Diagnostic]


def lint_input(
    source: Input, options: Options, config: Config, seen: dict[str, Examined]
) -> Iterator[Batch]:
    """Look at every job of an input.

    Args:
        source: The input.
        options: What holds for its jobs.
        config: Which findings are reported, and how severe they are.
        seen: The jobs so far; shared by the inputs of a run.

    Yields:
        One batch a prompt where a line is a prompt, one for the whole of a spec.
    """
    findings = Findings()
    streamed = source.kind in _STREAMED
    read = streamed_jobs if streamed else examined_jobs
    prompts = 0
    for _ in compiled_jobs(read(source, options, findings), "structured", findings, seen):
        prompts += 1
        if streamed:
            yield Batch(prompts, _judged(findings, config))
            prompts = 0
    yield Batch(prompts, _judged(findings, config))


def _judged(findings: Findings, config: Config) -> list[Diagnostic]:
    return [found for found in map(config.judged, findings.take()) if found is not None]
