from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch.database import LedgerError, open_for_reading
from mjspec.dispatch.job import LocalImage
from mjspec.dispatch.ledger import BudgetError, Ledger
from mjspec.dispatch.lock import LockedError, run_lock
from mjspec.dispatch.planning import enter
from mjspec.dispatch.prices import PRICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def ledger(out: Path) -> Iterator[Ledger]:
    ledger = Ledger(out)
    ledger.start_run("run", None)
    yield ledger
    ledger.close()


def state(ledger: Ledger, job: str = "fox-0") -> str:
    found: str = ledger.read("SELECT state FROM job_state WHERE id = ?", job)[0]["state"]
    return found


def test_the_key_of_a_job_is_frozen(make_jobs: Any) -> None:
    (job,) = make_jobs(1, written="fox")
    assert job.key == "332eb2de00780d587f97f282b66882cd"


def test_a_job_survives_the_ledger(ledger: Ledger, make_jobs: Any) -> None:
    (job,) = make_jobs(
        1,
        written="fox",
        body={"prompt": "öç ☃ \U0001f98a", "metadata": {"a": [1, None]}, "seed": 3},
        local_images={0: LocalImage(Path("a b.png"), "ff")},
        variables={"animal": "fox"},
        repeat=3,
        copy=2,
    )
    enter(ledger, [job], PRICES)
    assert ledger.job(job.key) == job


def test_the_database_refuses_a_second_live_attempt(ledger: Ledger, make_jobs: Any) -> None:
    (job,) = make_jobs(1)
    enter(ledger, [job], PRICES)
    ledger.intend(job.key, "a", "run", 1, None)
    with pytest.raises(LedgerError, match="already under way"):
        ledger.intend(job.key, "b", "run", 1, None)
    insert = (
        "INSERT INTO attempt (id, job, run, state, intent_at, estimate)"
        " VALUES ('c', ?, 'run', 'intent', 0, 0)"
    )
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), ledger.change() as connection:
        connection.execute(insert, (job.key,))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), ledger.change() as connection:
        connection.execute("UPDATE attempt SET current = 0")


@pytest.mark.parametrize("end", ["done", "unknown"])
def test_neither_done_nor_unknown_jobs_can_be_sent_again(
    ledger: Ledger, make_jobs: Any, end: str
) -> None:
    (job,) = make_jobs(1)
    enter(ledger, [job], PRICES)
    ledger.intend(job.key, "a", "run", 1, None)
    ledger.connected("a")
    if end == "unknown":
        ledger.unknown("a", 502, "x")
    else:
        ledger.accepted("a", ["t"], "")
        ledger.completed("a", [("t", "https://a/0")], 5, None)
        ledger.home("a")
    assert state(ledger) == end
    assert enter(ledger, [job], PRICES).added == 0
    assert ledger.planned() == []
    with pytest.raises(LedgerError):
        ledger.intend(job.key, "b", "run", 1, None)


def test_history_cannot_be_turned_back(ledger: Ledger, make_jobs: Any) -> None:
    (job,) = make_jobs(1)
    enter(ledger, [job], PRICES)
    ledger.intend(job.key, "a", "run", 1, None)
    ledger.connected("a")
    ledger.accepted("a", ["t"], "")
    steps: list[Callable[[], None]] = [
        lambda: ledger.withdrawn("a", "not_sent", None, ""),
        lambda: ledger.rejected("a", 400, ""),
        lambda: ledger.unknown("a", 500, ""),
        lambda: ledger.connected("a"),
        lambda: ledger.accepted("a", ["u"], ""),
    ]
    for step in steps:
        with pytest.raises(LedgerError):
            step()
    assert state(ledger) == "submitted"


def test_a_connection_is_not_used_after_the_attempt_was_given_up(
    ledger: Ledger, make_jobs: Any
) -> None:
    (job,) = make_jobs(1)
    enter(ledger, [job], PRICES)
    ledger.intend(job.key, "a", "run", 1, None)
    assert ledger.settle("interrupted") == []
    with pytest.raises(LedgerError):
        ledger.connected("a")
    assert state(ledger) == "planned"


def test_what_a_dead_process_leaves_is_settled_by_its_mark(ledger: Ledger, make_jobs: Any) -> None:
    jobs = make_jobs(2)
    enter(ledger, jobs, PRICES)
    for job, attempt in zip(jobs, "ab", strict=True):
        ledger.intend(job.key, attempt, "run", 1, None)
    ledger.connected("b")
    ledger.settle("the run ended")
    assert (state(ledger, "fox-0"), state(ledger, "fox-1")) == ("planned", "unknown")


def test_a_late_answer_saves_an_unknown_attempt(ledger: Ledger, make_jobs: Any) -> None:
    (job,) = make_jobs(1)
    enter(ledger, [job], PRICES)
    ledger.intend(job.key, "a", "run", 1, None)
    ledger.connected("a")
    ledger.settle("interrupted")
    ledger.accepted("a", ["t"], "")
    assert state(ledger) == "submitted"


