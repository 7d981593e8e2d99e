"""One input, linted: every finding in it as the configuration judges it, in batches as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.jobs.pipeline import Findings
from mjspec.linting.judge import Judge
from mjspec.linting.survey import survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.pipeline import Options
    from mjspec.linting.baseline import Screen
    from mjspec.linting.memory import Known
    from mjspec.reading.inputs import Input

__all__ = ["Batch", "lint_input"]


class Batch(NamedTuple):
    """Some of an input's prompts, and what was found in them.

    Attributes:
        prompts: How many prompts they are.
        found: What is reported.
        suppressed: How much a comment hides.
        baselined: How much the baseline hides.
    """

    prompts: int
    found: list[Diagnostic]
    suppressed: int = 0
    baselined: int = 0


def lint_input(
    source: Input, options: Options, config: Config, known: Known, screen: Screen | None = None
) -> Iterator[Batch]:
    """Look at every job of an input.

    Args:
        source: The input.
        options: What holds for its jobs.
        config: Which findings are reported, and how severe they are.
        known: What the inputs before it have shown; shared by the inputs of a run.
        screen: Hides what is in the baseline; shared likewise.

    Yields:
        One batch for each prompt with findings where a line is a prompt, one for the whole of a spec
        or of a file with comments that hide findings; and one at the end.
    """
    judge = Judge(source.source, source.kind, config, screen)
    # What is wrong with a comment is known before the prompts, or after them: it has to be sorted in.
    lines, total = source.kind not in (".yaml", ".yml") and not judge.commented, 0
    kept = judge.comments()
    for prompts, found in survey(source, options, known):
        total += prompts
        if found:
            kept += judge.judged(found)
        if lines:
            yield Batch(prompts, kept)
            kept = []
    if _as_written(source, options):
        # A house style without jobs shows nothing by itself.
        if source.kind not in (".yaml", ".yml") or total:
            kept += judge.unused()
        judge.finish()
    yield Batch(0 if lines else total, _sorted(kept), judge.suppressed, judge.baselined)


def _as_written(source: Input, options: Options) -> bool:
    """Whether the files alone decide what is found, so that what is missing is gone for good."""
    changed = options.assumptions.target or source.overlay or source.keep_permutations
    return not changed


def _sorted(found: list[Diagnostic]) -> list[Diagnostic]:
    findings = Findings()
    findings.add(found, job=False)
    return findings.take()
