from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch.arrival import Arrival
from mjspec.dispatch.assets import Assets
from mjspec.dispatch.database import LedgerError
from mjspec.dispatch.decisions import DecisionError, cancel, resolve, retry
from mjspec.dispatch.export import export
from mjspec.dispatch.forecast import plan
from mjspec.dispatch.ledger import Ledger
from mjspec.dispatch.planning import enter
from mjspec.dispatch.prices import PRICES
from mjspec.dispatch.status import status

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.dispatch.decisions import Verdict


@pytest.fixture
def folder(out: Path, make_jobs: Any) -> Path:
    """Six jobs: done, unknown, failed, rejected, running, planned."""
    ledger = Ledger(out)
    ledger.start_run("run", None)
    jobs = make_jobs(6)
    enter(ledger, jobs, PRICES)
    for job, attempt in zip(jobs[:5], "abcde", strict=True):
        ledger.intend(job.key, attempt, "run", 55_040, None)
        ledger.connected(attempt)
    for attempt in "ace":
        ledger.accepted(attempt, [f"task_{attempt}"], "")
    ledger.completed("a", [("task_a", "https://a/0")], 55_040, None)
    Assets(ledger).done("a", [Arrival(1, "fox-0-1.png", 3, "ff")], home=True)
    ledger.unknown("b", 502, "HTTP 502")
    ledger.failed("c", "banned", 0)
    ledger.rejected("d", 422, "moderation")
    ledger.running("e")
    ledger.close()
    return out


def states(out: Path) -> list[str]:
    return [job["state"] for job in status(out)["jobs"]]


def test_status_counts_every_state(folder: Path) -> None:
    report = status(folder)
    assert report["summary"] == {
        "planned": 1, "intent": 0, "submitted": 0, "running": 1, "downloading": 0, "done": 1,
        "failed": 1, "rejected": 1, "unknown": 1, "cancelled": 0,
    }  # fmt: skip
    assert report["cost"]["actual"] == 0.05504
    assert report["cost"]["reserved"] == pytest.approx(2 * 0.05504)


def test_plan_tells_what_is_new_and_what_it_costs(folder: Path, make_jobs: Any) -> None:
    jobs = make_jobs(8)[1:]
    forecast = plan(folder, [*jobs, jobs[0]])
    assert forecast.counts == {
        "new": 3, "done": 0, "running": 1, "unknown": 1, "failed": 1, "rejected": 1,
    }  # fmt: skip
    assert forecast.duplicates == 1
    assert forecast.total == 3 * 55_040
    assert forecast.price_date == "September 2026"
    assert forecast.as_json()["cost"]["new"] == 0.16512


def test_plan_warns_of_a_changed_prompt_and_multiplies_repeat(folder: Path, make_jobs: Any) -> None:
    changed = make_jobs(1, fingerprint="1:sha256:ff", repeat=4)
    forecast = plan(folder, changed)
    assert forecast.changed == ("fox-0",)
    assert forecast.cancelled == ("fox-5",)
    (line,) = forecast.lines
    assert (line.jobs, line.calls, line.total) == (1, 4, 4 * 55_040)


def test_plan_writes_nothing(out: Path, make_jobs: Any) -> None:
    assert plan(out, make_jobs(2)).counts["new"] == 2
    assert not out.exists()


def test_resolve_wants_one_decision_about_an_unknown_job(folder: Path) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("fox-1", {}),
        ("fox-1", {"task_id": "x", "verdict": "resubmit"}),
        ("fox-0", {"verdict": "resubmit"}),
        ("nobody", {"verdict": "resubmit"}),
        ("fox-1", {"task_id": "task_a"}),
        ("fox-1", {"task_id": " "}),
    ]
    for job, decision in wrong:
        with pytest.raises(DecisionError):
            resolve(folder, job, **decision)
    assert states(folder)[1] == "unknown"
    assert resolve(folder, "b", task_id="task_b").state == "submitted"


def test_not_charged_frees_the_price_and_resubmit_keeps_it(folder: Path) -> None:
    reserved = status(folder)["cost"]["reserved"]
    resolve(folder, "fox-1", verdict="not-charged")
    assert status(folder)["cost"]["reserved"] == pytest.approx(reserved - 0.05504)
    assert states(folder)[1] == "planned"


def test_what_was_saved_beside_the_ledger_is_not_given_up(folder: Path) -> None:
    rescued = {"type": "accepted", "attempt": "b", "tasks": ["task_b"]}
    saved = folder / "mjspec-rescue-1.jsonl"
    saved.write_text(json.dumps(rescued), encoding="utf-8")
    verdicts: tuple[Verdict, ...] = ("not-charged", "resubmit")
    for verdict in verdicts:
        with pytest.raises(DecisionError, match="fox-1 was accepted as task_b"):
            resolve(folder, "fox-1", verdict=verdict)
    assert states(folder)[1] == "unknown"
    # The provider gave the same id twice: that of the first job leads to no second one.
    saved.write_text(json.dumps({**rescued, "tasks": ["task_a"]}), encoding="utf-8")
    assert resolve(folder, "fox-1", verdict="resubmit").state == "planned"


def test_retry_leaves_paid_failures_alone(folder: Path) -> None:
    ledger = Ledger(folder)
    ledger.completed("e", [("task_e", "https://a/1")], 55_040, None)
    ledger.lost("e", "the links have died")
    ledger.close()
    done = retry(folder)
    assert (done.planned, done.paid) == (("fox-2", "fox-3"), ("fox-4",))
    assert retry(folder, ["fox-4"], paid=True).planned == ("fox-4",)
    with pytest.raises(DecisionError):
        retry(folder, ["fox-0"])


def test_only_planned_jobs_are_cancelled(folder: Path, make_jobs: Any) -> None:
    with pytest.raises(DecisionError, match="only planned"):
        cancel(folder, ["fox-0"])
    assert cancel(folder) == ("fox-5",)
    assert states(folder)[5] == "cancelled"
    assert plan(folder, make_jobs(6)).counts["new"] == 1


def test_decisions_need_a_ledger(out: Path) -> None:
    for decide in (retry, cancel, lambda out: resolve(out, "x", verdict="resubmit")):
        with pytest.raises(LedgerError):
            decide(out)
    assert not out.exists()


def test_export_as_lines_and_as_table(folder: Path) -> None:
    records = [json.loads(line) for line in export(folder, "jsonl")]
    assert [record["state"] for record in records] == states(folder)
    assert records[0]["images"] == ["fox-0-1.png"]
    assert records[0]["cost_usd"] == 0.05504
    table = list(csv.DictReader(io.StringIO("".join(export(folder, "csv")))))
    assert [row["id"] for row in table] == [record["id"] for record in records]
    assert table[0]["images"] == "fox-0-1.png"
    assert list(table[0]) == list(records[0])


def test_a_table_has_its_head_and_names_with_spaces_stay_apart(
    out: Path, make_runner: Any, make_jobs: Any
) -> None:
    make_runner().run([])
    assert next(iter(export(out, "csv"))).startswith("id,copy,state,")
    make_runner().run(make_jobs(1, id="a b"))
    (row,) = csv.DictReader(io.StringIO("".join(export(out, "csv"))))
    assert row["images"].split("|") == [f"a b-{n}.png" for n in (1, 2, 3, 4)]
