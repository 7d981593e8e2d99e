"""Many tasks in flight: threads, memory and processor time of one runner (Linux only).

All tasks are submitted to a sandbox in a process of its own, where they take longer than the
measurement; then the runner is watched for a while as it asks for each of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.peers import ROOT
from tests.benchmarks.sandboxed import sandbox
from tests.benchmarks.table import Row, Sample

if TYPE_CHECKING:
    from tests.benchmarks.setting import Setting

TASKS = 10_000
EVERY = 30.0
SECONDS = 60.0


def child(url: str, out: str, tasks: str, every: str) -> None:
    """The runner that is watched."""
    from mjspec.dispatch.client import Client
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.options import RunOptions
    from mjspec.dispatch.runner import Runner

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
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def of_status(pid: int, name: str) -> int:
    """A number of /proc/PID/status."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def watched(url: str, runner: subprocess.Popen[bytes], setting: Setting) -> dict[str, Sample]:
    """Waits until all is submitted, then measures."""
    tasks, every = setting.size(TASKS), setting.rounds(int(EVERY))
    threads = 0
    while counts(url).get("submissions", 0) < tasks:
        if runner.poll() is not None:
            raise SystemExit("the runner ended before it had submitted all")
        threads = max(threads, of_status(runner.pid, "Threads"))
        time.sleep(1)
    # The last ones get their first question a round after the first ones.
    time.sleep(every)
    polls, spent, start = counts(url)["polls"], processor(runner.pid), time.perf_counter()
    while time.perf_counter() - start < setting.rounds(int(SECONDS)):
        threads = max(threads, of_status(runner.pid, "Threads"))
        time.sleep(0.5)
    seconds = time.perf_counter() - start
    core = 100 * (processor(runner.pid) - spent) / seconds
    rate = (counts(url)["polls"] - polls) / seconds
    return {
        "flight-threads": Sample(ours=(threads,)),
        "flight-memory": Sample(ours=(of_status(runner.pid, "VmHWM") / 1024,)),
        "flight-core": Sample(ours=(core,)),
        "flight-polls": Sample(ours=(rate,), theirs=(tasks / every,)),
    }


def flight(setting: Setting) -> dict[str, Sample]:
    """A sandbox, a runner, and a look at it."""
    tasks, every = setting.size(TASKS), setting.rounds(int(EVERY))
    with sandbox("--seconds", "3600") as url:
        command = [sys.executable, "-m", "tests.benchmarks.flight", url]
        command += [str(setting.folder / "flight"), str(tasks), str(every)]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as runner:
            try:
                return watched(url, runner, setting)
            finally:
                runner.kill()


IN_FLIGHT = f"{TASKS:,} tasks in flight, each polled every {EVERY:g} s"
ROWS = (
    Row(name="flight-threads", what=f"{IN_FLIGHT}: threads", unit="", must=32, measure=flight),
    Row(name="flight-memory", what=f"{IN_FLIGHT}: memory", unit="MB", must=120, measure=flight),
    Row(name="flight-core", what=f"{IN_FLIGHT}: of a core", unit="%", must=60, measure=flight),
    Row(
        name="flight-polls",
        what=f"{IN_FLIGHT}: polls",
        peer="as wanted",
        unit="/s",
        measure=flight,
    ),
)

if __name__ == "__main__":
    child(*sys.argv[1:])
