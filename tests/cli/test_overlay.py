"""What lies over every prompt is told once, however many prompts it lies over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main

if TYPE_CHECKING:
    from pathlib import Path

PROMPTS = "a fox\nan owl\na hare --s 5000\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.mj").write_text(PROMPTS, encoding="utf-8")
    (tmp_path / "o.yaml").write_text("sed: 1\nchaos: 500\n", encoding="utf-8")


def lint(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, int]]:
    main(["lint", *arguments, "--format", "json"])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return [(one["path"], one["name"], one["line"]) for one in found]


@pytest.mark.parametrize("more", [[], ["--jobs", "2"]])
def test_a_spec_over_all_prompts(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(capsys, "a.mj", "--spec", "o.yaml", *more) == [
        ("a.mj", "out-of-range", 3),
        ("o.yaml", "unknown-field", 1),
        ("o.yaml", "out-of-range", 2),
    ]


@pytest.mark.parametrize("more", [[], ["--jobs", "2"]])
def test_a_field_over_all_prompts(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(capsys, "a.mj", "--set", "seed=x", *more) == [
        ("a.mj", "out-of-range", 3),
        ("--set", "wrong-type", 1),
    ]


@pytest.mark.parametrize(("prompts", "count"), [(1, None), (2, "jobs: 2 jobs have this")])
def test_jobs_are_counted(
    prompts: int, count: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [part for n in range(prompts) for part in ("--prompt", f"a fox {n}")]
    for command in ("lint", "compile"):
        main([command, *given, "--spec", "o.yaml"])
        streams = capsys.readouterr()
        lines = (streams.out + streams.err).splitlines()
        assert [line for line in lines if line.startswith("jobs:")] == [count] * 2 * bool(count)


def test_a_header_of_a_table_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("prompt,stylise\na,5\nb,6\nc,\n", encoding="utf-8")
    assert lint(capsys, "t.csv") == [("t.csv", "unknown-field", 1)]
    assert main(["lint", "t.csv"]) == 1
