"""Where a file stands, and where what it names may stand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

__all__ = ["Place"]


class Place(NamedTuple):
    """Where a spec file stands, and where what it names may stand.

    Attributes:
        folder: What its paths are relative to; None for text that is in no file.
        root: The folder that paths must not leave.
        outside: Whether they may nevertheless.
        chain: The files that are being read, outermost first, so that cycles are found.
    """

    folder: Path | None
    root: Path | None
    outside: bool = False
    chain: tuple[Path, ...] = ()

    def within(self, path: Path) -> Place:
        """The place of a file that this one names."""
        return Place(
            path.parent, self.root, self.outside, (*self.chain, Path(os.path.realpath(path)))
        )