def test_the_budget_holds_under_threads(ledger: Ledger, make_jobs: Any) -> None:
    jobs = make_jobs(100)
    enter(ledger, jobs, PRICES)
    granted: list[str] = []

    def spend(part: list[Any]) -> None:
        for job in part:
            try:
                ledger.intend(job.key, job.id, "run", 10, 305)
            except BudgetError:
                continue
            granted.append(job.id)

    threads = [threading.Thread(target=spend, args=(jobs[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(granted) == 30


def test_unknown_keeps_its_reservation_and_refusals_free_theirs(
    ledger: Ledger, make_jobs: Any
) -> None:
    jobs = make_jobs(4)
    enter(ledger, jobs, PRICES)
    for job, attempt in zip(jobs[:3], "abc", strict=True):
        ledger.intend(job.key, attempt, "run", 10, 30)
        ledger.connected(attempt)
    with pytest.raises(BudgetError):
        ledger.intend(jobs[3].key, "d", "run", 10, 30)
    ledger.unknown("a", None, "x")
    with pytest.raises(BudgetError):
        ledger.intend(jobs[3].key, "d", "run", 10, 30)
    ledger.rejected("b", 400, "x")
    ledger.intend(jobs[3].key, "d", "run", 10, 30)


def test_planning_cancels_what_vanished_and_revives_what_returns(
    ledger: Ledger, make_jobs: Any
) -> None:
    jobs = make_jobs(3)
    assert enter(ledger, jobs, PRICES).added == 3
    assert enter(ledger, jobs[:1], PRICES).cancelled == 2
    assert state(ledger, "fox-1") == "cancelled"
    again = enter(ledger, [jobs[2], jobs[0], jobs[0]], PRICES)
    assert (again.added, again.cancelled) == (0, 0)
    assert state(ledger, "fox-2") == "planned"
    assert ledger.planned() == [jobs[2].key, jobs[0].key]


def test_a_planned_job_takes_what_the_spec_says_now_and_a_sent_one_does_not(
    ledger: Ledger, make_jobs: Any
) -> None:
    first, second = make_jobs(2)
    enter(ledger, [first, second], PRICES)
    ledger.intend(first.key, "a", "run", 1, None)
    changed = make_jobs(2, body={"prompt": "x", "metadata": {"campaign": "spring"}})
    enter(ledger, changed, PRICES)
    assert ledger.job(first.key).body == first.body
    assert ledger.job(second.key).body == changed[1].body


def test_planning_ten_thousand_known_jobs_is_quick(ledger: Ledger, make_jobs: Any) -> None:
    from time import perf_counter

    jobs = make_jobs(10_000)
    enter(ledger, jobs, PRICES)
    begin = perf_counter()
    assert enter(ledger, jobs, PRICES).added == 0
    assert perf_counter() - begin < 2


@pytest.mark.parametrize(
    "content, words",
    [
        (b"not a database at all, but long enough", "not a ledger"),
        (b"SQLite format 3\x00" + b"\xff" * 4000, "damaged"),
    ],
)
def test_files_that_are_no_ledger(out: Path, content: bytes, words: str) -> None:
    out.mkdir()
    (out / "mjspec.db").write_bytes(content)
    for use in (Ledger, open_for_reading):
        with pytest.raises(LedgerError, match=words):
            use(out)
    assert (out / "mjspec.db").read_bytes() == content


def test_a_damaged_page_is_found_before_anything_is_sent(out: Path, make_jobs: Any) -> None:
    ledger = Ledger(out)
    enter(ledger, make_jobs(200), PRICES)
    ledger.close()
    path = out / "mjspec.db"
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\x5a" * (len(content) - 12288)
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"):
        Ledger(out)


def test_a_ledger_of_a_newer_version_and_of_another_program(out: Path) -> None:
    Ledger(out).close()
    with closing(sqlite3.connect(out / "mjspec.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError, match="newer mjspec"):
        Ledger(out)
    with closing(sqlite3.connect(out / "mjspec.db")) as connection:
        connection.execute("PRAGMA application_id = 7")
    with pytest.raises(LedgerError, match="another program"):
        Ledger(out)


def test_a_ledger_that_cannot_be_written(out: Path, make_jobs: Any) -> None:
    ledger = Ledger(out)
    with ledger.change() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS x (y)")
    ledger.read("PRAGMA query_only = ON")
    with pytest.raises(LedgerError, match="cannot be written"):
        enter(ledger, make_jobs(1), PRICES)
    ledger.close()


def test_settings_that_survive_a_power_cut(ledger: Ledger) -> None:
    assert ledger.read("PRAGMA journal_mode")[0][0] == "wal"
    assert ledger.read("PRAGMA synchronous")[0][0] == 2
    assert ledger.read("PRAGMA application_id")[0][0] == 0x6D6A7370
    assert ledger.read("PRAGMA user_version")[0][0] == 1


@pytest.mark.usefixtures("ledger")
def test_the_second_runner_is_told_about_the_first(out: Path) -> None:
    import os

    with (
        run_lock(out),
        pytest.raises(LockedError, match=f"process {os.getpid()} on"),
        run_lock(out),
    ):
        pass
    with run_lock(out):
        pass


def test_the_lock_dies_with_its_process(out: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from mjspec.dispatch.lock import run_lock\n"
        "with run_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    root = str(Path(sys.modules["mjspec.dispatch.lock"].__file__ or "").parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", code, str(out)], stdout=subprocess.PIPE, cwd=root
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LockedError), run_lock(out):
            pass
        holder.kill()
        holder.wait()
    with run_lock(out):
        pass
