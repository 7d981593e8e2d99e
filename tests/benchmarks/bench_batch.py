"""A batch of quick sandbox jobs, and the same file again when all of them are done.

python tests/benchmarks/bench_batch.py [--jobs 1000] [--concurrency 32] [--seconds 1]

The sandbox is a process of its own. Its latency allows no less than: rounds of so many tasks at a
time, each as long as its submission, the task, the question that finds it complete. The second part
runs a file of 10,000 jobs that are done through `mjspec plan` and `mjspec submit`, towards an address
where a server counts connections.
"""

from __future__ import annotations

import argparse
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

LATENCY = 0.02
DONE_JOBS = 10_000
ALLOWED = 1.3
RERUN_LIMIT = 2.0


def spec(jobs: int) -> str:
    """Each job written out."""
    lines = ["defaults: {version: 7, speed: fast}", "jobs:"]
    for number in range(jobs):
        lines += [f"  - id: fox-{number}", f"    prompt: a fox number {number} --ar 3:2"]
    return "\n".join(lines) + "\n"


def mjspec(*arguments: str, url: str) -> tuple[int, float, str]:
    """Runs a command; its exit code, its seconds and what it said."""
    environment = {**os.environ, "APIMART_API_KEY": "sk-bench-0123456789", "APIMART_BASE_URL": url}
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "mjspec", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, time.perf_counter() - begin, done.stdout + done.stderr


def quick_jobs(folder: Path, jobs: int, concurrency: int, seconds: float) -> bool:
    """The batch against the sandbox's own latency."""
    (folder / "batch.yaml").write_text(spec(jobs), encoding="utf-8")
    command = [sys.executable, "-m", "mjspec", "sandbox", "--port", "0", "--spread", "0"]
    command += ["--seconds", str(seconds), "--latency", str(LATENCY)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
        assert sandbox.stdout is not None
        url = sandbox.stdout.readline().split("answers at ")[1].split()[0].rstrip(".")
        try:
            code, took, said = mjspec(
                *("submit", str(folder / "batch.yaml"), "--out", str(folder / "quick")),
                *("--yes", "--concurrency", str(concurrency), "--rate", "100000"),
                *("--poll-first", str(seconds), "--poll-every", "0.2"),
                url=url,
            )
        finally:
            sandbox.terminate()
    least = -(-jobs // concurrency) * (seconds + 2 * LATENCY)
    print(
        f"{jobs} jobs, {concurrency} at a time: {took:.1f} s, the sandbox allows {least:.1f} s,"
        f" ratio {took / least:.2f} (allowed {ALLOWED}), exit {code}"
    )
    if code:
        print(said)
    return not code and took <= ALLOWED * least


def finished(folder: Path) -> None:
    """A ledger in which every job of the file is done, without paying for ten thousand of them."""
    mjspec("submit", str(folder / "done.yaml"), "--out", str(folder / "done"), "--yes",
           "--max-cost", "0", url="https://api.example")  # fmt: skip
    with closing(sqlite3.connect(folder / "done" / "mjspec.db")) as connection:
        (run,) = connection.execute("SELECT id FROM run").fetchone()
        rows = connection.execute("SELECT key, id, estimate FROM job").fetchall()
        assert len(rows) == DONE_JOBS
        connection.executemany(
            "INSERT INTO attempt (id, job, run, state, intent_at, connected_at, submitted_at,"
            " completed_at, finished_at, estimate, cost, task_id)"
            " VALUES (?1, ?2, ?3, 'done', 1, 1, 1, 1, 1, ?4, ?4, ?1)",
            [(f"task_{name}", key, run, estimate) for key, name, estimate in rows],
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


def again(folder: Path) -> bool:
    """The file with all jobs done: how long, and how many connections."""
    (folder / "done.yaml").write_text(spec(DONE_JOBS), encoding="utf-8")
    finished(folder)
    connections: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def count() -> None:
            while True:
                try:
                    connections.append(server.accept())
                except OSError:
                    return

        threading.Thread(target=count, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        arguments = (str(folder / "done.yaml"), "--out", str(folder / "done"))
        code, first, said = mjspec("submit", *arguments, url=url)
        code, second, said = mjspec("submit", *arguments, url=url)
        _, planning, _ = mjspec("plan", *arguments, url=url)
        _, compiling, _ = mjspec("compile", arguments[0], "--format", "prompt", url=url)
    print(
        f"{DONE_JOBS} jobs, all done: submit {first:.2f} s, again {second:.2f} s (allowed"
        f" {RERUN_LIMIT:.0f} s over compile), plan {planning:.2f} s, compile {compiling:.2f} s,"
        f" {len(connections)} connections, exit {code}"
    )
    if code:
        print(said)
    return not code and not connections and second - compiling <= RERUN_LIMIT


def main() -> int:
    """Both parts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=1.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mjspec-bench-") as name:
        quick = quick_jobs(Path(name), given.jobs, given.concurrency, given.seconds)
        return 0 if again(Path(name)) and quick else 1


if __name__ == "__main__":
    sys.exit(main())
