"""Which files there are: those that are named, and those in a folder that hold prompts.

A file that is named is always read. In a folder, files of common endings are often something else, so
those are taken whose beginning says that they are meant for mjspec; hidden ones and what git
ignores are left out.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.reading.inputs import SUFFIXES
from mjspec.schemas import BODY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Found", "find_files", "mentions_prompts"]

_MAGIC = frozenset("*?[")
_ENOUGH = 1 << 16
_KEYS = "|".join(("mjspec", "jobs", "extends", "defaults", "vars", "matrix", "rows", *BODY_FIELDS))
_SPEC = re.compile(rf"^(?:{_KEYS})\s*:|\$schema=\S*spec\.json", re.MULTILINE)
_BLOCK = re.compile(
    r"^ {0,3}(?:`{3,}|~{3,})[ \t]*(?:mj|midjourney)\b", re.MULTILINE | re.IGNORECASE
)
_COLUMN = re.compile(r"""\A\ufeff?(?:[^\r\n]*,)?\s*"?prompt"?\s*(?:,|[\r\n]|\Z)""")
_KEY = re.compile(r'\A[^\r\n]*"prompt"\s*:')


@dataclass(slots=True)
class Found:
    """What paths, folders and globs name.

    Attributes:
        files: The files, in the order named, sorted within each folder and glob; none twice.
        empty: Folders in which nothing is meant for mjspec.
        problems: Paths and globs that name nothing, and folders that cannot be read.
    """

    files: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def find_files(
    paths: Iterable[str],
    excluded: Callable[[str], bool] = lambda _: False,
    *,
    force_exclude: bool = False,
) -> Found:
    """Find the files that paths, folders and globs name.

    A file that is named, or that a glob matches, is taken whatever its ending.

    Args:
        paths: What is named; ``-`` stands for standard input.
        excluded: Whether the configuration leaves a file or folder out.
        force_exclude: Whether it leaves out also what is named.
    """
    found = Found()
    taken: dict[str, str] = {}
    for path in paths:
        for name, named in _named(path, found):
            if named and force_exclude and name != "-" and excluded(name):
                continue
            for file in [name] if named else _in_folder(name, excluded, found):
                taken.setdefault(os.path.abspath(file), file)  # noqa: PTH100 (follows no links)
    found.files = list(taken.values())
    return found


def _named(path: str, found: Found) -> list[tuple[str, bool]]:
    """What one argument names, each with whether it is a file, not a folder."""
    if path != "-" and Path(path).is_dir():
        return [(path, False)]
    if path == "-" or os.path.lexists(path):
        return [(path, True)]
    if _MAGIC.isdisjoint(path):
        found.problems.append(f"{path}: no such file or folder")
        return []
    matches = sorted(_glob(path))
    if not matches:
        found.problems.append(f"{path}: no file matches")
    files = [(str(match), True) for match in matches if not match.is_dir()]
    # As with the shell's own globs, a folder stands for what is in it.
    return files or [(str(match), False) for match in matches]


def _glob(pattern: str) -> Iterator[Path]:
    from glob import glob

    if "**" not in pattern:
        # `Path.glob` takes no absolute patterns and gives hidden files.
        return (Path(match) for match in glob(pattern))  # noqa: PTH207 (see above)
    anchor = Path(pattern).anchor
    parts = Path(pattern).relative_to(anchor).parts
    # `glob` follows links round in circles, which takes forever where there are two.
    matches = Path(anchor).glob(os.path.join(*parts))  # noqa: PTH118 (a pattern, not a path)
    if any(part.startswith(".") for part in parts):
        return matches
    return (match for match in matches if not any(p.startswith(".") for p in match.parts))


def _in_folder(folder: str, excluded: Callable[[str], bool], found: Found) -> list[str]:
    """The files under a folder that hold prompts."""
    from mjspec.reading.walking import walk

    files = [
        path
        for path, regular in walk(str(Path(folder)), _may_hold, excluded, found.problems)
        # Whoever reads what is no regular file says so.
        if not regular or _holds_prompts(path)
    ]
    if not files:
        found.empty.append(folder)
    return files


def _may_hold(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 (a name, no path)


def _holds_prompts(path: str) -> bool:
    """Whether a file that was found, not named, is meant for mjspec."""
    looks = _LOOKS.get(Path(path).suffix.lower())
    if looks is None:
        return True
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as file:
            return looks(file.read(_ENOUGH)) is not None
    except OSError:
        # Whoever reads it says what is wrong with it.
        return True


def mentions_prompts(kind: str, text: str) -> bool:
    """Whether a text that is read as this kind of file is meant for mjspec."""
    looks = _LOOKS.get(kind)
    return looks is None or looks(text[:_ENOUGH]) is not None


_LOOKS: dict[str, Callable[[str], object]] = {
    ".yaml": _SPEC.search,
    ".yml": _SPEC.search,
    ".md": _BLOCK.search,
    ".csv": _COLUMN.match,
    ".jsonl": _KEY.match,
}
