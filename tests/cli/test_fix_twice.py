from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    ["a fox{a, {b, --c 5}}", "a fox{ --c 5, b}", "a fox--c 5", "a {b,—c 5}", "a{b, {c,--s 1}}"],
)
def test_a_second_run_changes_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.mj"
    path.write_text(f"{text}\n", encoding="utf-8")
    main(["lint", "--fix", str(path)])
    once = path.read_text(encoding="utf-8")
    main(["lint", "--fix", str(path)])
    assert path.read_text(encoding="utf-8") == once
