"""What bounds a run: money, refusals of the key and of the account, the provider's patience, disks."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import mjspec.dispatch
from mjspec.dispatch.client import Client
from mjspec.dispatch.decisions import retry
from mjspec.dispatch.errors import RetryLaterError
from mjspec.dispatch.prices import PRICES
from mjspec.dispatch.rescue import remembered, rescue
from mjspec.dispatch.status import status
from mjspec.sandbox import Faults, Options, Sandbox

ROOT = Path(mjspec.dispatch.__path__[0]).parents[1]
KEY = "sk-very-secret-key-0123456789"
EACH = 55_040
SENDERS = 8

if TYPE_CHECKING:
    from collections.abc import Callable


def events(out: Path, *kinds: str) -> list[dict[str, Any]]:
    lines = (out / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [event for line in lines if (event := json.loads(line))["type"] in kinds]


def states(out: Path) -> list[str]:
    return [job["state"] for job in status(out)["jobs"]]


@pytest.mark.parametrize("seed", range(3))
def test_the_budget_holds_with_32_at_a_time_and_unknown_outcomes(
    seed: int, make_runner: Any, make_jobs: Any
) -> None:
    faults = Faults(
        {"502-accepted": 0.1, "drop-after-accept": 0.1, "502": 0.05, "429": 0.05, "fail": 0.1}
    )
    cap = 40 * EACH + EACH // 2
    options = Options(seconds=0.05, image_side=16, faults=faults, seed=seed, balance=None)
    with Sandbox(options) as sandbox:
        for _ in range(2):
            outcome = make_runner(url=sandbox.url, concurrency=32, max_cost=cap).run(make_jobs(120))
            assert (outcome.exit_code, outcome.stopped) == (3, "budget")
            assert outcome.cost.actual + outcome.cost.reserved <= cap
        assert sum(task.cost for task in sandbox.accepted if "fail" not in task.faults) * 1e6 <= cap
        # Refunds of failed tasks come after the stop.
        assert outcome.cost.actual + outcome.cost.reserved > cap - 5 * EACH
        assert outcome.summary["unknown"] > 0
        # The limit of a submission holds for its resumption.
        outcome = make_runner(url=sandbox.url, concurrency=32).resume()
        assert (outcome.exit_code, outcome.stopped) == (3, "budget")
        assert outcome.cost.actual + outcome.cost.reserved <= cap


def test_a_resumed_run_keeps_to_the_prices_that_the_batch_was_planned_with(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox
) -> None:
    dear = PRICES.overridden({"fast": 1.0})
    assert make_runner(max_cost=0, prices=dear).run(make_jobs(3)).exit_code == 3
    # The configuration with those prices is not known any more.
    outcome = make_runner(max_cost=2_000_000).resume()
    assert (outcome.exit_code, outcome.stopped) == (3, "budget")
    # Bills bring back what was reserved too much, so the third job waits for the next run.
    assert 1 <= len(sandbox.accepted) <= 3
    reserved = [event["estimate_usd"] for event in events(Path("out"), "intent")]
    assert set(reserved) == {1.0}


@pytest.mark.parametrize("fault, reason", [("401", "auth"), ("403", "auth"), ("402", "money")])
def test_a_stop_sends_no_more_than_what_was_in_flight(
    fault: str, reason: str, make_runner: Any, make_jobs: Any, out: Path
) -> None:
    with Sandbox(Options(seconds=0.3, latency=0.05, image_side=16)) as sandbox:
        sandbox.plan(*[None] * 30, *[fault] * 200)
        outcome = make_runner(url=sandbox.url, concurrency=32).run(make_jobs(150))
        assert (outcome.exit_code, outcome.stopped) == (3, reason)
        assert sandbox.counts["submissions"] <= 30 + SENDERS
        # What is paid for comes home all the same.
        assert outcome.summary["done"] == len(sandbox.accepted) == 30
        first = min(event["at"] for event in events(out, "refused"))
        late = [event for event in events(out, "intent") if event["at"] > first + 0.5]
        assert late == []


def test_retry_after_pauses_every_sender(make_runner: Any, make_jobs: Any, out: Path) -> None:
    with Sandbox(Options(seconds=0.05, image_side=16, retry_after=1)) as sandbox:
        sandbox.plan(*[None] * 6, "429-retry-after")
        assert make_runner(url=sandbox.url, concurrency=16).run(make_jobs(20)).exit_code == 0
    (refused,) = events(out, "refused")
    assert refused["wait"] >= 1
    # Some were on their way; nothing else goes out before the time is over.
    between = [
        event
        for event in events(out, "intent")
        if refused["at"] + 0.05 < event["at"] < refused["at"] + 0.95
    ]
    assert between == []


def test_a_crowded_provider_gets_fewer_at_a_time(make_runner: Any, make_jobs: Any) -> None:
    windows: list[int] = []
    with Sandbox(Options(seconds=0.3, image_side=16, retry_after=0)) as sandbox:
        sandbox.plan(*[None] * 20, *["429-retry-after"] * 6)
        runner = make_runner(url=sandbox.url, concurrency=32)
        runner._on_tick = lambda: windows.append(runner.progress().window)
        assert runner.run(make_jobs(40)).exit_code == 0
    assert max(windows) > 4
    assert min(windows) < max(windows)


def test_a_job_that_is_refused_again_and_again_keeps_no_other_waiting(
    make_runner: Any, make_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = Client.submit

    def refusing(client: Client, body: Any, **named: Any) -> Any:
        if body["prompt"] == "a fox 0":
            raise RetryLaterError("no instance of this model", status=400)
        return submit(client, body, **named)

    monkeypatch.setattr(Client, "submit", refusing)
    monkeypatch.setattr("mjspec.dispatch.pace.backoff", lambda *_: 0.01)
    outcome = make_runner(concurrency=1, refusal_patience=0.2).run(make_jobs(4))
    assert (outcome.exit_code, outcome.stopped) == (3, "busy")
    assert (outcome.summary["done"], outcome.summary["planned"]) == (3, 1)


def test_the_rate_is_kept(make_runner: Any, make_jobs: Any, sandbox: Sandbox) -> None:
    runner = make_runner(rate=3.0)
    thread = threading.Thread(target=runner.run, args=(make_jobs(6),))
    thread.start()
    time.sleep(1.2)
    assert sandbox.counts["submissions"] == 3
    runner.interrupt()
    thread.join()
    # A second run does not begin a minute of its own.
    runner = make_runner(rate=3.0)
    thread = threading.Thread(target=runner.resume)
    thread.start()
    time.sleep(0.5)
    runner.interrupt()
    thread.join()
    assert sandbox.counts["submissions"] == 3


def test_dead_links_are_paid_for_and_not_bought_again_unasked(
    make_runner: Any, make_jobs: Any, out: Path
) -> None:
    with Sandbox(Options(seconds=0.05, image_side=16, link_seconds=0)) as sandbox:
        assert make_runner(url=sandbox.url, poll_first=1.2).run(make_jobs(1)).exit_code == 1
        (job,) = status(out)["jobs"]
        assert job["state"] == "failed"
        assert job["error"] == "paid, but the links to 4 of 4 images have died"
        assert status(out)["cost"]["actual"] == 0.05504
        assert retry(out).paid == ("fox-0",)
        assert retry(out, paid=True).planned == ("fox-0",)
        assert len(sandbox.accepted) == 1


def child(out: Path, url: str, before: str) -> subprocess.CompletedProcess[str]:
    """A runner of three jobs in a process of its own, with something done to it first."""
    script = f"""
