"""The commands that spend money, as a user meets them: exit codes, Ctrl-C, and what cannot be used."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Self

import pytest

from mjspec.cli.run import run as run_command
from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import CompletedProcess

ROOT = Path(__file__).parents[2]
KEY = "sk-very-secret-key-0123456789"
QUICK = ("--rate", "60000", "--poll-first", "0.05", "--poll-every", "0.1")
INTERRUPTED = (
    "nothing more is sent, what is under way is brought home; interrupt again to end at once"
)
JOBS = "jobs:\n" + "".join(
    f"  - {{id: fox-{n}, prompt: a fox {n} --ar 3:2 --v 7}}\n" for n in range(3)
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "batch.yaml").write_text(JOBS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Options(seconds=0.1, image_side=16)) as server:
        yield server


def environment(url: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    return {**kept, "PYTHONPATH": str(ROOT), "APIMART_BASE_URL": url, "APIMART_API_KEY": KEY}


def start(url: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mjspec", *arguments],
        env=environment(url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def run(url: str, *arguments: str, key: str = KEY) -> CompletedProcess[str]:
    """A command in this process, which is quicker than one of its own."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if "proxy" in name.lower()]:
            patch.delenv(name)
        patch.setenv("APIMART_BASE_URL", url)
        patch.setenv("APIMART_API_KEY", key)
        code = run_command(list(arguments))
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def submit(url: str, *arguments: str, spec: str = "batch.yaml") -> CompletedProcess[str]:
    return run(url, "submit", spec, "--out", "out", "--yes", *QUICK, *arguments)


def states(url: str) -> dict[str, str]:
    known = json.loads(run(url, "status", "--out", "out", "--format", "json").stdout)
    return {job["id"]: job["state"] for job in known["jobs"]}


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_batch_and_the_same_file_again(sandbox: Sandbox, folder: Path) -> None:
    done = submit(sandbox.url)
    assert (done.returncode, done.stdout) == (0, "out/gallery.html\n")
    assert done.stderr == "3 done; $0.13512 charged\n"
    seen = dict(sandbox.counts)
    page = (folder / "out/gallery.html").stat().st_mtime_ns
    # Nothing to pay for: no question, no key, not one connection.
    again = run("http://127.0.0.1:1", "submit", "batch.yaml", "--out", "out")
    assert (again.returncode, again.stdout) == (0, "out/gallery.html\n")
    assert dict(sandbox.counts) == seen
    assert (folder / "out/gallery.html").stat().st_mtime_ns == page
    (folder / "batch.yaml").write_text(JOBS + "  - {id: owl, prompt: an owl}\n", encoding="utf-8")
    assert submit(sandbox.url).returncode == 0
    assert sandbox.counts["submissions"] == 4
    assert "owl" in (folder / "out/gallery.html").read_text(encoding="utf-8")


def test_where_all_has_ended_a_resumption_needs_no_key(sandbox: Sandbox) -> None:
    assert submit(sandbox.url).returncode == 0
    seen = dict(sandbox.counts)
    done = run(sandbox.url, "resume", "--out", "out", key="")
    assert (done.returncode, done.stderr) == (0, "3 done; $0.13512 charged\n")
    assert run(sandbox.url, "retry", "--failed", "--out", "out").stderr == "no job has failed\n"
    with closing(sqlite3.connect("out/mjspec.db")) as connection:
        connection.execute("UPDATE attempt SET state = 'running'")
        connection.commit()
    done = run(sandbox.url, "resume", "--out", "out", key="")
    assert done.returncode == 2
    assert "there is no API key" in done.stderr
    assert dict(sandbox.counts) == seen


