"""Files that are derived from the table are fresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from mjspec._generate import derived

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(
    not (ROOT / "schemas").is_dir(), reason="there is no checkout, only the installed package"
)


@pytest.mark.parametrize("name", sorted(derived()))
def test_derived_files_are_fresh(name: str) -> None:
    path = ROOT / name
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    assert written == derived()[name], f"{name} is stale; run `python -m mjspec._generate`"


def test_there_are_no_other_schemas() -> None:
    files = {f"schemas/{path.name}" for path in (ROOT / "schemas").iterdir()}
    assert files == {name for name in derived() if name.startswith("schemas/")}
