"""The peers, in an environment of the benchmark's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".benchmarks"
PINNED = {
    "midjargon": "2.2.0",
    "check-jsonschema": "0.39.0",
    "yamllint": "1.38.0",
    "dynamicprompts": "0.31.0",
}


def move_in() -> None:
    """Goes on in the environment that has mjspec and the peers, so that both run in the same one."""
    if Path(sys.prefix).resolve() == FOLDER.resolve():
        return
    python = _made()
    os.execv(python, [str(python), "-m", "tests.benchmarks", *sys.argv[1:]])


def _made() -> Path:
    """The environment's Python; the environment is made anew where its contents are others."""
    wanted = "\n".join(
        [sys.version, str(ROOT), *(f"{name}=={version}" for name, version in PINNED.items()), ""]
    )
    stamp, python = FOLDER / "contents.txt", FOLDER / "bin" / "python"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    print(f"installing {', '.join(PINNED)} into {FOLDER.name}/", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    _call(sys.executable, "-m", "venv", str(FOLDER))
    peers = [f"{name}=={version}" for name, version in PINNED.items()]
    _call(str(python), "-m", "pip", "install", "--editable", str(ROOT), *peers)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