import resource, sys
from pathlib import Path
from mjspec.dispatch.client import Client
from mjspec.dispatch.job import PaidJob
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.runner import Runner

def told(event):
    pass

{before}
jobs = [PaidJob(id=f"fox-{{n}}", fingerprint=f"1:sha256:{{n:064x}}", body={{"prompt": f"a fox {{n}}"}},
                final_prompt=f"a fox {{n}}", billing_key="midjourney@imagine") for n in range(3)]
options = RunOptions(rate=100_000, concurrency=1, poll_first=0.02, poll_every=0.05)
outcome = Runner(Path({str(out)!r}), Client({url!r}, {KEY!r}), options, on_event=told).run(jobs)
print(*outcome.messages, sep="\\n")
sys.exit(outcome.exit_code)
"""
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_disk_that_fills_up_when_an_id_arrives(sandbox: Sandbox, out: Path) -> None:
    # From the moment on that the id is known no file can grow beyond a page: the ledger cannot
    # take it, a small file can.
    full = """
def told(event):
    if event.type == "accepted":
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
"""
    done = child(out, sandbox.url, full)
    task = sandbox.accepted[0].task_id
    assert done.returncode == 3, done.stderr
    assert sandbox.counts["submissions"] == 1
    assert task in done.stdout
    (saved,) = (*out.glob("mjspec-rescue-*.jsonl"), *ROOT.glob("mjspec-rescue-*.jsonl"))
    assert json.loads(saved.read_text(encoding="utf-8"))["tasks"] == [task]
    assert states(out)[0] in ("intent", "unknown")
    # The events had room, but the rescued id must do alone.
    lines = (out / "events.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if '"accepted"' not in line]
    (out / "events.jsonl").write_text("".join(kept), encoding="utf-8")
    done = child(out, sandbox.url, "")
    assert done.returncode == 0, done.stderr
    assert len(sandbox.accepted) == 3
    assert status(out)["jobs"][0]["task_id"] == task


def test_a_disk_that_is_full_before_anything_is_sent(sandbox: Sandbox, out: Path) -> None:
    assert child(out, sandbox.url, "").returncode == 0
    full = "resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))"
    done = child(out, sandbox.url, full)
    assert done.returncode == 1
    assert "LedgerError" in done.stderr
    assert "cannot be locked: disk I/O error" in done.stderr
    assert sandbox.counts["submissions"] == 3
    assert states(out) == ["done"] * 3


def test_a_disk_that_is_full_for_images_stops_buying(sandbox: Sandbox, out: Path) -> None:
    full = """
