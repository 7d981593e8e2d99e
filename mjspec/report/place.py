"""Paths and lines as services that show findings beside code want them."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mjspec.source import Location

__all__ = ["is_file", "line_start", "relative_path"]


def is_file(location: Location) -> bool:
    """Whether a finding stands in a file, not in standard input or an option."""
    return not location.source.name.startswith("-")


def relative_path(location: Location, root: str = "") -> str:
    """The path of a finding from the root of the checkout, with forward slashes.

    A path outside of it is given from the working folder, and one outside of both stays as it is:
    there is no way to say it that a service could use.

    Args:
        location: Where the finding is.
        root: The folder that the service checks out; if empty, the git repository around the
            working folder, and without one the working folder.
    """
    name = location.source.name
    if not is_file(location):
        return name
    here = os.getcwd()  # noqa: PTH109 (asked for each finding, and ten times as fast)
    return _below(name, (root or _repository(here), here))


@lru_cache(maxsize=1)
def _repository(folder: str) -> str:
    """The closest folder that git keeps, or the folder itself."""
    path = Path(folder)
    closest = (each for each in (path, *path.parents) if (each / ".git").exists())
    return str(next(closest, path))


@lru_cache(maxsize=1 << 8)
def _below(name: str, folders: tuple[str, ...]) -> str:
    # Links are followed only if need be: a checkout shows the link, not what it leads to.
    absolute = os.path.abspath(name)  # noqa: PTH100 (Path has nothing that only drops `..`)
    for path in (Path(absolute), Path(absolute).resolve()):
        for folder in folders:
            base = Path(folder).resolve()
            if path.is_relative_to(base):
                return path.relative_to(base).as_posix()
    return Path(name).as_posix()


def line_start(location: Location) -> int:
    """The offset at which the line of a finding begins."""
    return location.span.start - (location.start.column - 1)