def test_watching_tells_what_has_changed_until_nothing_is_under_way(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert submit(sandbox.url).returncode == 0
    steps = iter([None, "UPDATE attempt SET state = 'unknown'"])

    def turn(_: float = 0) -> None:
        if change := next(steps):
            with closing(sqlite3.connect("out/mjspec.db")) as connection:
                connection.execute(change)
                connection.commit()

    monkeypatch.setattr("mjspec.cli.status.sleep", turn)
    with closing(sqlite3.connect("out/mjspec.db")) as connection:
        connection.execute("UPDATE attempt SET state = 'running'")
        connection.commit()
    shown = run(sandbox.url, "status", "--watch", "--out", "out").stdout
    assert [line for line in shown.splitlines() if line.startswith("3 ")] == [
        "3 running",
        "3 unknown",
    ]
    assert "charged $0.13512, reserved $0.00" in shown
    assert "\x1b" not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals there")
def test_watching_on_a_terminal_shows_the_present_alone(sandbox: Sandbox) -> None:
    import pty

    assert submit(sandbox.url).returncode == 0
    held, shown = pty.openpty()
    command = [sys.executable, "-m", "mjspec", "status", "--watch", "--out", "out"]
    with subprocess.Popen(command, stdout=shown, env=environment(sandbox.url)):
        os.close(shown)
        said = _read(held)
    os.close(held)
    assert said.startswith("\x1b[2J\x1b[1;1H3 done\r\n")


def test_where_nobody_can_be_asked_yes_is_needed(sandbox: Sandbox, folder: Path) -> None:
    done = run(sandbox.url, "submit", "batch.yaml", "--out", "out")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert not (folder / "out").exists()
    assert not sandbox.counts.get("submissions")


def test_invalid_jobs_are_left_out_and_not_forgotten(sandbox: Sandbox, folder: Path) -> None:
    bad = JOBS + "  - {id: bad, prompt: a fox --ar 0:0 --v 7}\n"
    (folder / "batch.yaml").write_text(bad, encoding="utf-8")
    done = submit(sandbox.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing was sent" in done.stderr
    assert not (folder / "out").exists()
    done = submit(sandbox.url, "--skip-invalid")
    assert (done.returncode, len(sandbox.accepted)) == (1, 3)
    assert "3 done" in done.stderr
    assert "left out" in done.stderr


@pytest.mark.parametrize(
    "plan, arguments, code, words",
    [
        (["422"], (), 1, "mjspec retry --failed --out out"),
        (["fail"], (), 1, "mjspec retry --failed --out out"),
        (["502"], (), 1, "mjspec resolve JOB --out out"),
        (["502", "502"], ("--max-unknown", "1"), 3, "1 outcomes are unknown (--max-unknown)"),
        (["401"], (), 3, "does not accept the key"),
        (["402"], (), 3, "the account is empty"),
        ([], ("--max-cost", "0.1"), 3, "would exceed $0.10"),
    ],
)
def test_the_exit_code_and_the_next_command(
    plan: list[str], arguments: tuple[str, ...], code: int, words: str, sandbox: Sandbox
) -> None:
    sandbox.plan(*plan)
    done = submit(sandbox.url, "--concurrency", "1", *arguments)
    assert done.returncode == code
    assert words in done.stderr
    if code == 3:
        assert "`mjspec resume --out out` goes on" in done.stderr


def test_ctrl_c_once_brings_home_what_is_under_way() -> None:
    with Sandbox(Options(seconds=1.5, image_side=16)) as slow:
        with start(slow.url, "submit", "batch.yaml", "--out", "out", "--yes", *QUICK,
                   "--concurrency", "1") as process:  # fmt: skip
            wait_for(lambda: slow.accepted)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)
        assert process.returncode == 130
        assert said.splitlines() == [
            f"interrupted: {INTERRUPTED}",
            "2 planned, 1 done; $0.04504 charged",
            "not finished: 2 jobs; `mjspec resume --out out` goes on",
        ]
        assert run(slow.url, "resume", "--out", "out", *QUICK).returncode == 0
        assert len(slow.accepted) == 3


def test_ctrl_c_twice_ends_now() -> None:
    with Sandbox(Options(seconds=30, image_side=16)) as slow:
        with start(slow.url, "submit", "batch.yaml", "--out", "out", "--yes", *QUICK) as process:
            wait_for(lambda: len(slow.accepted) == 3)
            wait_for(lambda: "running" in states(slow.url).values())
            begin = time.monotonic()
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)
        assert time.monotonic() - begin < 5
        assert process.returncode == 130
        assert "`mjspec resume --out out` goes on" in said
        assert set(states(slow.url).values()) <= {"submitted", "running"}


