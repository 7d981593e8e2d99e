"""How time and memory grow with the number of prompts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.measure import run
from tests.benchmarks.setting import made_up, program
from tests.benchmarks.table import written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.measure import Cost
    from tests.benchmarks.setting import Setting

HEAD = ("command", "prompts", "time", "for each", "memory", "verdict")
LEAST = 1_000
STEP = 10
WORSE = 1.3
"""How many times more a prompt may take than one of a tenth as many before that is growth."""


class Point(NamedTuple):
    """One run."""

    prompts: int
    seconds: float
    megabytes: float

    @property
    def each(self) -> float:
        """Microseconds a prompt, the start of the program among them."""
        return 1e6 * self.seconds / self.prompts


def grown(setting: Setting, most: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A table of commands and sizes up to the largest."""
    setting.file("mjspec.toml", f"max-jobs = {max(most, LEAST)}\n")
    points: dict[str, list[Point]] = {}
    count = LEAST
    while count <= most:
        path = setting.file("grown.mj", made_up(count, setting.prompts))
        for name, command in _commands(path, setting).items():
            cost = _sound(run(*command))
            point = Point(count, cost.processor, cost.memory)
            points.setdefault(name, []).append(point)
        path.unlink()
        count *= STEP
    return HEAD, [line for name, found in points.items() for line in _lines(name, found)]


def _commands(path: Path, setting: Setting) -> dict[str, list[str]]:
    name, out = str(path), setting.folder / f"grown-{path.stat().st_size}"
    lint = [program("mjspec"), "lint", "--quiet", "--format", "concise", name]
    return {
        "lint": lint,
        "lint --jobs 2": [*lint, "--jobs", "2"],
        "fmt": [program("mjspec"), "fmt", "--check", "--quiet", name],
        "compile": [program("mjspec"), "compile", "--quiet", "--format", "jsonl", name],
        "plan": [program("mjspec"), "plan", "--quiet", "--out", str(out), name],
    }


def _sound(cost: Cost) -> Cost:
    if cost.code not in (0, 1):
        raise SystemExit(f"a command ended with {cost.code}: {cost.said}")
    return cost


def _lines(name: str, points: list[Point]) -> list[tuple[str, ...]]:
    verdicts = ["", *("short" if b.each > WORSE * a.each else "ok" for a, b in pairwise(points))]
    return [
        (
            name,
            f"{point.prompts:,}",
            written(point.seconds, "s"),
            written(point.each, "µs"),
            written(point.megabytes, "MB"),
            verdict,
        )
        for point, verdict in zip(points, verdicts, strict=True)
    ]