def told(event):
    if event.type == "completed":
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
"""
    done = child(out, sandbox.url, full)
    assert done.returncode == 3, done.stderr
    assert sandbox.counts["submissions"] <= 2
    assert not list(out.glob("*.png"))
    assert child(out, sandbox.url, "").returncode in (0, 1)
    assert "done" in states(out)
    assert len(sandbox.accepted) == 3


def test_a_rescue_that_finds_no_room_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, free = tmp_path / "full", tmp_path / "free"
    full.mkdir()
    free.mkdir()
    opened = Path.open

    def open_on_a_full_disk(path: Path, *arguments: Any, **named: Any) -> Any:
        file = opened(path, *arguments, **named)
        if path.parent == full:
            file.close()
            raise OSError(errno.ENOSPC, "No space left on device")
        return file

    monkeypatch.chdir(free)
    monkeypatch.setattr(Path, "open", open_on_a_full_disk)
    path, _ = rescue(full, "run", "attempt", "key", ["task_1"])
    assert path == free / "mjspec-rescue-run.jsonl"
    assert not list(full.iterdir())
    assert remembered(full, frozenset({"attempt"})) == {"attempt": ["task_1"]}


def test_half_a_line_of_events_spoils_no_other(
    make_runner: Callable[..., Any], make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    make_runner().run(make_jobs(1))
    with (out / "events.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"at": 1, "type": "acc')
    make_runner().run(make_jobs(2))
    lines = (out / "events.jsonl").read_text(encoding="utf-8").splitlines()
    broken = [line for line in lines if not line.endswith("}")]
    assert broken == ['{"at": 1, "type": "acc']
    assert len(sandbox.accepted) == 2


def test_a_run_has_at_most_32_threads() -> None:
    from mjspec.dispatch import fetching, following, sending

    assert 1 + sending._THREADS + following._THREADS + fetching._THREADS <= 32
