"""The program as a process: what it writes arrives whole, and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROMPTS = 3000


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_all_output_arrives_though_the_process_ends_at_once(
    unbuffered: str, tmp_path: Path
) -> None:
    lines = (f"fox {number} --ar 16x9\n" for number in range(PROMPTS))
    (tmp_path / "a.mj").write_text("".join(lines), encoding="utf-8")
    command = ["-m", "mjspec", "lint", "--format", "concise", "a.mj"]
    done = run(*command, cwd=tmp_path, PYTHONUNBUFFERED=unbuffered)
    found = [line for line in done.stdout.splitlines() if line.startswith("a.mj:")]
    assert done.returncode == 1
    assert len(found) == PROMPTS
    assert found[-1].startswith(f"a.mj:{PROMPTS}:")
    assert f"Found {PROMPTS} errors" in done.stdout + done.stderr


def test_output_to_a_pipe_is_written_in_blocks(tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text("a fox\n", encoding="utf-8")
    code = (
        "import sys; from mjspec.cli import main; before = sys.stdout.write_through;"
        " main(['lint', '-q', 'a.mj']); print(before, sys.stdout.write_through)"
    )
    done = run("-c", code, cwd=tmp_path, PYTHONUNBUFFERED="1")
    assert done.stdout.splitlines()[-1] == "True False"
