"""`mjspec fmt`: the form of one prompt, and whole files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.linting import midjargon
from tests.benchmarks.measure import rates, run
from tests.benchmarks.setting import Setting, program, recombined
from tests.benchmarks.table import Row, Sample

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 5
PROMPTS = 3000
LINES = 50_000


def form(setting: Setting) -> dict[str, Sample]:
    """The canonical form of a prompt against the peer's parser."""
    from midjargon import parse_midjargon_prompt_to_dict

    from mjspec.formatting.canonical import formatting_steps

    texts = setting.prompts * max(1, setting.size(PROMPTS) // len(setting.prompts))
    compared = rates(
        formatting_steps, parse_midjargon_prompt_to_dict, texts, setting.rounds(ROUNDS)
    )
    return {"fmt-form": compared}


def files(setting: Setting) -> dict[str, Sample]:
    """A file as it comes, and the same once it is formatted, beside the peer's reading of each."""
    raw = recombined(setting.size(LINES), setting.prompts)
    first, formatted = setting.file("raw.mj", raw), setting.file("formatted.mj", raw)
    run(program("mjspec"), "fmt", "--quiet", str(formatted))
    rounds = [(_both(first), _both(formatted)) for _ in range(setting.rounds(ROUNDS))]
    once, again = zip(*rounds, strict=True)
    return {"fmt-file": _sample(once), "fmt-again": _sample(again)}


def _both(path: Path) -> tuple[float, float]:
    ours = run(program("mjspec"), "fmt", "--check", "--quiet", str(path))
    return ours.processor, run(*midjargon(path)).processor


def _sample(pairs: tuple[tuple[float, float], ...]) -> Sample:
    ours, theirs = zip(*pairs, strict=True)
    return Sample(ours=ours, theirs=theirs, ratios=tuple(b / a for a, b in pairs))


ROWS = (
    Row(
        name="fmt-form",
        what="canonical form of a prompt, against reading it",
        peer="midjargon",
        unit="/s",
        by_ratio=True,
        measure=form,
    ),
    Row(
        name="fmt-file",
        what=f"`mjspec fmt`, {LINES:,} real prompts, recombined, against reading them",
        peer="midjargon",
        unit="s",
        by_ratio=True,
        measure=files,
    ),
    Row(
        name="fmt-again",
        what="the same file once it is formatted",
        peer="midjargon",
        unit="s",
        by_ratio=True,
        measure=files,
    ),
)
