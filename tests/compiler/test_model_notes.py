"""A finding about the version says where the version is set, if that is another line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import mjspec

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("prompt: a fox --stop 50\nversion: 7\n", ["version 7 is set here at 2:10"]),
        ("defaults: {version: 7}\nprompt: a fox\nstop: 50\n", ["version 7 is set here at 1:21"]),
        ("prompt: a fox --niji 7\nstop: 50\n", ["niji 7 is set here at 1:22"]),
        ("prompt: a fox\nhd: true\nstop: 50\n", ["`hd` stands for version 8.1 at 2:5"]),
        ("prompt: hot::2 dog\nversion: 7\n", ["version 7 is set here at 2:10"]),
        ("prompt: |\n  a fox --v 7\n  --stop 50\n", ["version 7 is set here at 2:13"]),
        ("prompt: a fox --v 7 --stop 50\n", []),
        ("prompt: a fox\nstop: 50\n", []),
        ("prompt: a fox\nversion: 7\nstylize: 5000\n", []),
    ],
)
def test_the_place_of_the_version(text: str, notes: list[str], tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    found = [d for d in mjspec.lint(path) if d.name != "unverified-version"]

    assert len(found) == 1
    told = [(note.message, note.location) for note in found[0].notes]
    assert [
        f"{message} at {place.start.line}:{place.start.column}" for message, place in told if place
    ] == notes


def test_the_version_of_an_extended_file(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("version: 7\n", encoding="utf-8")
    path = tmp_path / "a.yaml"
    path.write_text("extends: house.yaml\nprompt: a fox --stop 50\n", encoding="utf-8")
    (finding,) = mjspec.lint(path)
    (note,) = finding.notes

    assert note.location is not None
    assert note.location.source.name.endswith("house.yaml")
