"""The wheel holds what the checkout holds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {"mjspec": "mjspec", "grammars": "mjspec/grammars", "schemas": "mjspec/schemas"}


@pytest.mark.skipif(not (ROOT / "mjspec").is_dir(), reason="there is no checkout to compare with")
@pytest.mark.skipif(find_spec("hatchling") is None, reason="hatchling is not installed")
def test_wheel_has_every_file(tmp_path: Path) -> None:
    code = "from hatchling.build import build_wheel; import sys; print(build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("mjspec/")}
    expected = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == expected


def test_version_is_the_one_of_the_package() -> None:
    from importlib.metadata import version

    import mjspec

    assert mjspec.__version__ == version("mjspec")