def test_the_second_runner_is_locked_out_and_a_changed_spec_harms_no_running_batch(
    folder: Path,
) -> None:
    with Sandbox(Options(seconds=1.5, image_side=16)) as slow:
        with start(slow.url, "submit", "batch.yaml", "--out", "out", "--yes", *QUICK,
                   "--concurrency", "1") as first:  # fmt: skip
            wait_for(lambda: slow.accepted)
            changed = JOBS.replace("a fox 2", "a cat").replace("a fox 1", "a fox ${nothing}")
            (folder / "batch.yaml").write_text(changed, encoding="utf-8")
            assert submit(slow.url).returncode == 1, "the broken file itself"
            (folder / "batch.yaml").write_text(JOBS.replace("a fox 2", "a cat"), encoding="utf-8")
            begin = time.monotonic()
            second = submit(slow.url)
            assert time.monotonic() - begin < 3
            assert (second.returncode, second.stdout) == (2, "")
            assert f"another mjspec (process {first.pid} on " in second.stderr
            for verb in (("resume",), ("cancel",), ("retry", "--failed")):
                assert run(slow.url, *verb, "--out", "out").returncode == 2
            assert run(slow.url, "export", "--out", "out").returncode == 0
            first.communicate(timeout=30)
            assert first.returncode == 0
        assert [task.body["prompt"][:7] for task in slow.accepted] == [
            "a fox 0",
            "a fox 1",
            "a fox 2",
        ]
        # What the file says now is one new job; what was paid for stays.
        assert "new" in run(slow.url, "plan", "batch.yaml", "--out", "out").stdout
        assert submit(slow.url).returncode == 0
        assert len(slow.accepted) == 4


def nothing_happened(done: CompletedProcess[str], words: str, sandbox: Sandbox) -> None:
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert sandbox.counts["submissions"] == 3


def test_folders_that_cannot_be_used(sandbox: Sandbox, folder: Path) -> None:
    submit(sandbox.url)
    ledger = folder / "out/mjspec.db"
    whole = ledger.read_bytes()

    (folder / "other.yaml").write_text("jobs: [{id: owl, prompt: an owl}]", encoding="utf-8")
    for verb in ("submit", "plan"):
        done = run(sandbox.url, verb, "other.yaml", "--out", "out")
        nothing_happened(done, "holds another batch (3 jobs of batch.yaml)", sandbox)

    (folder / "batch.yaml").write_text(JOBS.replace("a fox", "a red fox"), encoding="utf-8")
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")
    nothing_happened(submit(sandbox.url), "was written by a newer mjspec", sandbox)

    ledger.write_bytes(whole[:3000])
    nothing_happened(submit(sandbox.url), "damaged", sandbox)
    ledger.write_bytes(b"what is this")
    nothing_happened(submit(sandbox.url), "not a ledger", sandbox)

    ledger.unlink()
    nothing_happened(submit(sandbox.url), "it was deleted or restored from a copy", sandbox)

    ledger.write_bytes(whole)
    assert run(sandbox.url, "submit", "batch.yaml", "--out", "batch.yaml").returncode == 2
    # None of this has harmed what was there.
    (folder / "batch.yaml").write_text(JOBS, encoding="utf-8")
    assert submit(sandbox.url).returncode == 0
    assert states(sandbox.url) == {f"fox-{n}": "done" for n in range(3)}
    assert sandbox.counts["submissions"] == 3


def test_a_ledger_from_a_copy_does_not_buy_again(sandbox: Sandbox, folder: Path) -> None:
    (folder / "batch.yaml").write_text("jobs: [{id: fox-0, prompt: a fox 0 --ar 3:2 --v 7}]")
    submit(sandbox.url)
    copy = (folder / "out/mjspec.db").read_bytes()
    (folder / "batch.yaml").write_text(JOBS, encoding="utf-8")
    submit(sandbox.url)
    newer = (folder / "out/mjspec.db").read_bytes()
    (folder / "out/mjspec.db").write_bytes(copy)
    nothing_happened(submit(sandbox.url), "it was deleted or restored from a copy", sandbox)
    (folder / "out/mjspec.db").write_bytes(newer)
    assert submit(sandbox.url).returncode == 0
    assert sandbox.counts["submissions"] == 3


