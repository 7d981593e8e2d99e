"""Paths and lines as services that show findings beside code want them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mjspec.source import Location

__all__ = ["line_start", "relative_path"]


def relative_path(location: Location) -> str:
    """The path of a finding from the working folder, with forward slashes.

    A path outside the folder stays as it is: there is no way to say it that a service could use.
    """
    path = Path(location.source.name)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_posix()
    return path.as_posix()


def line_start(location: Location) -> int:
    """The offset at which the line of a finding begins."""
    return location.span.start - (location.start.column - 1)
