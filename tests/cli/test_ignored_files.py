"""What git ignores, folders do not give: compared with git itself on trees made by chance."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from mjspec.cli import main
from mjspec.reading.discovery import find_files

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

NAMES = ("a", "b", "ab", "foo", "x y", "é", "a.mj", "[a]", "#h", "!n", "build", "-d", "猫")
PATTERNS = (
    *("a", "*.mj", "!a.mj", "/a", "a/", "*/", "**/", "**/a", "a/**", "a/**/b", "/*", "!/a", "foo*"),
    *(
        "?",
        "[ab]",
        "[!a]*",
        "[a-c].mj",
        "\\#h",
        "#h",
        "\\!n",
        "!n",
        "x\\ y",
        "x y  ",
        "a.mj ",
        "build/",
    ),
    *(
        "!build/",
        "!build/a.mj",
        "**",
        "/**",
        "a/*",
        "*a*",
        "é",
        "[é]",
        "?.mj",
        "",
        "  ",
        " a",
        "*.m[j]",
    ),
    *("[", "a\\", "\\a", "a//b", "./a", "../a", "/a/", "b/a.mj", "*/a.mj", "**/foo/**", "foo/**/"),
    *(
        "[[:alpha:]]",
        "[^[:alpha:]]*",
        "[]a]",
        "[\\]a]",
        "[!b\\]]",
        "a**b",
        "**a",
        "*.mj\r",
        "[a-]",
        "[--a]",
        "{a,b}.mj",
    ),
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], check=True, capture_output=True).stdout


def kept_by_git() -> list[str]:
    """The files with prompts that git would add, in the order of their paths' parts."""
    listed = os.fsdecode(git("ls-files", "-z", "--others", "--exclude-standard")).split("\0")
    return sorted((name for name in listed if name.endswith(".mj")), key=lambda n: n.split("/"))


def write(name: str, *lines: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\n".join(lines).encode())


def grow(chance: random.Random) -> None:
    """A tree of folders and files with a few ignore files in it."""
    folders = ["."]
    for _ in range(chance.randint(2, 6)):
        folder = f"{chance.choice(folders)}/{chance.choice(NAMES)}"
        Path(folder).mkdir(exist_ok=True)
        folders.append(folder)
    for _ in range(chance.randint(5, 14)):
        path = Path(chance.choice(folders), f"{chance.choice(NAMES)}.mj")
        if not path.exists():
            path.write_text("a fox\n", encoding="utf-8")
    for folder in {".", chance.choice(folders), chance.choice(folders)}:
        write(f"{folder}/.gitignore", *chance.choices(PATTERNS, k=chance.randint(1, 5)))
    write(".git/info/exclude", chance.choice(PATTERNS))


@pytest.mark.parametrize("seed", range(60))
def test_folders_give_what_git_would_add(seed: int) -> None:
    git("init", "-q", ".")
    grow(random.Random(seed))

    assert find_files(["."]).files == kept_by_git()


@pytest.mark.parametrize(
    ("patterns", "kept"),
    [
        (["build/**", "!build/a.mj"], ["b/c/d.mj", "b/x.mj", "build/a.mj", "r.mj"]),
        (["*/"], ["r.mj"]),
        (["build/", "!build/a.mj"], ["b/c/d.mj", "b/x.mj", "r.mj"]),
        (["b/**/"], ["b/x.mj", "build/a.mj", "build/s/t.mj", "r.mj"]),
        (["/[[:lower:]].mj"], ["b/c/d.mj", "b/x.mj", "build/a.mj", "build/s/t.mj"]),
    ],
)
def test_what_lies_below_a_pattern(patterns: list[str], kept: list[str]) -> None:
    git("init", "-q", ".")
    for name in ("r.mj", "build/a.mj", "build/s/t.mj", "b/x.mj", "b/c/d.mj"):
        write(name, "a fox")
    write(".gitignore", *patterns)

    assert find_files(["."]).files == kept_by_git() == kept


def test_no_pattern_makes_a_noise(capfd: pytest.CaptureFixture[str]) -> None:
    git("init", "-q", ".")
    write("r.mj", "a fox")
    write(".gitignore", "[--a]", "[[a]", "[a&&b]", "[a||b]", "[a~~b]", "[", "\\")

    assert main(["lint", ".", "--quiet"]) == 0
    assert capfd.readouterr() == ("", "")
