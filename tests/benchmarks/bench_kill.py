"""Runners killed at random moments against a provider that fails in every way; what was bought?

python tests/benchmarks/bench_kill.py [--kills 300] [--batch-kills 5] [--jobs 40] [--seed 7]

Every batch is a folder of its own: its runner is killed with SIGKILL at random moments, started
again, and at last brought to its end; a person then settles what is unknown with the provider's own
list in hand. The provider drops 3 % of the connections after it accepted, answers 4 % with 502 (and
has accepted half of those), refuses 5 % with 429 and fails 5 % of the polls. Afterwards its books are
compared with the ledger. The exit code is 1 if a job was bought twice, an id was lost, a database or
an image is damaged, or a job is neither done nor unknown.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from mjspec.dispatch.client import Client
from mjspec.dispatch.database import LedgerMissingError
from mjspec.dispatch.decisions import resolve
from mjspec.dispatch.job import PaidJob
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.runner import Runner
from mjspec.dispatch.status import status
from mjspec.sandbox import Faults, Options, Sandbox

KEY = "sk-very-secret-key-0123456789"
READ_TIMEOUT = 2.0
OPTIONS = RunOptions(rate=100_000, concurrency=16, poll_first=0.05, poll_every=0.1)
FAULTS = Faults(
    {"drop-after-accept": 0.03, "502-accepted": 0.02, "502": 0.02, "429": 0.05, "poll-error": 0.05}
)
IMAGES = 4


@dataclass(slots=True)
class Tally:
    """What became of one batch, or of several."""

    kills: int = 0
    jobs: int = 0
    accepted: int = 0
    doubled: int = 0
    lost: int = 0
    unknown: int = 0
    charged: int = 0
    done: int = 0
    images: int = 0
    damaged: int = 0
    secrets: int = 0

    def add(self, other: Tally) -> None:
        """Adds another batch."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    @property
    def clean(self) -> bool:
        """Whether nothing was bought twice, lost or damaged, and everything came to its end."""
        wrong = self.doubled + self.lost + self.damaged + self.secrets
        return not wrong and self.done == self.jobs


def purchases(number: int) -> list[PaidJob]:
    """Jobs that a person can tell apart in the provider's books."""
    return [
        PaidJob(
            id=f"fox-{n}",
            written=f"fox-{n}",
            fingerprint=f"1:sha256:{n:064x}",
            body={"prompt": f"a fox {n}", "metadata": {"job": f"fox-{n}"}},
            final_prompt=f"a fox {n}",
            billing_key="midjourney@imagine",
        )
        for n in range(number)
    ]


def child(url: str, out: str, jobs: str) -> None:
    """The process that is killed."""
    print("ready", flush=True)
    Runner(Path(out), Client(url, KEY, read_timeout=READ_TIMEOUT), OPTIONS).run(
        purchases(int(jobs))
    )


