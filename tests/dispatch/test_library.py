"""The library as a program uses it: from `mjspec` alone, against the sandbox."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import mjspec
from mjspec import Client, Outcome, ProviderError, Runner, RunOptions, Task
from mjspec.sandbox import Options, Sandbox

ROOT = Path(mjspec.__file__).parent.parent
QUICK = RunOptions(rate=60_000, poll_first=0.05, poll_every=0.05)
BATCH = """\
jobs:
  - id: fox
    prompt: a fox --v 7
    copies: 2
  - prompt: an ${animal} --v 7
    matrix: {animal: [owl, otter]}
"""


@pytest.mark.parametrize("documented", [Client, Runner])
def test_the_examples_do_what_they_say(documented: type, tmp_path: Path) -> None:
    """Each runs in a folder of its own; `tmp_path` is the working directory."""
    (test,) = doctest.DocTestFinder(recurse=False).find(documented, globs={})
    assert test.examples
    told: list[str] = []
    result = doctest.DocTestRunner().run(test, out=told.append)
    assert result.failed == 0, "".join(told)
    assert any(tmp_path.iterdir())


def test_names_are_found_without_loading_what_they_need() -> None:
    code = (
        "import sys, mjspec; mjspec.Runner, mjspec.Client, mjspec.RunOptions, mjspec.paid_jobs;"
        " print(sorted({'requests', 'yaml', 'lark', 'jsonschema', 'click'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"


def test_every_public_name_is_there() -> None:
    for name in mjspec.__all__:
        assert getattr(mjspec, name) is not None
    assert sorted(mjspec.__all__) == mjspec.__all__


def test_a_file_as_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "batch.yaml"
    path.write_text(BATCH)
    loaded = mjspec.load(path)
    jobs = list(mjspec.paid_jobs(loaded.jobs))
    assert [(job.written, job.copy) for job in jobs] == [
        ("fox", 1),
        ("fox", 2),
        (None, 1),
        (None, 1),
    ]
    with Sandbox(Options(seconds=0.05, image_side=48)) as sandbox:
        runner = Runner(tmp_path / "out", Client(sandbox.url, "key"), QUICK)
        outcome: Outcome = runner.run(jobs)
    assert (outcome.exit_code, outcome.summary["done"]) == (0, 4)
    assert len(list((tmp_path / "out").glob("*.png"))) == 16


def test_a_job_with_errors_is_no_purchase(tmp_path: Path) -> None:
    path = tmp_path / "wrong.mj"
    path.write_text("a fox --ar 16x9\n")
    with pytest.raises(mjspec.CompileError, match="invalid-value"):
        list(mjspec.paid_jobs(mjspec.load(path).jobs))


def sent(sandbox: Sandbox) -> tuple[Client, str]:
    client = Client(sandbox.url, "any-key")
    (job,) = mjspec.compile("a fox --v 7")
    return client, client.submit(job.request.body).task_id


@pytest.mark.parametrize("fault", ["poll-500", "poll-429", "poll-html", "poll-drop", "poll-404"])
def test_a_poll_outlasts_what_comes_right_by_itself(fault: str) -> None:
    with Sandbox(Options(seconds=0.2, image_side=48)) as sandbox:
        client, task_id = sent(sandbox)
        sandbox.plan(fault)
        task: Task = client.poll(task_id, every=0.05, patience=20)
    assert (task.phase, len(task.images)) == ("completed", 4)


def test_a_failed_task_is_an_answer() -> None:
    with Sandbox(Options(seconds=0.1)) as sandbox:
        sandbox.plan("fail")
        client, task_id = sent(sandbox)
        task = client.poll(task_id, every=0.05)
    assert task.phase == "failed"
    assert task.error == "No available upstream"


def test_patience_ends() -> None:
    with Sandbox(Options(seconds=30)) as sandbox:
        client, task_id = sent(sandbox)
        with pytest.raises(ProviderError, match=r"has not ended in 0\.2 s"):
            client.poll(task_id, every=0.05, patience=0.2)
        with pytest.raises(ProviderError):
            client.poll("task_nobody_knows", every=0.05, patience=0.1)
    with pytest.raises(ProviderError):
        client.poll(task_id, every=0.05, patience=0.1)
