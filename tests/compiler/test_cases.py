"""Inputs beside what comes of them; `pytest --update` rewrites the expected files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mjspec.cli import main

CASES = Path(__file__).parent.parent / "cases"
COMPILE = sorted(p.name for p in (CASES / "compile").iterdir() if p.suffix != ".out")
SPECS = sorted(p.name for p in (CASES / "specs").iterdir() if p.suffix != ".out")


def compare(path: Path, text: str, request: pytest.FixtureRequest) -> None:
    expected = path.with_name(f"{path.name}.out")
    if request.config.getoption("--update"):
        expected.write_text(text, encoding="utf-8", newline="\n")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMPILE)
def test_compile(
    name: str,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(CASES / "compile")
    code = main(["compile", "--format", "jsonl", name])
    out, err = capsys.readouterr()
    lines = []
    for record in map(json.loads, out.splitlines()):
        lines += [
            record["final_prompt"],
            f"  {record['billing_key']}",
            f"  {json.dumps(record['request']['body'], ensure_ascii=False)}",
        ]
    compare(CASES / "compile" / name, "\n".join([*lines, f"exit {code}", err]), request)


@pytest.mark.parametrize("name", SPECS)
def test_specs(
    name: str,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(CASES / "specs")
    code = main(["lint", name])
    out, _ = capsys.readouterr()
    compare(CASES / "specs" / name, f"{out}exit {code}\n", request)


def test_no_expected_file_is_left_over() -> None:
    for folder, names in (("compile", COMPILE), ("specs", SPECS)):
        outs = {path.name for path in (CASES / folder).glob("*.out")}
        assert outs == {f"{name}.out" for name in names}
