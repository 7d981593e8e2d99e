"""`mjspec lint` as whole processes: speed, cold start, processes, memory.

python tests/benchmarks/bench_lint.py [PROMPTS]

The peers, midjargon and check-jsonschema, have to be installed beside mjspec. Each row is the median
of interleaved rounds, so that both see the same machine; times are of the processor, but for
`--jobs`. Prompts are made up of the words and parameters of real ones, with numbers of their own.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROUNDS = 5
SAMPLE = Path(__file__).parent.parent / "data/prompts.jsonl"
PEER = """
import sys
from midjargon import expand_midjargon_input, parse_midjargon_prompt_to_dict, parse_midjourney_dict
for line in open(sys.argv[1], encoding="utf-8"):
    try:
        for prompt in expand_midjargon_input(line.rstrip("\\n")):
            parse_midjourney_dict(parse_midjargon_prompt_to_dict(prompt))
    except Exception:
        pass
"""
MODELS = ["", "--v 6.1", "--v 7", "--niji 6"]
FLAGS = ["--ar 16:9", "--style raw", "--tile", "--no text", "--q 1"]
NUMBERED = [("--seed", 4294967295), ("--s", 1000), ("--c", 100), ("--w", 3000)]


class Cost(NamedTuple):
    """What a process took."""

    processor: float
    wall: float
    memory: float
    "Megabytes at most, of this and all before it."


def run(*command: str) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(spent, wall, after.ru_maxrss / 1024)


def made_up(count: int, chance: random.Random) -> str:
    """Prompts that share words and parameters, and hardly ever are equal."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    words = " ".join(json.loads(line)["prompt"].partition("--")[0] for line in lines).split()
    words = [word for word in words if word.rstrip(",.").isalpha()]
    result = []
    for _ in range(count):
        text = " ".join(chance.choices(words, k=chance.randint(5, 40)))
        flags = chance.sample(FLAGS, chance.randint(0, 3))
        numbered = chance.sample(NUMBERED, chance.randint(0, 2))
        flags += [
            chance.choice(MODELS),
            *(f"{name} {chance.randint(0, most)}" for name, most in numbered),
        ]
        result.append(f"{text} {' '.join(flags)}".strip() + "\n")
    return "".join(result)


def compare(name: str, ours: list[str], theirs: list[str], peer: str) -> None:
    rounds = [(run(*ours).processor, run(*theirs).processor) for _ in range(ROUNDS)]
    ratios = sorted(b / a for a, b in rounds)
    mine, other = (statistics.median(column) for column in zip(*rounds, strict=True))
    spread = f"({ratios[0]:.2f} to {ratios[-1]:.2f})"
    print(
        f"{name:<28} {mine:7.2f} s   {peer:<18} {other:7.2f} s   {statistics.median(ratios):5.2f} x {spread}"
    )


def main() -> None:
    """Print one line for each row."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    lint = [sys.executable, "-m", "mjspec", "lint", "--quiet", "--format", "concise"]
    # An installed program has its bytecode at hand.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("PYTHONPYCACHEPREFIX", f"{folder}/bytecode")
        large, small, spec = (Path(folder, name) for name in ("a.mj", "b.mj", "b.yaml"))
        large.write_text(made_up(count, random.Random(1)), encoding="utf-8")
        small.write_text("a fox --ar 16:9 --v 7 --s 100\n", encoding="utf-8")
        spec.write_text("prompt: a fox\nsize: '16:9'\n", encoding="utf-8")
        schema = Path(folder, "schema.json")
        schema.write_text('{"type": "object"}', encoding="utf-8")
        check = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(spec)]
        run(*lint, str(small), str(spec))
        run(*check)
        compare(
            f"lint, {count:,} prompts",
            [*lint, str(large)],
            [sys.executable, "-c", PEER, str(large)],
            "midjargon 2.2.0",
        )
        compare("cold start, one prompt", [*lint, str(small)], check, "check-jsonschema")
        compare("cold start, one spec", [*lint, str(spec)], check, "check-jsonschema")
        rounds = [
            (run(*lint, str(large)).wall, run(*lint, "--jobs", "2", str(large)).wall)
            for _ in range(ROUNDS)
        ]
        ratio = statistics.median(one / two for one, two in rounds)
        print(f"{'--jobs 2, by the clock':<28} {ratio:7.2f} x")
        text = large.read_text(encoding="utf-8")
        with large.open("w", encoding="utf-8") as file:
            for _ in range(max(1, 1_000_000 // count)):
                file.write(text)
        cost = run(*lint, str(large))
        print(f"{'memory, 1,000,000 prompts':<28} {cost.memory:7.0f} MB  {cost.processor:7.1f} s")


if __name__ == "__main__":
    main()
