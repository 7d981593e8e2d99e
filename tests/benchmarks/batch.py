"""A batch of quick jobs against the sandbox, whose latency allows no less than so many seconds."""

from __future__ import annotations

import os

from tests.benchmarks.measure import run
from tests.benchmarks.planning import spec
from tests.benchmarks.sandboxed import sandbox
from tests.benchmarks.setting import Setting, program
from tests.benchmarks.table import Row, Sample

JOBS = 1000
CONCURRENCY = 32
SECONDS = 1.0
LATENCY = 0.02


def quick_jobs(setting: Setting) -> dict[str, Sample]:
    """Rounds of so many tasks, each as long as its submission, the task, and the last question."""
    jobs = setting.size(JOBS)
    path = setting.file("batch.yaml", spec(jobs))
    timing = ("--spread", "0", "--seconds", str(SECONDS), "--latency", str(LATENCY))
    with sandbox(*timing) as url:
        os.environ |= {"APIMART_BASE_URL": url, "APIMART_API_KEY": "sk-bench-0123456789"}
        cost = run(
            *(program("mjspec"), "submit", str(path), "--out", str(setting.folder / "quick")),
            *("--yes", "--quiet", "--concurrency", str(CONCURRENCY), "--rate", "100000"),
            *("--poll-first", str(SECONDS), "--poll-every", "0.2"),
        )
    if cost.code:
        raise SystemExit(f"mjspec submit ended with {cost.code}: {cost.said}")
    least = -(-jobs // CONCURRENCY) * (SECONDS + 2 * LATENCY)
    return {"batch": Sample(ours=(cost.wall,), theirs=(least,), ratios=(least / cost.wall,))}


ROWS = (
    Row(
        name="batch",
        what=f"`mjspec submit`, {JOBS:,} quick jobs, {CONCURRENCY} at a time, by the clock",
        peer="the sandbox's latency",
        unit="s",
        must=0.77,
        by_ratio=True,
        measure=quick_jobs,
    ),
)
