"""How long `mjspec compile` takes for 10,000 jobs of one YAML file, as a whole process.

python tests/benchmarks/bench_compile.py [JOBS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 3
LIMIT = 4.0


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
    stylize = ", ".join(str(number * 10) for number in range(10))
    chaos = ", ".join(str(number * 10) for number in range(10))
    return (
        "defaults: {version: 7}\n"
        "prompt: a ${animal} in a garden --ar 3:2 --no text, watermark\n"
        f"matrix:\n  animal: [{animals}]\n  stylize: [{stylize}]\n  chaos: [{chaos}]\n"
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
    "separate jobs": (separate, "yaml"),
    "matrix": (matrix, "yaml"),
    "permutations": (permutations, "yaml"),
    "table": (table, "csv"),
}


def seconds(path: Path, jobs: int) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "mjspec", "compile", "--format", "jsonl", str(path)],
            check=True,
            capture_output=True,
        )
        best = min(best, time.perf_counter() - start)
        made = done.stdout.count(b"\n")
        if made != jobs:
            raise SystemExit(f"{path}: {made} jobs instead of {jobs}")
    return best


def main() -> None:
    """Print a table."""
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{'shape':<16}{'jobs':>8}{'seconds':>10}{'jobs/s':>10}  limit {LIMIT:g} s")
    with tempfile.TemporaryDirectory() as folder:
        for name, (shape, suffix) in SHAPES.items():
            path = Path(folder) / f"batch.{suffix}"
            path.write_text(shape(jobs), encoding="utf-8")
            taken = seconds(path, jobs)
            verdict = "ok" if taken < LIMIT else "too slow"
            print(f"{name:<16}{jobs:>8}{taken:>10.2f}{jobs / taken:>10.0f}  {verdict}")


if __name__ == "__main__":
    main()
