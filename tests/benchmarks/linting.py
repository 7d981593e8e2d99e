"""`mjspec lint` as a whole process: speed, processes, memory."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.measure import processes, run
from tests.benchmarks.setting import Setting, made_up, program, recombined, varied
from tests.benchmarks.table import Row, Sample

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 5
PROMPTS = 50_000
SHARED = 200_000
MANY = 1_000_000
# What midjargon does with a prompt: permutations, flags, and the types of their values.
MIDJARGON = """
import sys
from midjargon import expand_midjargon_input, parse_midjargon_prompt_to_dict, parse_midjourney_dict
for line in open(sys.argv[1], encoding="utf-8"):
    try:
        for prompt in expand_midjargon_input(line.rstrip("\\n")):
            parse_midjourney_dict(parse_midjargon_prompt_to_dict(prompt))
    except Exception:
        pass
"""


def lint(path: Path, *options: str) -> list[str]:
    """The command, with all rules."""
    return [program("mjspec"), "lint", "--quiet", "--format", "concise", *options, str(path)]


def midjargon(path: Path) -> list[str]:
    """The same file through the peer."""
    return [sys.executable, "-c", MIDJARGON, str(path)]


def made(setting: Setting) -> dict[str, Sample]:
    """Prompts that are hardly ever equal."""
    path = setting.file("made.mj", made_up(setting.size(PROMPTS), setting.prompts))
    compared = processes(lint(path), midjargon(path), setting.rounds(ROUNDS))
    return {"lint-made-up": compared}


def real(setting: Setting) -> dict[str, Sample]:
    """Real prompts, with all their mistakes."""
    path = setting.file("real.mj", recombined(setting.size(PROMPTS), setting.prompts))
    compared = processes(lint(path), midjargon(path), setting.rounds(ROUNDS))
    return {"lint-real": compared}


def various(setting: Setting) -> dict[str, Sample]:
    """Prompts with many different parameters, which recur less."""
    path = setting.file("varied.mj", varied(setting.size(PROMPTS), setting.prompts))
    compared = processes(lint(path), midjargon(path), setting.rounds(ROUNDS))
    return {"lint-varied": compared}


def jobs(setting: Setting) -> dict[str, Sample]:
    """Two processes against one."""
    path = setting.file("two.mj", made_up(setting.size(SHARED), setting.prompts))
    two, one = lint(path, "--jobs", "2"), lint(path)
    return {"lint-jobs": processes(two, one, setting.rounds(ROUNDS), by_clock=True)}


def memory(setting: Setting) -> dict[str, Sample]:
    """The most that one process has while it reads many lines."""
    count = MANY // 10 if setting.quick else MANY
    path = setting.file("many.mj", made_up(count, setting.prompts))
    result = {"lint-memory": Sample(ours=(run(*lint(path)).memory,))}
    path.unlink()
    return result


ROWS = (
    *(
        Row(
            name=name,
            what=f"`mjspec lint`, {PROMPTS:,} {what}",
            peer="midjargon",
            unit="s",
            must=1.0,
            aim=2.0,
            by_ratio=True,
            measure=measure,
        )
        for name, what, measure in (
            ("lint-made-up", "made-up prompts", made),
            ("lint-varied", "made-up prompts, any parameters", various),
            ("lint-real", "real prompts, recombined", real),
        )
    ),
    Row(
        name="lint-jobs",
        what=f"`mjspec lint --jobs 2`, {SHARED:,} prompts, by the clock",
        peer="one process",
        unit="s",
        must=1.7,
        aim=1.9,
        by_ratio=True,
        measure=jobs,
    ),
    Row(
        name="lint-memory",
        what=f"`mjspec lint`, {MANY:,} lines, memory",
        unit="MB",
        must=200,
        measure=memory,
    ),
)
