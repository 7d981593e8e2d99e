"""The folders that file names ask for, inside the output folder and nowhere else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mjspec.dispatch.errors import DownloadError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["make_folder", "reachable", "sync_folder"]


def reachable(stem: str, out: Path) -> str:
    """The name itself, or the last part of it where its folder cannot be made.

    A file may stand there, such as the ledger, or a link that leads out. What is paid for is not given
    up for that.
    """
    place, home = (out / stem).parent, out.resolve()
    while place != out:
        if os.path.lexists(place):
            leads_out = not place.resolve().is_relative_to(home)
            return stem.rpartition("/")[2] if leads_out or not place.is_dir() else stem
        place = place.parent
    return stem


def make_folder(folder: Path, out: Path) -> None:
    """Makes a folder inside the output folder; raises `DownloadError` if it leads out of it."""
    if folder == out:
        return
    folder.mkdir(parents=True, exist_ok=True)
    # A link somewhere on the way may lead out.
    if not folder.resolve().is_relative_to(out.resolve()):
        raise DownloadError(f"{folder} lies outside the output folder", barred=True)


def sync_folder(folder: Path) -> None:
    """Makes the new names last through a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
