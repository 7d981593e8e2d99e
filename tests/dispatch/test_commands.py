"""Commands around a submission: what they show, and how an interrupted one goes on."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

import mjspec.dispatch
from mjspec.cli.run import run as run_command

ROOT = Path(mjspec.dispatch.__path__[0]).parents[1]
COPIES = """jobs:
  - {id: fox, prompt: a fox --ar 3:2 --v 7, copies: 3}
  - {id: owl, prompt: an owl --v 7}
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("APIMART_API_KEY", raising=False)
    monkeypatch.delenv("APIMART_BASE_URL", raising=False)
    (tmp_path / "batch.yaml").write_text(COPIES, encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Done:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command(list(arguments))
    return Done(code, out.getvalue(), err.getvalue())


def states() -> dict[str, int]:
    known = json.loads(run("status", "--out", "out", "--format", "json").out)
    return {state: number for state, number in known["summary"].items() if number}


def test_copies_have_their_number_where_people_name_them() -> None:
    assert run("submit", "batch.yaml", "--out", "out", "--sandbox", "--max-cost", "0").code == 3
    shown = [line.split()[:2] for line in run("status", "--out", "out").out.splitlines()[2:]]
    names = ["fox", "fox-copy2", "fox-copy3", "owl"]
    assert shown == [[name, "planned"] for name in names]
    jobs = json.loads(run("status", "--out", "out", "--format", "json").out)["jobs"]
    assert [job["id"] for job in jobs] == ["fox", "fox", "fox", "owl"]
    assert run("cancel", "fox-copy2", "--out", "out").out == "fox-copy2 is cancelled\n"
    assert run("cancel", "fox-copy4", "--out", "out").code == 2
    # An id without a number means all of its copies.
    assert run("cancel", "fox", "--out", "out").out == "fox is cancelled\nfox-copy3 is cancelled\n"
    assert states() == {"planned": 1, "cancelled": 3}


def test_plan_checks_and_shows_a_template_as_a_submission_does() -> None:
    for command in (("plan",), ("submit", "--dry-run")):
        done = run(*command, "batch.yaml", "--out", "out", "--name", "{id}/{version}-{index}")
        assert (done.code, done.err) == (0, "")
        assert done.out.splitlines()[-1] == "Images are called like this: fox/7-1.png"
        done = run(*command, "batch.yaml", "--out", "out", "--name", "{nothing}")
        assert (done.code, done.out) == (2, "")
        assert "'{nothing}'" in done.err
    assert not Path("out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("kind", ["SIGKILL", "SIGINT"])
def test_a_sandbox_run_that_was_interrupted_goes_on(kind: str, folder: Path) -> None:
    rows = "".join(f"  - {{id: job-{n}, prompt: a fox {n} --v 7}}\n" for n in range(40))
    (folder / "batch.yaml").write_text(f"jobs:\n{rows}", encoding="utf-8")
    words = ["submit", "batch.yaml", "--out", "out", "--sandbox", "--yes"]
    with subprocess.Popen(
        [sys.executable, "-m", "mjspec", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        events = folder / "out/events.jsonl"
        end = time.monotonic() + 20
        while not events.exists() or '"completed"' not in events.read_text(encoding="utf-8"):
            assert time.monotonic() < end
            time.sleep(0.02)
        process.send_signal(getattr(signal, kind))
        if kind == "SIGINT":
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    if kind == "SIGINT":
        assert process.returncode == 130
        assert "`mjspec resume --out out --sandbox` goes on" in said
    assert states().get("done", 0) < 40
    begin = time.monotonic()
    done = run("resume", "--out", "out", "--sandbox")
    # The tasks are known, so that nobody waits for them in vain.
    assert time.monotonic() - begin < 15
    unknown = states().get("unknown", 0)
    assert states().get("done", 0) == 40 - unknown
    assert done.code == (1 if unknown else 0)
    accepted = (folder / "out/sandbox.jsonl").read_text(encoding="utf-8").count('"task_id"')
    assert accepted <= 40


def test_the_next_command_says_where_to() -> None:
    done = run("submit", "batch.yaml", "--out", "out", "--sandbox", "--max-cost", "0")
    assert done.err.splitlines()[-1].endswith("`mjspec resume --out out --sandbox` goes on")
    Path("key").write_text("sk-some-secret-key", encoding="utf-8")
    done = run("resume", "--out", "out", "--api-key-file", "key")
    assert done.code == 2
    assert "out holds work of this machine" in done.err
    assert "give --sandbox or its --base-url" in done.err


def test_plan_refuses_what_a_submission_would_refuse() -> None:
    assert run("submit", "batch.yaml", "--out", "out", "--sandbox").code == 0
    for path in Path("out").glob("mjspec.db*"):
        path.unlink()
    for command in (("plan",), ("submit", "--sandbox"), ("submit", "--dry-run")):
        done = run(*command, "batch.yaml", "--out", "out")
        assert (done.code, done.out) == (2, "")
        assert "it was deleted or restored from a copy" in done.err