def test_tasks_under_way_are_not_asked_for_elsewhere(folder: Path) -> None:
    out = folder / "out"
    done = run("https://one.example", "submit", "batch.yaml", "--out", "out", "--yes",
               "--max-cost", "0")  # fmt: skip
    assert done.returncode == 3
    with closing(sqlite3.connect(out / "mjspec.db")) as connection:
        (name,) = connection.execute("SELECT id FROM run").fetchone()
        connection.execute(
            "INSERT INTO attempt (id, job, run, state, intent_at, submitted_at, estimate, task_id)"
            " SELECT 'a', min(key), ?, 'submitted', 1, 1, 1, 'task_1' FROM job",
            (name,),
        )
        connection.commit()
    done = run("https://two.example", "resume", "--out", "out")
    assert done.returncode == 2
    assert "tasks under way at https://one.example/v1" in done.stderr
    assert states("https://two.example")["fox-0"] in ("submitted", "planned")


READ_ONLY = """
import os, sys
from pathlib import Path
from mjspec.cli.run import run

arguments, read_only, spec = sys.argv[3:], Path(sys.argv[1]), sys.argv[2]
# The first run also loads every module, which nobody may perhaps not read.
assert run(arguments) == 0
Path("batch.yaml").write_text(spec, encoding="utf-8")
for path in (read_only, *read_only.glob("*")):
    path.chmod(0o555 if path.is_dir() else 0o444)
if os.getuid() == 0:
    os.seteuid(65534)  # Root may write anywhere.
sys.exit(run(arguments))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.parametrize("read_only", ["out", "out/mjspec.db"])
def test_a_folder_that_cannot_be_written(read_only: str, sandbox: Sandbox) -> None:
    with tempfile.TemporaryDirectory(prefix="mjspec-test-") as name:
        place = Path(name)
        place.chmod(0o755)
        (place / "batch.yaml").write_text(JOBS, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, read_only, JOBS.replace("fox 2", "cat"), "submit",
             "batch.yaml", "--yes", "--out", "out", *QUICK],
            cwd=place,
            env=environment(sandbox.url),
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        assert "cannot be" in done.stderr.splitlines()[-1]
        assert "Traceback" not in done.stderr
        assert sandbox.counts["submissions"] == 3
        (place / "out").chmod(0o755)
        (place / "out/mjspec.db").chmod(0o644)


FULL_DISK = """
import resource, sys
from mjspec.cli import submit
from mjspec.cli.run import run

def full(event, told=submit._tell_rescue):
    told(event)
    if event.type == "accepted":
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))

submit._tell_rescue = full
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such limit")
def test_a_full_disk_does_not_hide_how_the_run_ended(sandbox: Sandbox, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, "submit", "batch.yaml", "--out", "out", "--yes", *QUICK,
         "--concurrency", "1"],
        env=environment(sandbox.url),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, ""), done.stderr
    task = sandbox.accepted[0].task_id
    lines = done.stderr.splitlines()
    assert task in next(line for line in lines if line.startswith("rescued: "))
    assert lines[-2].endswith("`mjspec resume --out out` goes on")
    assert lines[-1].startswith("out/gallery.html is not up to date: ")
    assert not list(folder.rglob(".*.part"))
    again = submit(sandbox.url)
    assert again.returncode == 0, again.stderr
    assert len(sandbox.accepted) == 3


