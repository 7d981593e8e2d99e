"""How long `mjspec compile` takes for the many jobs of one file, as a whole process."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.benchmarks.measure import run
from tests.benchmarks.setting import Setting, program
from tests.benchmarks.table import Row, Sample

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 3
JOBS = 10_000


def separate(jobs: int) -> str:
    """Each job written out, with a prompt, flags and fields of its own."""
    lines = ["defaults: {version: 7, speed: fast}", "vars: {place: a moonlit garden}", "jobs:"]
    for number in range(jobs):
        lines += [
            f"  - id: job-{number}",
            f"    prompt: a fox number {number} in ${{place}}, soft light --ar 3:2 --s {number % 900}",
            f"    seed: {number}",
            "    metadata: {campaign: autumn}",
        ]
    return "\n".join(lines) + "\n"


def matrix(jobs: int) -> str:
    """One job whose matrix has as many combinations."""
    animals = ", ".join(f"animal{number}" for number in range(jobs // 100))
    tens = ", ".join(str(number * 10) for number in range(10))
    return (
        "defaults: {version: 7}\n"
        "prompt: a ${animal} in a garden --ar 3:2 --no text, watermark\n"
        f"matrix:\n  animal: [{animals}]\n  stylize: [{tens}]\n  chaos: [{tens}]\n"
    )


def permutations(jobs: int) -> str:
    """One prompt with permutations."""
    words = ", ".join(f"word{number}" for number in range(jobs // 100))
    tens = ", ".join(str(number) for number in range(10))
    return f"prompt: a {{{words}}} cat --s {{{tens}}} --c {{{tens}}} --v 7\n"


def table(jobs: int) -> str:
    """A CSV file, one job a row."""
    rows = [f"a fox number {number} --ar 3:2,{number % 900}" for number in range(jobs)]
    return "prompt,stylize\n" + "\n".join(rows) + "\n"


SHAPES = {
    "jobs": (separate, "yaml", "written out"),
    "matrix": (matrix, "yaml", "of one matrix"),
    "permutations": (permutations, "yaml", "of permutations"),
    "table": (table, "csv", "of a CSV table"),
}


def compile_command(path: Path, *options: str) -> list[str]:
    """The command."""
    return [program("mjspec"), "compile", "--quiet", "--format", "jsonl", *options, str(path)]


def compiled(setting: Setting, name: str) -> dict[str, Sample]:
    """The seconds for one shape, once it is sure that each job comes out."""
    shape, suffix, _ = SHAPES[name]
    count = setting.size(JOBS)
    path = setting.file(f"{name}.{suffix}", shape(count))
    out = setting.folder / "compiled.jsonl"
    run(*compile_command(path), out=out)
    if (made := out.read_bytes().count(b"\n")) != count:
        raise SystemExit(f"{name}: {made} jobs instead of {count}")
    rounds = range(setting.rounds(ROUNDS))
    seconds = tuple(run(*compile_command(path), out=out).processor for _ in rounds)
    return {f"compile-{name}": Sample(ours=seconds)}


ROWS = tuple(
    Row(
        name=f"compile-{name}",
        what=f"`mjspec compile`, {JOBS:,} jobs {what}",
        unit="s",
        must=4,
        aim=2,
        measure=partial(compiled, name=name),
    )
    for name, (_, _, what) in SHAPES.items()
)
