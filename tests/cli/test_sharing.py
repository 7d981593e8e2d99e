"""Several processes: who reads what, what the parts are, and what happens when something fails."""

from __future__ import annotations

import os
import random
import signal
import sys
from itertools import count
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main, pool, worker
from mjspec.jobs import seen
from mjspec.jobs.seen import Seen
from mjspec.reading import parts
from mjspec.reading.parts import read_parts

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "a fox, {0} --ar 16:9 --s 5000\nan owl, {0} —seed 1\na hare --v 6.1\n\na {{red, blue}} fox {0}\n"
BODY = "".join(GOOD.format(number) for number in range(40))
LONG = f"a fox {'in the snow ' * 200}--s 5000\n"
COMMENTED = "# mjspec: ignore[em-dash]\n# why\nan owl —s 5\n\n# a sentence\n" * 30
FILES = {
    "lines": BODY.encode(),
    "crlf": BODY.replace("\n", "\r\n").encode(),
    "cr": BODY.replace("\n", "\r").encode(),
    "mixed": BODY.replace("snow\n", "snow\r\n").replace("\n\n", "\r\r\n").encode(),
    "mark": b"\xef\xbb\xbf" + BODY.encode(),
    "open": BODY.encode().rstrip(b"\n"),
    "comments": BODY.replace("\n\n", "\n# a fox\n#\n").encode(),
    "hidden": (BODY + COMMENTED + BODY).encode(),
    "long": (BODY + LONG * 3 + BODY).encode(),
    "twice": (BODY + BODY).encode(),
    "again": (BODY + "{{pose}}, a fox --v 7\na fox --v 6.1 --q {.5, 1}\n" * 30).encode(),
    "nothing": b"\n" * 900,
    "blank": b"",
    "nul": BODY.encode() + b"a fox\0\n" + BODY.encode(),
    "byte": BODY.encode() + b"a \xff fox\n" + BODY.encode(),
    "cut": BODY.encode() + b"a fox \xc3",
    "utf16": BODY.encode("utf-16"),
}


def report(
    capsysbinary: pytest.CaptureFixture[bytes], *arguments: str, jobs: int = 1
) -> tuple[int, bytes, bytes]:
    code = main(["lint", "--format", "concise", "--jobs", str(jobs), *arguments])
    out, err = capsysbinary.readouterr()
    return code, out, err


