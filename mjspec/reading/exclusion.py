"""What the configuration leaves out of folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from mjspec.config import Config, ConfigError, config_for
from mjspec.files import FileError
from mjspec.selection import names_file

__all__ = ["Exclusion"]


class _Folder(NamedTuple):
    """A folder as the globs of its configuration see it."""

    exclude: tuple[str, ...]
    path: str


class Exclusion:
    """Whether a path is left out; each folder's configuration and place are looked up once."""

    def __init__(self) -> None:
        self._folders: dict[str, _Folder] = {}

    def __call__(self, path: str) -> bool:
        """Whether the configuration leaves a file or folder out."""
        folder, name = os.path.split(path)
        known = self._folders.get(folder)
        if known is None:
            known = self._folders[folder] = _look_up(Path(folder))
        if not known.exclude:
            return False
        full = f"{known.path}/{name}" if known.path else name
        return any(names_file(glob, full, None) for glob in known.exclude)


def _look_up(folder: Path) -> _Folder:
    try:
        config = config_for(folder)
    except (ConfigError, FileError):
        # Whoever reads the file says what is wrong with its configuration.
        config = Config()
    path = folder.resolve()
    root = config.path.parent.resolve() if config.path else path
    return _Folder(config.exclude, path.relative_to(root).as_posix().removeprefix("."))
