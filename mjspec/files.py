"""Reading text files: the one place that opens what a user names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.diagnostics import MjspecError
from mjspec.source import Source

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FileError", "inside", "read_source"]

_LARGEST = 1 << 30


class FileError(MjspecError):
    """A file cannot be used; the text says which and why."""


def read_source(path: Path, name: str | None = None) -> Source:
    """The text of a file, with its line ends and byte order mark as they are.

    Args:
        path: The file.
        name: How the file is shown; the path as given by default.

    Raises:
        FileError: It is missing, unreadable, too large or no UTF-8 text.
    """
    shown = name or str(path)
    try:
        if path.is_dir():
            raise FileError(f"{shown}: is a folder")
        if path.exists() and not path.is_file():
            raise FileError(f"{shown}: is no regular file")
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise FileError(f"{shown}: is larger than 1 GiB")
        data = path.read_bytes()
    except OSError as error:
        raise FileError(f"{shown}: {error.strerror or error}") from None
    except ValueError as error:
        raise FileError(f"{shown}: {error}") from None
    return Source(shown, decode(data, shown))


def decode(data: bytes, shown: str) -> str:
    """The text of some bytes.

    Raises:
        FileError: They are no UTF-8 text.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{shown}: line {line} is no UTF-8 text (byte {error.start})") from None


def inside(path: Path, root: Path) -> bool:
    """Whether a path lies in a folder, links resolved; one that cannot be resolved does not."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        # Too long a name, a zero byte, a circle of links.
        return False
