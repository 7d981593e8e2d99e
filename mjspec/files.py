"""Reading and replacing text files: the one place that opens what a user names."""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.diagnostics import MjspecError
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = [
    "LARGEST",
    "FileError",
    "State",
    "decode",
    "digest",
    "inside",
    "note_read",
    "noted_reads",
    "read_source",
    "read_stream",
    "read_up_to",
    "reading",
    "state_of",
    "too_large",
    "write_whole",
]

_notes: ContextVar[dict[str, str] | None] = ContextVar("notes", default=None)

State = tuple[int, int, int, int]
"""Which file, how large, and when it was changed; see `state_of`."""

LARGEST = 1 << 30
"""How many bytes are held at most."""
_HEAD = 1 << 16
_PIECE = 1 << 19
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_LINE_END = re.compile(rb"\r\n?|\n")


class FileError(MjspecError):
    """A file cannot be used; the text says which and why."""


def read_source(path: Path, name: str | None = None) -> Source:
    """The text of a file, with its line ends and byte order mark as they are.

    Args:
        path: The file.
        name: How the file is shown; the path as given by default.

    Raises:
        FileError: It is missing, unreadable, no regular file, too large, no UTF-8 text, or was
            changed meanwhile.
    """
    shown = name or str(path)
    with reading(path, shown) as file:
        size = os.fstat(file.fileno()).st_size
        head = read_up_to(file, _HEAD)
        _check_head(head, shown)
        # At most a little more than there was, for a file that grows as fast as it is read.
        data = head + read_up_to(file, size - len(head) + _HEAD) if head else head
    note_read(path, data)
    return Source(shown, decode(data, shown))


@contextmanager
def noted_reads() -> Iterator[dict[str, str]]:
    """The SHA-256 of each file that is read to its end meanwhile, by its absolute path."""
    notes: dict[str, str] = {}
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def note_read(path: Path, data: bytes) -> None:
    """Tell `noted_reads` of a file."""
    if _notes.get() is not None:
        _note(path, _sha256(data))


def _note(path: Path, sha256: str) -> None:
    notes = _notes.get()
    if notes is not None:
        notes[str(path.absolute())] = sha256


def digest(path: Path) -> str:
    """The SHA-256 of a file's content, in hex.

    Raises:
        FileError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return _sha256_of(file)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from None


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def _sha256_of(file: BinaryIO) -> str:
    import hashlib

    content = hashlib.sha256()
    while data := file.read(_PIECE):
        content.update(data)
    return content.hexdigest()


@contextmanager
def reading(path: Path, shown: str, largest: int | None = LARGEST) -> Iterator[BinaryIO]:
    """A regular file that nobody changes while it is read.

    Args:
        path: The file.
        shown: How it is shown.
        largest: How many bytes it may have; None if it is not held as a whole.

    Raises:
        FileError: It is missing, unreadable, no regular file, too large, or was changed meanwhile.
    """
    try:
        # Opening a pipe or a device may already do something, so it is looked at before.
        before = path.stat()
        _check_kind(before, shown, "; `-` reads standard input")
        if largest is not None and before.st_size > largest:
            raise too_large(shown)
        with path.open("rb", buffering=0) as file:
            opened = os.fstat(file.fileno())
            yield file
            if largest is None and _notes.get() is not None:
                file.seek(0)
                _note(path, _sha256_of(file))
            after = os.fstat(file.fileno())
        looks = {state_of(status) for status in (before, opened, after, path.stat())}
        if len(looks) > 1:
            raise FileError(f"{shown}: changed while it was read")
    except FileNotFoundError as error:
        if not path.is_symlink():
            raise FileError(f"{shown}: {error.strerror}") from None
        raise FileError(f"{shown}: links to {path.readlink()}, which does not exist") from None
    except OSError as error:
        raise FileError(f"{shown}: {error.strerror or error}") from None
    except ValueError as error:
        raise FileError(f"{shown}: {error}") from None


def too_large(shown: str) -> FileError:
    """What is wrong with a file that cannot be held."""
    return FileError(f"{shown}: is larger than 1 GiB")


def read_up_to(file: BinaryIO, most: int) -> bytes:
    """Up to so many bytes; one call to the system may give fewer."""
    pieces = []
    while most > 0:
        piece = file.read(min(most, LARGEST))
        if not piece:
            break
        pieces.append(piece)
        most -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def read_stream(file: BinaryIO, shown: str) -> Iterator[bytes]:
    """What a stream holds, piece by piece, up to a NUL character, behind which nothing is text.

    Args:
        file: The stream, which may never end.
        shown: How messages name it.

    Raises:
        FileError: It cannot be read, or is too large.
    """
    size = 0
    try:
        while data := file.read(_PIECE):
            size += len(data)
            if size > LARGEST:
                raise too_large(shown)
            yield data
            if b"\0" in data:
                return
    except OSError as error:
        raise FileError(f"{shown}: {error.strerror or error}") from None


def _check_kind(status: os.stat_result, shown: str, hint: str = "") -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FileError(f"{shown}: is a folder")
    if not stat.S_ISREG(status.st_mode):
        kinds = {stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
        kind = kinds.get(stat.S_IFMT(status.st_mode), "a device")
        raise FileError(f"{shown}: is {kind} and no regular file{hint}")


def state_of(status: os.stat_result) -> State:
    """What stays the same while a file is the same and its content is."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def decode(data: bytes, shown: str, first_line: int = 1) -> str:
    """The text of some bytes.

    Args:
        data: The bytes.
        shown: How messages name the file.
        first_line: The number of their first line, for a later part of a file.

    Raises:
        FileError: They are no UTF-8 text, or hold a NUL character, which no text does.
    """
    _check_head(data, shown, first_line)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{shown}: {_place(data, error.start, first_line)} is the byte 0x{data[error.start]:02X}, which is"
            " no UTF-8 here; save the file as UTF-8"
        ) from None


