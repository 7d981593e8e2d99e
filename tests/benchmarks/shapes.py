"""Inputs that are meant to be slow: each has to end within seconds, whatever is found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.benchmarks.measure import run
from tests.benchmarks.setting import program
from tests.benchmarks.table import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.setting import Setting

HEAD = ("shape", "command", "time", "memory", "must", "verdict")
MUST = 20.0
COMMANDS = ("lint", "lint --fix", "fmt", "compile")


def _yaml(prompt: str) -> str:
    return f"prompt: >-\n  {prompt}\n"


SHAPES: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "one line of 50 MB, words": ("mj", lambda: "a red fox " * 5_000_000),
    "one line of 50 MB, flags": ("mj", lambda: "a fox" + " --ar 16:9 --stylize 750" * 2_000_000),
    "a prompt of 5 MB in a spec": ("yaml", lambda: _yaml("a red fox " * 500_000)),
    "100,000 flags": ("mj", lambda: "a fox" + " --no text" * 100_000),
    "100,000 flags that are none": ("mj", lambda: "a fox" + " --fox 1" * 100_000),
    "100,000 nested braces": ("mj", lambda: "a " + "{" * 100_000 + "}" * 100_000),
    "100,000 open braces": ("mj", lambda: "{a, " * 100_000),
    "100,000 braces side by side": ("mj", lambda: "{a, b} " * 100_000),
    "100,000 dashes": ("mj", lambda: "a fox " + "- -" * 100_000),
    "100,000 colons": ("mj", lambda: "a::" * 100_000),
    "10,000 nested mappings": (
        "yaml",
        lambda: "".join("  " * level + "a:\n" for level in range(10_000)),
    ),
    "100,000 nested lists": ("yaml", lambda: "prompt: " + "[" * 100_000),
    "aliases of aliases": (
        "yaml",
        lambda: (
            "a0: &a0 [x, x]\n"
            + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))
        ),
    ),
    "10,000 keys": (
        "yaml",
        lambda: "prompt: a fox\n" + "".join(f"k{n}: 1\n" for n in range(10_000)),
    ),
    "a quote that never ends": ("csv", lambda: 'prompt\n"' + "a fox\n" * 50_000),
}


def shaped(setting: Setting) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A table of shapes and commands."""
    lines = []
    for name, (suffix, text) in SHAPES.items():
        path = setting.file(f"shape.{suffix}", text())
        for command in COMMANDS:
            cost = run(program("mjspec"), *command.split(), "--quiet", str(path), timeout=10 * MUST)
            if cost.code not in (0, 1, 2):
                raise SystemExit(f"{command} on {name} ended with {cost.code}: {cost.said}")
            verdict = "ok" if cost.processor <= MUST else "short"
            seconds, memory = written(cost.processor, "s"), written(cost.memory, "MB")
            lines.append((name, command, seconds, memory, written(MUST, "s"), verdict))
        path.unlink()
    return HEAD, lines
