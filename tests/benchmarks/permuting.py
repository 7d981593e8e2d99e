"""Permutations against dynamicprompts, which writes them as `{a|b}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.measure import rates
from tests.benchmarks.table import Row, Sample

if TYPE_CHECKING:
    from tests.benchmarks.setting import Setting

ROUNDS = 7
WORDS = ("red", "green", "blue", "golden", "pale", "dark", "bright", "old", "new", "tiny")


def texts(count: int, separator: str) -> list[str]:
    """Prompts with three groups side by side, and one within another: 120 texts each."""
    five, four = separator.join(WORDS[:5]), separator.join(WORDS[5:9])
    nested = (
        f"fox{separator}{{cat{separator}dog}} in a hat{separator}owl{separator}bear{separator}elk"
    )
    return [f"number {n}, a {{{five}}} and {{{four}}} {{{nested}}}" for n in range(count)]


def expanded(setting: Setting) -> dict[str, Sample]:
    """Each text of each prompt."""
    from dynamicprompts.generators import CombinatorialPromptGenerator

    from mjspec.language.parser import parse
    from mjspec.language.permutations import expand
    from mjspec.source import Source

    generator = CombinatorialPromptGenerator()

    def ours(text: str) -> list[str]:
        return [excerpt.text for excerpt in expand(parse(text), Source("", text).excerpt())]

    def theirs(text: str) -> list[str]:
        return [str(found) for found in generator.generate(text, max_prompts=10_000)]

    mine, others = texts(setting.size(100), ", "), texts(setting.size(100), "|")
    if sorted(ours(mine[0])) != sorted(theirs(others[0])):
        raise SystemExit("the two expand a prompt differently")
    compared = rates(ours, theirs, mine, setting.rounds(ROUNDS), others)
    return {"permutations": compared}


ROWS = (
    Row(
        name="permutations",
        what="prompts of 120 texts each, expanded",
        peer="dynamicprompts",
        unit="/s",
        by_ratio=True,
        measure=expanded,
    ),
)
