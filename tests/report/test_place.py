from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mjspec.report.place import relative_path
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from pathlib import Path


def shown(name: object, root: object = "") -> str:
    return relative_path(Location(Source(str(name), "x"), Span(0, 1)), str(root))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the working folder inside it."""
    inside = tmp_path / "checkout" / "sub"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.mj", "a.mj"),
        ("./x/../a.mj", "a.mj"),
        ("x/a b#%ü.mj", "x/a b#%ü.mj"),
        ("-", "-"),
        ("--prompt", "--prompt"),
        ("../a.mj", "../a.mj"),
    ],
)
def test_from_the_working_folder(folder: Path, name: str, expected: str) -> None:
    del folder

    assert shown(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.mj", "sub/a.mj"), ("../a.mj", "a.mj"), ("-", "-"), ("../../a.mj", "../../a.mj")],
)
def test_from_the_root_of_the_checkout(folder: Path, name: str, expected: str) -> None:
    assert shown(name, folder / "checkout") == expected


def test_absolute_paths_become_relative_where_they_can(folder: Path) -> None:
    inside = folder / "checkout" / "sub" / "a.mj"
    outside = folder / "a.mj"

    assert shown(inside) == "a.mj"
    assert shown(inside, folder / "checkout") == "sub/a.mj"
    assert shown(inside, folder / "elsewhere") == "a.mj"
    assert shown(outside) == outside.as_posix()


def test_a_link_to_the_checkout_leads_into_it(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "checkout")

    assert shown(folder / "link" / "sub" / "a.mj") == "a.mj"
    assert shown("a.mj", folder / "link") == "sub/a.mj"


def test_in_a_repository_paths_start_at_its_root(folder: Path) -> None:
    (folder / "checkout" / ".git").mkdir()
    inside = folder / "checkout" / "sub" / "a.mj"

    assert shown("a.mj") == shown(inside) == "sub/a.mj"
    assert shown("../b.mj") == "b.mj"
    assert shown("a.mj", folder) == "checkout/sub/a.mj"
    assert shown(folder / "a.mj") == (folder / "a.mj").as_posix()


def test_a_file_names_the_repository_of_a_worktree(folder: Path) -> None:
    (folder / "checkout" / ".git").write_text("gitdir: ../main/.git/worktrees/checkout\n")

    assert shown("a.mj") == "sub/a.mj"