def _check_head(data: bytes, shown: str, first_line: int = 1) -> None:
    """Refuse what the first bytes show to be no UTF-8 text, before the rest is read."""
    other = "UTF-32" if data.startswith(_UTF32) else "UTF-16" if data.startswith(_UTF16) else None
    if other:
        raise FileError(
            f"{shown}: is {other} text; save it as UTF-8,"
            f" or convert it with `iconv -f {other} -t UTF-8`"
        )
    at = data.find(b"\0")
    if at >= 0:
        raise FileError(
            f"{shown}: {_place(data, at, first_line)} is a NUL character; the file is no text,"
            " or UTF-16 that has to be saved as UTF-8"
        )


def _place(data: bytes, offset: int, first_line: int) -> str:
    """Line and column of a byte, for people."""
    line, start = first_line, 0
    for match in _LINE_END.finditer(data, 0, offset):
        line, start = line + 1, match.end()
    column = len(data[start:offset].decode("utf-8", "replace")) + 1
    return f"line {line}, column {column}"


def inside(path: Path, root: Path) -> bool:
    """Whether a path lies in a folder, links resolved; one that cannot be resolved does not."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        # Too long a name, a zero byte, a circle of links.
        return False


def write_whole(path: Path, text: str, before: str | None = None) -> None:
    """Replace a file's text at once: whoever reads it sees the old text or the new one.

    Links are followed. Permissions, extended attributes (access lists among them) and, where the
    system allows it, owner and group are kept. What cannot be kept: other names of the same file
    (hard links), which go on naming the old text, and its time of creation.

    Args:
        path: The file.
        text: Its new text.
        before: What it has to hold still; otherwise somebody else changed it meanwhile.

    Raises:
        FileError: It cannot be written, or holds something else than ``before``; the old file is
            whole.
    """
    try:
        target = path.resolve(strict=True)
        status = target.stat()
        # A device or a pipe would be a file afterwards.
        _check_kind(status, str(path))
        # The superuser may write what is read-only, but whoever made it so did not want that.
        if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise FileError(f"{path}: is read-only and was not changed")
        _replace(target, status, text.encode(), None if before is None else before.encode())
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}; it was not changed") from None
    except RuntimeError:
        raise FileError(f"{path}: is a circle of links") from None
    except _ChangedError:
        raise FileError(
            f"{path}: was changed by somebody else meanwhile; it was left as it is"
        ) from None


class _ChangedError(Exception):
    """A file holds something else than it did."""


def _replace(target: Path, status: os.stat_result, data: bytes, before: bytes | None) -> None:
    """Write beside the file, then move over it."""
    import tempfile

    # The name is short: that of the file may be as long as names can be.
    handle, name = tempfile.mkstemp(prefix=".mjspec-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _copy_rights(target, status, temporary)
        _check_unchanged(target, before)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _check_unchanged(target: Path, before: bytes | None) -> None:
    if before is not None and target.read_bytes() != before:
        raise _ChangedError


def _copy_rights(target: Path, status: os.stat_result, temporary: Path) -> None:
    """Owner, attributes and permissions, in the order in which none undoes another."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(temporary, status.st_uid, status.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(target):
                os.setxattr(temporary, name, os.getxattr(target, name))
    temporary.chmod(stat.S_IMODE(status.st_mode))
