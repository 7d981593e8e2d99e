"""The recipes in `examples/engines` find the same under every engine.

Each engine is installed into an environment of its own, which takes minutes, and only with
`pytest --engines`; the one of processes needs nothing more than pyarrow.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("pyarrow", reason="the recipes need pyarrow")

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "examples/engines"
ENGINES = {"spark": "pyspark[sql]", "ray": "ray[data]", "polars": "polars", "duckdb": "duckdb"}
ROWS = 5_000


def run(command: Sequence[str | Path], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    return done.stdout


def answer(python: str | Path, engine: str, rows: Path) -> str:
    """Rows, errors and checksum; the speed is for people."""
    out = run([python, RECIPES / f"with_{engine}.py", rows.name], rows.parent)
    print(f"{engine}: {out.strip()}")
    return out.strip().rpartition(", ")[0]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engines") / "rows"
    run([sys.executable, RECIPES / "rows.py", path, str(ROWS)], path.parent)
    return path


@pytest.fixture(scope="module")
def expected(rows: Path) -> str:
    """What one process says that goes through the files from the last to the first."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from rows import Told; from pyarrow.parquet import read_table\n"
        "from mjspec.arrow import lint_batches\n"
        "files = sorted(Path('rows').glob('*.parquet'), reverse=True)\n"
        "Told(lint_batches(b for f in files for b in read_table(f).to_batches(77))).tell(0)\n"
    )
    return run([sys.executable, "-c", code, RECIPES], rows.parent).strip().rpartition(", ")[0]


def test_processes_find_what_one_finds(rows: Path, expected: str) -> None:
    assert expected.startswith(f"{ROWS} rows, ")
    assert " 0 errors" not in expected
    assert answer(sys.executable, "processes", rows) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_what_one_process_finds(
    engine: str, rows: Path, expected: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--engines"):
        pytest.skip("an engine is installed only with --engines")
    if not (ROOT / "mjspec").is_dir():
        pytest.skip("there is no checkout to install")
    if engine == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    run([sys.executable, "-m", "venv", tmp_path / "venv"], tmp_path)
    python = tmp_path / "venv/bin/python"
    install: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
    run([*install, f"{ROOT}[arrow]", ENGINES[engine]], tmp_path)

    assert answer(python, engine, rows) == expected
