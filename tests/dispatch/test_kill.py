"""Processes that are killed: at any moment, and at each step of the crash matrix."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import mjspec.dispatch
from mjspec.dispatch.database import LedgerMissingError
from mjspec.dispatch.forecast import plan
from mjspec.dispatch.status import status
from mjspec.sandbox import Options, Sandbox

ROOT = Path(mjspec.dispatch.__path__[0]).parents[1]
BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "bench_kill.py"
KEY = "sk-very-secret-key-0123456789"
JOBS = 2
# One job at a time, so that it is certain which one is at the step that the process dies at.
SCRIPT = """
import itertools, os, signal, sys
from importlib import import_module
from pathlib import Path
from mjspec.dispatch.client import Client
from mjspec.dispatch.job import PaidJob
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.runner import Runner

url, out, number, key, point = sys.argv[1:]
if point:
    when, place, left = point.split()
    module, _, path = place.partition(":")
    *holders, name = path.split(".")
    owner = import_module(f"mjspec.dispatch.{module}")
    for holder in holders:
        owner = getattr(owner, holder)
    turns = itertools.count(1)
    step = getattr(owner, name)

    def dies(*arguments, **named):
        last = next(turns) == int(left)
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = step(*arguments, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dies)
jobs = [
    PaidJob(id=f"fox-{n}", fingerprint=f"1:sha256:{n:064x}", body={"prompt": f"a fox {n}"},
            final_prompt=f"a fox {n}", billing_key="midjourney@imagine")
    for n in range(int(number))
]
options = RunOptions(rate=100_000, concurrency=1, poll_first=0.02, poll_every=0.05)
Runner(Path(out), Client(url, key, read_timeout=1), options).run(jobs)
"""


def killed(url: str, out: Path, point: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, url, str(out), str(JOBS), KEY, point],
        cwd=ROOT,
        capture_output=True,
        timeout=30,
        check=False,
    )
    return done.returncode


def states(out: Path) -> list[str]:
    return [job["state"] for job in status(out)["jobs"]]


def left_at(out: Path) -> str | None:
    """How the second job stands, if it is known at all."""
    try:
        return (*states(out), None, None)[1]
    except LedgerMissingError:
        return None


@pytest.mark.slow
def test_killed_at_random_moments_nothing_is_bought_twice_or_lost() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--kills", "8", "--batch-kills", "4"],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    table = json.loads(done.stdout.splitlines()[-1])
    assert table["kills"] == 8
    assert (table["doubled"], table["lost"], table["damaged"], table["secrets"]) == (0, 0, 0, 0)
    assert table["done"] == table["jobs"]


# Each row: where the process dies, how the second job then stands in the ledger, how it ends
# after the next run, and how many requests the provider gets for it in all.
MATRIX = [
    # C0, while planning: nothing is sent.
    ("before database:_migrate 1", None, "done", 1),
    ("before runner:enter 1", None, "done", 1),
    ("after runner:enter 1", "planned", "done", 1),
    # C1 and C2, before and after the intent, no connection: it was not sent.
    ("before ledger:Ledger.intend 2", "planned", "done", 1),
    ("after ledger:Ledger.intend 2", "intent", "done", 1),
    ("before ledger:Ledger.connected 2", "intent", "done", 1),
    # C3, the connection stands: nobody knows.
    ("after ledger:Ledger.connected 2", "intent", "unknown", 0),
    # C4, the answer is read, and nothing has it yet.
    ("before sending:Sender._accepted 2", "intent", "unknown", 1),
    # C4, the events have the id and the ledger does not.
    ("before ledger:Ledger.accepted 2", "intent", "done", 1),
    # C5 and C6, the id is in the ledger, polls get lost.
    ("after ledger:Ledger.accepted 2", "submitted", "done", 1),
    ("before ledger:Ledger.running 2", "submitted", "done", 1),
    ("after ledger:Ledger.running 2", "running", "done", 1),
    ("before ledger:Ledger.completed 2", "running", "done", 1),
    # C7, completed and nothing downloaded.
    ("after ledger:Ledger.completed 2", "downloading", "done", 1),
    # C8, in the middle of a download.
    ("before download:_copy 5", "downloading", "done", 1),
    ("after download:_copy 5", "downloading", "done", 1),
    # C9, before and after the file has its name, its sidecar, its record.
    ("before assets:Assets.claim_stem 5", "downloading", "done", 1),
    ("after assets:Assets.claim_stem 5", "downloading", "done", 1),
    ("before fetching:write_atomically 5", "downloading", "done", 1),
    ("after fetching:write_atomically 5", "downloading", "done", 1),
    ("before assets:Assets.done 2", "downloading", "done", 1),
    ("after assets:Assets.done 2", "done", "done", 1),
    # The end itself.
    ("before ledger:Ledger.end_run 1", "done", "done", 1),
]


@pytest.mark.parametrize("point, left, end, requests", MATRIX, ids=[row[0] for row in MATRIX])
def test_every_point_of_the_crash_matrix(
    *,
    point: str,
    left: str | None,
    end: str,
    requests: int,
    make_jobs: Any,
    make_runner: Any,
    out: Path,
) -> None:
    # Long enough that a busy machine asks for a task while it runs, where that matters.
    seconds = 1.0 if left in ("submitted", "running") else 0.1
    with Sandbox(Options(seconds=seconds, image_side=16)) as sandbox:
        assert killed(sandbox.url, out, point) == -signal.SIGKILL
        assert left_at(out) == left
        jobs = [
            replace(job, body={"prompt": f"a fox {n}"}) for n, job in enumerate(make_jobs(JOBS))
        ]
        if left is None:
            assert plan(out, jobs).counts["new"] == JOBS
        for _ in range(2):
            ran = make_runner(url=sandbox.url).run(jobs)
            assert ran.exit_code == (1 if end == "unknown" else 0)
            assert states(out) == ["done", end]
        assert sandbox.counts["submissions"] == 1 + requests
        check_folder(out)


def test_images_that_came_before_a_crash_outlive_their_links(
    make_jobs: Any, make_runner: Any, out: Path
) -> None:
    with Sandbox(Options(seconds=0.1, image_side=16, link_seconds=2)) as sandbox:
        assert killed(sandbox.url, out, "before assets:Assets.done 2") == -signal.SIGKILL
        assert states(out) == ["done", "downloading"]
        time.sleep(3)
        jobs = [
            replace(job, body={"prompt": f"a fox {n}"}) for n, job in enumerate(make_jobs(JOBS))
        ]
        assert make_runner(url=sandbox.url).run(jobs).exit_code == 0
        assert states(out) == ["done", "done"]
        check_folder(out)


def check_folder(out: Path) -> None:
    """The database is sound, and every image is in its place once, with its sidecar."""
    with closing(sqlite3.connect(out / "mjspec.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    jobs: list[dict[str, Any]] = status(out)["jobs"]
    images = sorted(path for job in jobs for path in job["images"])
    assert images == sorted(path.name for path in out.glob("*.png"))
    assert images == sorted(f"{path.stem}.png" for path in out.glob("*-?.json"))
    assert len(images) == 4 * sum(job["state"] == "done" for job in jobs)
