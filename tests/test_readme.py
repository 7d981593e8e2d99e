"""The README shows what the program really does."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
SPEC = re.compile(r"```yaml\n# (examples/\S+)\n(.*?)```", re.DOTALL)


def _run(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "mjspec"
    done = subprocess.run(
        [sys.executable, "-m", "mjspec", *words[1:]],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def _fresh(text: str) -> str:
    """The README with the output that its commands have today."""

    def console(match: re.Match[str]) -> str:
        command = match[1].splitlines()[0].removeprefix("$ ")
        return f"```console\n$ {command}\n{_run(command)}```"

    def spec(match: re.Match[str]) -> str:
        return f"```yaml\n# {match[1]}\n{(ROOT / match[1]).read_text(encoding='utf-8')}```"

    return SPEC.sub(spec, CONSOLE.sub(console, text))


def test_outputs_are_real(request: pytest.FixtureRequest) -> None:
    written = README.read_text(encoding="utf-8")
    fresh = _fresh(written)
    if request.config.getoption("--update"):
        README.write_text(fresh, encoding="utf-8")
        return
    assert written == fresh, "run pytest tests/test_readme.py --update"


@pytest.mark.parametrize("heading", ["## Run it", "## Test it"])
def test_command_stands_alone(heading: str) -> None:
    section = README.read_text(encoding="utf-8").split(f"\n{heading}\n")[1].split("\n## ")[0]
    blocks = re.findall(r"```\w*\n(.*?)```", section, re.DOTALL)
    assert [len(block.strip().splitlines()) for block in blocks] == [1]


def test_first_thing_is_an_example() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# mjspec"
    assert lines[2:4] == ["```console", "$ mjspec lint examples/mistakes.mj"]


def test_library_examples_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    lint, batch = (
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for code in blocks
    )
    assert "invalid-value" in lint
    assert "a beautiful sunset --ar 16:9" in lint
    assert batch == "0 2 8\n"