def test_what_the_provider_echoes_is_blacked_out_everywhere(folder: Path) -> None:
    """In refusals, failures, links and pages, shown or stored, with and without tracebacks."""
    echo = f"Bearer {KEY}"

    def post(number: int) -> tuple[int, object]:
        message = {"error": {"message": echo, "code": KEY}}
        if number < 3:
            return ((500, message), (400, message), (200, f"<html>{echo}"))[number]
        return 200, {"data": [{"task_id": f"task_{number}", "note": echo}]}

    with Provider(post, {"data": {"status": "failed", "error": {"message": echo}}}) as provider:
        jobs = "".join(f"  - {{id: fox-{n}, prompt: fox {n}}}\n" for n in range(5))
        (folder / "batch.yaml").write_text("jobs:\n" + jobs, encoding="utf-8")
        said = [
            submit(provider.url, "--verbose", "--concurrency", "1"),
            run(provider.url, "status", "--out", "out", "--verbose"),
            run(provider.url, "export", "--out", "out", "--verbose"),
            run(
                provider.url, "resolve", "fox-0", "--task-id", "task_3", "--out", "out", "--verbose"
            ),
        ]
    assert [done.returncode for done in said] == [1, 0, 0, 2]
    assert "Traceback" in said[-1].stderr
    assert list(states(provider.url).values()) == [
        "unknown",
        "rejected",
        "unknown",
        *["failed"] * 2,
    ]
    assert all(KEY not in done.stdout + done.stderr for done in said)
    for path in folder.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


class Provider:
    """A provider that answers as it is told to, over HTTP."""

    def __init__(self, post: Callable[[int], tuple[int, object]], task: object) -> None:
        requests = count()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.answer(*post(next(requests)))

            def do_GET(self) -> None:
                self.answer(200, task)

            def answer(self, status: int, said: object) -> None:
                body = (said if isinstance(said, str) else json.dumps(said)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_the_key_is_nowhere(sandbox: Sandbox, folder: Path) -> None:
    sandbox.plan(None, "422", "drop-after-accept")
    said = []
    for arguments in (
        ("submit", "batch.yaml", "--out", "out", "--yes", *QUICK, "--verbose"),
        ("resume", "--out", "out", "--verbose"),
        ("status", "--out", "out"),
        ("export", "--out", "out"),
        ("export", "--out", "out", "--format", "csv"),
        ("compile", "batch.yaml", "--format", "curl"),
        ("submit", "batch.yaml", "--out", "batch.yaml/x", "--yes", "--verbose"),
        ("resume", "--out", "out", "--base-url", f"http://{KEY}@example.com", "--verbose"),
    ):
        done = run(sandbox.url, *arguments)
        said.append(done.stdout + done.stderr)
    assert "Traceback" in "".join(said)
    # The address that the user spoilt with it is the user's own word.
    assert all(KEY not in text for text in said[:-1])
    for path in folder.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def test_what_the_provider_says_does_not_steer_the_terminal(sandbox: Sandbox, folder: Path) -> None:
    submit(sandbox.url)
    with closing(sqlite3.connect(folder / "out/mjspec.db")) as connection:
        connection.execute("UPDATE attempt SET state = 'failed', error = 'no \x1b[2J\x07 more'")
        connection.commit()
    assert "\x1b" not in run(sandbox.url, "status", "--out", "out").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal")
def test_a_terminal_is_asked_and_shown_a_table_that_goes_away(sandbox: Sandbox) -> None:
    import pty

    held, shown = pty.openpty()
    command = [sys.executable, "-m", "mjspec", "submit", "batch.yaml", "--out", "out", *QUICK]
    variables = {**environment(sandbox.url), "TERM": "xterm", "NO_COLOR": "1"}
    with subprocess.Popen(
        command, stdin=shown, stdout=subprocess.PIPE, stderr=shown, env=variables
    ) as process:
        os.close(shown)
        os.write(held, b"y\n")
        said = _read(held)
        assert process.stdout is not None
        plan = process.stdout.read().decode()
    os.close(held)
    assert process.returncode == 0
    assert "3 jobs at $0.04504 = $0.13512" in plan
    assert "Submit 3 new jobs for about $0.13512? [y/N]" in said
    assert "of 3 done" in said
    # Each table is wiped before the next one, and the last one before the summary.
    lines_up = said.count("\x1b[J")
    assert lines_up == said.count("spent or reserved") > 0
    assert said.rstrip().endswith("3 done; $0.13512 charged")


def _read(terminal: int) -> str:
    found = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            return found.decode()
        if not piece:
            return found.decode()
        found += piece
