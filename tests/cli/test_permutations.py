"""What is found in several choices of one prompt is told once, in every kind of file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main

if TYPE_CHECKING:
    from pathlib import Path

PROMPT = "a {red, blue} fox --q {.5, 1} --v 8.1"
FILES = {
    "a.mj": f"{PROMPT}\n",
    "a.md": f"```mj\n{PROMPT}\n```\n",
    "a.jsonl": f"{json.dumps({'prompt': PROMPT})}\n",
    "a.csv": f'prompt\n"{PROMPT}"\n',
    "a.yaml": f'prompt: "{PROMPT}"\n',
}


@pytest.mark.parametrize("name", FILES)
def test_a_finding_is_told_once_for_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    main(["lint", str(path), "--select", "unsupported-in-version"])

    assert capsys.readouterr().out.count("`--q` is not available in version 8.1") == 1


def test_findings_of_one_row_are_not_counted_with_those_of_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(FILES["a.jsonl"] * 2 + FILES["a.jsonl"].replace("8.1", "7"), encoding="utf-8")
    main(["lint", str(path), "--select", "unsupported-in-version", "--format", "jsonl"])
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert [one["line"] for one in found if "code" in one] == [1, 2, 3]
