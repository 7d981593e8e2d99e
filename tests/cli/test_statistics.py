from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
a fox —ar 16:9
a cat —ar 16:9 --stylze 5
a cow --stop 500 --v 6.1 --ar 1:1, --s 5
a dog —s 5 --foo
# mjspec: ignore[em-dash]
an owl —s 5
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.mj").write_text(TEXT, encoding="utf-8")


def test_rules_are_counted_the_most_frequent_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "a.mj", "--statistics"]) == 1
    assert capsys.readouterr().out == (
        "3  MJ101  em-dash               [*]\n"
        "2  MJ201  unknown-parameter     [-] 1 with --unsafe-fixes\n"
        "1  MJ108  trailing-punctuation  [*]\n"
        "1  MJ205  out-of-range          [-] 1 with --unsafe-fixes\n"
        "\n"
        "Found 4 errors and 3 infos in 5 prompts (1 file). 1 more suppressed.\n"
        "4 fixable with `--fix` (2 more with `--unsafe-fixes`).\n"
    )


def test_counts_stand_below_each_other(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text("".join(f"a fox {n} —ar 1:1\n" for n in range(12)) + "a --foo\n")
    main(["lint", "a.mj", "--statistics", "--quiet"])

    assert capsys.readouterr().out == (
        "12  MJ101  em-dash            [*]\n 1  MJ201  unknown-parameter\n\n"
    )


def test_statistics_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "a.mj", "--statistics", "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)

    assert [list(record.values()) for record in records] == [
        ["MJ101", "em-dash", 3, 3, 0],
        ["MJ201", "unknown-parameter", 2, 0, 1],
        ["MJ108", "trailing-punctuation", 1, 1, 0],
        ["MJ205", "out-of-range", 1, 0, 1],
    ]
    assert list(records[0]) == ["code", "name", "count", "fixable", "unsafely_fixable"]


def test_statistics_as_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "a.mj", "--statistics", "--format", "jsonl"])
    lines = capsys.readouterr().out.splitlines()

    assert [json.loads(line)["count"] for line in lines] == [3, 2, 1, 1]


def test_nothing_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--prompt", "a fox", "--statistics"]) == 0
    assert capsys.readouterr().out == "All checks passed: 1 prompt (1 file).\n"
    assert main(["lint", "--prompt", "a fox", "--statistics", "--format", "json"]) == 0
    assert capsys.readouterr().out == "[]\n"


def test_the_exit_code_is_that_of_the_findings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "a.mj", "--statistics", "--exit-zero"]) == 0
    assert main(["lint", "a.mj", "--statistics", "--select", "em-dash"]) == 0
    assert main(["lint", "a.mj", "--statistics", "--select", "em-dash", "--fail-on", "info"]) == 1
    assert main(["lint", "a.mj", "no.mj", "--statistics"]) == 2
    capsys.readouterr()


@pytest.mark.parametrize("style", ["sarif", "github", "gitlab", "junit"])
def test_formats_of_services_have_none(capsys: pytest.CaptureFixture[str], style: str) -> None:
    assert main(["lint", "a.mj", "--statistics", "--format", style]) == 2
    assert "--statistics is written as full, concise, json, jsonl" in capsys.readouterr().err
