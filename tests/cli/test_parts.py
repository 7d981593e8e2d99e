"""Large files in parts, and several processes: the report is that of one process on one text."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main
from mjspec.reading import parts
from mjspec.reading.parts import read_parts, read_rows_in_parts

if TYPE_CHECKING:
    from pathlib import Path

LINES = [
    "a fox --ar 16:9 --v 6.1",
    "an owl —ar 16:9 --s 5000",
    "a {red, blue} fox --ar 1:1",
    "a red fox --ar 1:1",
    "# a comment",
    "",
    "hot:: dog::2 --v 7",
    '"a cat" --stylze 5',
    "a fox --v 6.1 --ar 16:9",
    "狐 🦊 --seed 1",
]


def report(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, bytes, bytes]:
    code = main(["lint", *arguments])
    out, err = capsysbinary.readouterr()
    return code, out, err


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of many parts; the last line has no line end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parts, "PART", 300)
    path = tmp_path / "a.mj"
    path.write_bytes("\ufeff".encode() + "\r\n".join(LINES * 12).encode())
    return path


def test_parts_are_whole_lines_and_count_on(large: Path) -> None:
    sources = [part.source for part in read_parts(str(large), "a.mj")]
    assert len(sources) > 5
    assert "".join(source.text for source in sources) == large.read_bytes().decode()
    line = 1
    for source in sources:
        assert source.first_line == line
        line += source.text.count("\n")


@pytest.mark.parametrize("style", ["full", "concise", "jsonl", "json", "sarif", "junit", "gitlab"])
def test_a_report_does_not_depend_on_parts_and_processes(
    large: Path,
    style: str,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_parts = report(capsysbinary, "a.mj", "--format", style)
    shared = report(capsysbinary, "a.mj", "--format", style, "--jobs", "3")
    monkeypatch.setattr(parts, "PART", 1 << 20)
    assert large.stat().st_size < parts.PART
    whole = report(capsysbinary, "a.mj", "--format", style)
    assert in_parts == whole
    assert shared == whole
    assert b"line 1;" in whole[1]


def test_standard_input_comes_in_parts(
    large: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = report(capsysbinary, "a.mj", "--format", "concise")
    stream = io.TextIOWrapper(io.BytesIO(large.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stream)
    again = report(capsysbinary, "-", "--stdin-filename", "a.mj", "--format", "concise")
    assert again == whole


def test_a_comment_stays_with_its_prompt(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = ["a fox --v 6.1", "# mjspec: ignore[em-dash]", "# why", "an owl —s 5"]
    (tmp_path / "a.mj").write_text("\n".join(lines * 9) + "\n", encoding="utf-8")
    for size in range(20, 90, 7):
        monkeypatch.setattr(parts, "PART", size)
        code, out, _ = report(capsysbinary, "a.mj", "--format", "concise", "--ignore", "MJ503")
        assert code == 0
        assert out == b"All checks passed: 18 prompts (1 file). 9 more suppressed.\n"


def test_a_comment_for_the_file_holds_in_every_part(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parts, "PART", 40)
    text = "an owl —s 5\n" * 20 + "# mjspec: ignore-file[em-dash, duplicate-job]\n"
    (tmp_path / "a.mj").write_text(text, encoding="utf-8")
    code, out, _ = report(capsysbinary, "a.mj", "--jobs", "2", "--format", "concise")
    assert code == 0
    assert out == b"All checks passed: 20 prompts (1 file). 39 more suppressed.\n"


def test_a_fault_in_a_later_part_has_its_line(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(parts, "PART", 40)
    (tmp_path / "a.mj").write_bytes(b"a fox\n" * 30 + b"a \xff fox\n")
    (tmp_path / "b.mj").write_bytes(b"an owl --stylze 5\n")
    for jobs in ("1", "2"):
        code, out, err = report(capsysbinary, "a.mj", "b.mj", "--jobs", jobs)
        assert code == 2
        assert b"a.mj: line 31, column 3 is the byte 0xFF" in err
        assert b"unknown-parameter" in out


def test_files_of_all_kinds_are_shared_out(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(30):
        body = f"id: fox\nprompt: a fox --ar 16:9 --s {number // 2}\nstop: 50\n"
        (tmp_path / f"{number:02}.yaml").write_text(body, encoding="utf-8")
        rows = f"prompt,seed\na fox --s {number},1\nan owl,{number % 3}\n"
        (tmp_path / f"{number:02}.csv").write_text(rows, encoding="utf-8")
        (tmp_path / f"{number:02}.md").write_text(
            f"# Owls\n\n```mj\nan owl --s {number}\nan owl --s 1\n```\n", encoding="utf-8"
        )
    alone = report(capsysbinary, ".", "--format", "concise")
    together = report(capsysbinary, ".", "--format", "concise", "--jobs", "3")
    assert together == alone
    assert b"duplicate-id" in alone[1]


ROWS = [
    "a fox --ar 16:9 --v 6.1,,16:9,",
    '"an owl, white —ar 16:9 --s 5000",7,,x',
    '"two\r\nlines, ""quoted"" --stylze 5",,,',
    'a 5" nail --v 7 --s 5000,,,',
    "a {red, blue} fox --ar 1:1,,,",
    "a red fox --ar 1:1,,,",
    "",
    ",3,,",
    "a fox --v 6.1 --ar 16:9,,,y,z",
    '"a"b cat,,,',
    "狐 🦊 --seed x,,,",
    '"a, b --s 5000"',
]
OBJECTS = [
    '{"prompt": "a fox --ar 16:9 --v 6.1", "note": 1}',
    '{"stylise": 5, "prompt": "an owl \\u2014ar 16:9 --s 5000", "seed": 7}',
    '{"prompt": "a {red, blue} fox --ar 1:1"}',
    "",
    "{no json",
    '{"prompt": null, "prompt": "a red fox --ar 1:1"}',
    '{"prompt": "a fox --v 6.1 --ar 16:9", "stop": 5, "id": "fox"}',
    '{"prompt": "a hare --v 6.1 --ar 16:9", "id": "fox"}',
]
TABLES = {
    "a.csv": "\ufeffprompt,seed,size,stylise\r\n" + "\r\n".join(ROWS * 8),
    "open.csv": "prompt,seed\n" + "a fox --s 5000,1\n" * 20 + '"a fox --s 6000,1\n' * 20,
    "doubled.csv": "prompt,seed\n" + "a fox --s 5000,1\n" * 20 + '"a ""b\n' * 20,
    "long.csv": "prompt\n" + ('"' + "a, b\n" * 200 + ' --s 5000"\n') * 3,
    "cr.csv": "prompt,seed\r" + "a fox --s 5000,1\r" * 30,
    "a.jsonl": "\ufeff" + "\n".join(OBJECTS * 8),
    "late.csv": "prompt,stylise\n" + "a fox,5\n" * 40 + "a fox in ${stylise},5\n",
    "mark.csv": "prompt\n" + "a fox --s 5000\n" * 30 + "\ufeffa fox --s 5000\n" * 30,
}


@pytest.mark.parametrize("style", ["full", "json", "sarif"])
@pytest.mark.parametrize("name", TABLES)
def test_tables_come_in_parts(
    name: str,
    style: str,
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(TABLES[name], encoding="utf-8", newline="")
    whole = report(capsysbinary, name, "--format", style)
    assert (b"the column `stylise`" in whole[1]) == (name in ("a.csv", "a.jsonl"))
    assert b"out-of-range" in whole[1] or name == "late.csv"
    for size in (60, 97, 300):
        monkeypatch.setattr(parts, "PART", size)
        assert report(capsysbinary, name, "--format", style) == whole
        assert report(capsysbinary, name, "--format", style, "--jobs", "3") == whole


@pytest.mark.parametrize("name", TABLES)
def test_parts_of_tables_are_whole_rows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_text(TABLES[name], encoding="utf-8", newline="")
    monkeypatch.setattr(parts, "PART", 100)
    found = list(read_rows_in_parts(str(path), name, path.suffix))

    assert "".join(part.source.text for part in found) == TABLES[name]
    assert [part.last for part in found] == [False] * (len(found) - 1) + [True]
    assert len(found) > 3


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interruption_ends_all_processes(tmp_path: Path) -> None:
    prompts = (f"a fox, {number} --s 5000\n" for number in range(300_000))
    (tmp_path / "a.mj").write_text("".join(prompts), encoding="utf-8")
    command = ["lint", "a.mj", "--jobs", "2", "--format", "concise"]
    process = subprocess.Popen(
        [sys.executable, "-m", "mjspec", *command],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    # All of it is under way then, and cannot end before somebody reads the rest.
    assert process.stdout is not None
    assert process.stdout.read(1)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == b"Error: interrupted\n"
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
