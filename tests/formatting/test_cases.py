"""Prompts and files with their canonical spelling; ``--update`` rewrites what is expected.

In ``prompts.txt`` the text behind ``= `` is the canonical spelling of the one behind ``> `` above
it, with other signs than plain ones as ``⟨U+00A0⟩``. Beside every other file stands its result.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mjspec
from mjspec.jobs.compiler import compile_job

FOLDER = Path(__file__).parent.parent / "cases" / "fmt"
FILES = sorted(
    path.name for path in FOLDER.iterdir() if path.suffix != ".out" and path.name != "prompts.txt"
)
NAMED = re.compile(r"⟨U\+([0-9A-F]{4})⟩")


def typed(text: str) -> str:
    return NAMED.sub(lambda match: chr(int(match[1], 16)), text)


def compiled(text: str) -> list[object]:
    try:
        jobs = mjspec.compile(text)
    except mjspec.CompileError:
        return []
    return [(job.request.body, job.final_prompt, job.fingerprint) for job in jobs]


def test_prompts(request: pytest.FixtureRequest) -> None:
    path = FOLDER / "prompts.txt"
    expected = path.read_text(encoding="utf-8")
    prompts = [line[2:] for line in expected.splitlines() if line.startswith("> ")]
    blocks = []
    for prompt in prompts:
        text = typed(prompt)
        result = mjspec.fmt(text)
        blocks.append(f"> {prompt}\n= {result}\n")
        assert mjspec.fmt(result) == result
        assert compiled(text) in ([], compiled(result))
    actual = "\n".join(blocks)
    if request.config.getoption("--update"):
        path.write_text(actual, encoding="utf-8")
    assert actual == path.read_text(encoding="utf-8")


def loaded(path: Path) -> list[object]:
    """What every job means; nothing where it has errors."""
    jobs: list[object] = []
    for job in mjspec.load(path).jobs:
        made = compile_job(job)
        jobs.append(made and (made.request.body, made.final_prompt, made.fingerprint, made.id))
    return jobs


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    result = mjspec.fmt(FOLDER / name)
    expected = FOLDER / f"{name}.out"
    if request.config.getoption("--update"):
        expected.write_bytes(result.encode())
    assert result == expected.read_bytes().decode()

    again = tmp_path / name
    again.write_bytes(result.encode())
    assert mjspec.fmt(again) == result
    before, after = loaded(FOLDER / name), loaded(again)
    assert len(before) == len(after)
    assert all(one in (None, other) for one, other in zip(before, after, strict=True))


def test_no_expected_file_is_left_over() -> None:
    assert {path.name for path in FOLDER.glob("*.out")} == {f"{name}.out" for name in FILES}
