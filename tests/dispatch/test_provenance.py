"""Sources that have not changed are not compiled again, and any change to any of them is seen."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from mjspec.cli.run import run as run_command
from mjspec.config import forget_configs
from mjspec.dispatch.database import open_for_reading
from mjspec.dispatch.provenance import recall

ONE_PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc"
    b"\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)
FILES = {
    "batch.yaml": """\
extends: [house.yaml]
jobs:
  - id: fox
    prompt: a ${animal} in ${place} --ar 3:2
    metadata: {campaign: autumn}
    copies: 2
    matrix: {animal: [fox, owl], stylize: [100, 750]}
  - rows: animals.csv
    prompt: a portrait of ${name}
  - id: seen
    prompt: more of this
    image_urls: [look.png]
""",
    "house.yaml": "defaults: {version: 7}\nvars: {place: a garden}\n",
    "animals.csv": "name,chaos\nhare,5\n狐,10\n",
    "mjspec.toml": 'ignore = ["duplicate-job"]\n',
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "look.png").write_bytes(ONE_PIXEL)
    return tmp_path


def run(*arguments: str) -> tuple[int, str, str]:
    forget_configs()
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command(list(arguments))
    out.seek(0)
    return code, out.read(), err.getvalue()


def recalled(*arguments: str) -> bool:
    """Whether a plan was made without compiling anything."""
    code, _, said = run("plan", "batch.yaml", "--verbose", *arguments)
    assert code in (0, 1)
    return "no file has changed: these are the 11 jobs that out holds" in said


def submitted() -> None:
    code, _, said = run("submit", "batch.yaml", "--out", "out", "--sandbox", "--yes")
    assert code == 0, said


def entered(path: str = "batch.yaml") -> None:
    """The jobs are in the ledger, and none of them is sent."""
    code, _, said = run("submit", path, "--out", "out", "--sandbox", "--yes", "--max-cost", "0")
    assert code == 3, said


def test_the_jobs_of_the_ledger_are_those_that_would_be_compiled() -> None:
    assert not recalled()
    before = json.loads(run("plan", "batch.yaml", "--format", "json")[1])
    submitted()

    assert recalled()
    after = json.loads(run("plan", "batch.yaml", "--format", "json")[1])
    assert before["jobs"]["new"] == after["jobs"]["done"] == 11

    # What a different question compiles is what the ledger gave.
    assert not recalled("--max-jobs", "500")
    compiled = json.loads(run("plan", "batch.yaml", "--max-jobs", "500", "--format", "json")[1])
    assert compiled == after


def test_a_second_submission_asks_for_nothing_and_keeps_what_it_knows() -> None:
    submitted()
    code, _, said = run("submit", "batch.yaml", "--out", "out", "--sandbox", "--verbose")

    assert code == 0
    assert "no file has changed" in said
    assert "11 done" in said
    assert recalled()


@pytest.mark.parametrize("name", [*FILES, "look.png"])
def test_a_change_to_any_file_is_seen(name: str) -> None:
    entered()
    path = Path(name)
    content = path.read_bytes()
    if name == "mjspec.toml":
        path.write_bytes(b"ignore = []\n")
    elif name == "look.png":
        path.write_bytes(content[:-1] + b"\0")
    else:
        path.write_bytes(content.replace(b"a", b"b", 1))

    assert not recalled()
    path.write_bytes(content)
    assert recalled()


@pytest.mark.parametrize("name", ["house.yaml", "animals.csv", "look.png"])
def test_a_file_that_is_gone_is_seen(name: str) -> None:
    entered()
    Path(name).unlink()

    code, _, said = run("plan", "batch.yaml")
    assert code == 1
    assert name in said


def test_a_configuration_that_comes_closer_is_seen(folder: Path) -> None:
    (folder / "inner").mkdir()
    for name in ("batch.yaml", "house.yaml", "animals.csv", "look.png"):
        (folder / name).rename(folder / "inner" / name)
    arguments = ("inner/batch.yaml", "--out", "out")
    entered("inner/batch.yaml")
    assert "no file has changed" in run("plan", *arguments, "--verbose")[2]

    (folder / "inner" / "mjspec.toml").write_text('assume-version = "6.1"\n', encoding="utf-8")
    assert "no file has changed" not in run("plan", *arguments, "--verbose")[2]


@pytest.mark.parametrize(
    "asked", [("--set", "chaos=7"), ("--spec", "house.yaml"), ("--permutations", "keep")]
)
def test_another_question_is_compiled(asked: tuple[str, ...]) -> None:
    entered()

    assert not recalled(*asked)


def test_jobs_that_are_not_the_spec_s_any_more_end_the_memory() -> None:
    submitted()
    text = Path("batch.yaml").read_text(encoding="utf-8")
    Path("batch.yaml").write_text(text.replace("[100, 750]", "[100]"), encoding="utf-8")
    submitted()

    # The ledger holds what was paid for besides, so it is no answer to what the spec says.
    assert "no file has changed" not in run("plan", "batch.yaml", "--verbose")[2]


def test_what_was_told_is_told_again() -> None:
    Path("batch.yaml").write_text("prompt: a fox --v 8.2\n", encoding="utf-8")
    entered()

    assert re.search(r"unverified-version", run("plan", "batch.yaml")[2])


def test_metadata_that_was_not_paid_for_is_compiled_again() -> None:
    submitted()
    text = Path("batch.yaml").read_text(encoding="utf-8")
    Path("batch.yaml").write_text(text.replace("autumn", "winter"), encoding="utf-8")
    submitted()

    # The ledger keeps the request that was paid for, and that has the old metadata.
    assert not recalled()


@pytest.mark.parametrize("note", ["{", '{"question": 1}', "[]"])
def test_a_note_that_cannot_be_read_is_none(note: str) -> None:
    entered()
    with closing(open_for_reading(Path("out"))) as connection:
        (text,) = connection.execute("SELECT value FROM meta WHERE name = 'provenance'").fetchone()
    with closing(sqlite3.connect("out/mjspec.db")) as writer, writer:
        writer.execute("UPDATE meta SET value = ? WHERE name = 'provenance'", (note,))

    assert recall(Path("out"), json.loads(text)["question"]) is None
    assert not recalled()


def test_without_a_ledger_there_is_nothing_to_recall(tmp_path: Path) -> None:
    assert recall(tmp_path / "none", "anything") is None
