from __future__ import annotations

import base64
import json
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch.database import LedgerError, LedgerFullError
from mjspec.dispatch.decisions import resolve, retry
from mjspec.dispatch.job import LocalImage
from mjspec.dispatch.ledger import Ledger
from mjspec.dispatch.lock import LockedError
from mjspec.dispatch.status import status
from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def states(out: Path) -> list[str]:
    return [job["state"] for job in status(out)["jobs"]]


def events(out: Path, kind: str) -> list[dict[str, Any]]:
    lines = (out / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [event for line in lines if (event := json.loads(line))["type"] == kind]


def test_a_batch_comes_home_and_is_never_bought_twice(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    jobs = make_jobs(5)
    outcome = make_runner().run(jobs)
    assert (outcome.exit_code, outcome.summary["done"]) == (0, 5)
    assert outcome.messages == ()
    again = make_runner().run(reversed(jobs))
    assert again.exit_code == 0
    assert sandbox.counts["submissions"] == 5
    more = make_runner().run(make_jobs(6))
    assert (more.exit_code, sandbox.counts["submissions"]) == (0, 6)
    assert len(list(out.glob("*.png"))) == 24
    assert sandbox.defects == ()


def test_status_and_sidecars_tell_the_same(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    make_runner().run(make_jobs(1))
    report = status(out)
    assert list(report) == ["version", "summary", "cost", "jobs"]
    (job,) = report["jobs"]
    assert set(job) == {"id", "fingerprint", "state", "task_id", "images", "error", "origin"}
    assert job["origin"] == {"path": "batch.yaml", "line": 1, "column": 1}
    assert job["images"] == [f"fox-0-{n}.png" for n in (1, 2, 3, 4)]
    assert report["cost"] == {"estimated": 0.05504, "actual": 0.05504, "reserved": 0}
    sidecar = json.loads((out / "fox-0-1.json").read_text(encoding="utf-8"))
    assert sidecar["task_id"] == job["task_id"] == sandbox.accepted[0].task_id
    assert sidecar["prompt"] == "a fox 0 --ar 16:9"
    assert sidecar["request"]["body"]["prompt"] == "a fox 0"
    assert sidecar["cost"]["actual"] == 0.05504
    assert sidecar["bytes"] == (out / "fox-0-1.png").stat().st_size


def test_the_attempt_travels_with_the_request(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    (job,) = make_jobs(1, body={"prompt": "x", "metadata": {"campaign": "autumn"}})
    make_runner().run([job])
    metadata = sandbox.accepted[0].body["metadata"]
    assert metadata == {"campaign": "autumn", "mjspec": events(out, "intent")[0]["attempt"]}


@pytest.mark.parametrize("fault", ["429", "429-retry-after", "503-retry-after", "no-channel"])
def test_a_refused_job_is_sent_later(
    fault: str, make_runner: Any, make_jobs: Any, sandbox: Sandbox
) -> None:
    sandbox.plan(fault)
    outcome = make_runner().run(make_jobs(2))
    assert outcome.exit_code == 0
    assert len(sandbox.accepted) == 2


@pytest.mark.parametrize(
    "fault, accepted",
    [
        ("500", 0),
        ("502-accepted", 1),
        ("504", 0),
        ("503", 0),
        ("drop-after-accept", 1),
        ("reset-after-accept", 1),
        ("reset", 0),
        ("half-status", 1),
        ("half-body", 1),
        ("garbage", 1),
        ("html", 1),
        ("empty", 1),
        ("no-task-id", 1),
        ("slow", 1),
    ],
)
def test_what_may_be_paid_is_never_sent_again(
    *, fault: str, accepted: int, make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    sandbox.plan(fault)
    client = {"read_timeout": 0.6}
    for _ in range(2):
        outcome = make_runner(client=client).run(make_jobs(1))
        assert (outcome.exit_code, states(out)) == (1, ["unknown"])
    assert make_runner(client=client).resume().exit_code == 1
    assert sandbox.counts["submissions"] == 1
    assert len(sandbox.accepted) == accepted
    assert status(out)["cost"]["reserved"] == 0.05504
    error = status(out)["jobs"][0]["error"]
    assert events(out, "intent")[0]["attempt"] in error
    assert "mjspec resolve" in "".join(outcome.messages)


def test_an_unknown_job_is_resolved_by_a_person(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    sandbox.plan("drop-after-accept", "drop-after-accept", "502")
    make_runner(concurrency=1).run(make_jobs(3))
    assert states(out) == ["unknown"] * 3
    resolve(out, "fox-0", task_id=sandbox.accepted[0].task_id)
    resolve(out, "fox-1", verdict="resubmit")
    resolve(out, "fox-2", verdict="not-charged")
    assert states(out) == ["submitted", "planned", "planned"]
    assert make_runner().resume().exit_code == 0
    assert len(sandbox.accepted) == 4
    # The first purchase of fox-1 stays on the bill, that of fox-2 never happened.
    assert status(out)["cost"]["reserved"] == 0.05504


def test_unknown_outcomes_stop_a_run_only_when_asked(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    sandbox.plan("502", None, "502")
    outcome = make_runner(concurrency=1, max_unknown=2).run(make_jobs(6))
    assert (outcome.exit_code, outcome.stopped) == (3, "unknown")
    assert states(out) == ["unknown", "done", "unknown", "planned", "planned", "planned"]


@pytest.mark.parametrize("fault, reason", [("401", "auth"), ("403", "auth"), ("402", "money")])
def test_a_refused_key_and_an_empty_account_stop_sending(
    *, fault: str, reason: str, make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    sandbox.plan(None, fault)
    outcome = make_runner(concurrency=1).run(make_jobs(4))
    assert (outcome.exit_code, outcome.stopped) == (3, reason)
    assert states(out) == ["done", "planned", "planned", "planned"]
    assert sandbox.counts["submissions"] == 2
    assert make_runner().resume().exit_code == 0


def test_an_empty_account_does_not_lose_what_is_paid(
    make_jobs: Any, make_runner: Any, out: Path
) -> None:
    with Sandbox(Options(seconds=0.2, image_side=64, balance=0.13)) as poor:
        outcome = make_runner(url=poor.url).run(make_jobs(5))
        assert outcome.exit_code == 3
        assert sorted(states(out)) == ["done"] * 2 + ["planned"] * 3


def test_a_redirect_is_not_followed(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    sandbox.plan("redirect")
    outcome = make_runner(concurrency=1).run(make_jobs(2))
    assert (outcome.exit_code, outcome.stopped) == (3, "misdirected")
    assert states(out) == ["planned", "planned"]


def test_the_budget_is_never_exceeded_and_holds_for_resume(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    jobs = make_jobs(6)
    outcome = make_runner(max_cost=3 * 55_040).run(jobs)
    assert (outcome.exit_code, outcome.stopped) == (3, "budget")
    assert sorted(states(out)) == ["done"] * 3 + ["planned"] * 3
    assert make_runner().resume().exit_code == 3
    assert len(sandbox.accepted) == 3
    assert make_runner(max_cost=6 * 55_040).run(jobs).exit_code == 0


def test_repeat_counts_in_the_budget(make_runner: Any, make_jobs: Any, sandbox: Sandbox) -> None:
    jobs = make_jobs(1, repeat=4)
    assert make_runner(max_cost=3 * 55_040).run(jobs).exit_code == 3
    assert not sandbox.accepted


@pytest.mark.parametrize(
    "fault",
    [
        "fail",
        "fail-text-code",
        "fail-text",
        "fail-reason",
        "fail-outside",
        "fail-silent",
        "cancelled",
    ],
)
def test_a_failed_task_is_free_and_can_be_retried(
    fault: str, make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    sandbox.plan(fault)
    assert make_runner().run(make_jobs(1)).exit_code == 1
    assert states(out) == ["failed"]
    assert status(out)["cost"]["actual"] == 0
    assert make_runner().run(make_jobs(1)).exit_code == 1
    assert len(sandbox.accepted) == 1
    assert retry(out).planned == ("fox-0",)
    assert make_runner().resume().exit_code == 0


@pytest.mark.parametrize("fault", ["400", "404", "422", "code-4", "code-24"])
def test_a_rejected_job_does_not_stop_the_others(
    fault: str, make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    sandbox.plan(fault)
    assert make_runner(concurrency=1).run(make_jobs(2)).exit_code == 1
    assert states(out) == ["rejected", "done"]
    assert status(out)["jobs"][0]["error"]


@pytest.mark.parametrize(
    "faults",
    [
        ["poll-429", "poll-500", "poll-html"],
        ["poll-garbage", "poll-drop", "poll-half-body"],
        ["poll-404", "poll-402"],
        ["odd-status"],
        ["partial-images"],
        ["url-string"],
        ["few-images"],
        ["202"],
        ["download-500", "download-drop"],
        ["download-html", "download-half-body"],
        ["download-403"],
    ],
)
def test_trouble_on_the_way_home_loses_nothing(
    *,
    faults: list[str],
    make_runner: Any,
    make_jobs: Any,
    sandbox: Sandbox,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mjspec.dispatch.following.backoff", lambda *_: 0.05)
    monkeypatch.setattr("mjspec.dispatch.fetching.backoff", lambda *_: 0.05)
    sandbox.plan(*faults)
    outcome = make_runner().run(make_jobs(2))
    assert states(out) == ["done", "done"]
    assert outcome.exit_code == (3 if "poll-402" in faults else 0)
    assert len(sandbox.accepted) == 2
    assert not list(out.glob(".*.part"))


def test_nothing_listens_means_nothing_is_lost(
    make_runner: Any, make_jobs: Any, closed_url: str, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mjspec.dispatch.pace.backoff", lambda *_: 0.02)
    outcome = make_runner(url=closed_url, connect_patience=0.2).run(make_jobs(2))
    assert (outcome.exit_code, outcome.stopped) == (3, "offline")
    assert states(out) == ["planned", "planned"]
    assert make_runner().resume().exit_code == 0


def test_a_full_disk_saves_the_id_elsewhere(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise LedgerFullError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "accepted", full)
        outcome = make_runner(concurrency=1).run(make_jobs(3))
    task = sandbox.accepted[0].task_id
    assert (outcome.exit_code, outcome.stopped) == (3, "ledger")
    assert task in "".join(outcome.messages)
    (saved,) = out.glob("mjspec-rescue-*.jsonl")
    assert task in saved.read_text(encoding="utf-8")
    (out / "events.jsonl").unlink()
    assert make_runner().resume().exit_code == 0
    assert len(sandbox.accepted) == 3


def test_the_events_file_is_a_second_memory(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise LedgerFullError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "accepted", full)
        broken.setattr("mjspec.dispatch.sending.rescue", lambda *_: (None, "line"))
        make_runner(concurrency=1).run(make_jobs(1))
    assert make_runner().resume().exit_code == 0
    assert len(sandbox.accepted) == 1


def test_local_pictures_are_read_at_submission(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path, tmp_path: Path
) -> None:
    from hashlib import sha256

    picture = tmp_path / "a.png"
    picture.write_bytes(PNG)
    body = {"prompt": "x", "image_urls": ["https://a.example/0.png", "a.png"]}
    good, changed, missing = make_jobs(3, body=body)
    images = [
        LocalImage(picture, sha256(PNG).hexdigest()),
        LocalImage(picture, "0" * 64),
        LocalImage(tmp_path / "none.png"),
    ]
    from dataclasses import replace

    jobs = [
        replace(job, local_images={1: image})
        for job, image in zip((good, changed, missing), images, strict=True)
    ]
    sent: list[Any] = []
    runner = make_runner()
    submit = runner._client.submit

    def overheard(body: Any, **rest: Any) -> Any:
        sent.append(body)
        return submit(body, **rest)

    runner._client.submit = overheard
    assert runner.run(jobs).exit_code == 1
    assert states(out) == ["done", "rejected", "rejected"]
    assert sandbox.counts["submissions"] == 1
    data = "data:image/png;base64," + base64.b64encode(PNG).decode()
    assert sent[0]["image_urls"] == ["https://a.example/0.png", data]
    assert "has changed" in status(out)["jobs"][1]["error"]


def test_files_of_equal_names_never_overwrite_each_other(
    make_runner: Any, make_jobs: Any, out: Path
) -> None:
    jobs = make_jobs(6)
    from dataclasses import replace

    names = ["a/b", "a_b", "A_B", "../../etc/x", "CON", "狐" * 300]
    jobs = [replace(job, id=name) for job, name in zip(jobs, names, strict=True)]
    out.mkdir()
    (out / "a_b-1.png").write_bytes(b"mine")
    assert make_runner(template="{id}-{index}").run(jobs).exit_code == 0
    assert (out / "a_b-1.png").read_bytes() == b"mine"
    files = [path for job in status(out)["jobs"] for path in job["images"]]
    assert len(set(map(str.casefold, files))) == 24
    assert all((out / path).is_file() and len(path.encode()) < 250 for path in files)
    assert {path.parent for path in out.rglob("*.png")} == {out}


def test_templates_make_folders(make_runner: Any, make_jobs: Any, out: Path) -> None:
    assert make_runner(template="{id}/{prompt}-{index}").run(make_jobs(1)).exit_code == 0
    assert (out / "fox-0" / "a-fox-0-1.png").is_file()


@pytest.mark.parametrize("way", ["file", "link"])
def test_where_no_folder_can_be_names_do_without(
    way: str, make_runner: Any, make_jobs: Any, out: Path, tmp_path: Path
) -> None:
    out.mkdir()
    (tmp_path / "elsewhere").mkdir()
    if way == "file":
        (out / "fox-0").write_bytes(b"mine")
    else:
        (out / "fox-0").symlink_to(tmp_path / "elsewhere")
    (out / "1.png").write_bytes(b"mine")
    assert make_runner(template="{id}/{index}").run(make_jobs(2)).exit_code == 0
    first, second = (job["images"] for job in status(out)["jobs"])
    assert first == ["1-00000000.png", "2.png", "3.png", "4.png"]
    assert second == [f"fox-1/{n}.png" for n in (1, 2, 3, 4)]
    assert (out / "1.png").read_bytes() == b"mine"
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_link_that_our_rules_refuse_is_asked_for_once(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, out: Path
) -> None:
    assert make_runner(image_limit=10).run(make_jobs(1)).exit_code == 1
    (job,) = status(out)["jobs"]
    assert job["state"] == "downloading"
    assert "still to be fetched: the image has" in job["error"]
    assert sandbox.counts["downloads"] == 4
    assert make_runner().resume().exit_code == 0
    assert len(sandbox.accepted) == 1


def test_who_asks_often_waits_little_after_an_error(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The longest wait that a draw can give.
    monkeypatch.setattr("mjspec.dispatch.pace.jitter", lambda _, high: high)
    sandbox.plan(*["poll-500"] * 4)
    begin = time.monotonic()
    assert make_runner(poll_every=0.05).run(make_jobs(1)).exit_code == 0
    assert time.monotonic() - begin < 0.05 * (2 + 4 + 8 + 16) + 3


def test_a_folder_holds_the_work_of_one_world(make_runner: Any, make_jobs: Any, out: Path) -> None:
    from mjspec.dispatch.client import Client
    from mjspec.dispatch.runner import Runner

    make_runner().run(make_jobs(1))
    with pytest.raises(LedgerError, match="choose another --out"):
        Runner(out, Client("https://api.example", "k")).resume()


def test_a_second_runner_ends_at_once(make_runner: Any, make_jobs: Any, out: Path) -> None:
    first = make_runner(poll_first=0.6)
    thread = threading.Thread(target=first.run, args=(make_jobs(3),))
    thread.start()
    while not (out / "events.jsonl").exists():
        time.sleep(0.01)
    begin = time.monotonic()
    with pytest.raises(LockedError, match="process"):
        make_runner().run(make_jobs(3))
    assert time.monotonic() - begin < 1
    assert status(out)["version"] == 1
    thread.join()


def test_ctrl_c_once_finishes_what_is_under_way(
    make_runner: Any, make_jobs: Any, sandbox: Sandbox
) -> None:
    runner = make_runner(concurrency=2, rate=100_000)
    before = signal.getsignal(signal.SIGINT)

    def press() -> None:
        while len(sandbox.accepted) < 2:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press)
    presser.start()
    outcome = runner.run(make_jobs(40))
    presser.join()
    assert (outcome.exit_code, outcome.stopped) == (130, "interrupted")
    assert outcome.summary["done"] == len(sandbox.accepted) < 40
    assert outcome.summary["planned"] == 40 - len(sandbox.accepted)
    assert "mjspec resume" in outcome.messages[-1]
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_twice_ends_now(make_jobs: Any, make_runner: Any, out: Path) -> None:
    with Sandbox(Options(seconds=60, latency=0.5)) as slow:
        runner = make_runner(url=slow.url)

        def press() -> None:
            while not (out / "events.jsonl").exists() or not events(out, "accepted"):
                time.sleep(0.02)
            time.sleep(0.2)
            runner.interrupt()
            runner.interrupt()

        threading.Thread(target=press).start()
        begin = time.monotonic()
        outcome = runner.run(make_jobs(20))
        assert time.monotonic() - begin < 5
        assert outcome.exit_code == 130
        assert outcome.summary["intent"] == 0
        time.sleep(0.8)
        known = {job["task_id"] for job in status(out)["jobs"]}
        saved = "".join(path.read_text() for path in out.glob("mjspec-rescue-*"))
        for task in slow.accepted:
            assert task.task_id in known or task.task_id in saved


def test_options_that_make_no_sense(make_runner: Any) -> None:
    from mjspec.diagnostics import MjspecError

    for wrong in (
        {"concurrency": 0},
        {"rate": 0},
        {"max_cost": -1},
        {"template": "../{id}"},
        {"template": "same"},
        {"template": "{"},
    ):
        with pytest.raises(MjspecError):
            make_runner(**wrong)


def test_resume_needs_a_ledger(make_runner: Any) -> None:
    with pytest.raises(LedgerError):
        make_runner().resume()
