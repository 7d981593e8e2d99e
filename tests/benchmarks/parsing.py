"""`parse` against midjargon's parser, which keeps less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.measure import rates
from tests.benchmarks.setting import Setting, made_up
from tests.benchmarks.table import Row, Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 9
PROMPTS = 3000


def real(setting: Setting) -> dict[str, Sample]:
    """Real prompts, repeated until there are enough for the clock."""
    again = max(1, setting.size(PROMPTS) // len(setting.prompts))
    return {"parse-real": _compared(setting.prompts * again, setting)}


def made(setting: Setting) -> dict[str, Sample]:
    """Prompts that are hardly ever equal."""
    lines = made_up(setting.size(PROMPTS), setting.prompts).splitlines()
    return {"parse-made-up": _compared(lines, setting)}


def _compared(texts: Sequence[str], setting: Setting) -> Sample:
    from midjargon import parse_midjargon_prompt_to_dict

    from mjspec.language.parser import parse

    return rates(parse, parse_midjargon_prompt_to_dict, texts, setting.rounds(ROUNDS))


ROWS = tuple(
    Row(
        name=name,
        what=f"`parse`, {what}",
        peer="midjargon",
        unit="/s",
        must=1.0,
        aim=1.5,
        by_ratio=True,
        measure=measure,
    )
    for name, what, measure in (
        ("parse-real", "real prompts", real),
        ("parse-made-up", "made-up prompts", made),
    )
)