@pytest.fixture(params=["read", "sent"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Parts of some lines, which the processes read themselves, or are sent."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parts, "PART", 400)
    monkeypatch.setattr(parts, "SHORT", 0 if request.param == "read" else 1 << 20)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_the_report_is_that_of_one_process(
    name: str, small: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (small / "a.mj").write_bytes(FILES[name])
    (small / "b.mj").write_bytes(FILES["lines"])
    for files in (["a.mj"], ["b.mj", "a.mj"]):
        alone = report(capsysbinary, *files)
        assert report(capsysbinary, *files, jobs=2) == alone
        assert report(capsysbinary, *files, jobs=5) == alone
        assert (b"out-of-range" in alone[1]) == (name not in ("blank", "nothing", "utf16")) or (
            "b.mj" in files
        )
        assert (alone[0] == 2) == (name in ("nul", "byte", "cut", "utf16"))


def test_the_processes_read_the_file(
    small: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "a.mj").write_bytes(FILES["lines"])
    sent: list[worker.Task] = []
    send = pool.Pool._give

    def noted(self: pool.Pool, name: object, given: list[worker.Task] | None) -> object:  # type: ignore[type-arg]
        sent.extend(given or [])
        return send(self, name, given)

    monkeypatch.setattr(pool.Pool, "_give", noted)
    report(capsysbinary, "a.mj", jobs=2)
    assert len(sent) > 5
    assert {bool(task.source.source.text) for task in sent} == {parts.SHORT > 0}


def test_only_the_header_of_a_table_is_sent_with_its_parts(
    small: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"a fox {number} --s 5000,{number},x\n" for number in range(90))
    (small / "a.csv").write_text(f'prompt,"se""ed","two\nlines, stylise"\n{rows}', encoding="utf-8")
    sent: list[worker.Task] = []
    apart = worker.Task.apart

    def noted(self: worker.Task) -> worker.Task:
        sent.append(apart(self))
        return sent[-1]

    alone = report(capsysbinary, "a.csv")
    monkeypatch.setattr(worker.Task, "apart", noted)
    assert report(capsysbinary, "a.csv", jobs=2) == alone
    assert len(sent) > 5
    for task in sent[1:]:
        assert task.source.portion is not None
        assert task.source.portion.header is not None
        texts = {scalar.location.source.text for scalar in task.source.portion.header}
        assert texts == {'prompt,"se""ed","two\nlines, stylise"'}


@pytest.mark.skipif(sys.platform == "win32", reason="an open file stays where it is")
@pytest.mark.parametrize("change", ["gone", "other", "longer", "pipe"])
def test_a_file_that_changes_is_read_by_nobody_else(
    change: str,
    small: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was read before is looked at all the same, as one process does."""
    path = small / "a.mj"
    path.write_bytes(FILES["lines"])

    def changed() -> None:
        if change == "longer":
            with path.open("ab") as file:
                file.write(b"a fox\n")
        else:
            path.unlink()
        if change == "other":
            path.write_bytes(b"a hare\n" * 900)
        if change == "pipe":
            os.mkfifo(path)

    read = parts._read

    def then_changed(*given: object, **named: object) -> object:
        for number, part in enumerate(read(*given, **named)):  # type: ignore[arg-type]
            if number == 3:
                changed()
            yield part

    monkeypatch.setattr(parts, "_read", then_changed)
    alone = report(capsysbinary, "a.mj")
    path.unlink(missing_ok=True)
    path.write_bytes(FILES["lines"])
    shared = report(capsysbinary, "a.mj", jobs=2)
    assert shared == alone
    assert alone[0] == 2
    assert b"out-of-range" in alone[1]
    assert (b"No such file" if change == "gone" else b"changed while it was read") in alone[2]


def test_a_stretch_is_the_text_of_its_part(small: Path) -> None:
    path = small / "a.mj"
    path.write_bytes(FILES["mixed"])
    for sharers in (1, 3):
        found = list(read_parts("a.mj", "a.mj", sharers))
        assert "".join(part.source.text for part in found) == FILES["mixed"].decode()
        for part in found:
            assert part.stretch is None or part.stretch.text() == part.source.text
            assert (part.stretch is None) == (parts.SHORT > 0)


def test_the_last_parts_are_smaller(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 4000)
    (small / "a.mj").write_bytes(FILES["lines"] * 9)
    alone = [len(part.source.text) for part in read_parts("a.mj", "a.mj")]
    shared = [len(part.source.text) for part in read_parts("a.mj", "a.mj", sharers=2)]
    assert min(alone[:-1]) > 3000
    assert shared[:2] == alone[:2]
    assert max(shared[-4:]) < 600
    assert sum(shared) == sum(alone)


def test_a_small_file_starts_no_process(
    small: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "a.mj").write_bytes(b"a fox --s 5000\n")
    monkeypatch.setattr(pool.Pool, "_start", lambda _: pytest.fail("it was started"))
    assert b"Found 1 error in 1 prompt" in report(capsysbinary, "a.mj", jobs=4)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_process_that_dies_is_told(
    small: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "a.mj").write_bytes(FILES["lines"])
    pid = os.getpid()

    def die(text: str) -> bool:
        if os.getpid() != pid and ", 20 " in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    lines = worker._single
    monkeypatch.setattr(
        worker, "_single", lambda source, left: die(source.source.text) or lines(source, left)
    )
    code, _, err = report(capsysbinary, "a.mj", jobs=2)
    assert code == 2
    assert err == b"Error: a process ended before its work was done; try `--jobs 1`\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a new process knows of no patch")
def test_a_defect_in_a_process_is_told(
    small: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    (small / "a.mj").write_bytes(FILES["lines"])
    pid = os.getpid()

    def fail(*_: object) -> None:
        assert os.getpid() != pid
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "survey_lines", fail)
    code, _, err = report(capsysbinary, "a.mj", jobs=2)
    assert code == 2
    assert b"this is a defect of mjspec" in err
    assert b"ZeroDivisionError" in err
    assert b"in fail" in err


def test_many_jobs_at_once_are_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the oldest are forgotten."""
    monkeypatch.setattr(seen, "_GENERATION", 50)
    chance = random.Random(1)
    for _ in range(200):
        one, many = Seen(), Seen()
        numbers = count(1)
        for _ in range(12):
            keys = chance.choices(range(chance.choice([400, 10_000])), k=chance.randrange(60))
            lines = [next(numbers) for _ in keys]
            if many.all_new(keys, "a", lines):
                found: list[tuple[str, int] | None] = [None] * len(keys)
            else:
                found = [many.before(*job) for job in zip(keys, "a" * 60, lines, strict=False)]
            again = [one.before(*job) for job in zip(keys, "a" * 60, lines, strict=False)]
            assert found == again
