"""A file of jobs that are all done already: `mjspec plan`, and `mjspec submit` again."""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from tests.benchmarks.compiling import compile_command
from tests.benchmarks.measure import Cost, run
from tests.benchmarks.setting import Setting, program
from tests.benchmarks.table import Row, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUNDS = 3
JOBS = 10_000


def spec(jobs: int) -> str:
    """Each job written out."""
    lines = ["defaults: {version: 7, speed: fast}", "jobs:"]
    for number in range(jobs):
        lines += [f"  - id: fox-{number}", f"    prompt: a fox number {number} --ar 3:2"]
    return "\n".join(lines) + "\n"


def finished(path: Path, out: Path) -> None:
    """A ledger in which every job of the file is done, without paying for them."""
    os.environ["APIMART_BASE_URL"] = "https://api.example"
    run(program("mjspec"), "submit", str(path), "--out", str(out), "--yes", "--max-cost", "0")
    with closing(sqlite3.connect(out / "mjspec.db")) as connection:
        (number,) = connection.execute("SELECT id FROM run").fetchone()
        rows = connection.execute("SELECT key, id, estimate FROM job").fetchall()
        connection.executemany(
            "INSERT INTO attempt (id, job, run, state, intent_at, connected_at, submitted_at,"
            " completed_at, finished_at, estimate, cost, task_id)"
            " VALUES (?1, ?2, ?3, 'done', 1, 1, 1, 1, 1, ?4, ?4, ?1)",
            [(f"task_{name}", key, number, estimate) for key, name, estimate in rows],
        )
        connection.executemany(
            "INSERT INTO asset (attempt, number, task_id, url, state, stem, stem_key, path, size,"
            " sha256, done_at) VALUES (?1, ?2, ?1, 'https://a', 'done', ?3, ?3, ?4, 1, 'ff', 1)",
            [
                (f"task_{name}", n, f"{name}-{n}", f"{name}-{n}.png")
                for _, name, _ in rows
                for n in (1, 2, 3, 4)
            ],
        )
        connection.execute("DELETE FROM meta WHERE name IN ('realm', 'base_url')")
        connection.commit()


@contextmanager
def listening() -> Iterator[list[object]]:
    """An address for submissions, and whoever called it: nobody should."""
    callers: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    callers.append(server.accept())
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        os.environ["APIMART_BASE_URL"] = f"http://127.0.0.1:{server.getsockname()[1]}"
        yield callers


def again(setting: Setting) -> dict[str, Sample]:
    """Compiling, planning and submitting in turn; what the last two add to the first."""
    path, out = setting.file("done.yaml", spec(setting.size(JOBS))), setting.folder / "done"
    os.environ["APIMART_API_KEY"] = "sk-bench-0123456789"
    finished(path, out)
    rest = (str(path), "--quiet", "--out", str(out))
    plan, submit = [program("mjspec"), "plan", *rest], [program("mjspec"), "submit", *rest]
    with listening() as callers:
        _sound(run(*submit))
        rounds = [
            (_sound(run(*compile_command(path))), _sound(run(*plan)), _sound(run(*submit)))
            for _ in range(setting.rounds(ROUNDS))
        ]
    if callers:
        raise SystemExit("what is done was sent again")
    compiling, planning, submitting = zip(*rounds, strict=True)
    return {
        "plan": _over(planning, compiling),
        "submit-again": _over(submitting, compiling),
        "plan-whole": Sample(ours=planning),
    }


def _over(seconds: tuple[float, ...], compiling: tuple[float, ...]) -> Sample:
    added = tuple(a - b for a, b in zip(seconds, compiling, strict=True))
    return Sample(ours=added, theirs=compiling)


def _sound(cost: Cost) -> float:
    if cost.code:
        raise SystemExit(f"a command ended with {cost.code}: {cost.said}")
    return cost.processor


ROWS = (
    Row(
        name="plan",
        what=f"`mjspec plan`, {JOBS:,} jobs against a full ledger, over compiling them",
        peer="`mjspec compile`",
        unit="s",
        must=2,
        aim=1,
        measure=again,
    ),
    Row(
        name="submit-again",
        what=f"`mjspec submit`, {JOBS:,} jobs that are done, over compiling them",
        peer="`mjspec compile`",
        unit="s",
        must=2,
        aim=1,
        measure=again,
    ),
    Row(
        name="plan-whole",
        what=f"`mjspec plan`, {JOBS:,} jobs against a full ledger, in all",
        unit="s",
        measure=again,
    ),
)