def killed(sandbox: Sandbox, out: Path, jobs: int, delay: float) -> bool:
    """Starts a runner and kills it after a while; false if it had come to its end."""
    command = [sys.executable, __file__, "--child", sandbox.url, str(out), str(jobs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        process.kill()
        return process.wait() == -signal.SIGKILL


def batch(out: Path, jobs: int, kills: int, seed: int) -> Tally:
    """One batch: killed so many times, finished, looked through."""
    chance = random.Random(seed)
    options = Options(
        seconds=0.4, spread=0.5, latency=0.02, image_side=32, faults=FAULTS, seed=seed
    )
    tally = Tally(jobs=jobs)
    with Sandbox(options) as sandbox:
        for _ in range(kills):
            tally.kills += killed(sandbox, out, jobs, chance.uniform(0.02, 0.6))
            look_through(sandbox, out, Tally())
        for _ in range(3):
            Runner(out, Client(sandbox.url, KEY, read_timeout=READ_TIMEOUT), OPTIONS).run(
                purchases(jobs)
            )
        # What was not charged is sent again, and may become unknown again.
        while unknown := status(out)["summary"]["unknown"]:
            tally.unknown += unknown
            tally.charged += settle_by_hand(sandbox, out)
            Runner(out, Client(sandbox.url, KEY), OPTIONS).resume()
        look_through(sandbox, out, tally)
    return tally


def settle_by_hand(sandbox: Sandbox, out: Path) -> int:
    """Does what a person would, with the provider's list; gives how many had been charged."""
    found = {task.body["metadata"]["job"]: task.task_id for task in sandbox.accepted}
    charged = 0
    for job in status(out)["jobs"]:
        if job["state"] != "unknown":
            continue
        if job["id"] in found:
            charged += 1
            resolve(out, job["id"], task_id=found[job["id"]])
        else:
            resolve(out, job["id"], verdict="not-charged")
    return charged


def look_through(sandbox: Sandbox, out: Path, tally: Tally) -> None:
    """Compares the provider's books with the ledger, and the ledger with the files."""
    try:
        jobs = {job["id"]: job for job in status(out)["jobs"]}
    except LedgerMissingError:
        assert not sandbox.accepted, "something was bought before there was a ledger"
        return
    with closing(sqlite3.connect(out / "mjspec.db")) as connection:
        verdict = connection.execute("PRAGMA integrity_check").fetchone()
        tally.damaged += verdict != ("ok",)
        assets = connection.execute(
            "SELECT path, size, sha256 FROM asset WHERE state = 'done'"
        ).fetchall()
    bought = Counter(task.body["metadata"]["job"] for task in sandbox.accepted)
    tally.accepted += len(sandbox.accepted)
    tally.doubled += sum(number - 1 for number in bought.values())
    tally.lost += sum(
        is_lost(jobs[task.body["metadata"]["job"]], task.task_id) for task in sandbox.accepted
    )
    tally.done += sum(job["state"] == "done" for job in jobs.values())
    tally.images += len(assets)
    tally.damaged += sum(not whole(out / path, size, sha) for path, size, sha in assets)
    tally.damaged += sum(
        len(job["images"]) != IMAGES for job in jobs.values() if job["state"] == "done"
    )
    tally.secrets += sum(
        KEY.encode() in path.read_bytes() for path in out.rglob("*") if path.is_file()
    )
    assert not tally.doubled, f"bought twice: {bought.most_common(3)}"
    assert not tally.lost, "a paid task is in no ledger"
    assert not tally.damaged, "a file is damaged"


def is_lost(job: dict[str, object], task_id: str) -> bool:
    """Whether the ledger neither has the id nor tells a person to look for it."""
    # An intent that a killed process left becomes unknown when the next run begins.
    return job["task_id"] != task_id and job["state"] not in ("unknown", "intent")


def whole(path: Path, size: int, sha256: str) -> bool:
    """Whether a file is the PNG that the ledger knows, to its last byte."""
    content = path.read_bytes()
    if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
        return False
    place = 8
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        body = content[place + 4 : place + 8 + length]
        if struct.unpack_from(">I", content, place + 8 + length)[0] != zlib.crc32(body):
            return False
        place += 12 + length
        if body[:4] == b"IEND":
            return place == len(content)
    return False


def main() -> int:
    """Batch after batch, until there were enough kills."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--batch-kills", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--child", nargs=3, metavar=("URL", "OUT", "JOBS"))
    given = parser.parse_args()
    if given.child:
        child(*given.child)
        return 0
    total, begin, number = Tally(), time.perf_counter(), 0
    with tempfile.TemporaryDirectory(prefix="mjspec-kill-") as folder:
        # A kill that comes too late is none, so more batches follow until there were enough.
        while total.kills < given.kills and number < given.kills:
            kills = min(given.batch_kills, given.kills - total.kills)
            out = Path(folder) / f"batch-{number}"
            total.add(batch(out, given.jobs, kills, given.seed + number))
            number += 1
    names = [field.name for field in fields(total)]
    print(f"{number} batches, {time.perf_counter() - begin:.0f} s")
    print("".join(f"{name:>10}" for name in names))
    print("".join(f"{getattr(total, name):>10}" for name in names))
    print(json.dumps({name: getattr(total, name) for name in names}))
    return 0 if total.clean else 1


if __name__ == "__main__":
    sys.exit(main())
