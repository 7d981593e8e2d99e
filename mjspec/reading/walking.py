"""Folders, gone through in order: nothing is listed that is hidden, ignored by git or excluded."""

from __future__ import annotations

import os
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mjspec.reading.gitignore import IGNORE_FILE, REPOSITORY, ignores_at, repository_ignores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mjspec.reading.gitignore import Ignores

__all__ = ["walk"]

# For 100,000 files: texts are ten times as fast as paths.
_join = os.path.join


class _Waiting(NamedTuple):
    """What is still to be looked at, with the rules that hold in its folder."""

    relative: str
    entry: os.DirEntry[str]
    ignores: Ignores


def walk(
    folder: str,
    wanted: Callable[[str], bool],
    excluded: Callable[[str], bool],
    problems: list[str],
) -> Iterator[tuple[str, bool]]:
    """The files under a folder, in the order of their paths' parts.

    Links to files are followed, links to folders are not, so nothing goes round in circles.

    Args:
        folder: Where to begin; it may be hidden or ignored itself.
        wanted: Whether the name of a file is one of those looked for.
        excluded: Whether the path of a file or folder is left out.
        problems: Where folders go that cannot be read.

    Yields:
        The path and whether it is a regular file.
    """
    real = os.path.realpath(folder)
    shown = "" if folder == os.curdir else folder
    # Folders wait on a list, since they may be nested deeper than calls.
    waiting = _listed(folder, "", ignores_at(Path(real)), problems)
    while waiting:
        relative, entry, ignores = waiting.pop()
        is_folder = _is(entry.is_dir, follow_symlinks=False)
        if not is_folder and not wanted(entry.name):
            continue
        full, path = _join(real, relative), _join(shown, relative)
        if ignores.ignore(full, folder=is_folder) or excluded(path):
            continue
        if is_folder:
            waiting += _listed(path, relative, ignores, problems, full)
        elif not _is(entry.is_dir):
            yield path, _is(entry.is_file)


def _listed(
    folder: str, relative: str, ignores: Ignores, problems: list[str], full: str | None = None
) -> list[_Waiting]:
    """What is in a folder, the last first; ``full`` is its path if its own rules are to be read."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=attrgetter("name"), reverse=True)
    except OSError as error:
        problems.append(f"{folder}: {error.strerror}")
        return []
    if full is not None:
        names = {entry.name for entry in entries if entry.name.startswith(".git")}
        if REPOSITORY in names:
            ignores = repository_ignores(full)
        if IGNORE_FILE in names:
            ignores = ignores.under(full)
    return [
        _Waiting(_join(relative, entry.name), entry, ignores)
        for entry in entries
        if not entry.name.startswith(".")
    ]


def _is(kind: Callable[..., bool], **options: bool) -> bool:
    """The kind of an entry; a circle of links has none."""
    try:
        return kind(**options)
    except OSError:
        return False
