"""Many tasks in flight: threads, memory and processor time of one runner (Linux only).

python tests/benchmarks/bench_flight.py [--tasks 10000] [--every 30] [--seconds 60]

All tasks are submitted to a sandbox in a process of its own, where they take longer than the
measurement; then the runner is watched for a while as it asks for each of them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from mjspec.dispatch.client import Client
from mjspec.dispatch.job import PaidJob
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.runner import Runner

THREADS, MEGABYTES, CORE = 32, 120.0, 0.60
TICKS = os.sysconf("SC_CLK_TCK")


def child(url: str, out: str, tasks: str, every: str) -> None:
    """The runner that is watched."""
    jobs = [
        PaidJob(
            id=f"fox-{n}",
            fingerprint=f"1:sha256:{n:064x}",
            body={"prompt": f"a fox {n}"},
            final_prompt=f"a fox {n}",
            billing_key="midjourney@imagine",
        )
        for n in range(int(tasks))
    ]
    options = RunOptions(
        concurrency=len(jobs), rate=1e7, poll_first=float(every), poll_every=float(every)
    )
    Runner(Path(out), Client(url, "sandbox-key"), options).run(jobs)


def counts(url: str) -> dict[str, int]:
    """What the sandbox has seen so far."""
    with urllib.request.urlopen(f"{url}/_sandbox/log", timeout=60) as answer:
        seen: dict[str, int] = json.load(answer)["counts"]
        return seen


def processor(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def of_status(pid: int, name: str) -> int:
    """A number of /proc/PID/status."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def watch(url: str, runner: subprocess.Popen[bytes], given: argparse.Namespace) -> bool:
    """Waits until all is submitted, then measures."""
    begin = time.perf_counter()
    threads = 0
    while counts(url).get("submissions", 0) < given.tasks:
        assert runner.poll() is None, "the runner ended"
        threads = max(threads, of_status(runner.pid, "Threads"))
        time.sleep(2)
    submitted = time.perf_counter() - begin
    # The last ones get their first question a round after the first ones.
    time.sleep(given.every)
    polls, spent, start = counts(url)["polls"], processor(runner.pid), time.perf_counter()
    while time.perf_counter() - start < given.seconds:
        threads = max(threads, of_status(runner.pid, "Threads"))
        time.sleep(0.5)
    seconds = time.perf_counter() - start
    core = (processor(runner.pid) - spent) / seconds
    rate = (counts(url)["polls"] - polls) / seconds
    megabytes = of_status(runner.pid, "VmHWM") / 1024
    print(
        f"{given.tasks} tasks in flight: {threads} threads (at most {THREADS}), {megabytes:.0f} MB"
        f" (at most {MEGABYTES:.0f}), {core:.0%} of a core (at most {CORE:.0%}), {rate:.0f} polls/s"
        f" (wanted {given.tasks / given.every:.0f}); submitted in {submitted:.0f} s"
    )
    return threads <= THREADS and megabytes <= MEGABYTES and core <= CORE


def main() -> int:
    """A sandbox, a runner, and a look at it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--every", type=float, default=30.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--child", nargs=4)
    given = parser.parse_args()
    if given.child:
        child(*given.child)
        return 0
    command = [sys.executable, "-m", "mjspec", "sandbox", "--port", "0", "--seconds", "3600"]
    with (
        tempfile.TemporaryDirectory(prefix="mjspec-bench-") as folder,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox,
    ):
        assert sandbox.stdout is not None
        url = sandbox.stdout.readline().split("answers at ")[1].split()[0].rstrip(".")
        arguments = ["--child", url, folder, str(given.tasks), str(given.every)]
        with subprocess.Popen([sys.executable, __file__, *arguments]) as runner:
            try:
                return 0 if watch(url, runner, given) else 1
            finally:
                runner.kill()
                sandbox.terminate()


if __name__ == "__main__":
    sys.exit(main())
