"""Large files of prompts, one a line, in parts: memory does not grow with their length."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from io import BytesIO
from os import SEEK_END, fstat
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mjspec.files import (
    LARGEST,
    FileError,
    decode,
    read_stream,
    read_up_to,
    reading,
    state_of,
    too_large,
)
from mjspec.reading.stretch import Part, Stretch
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

__all__ = ["PART", "parts_of", "read_parts", "read_rows_in_parts"]

PART = 1 << 20
"""About how many bytes a part has; a longer line stays whole."""

SHORT = 1 << 14
"""Up to how many bytes are sent to another process sooner than read by it."""

_SMALLER = 16
"""How many times smaller the last parts may be, where several processes share them."""

_IN_MEMORY = 8 * PART
_FILE = b"ignore-file"
_MARK = b"mjspec:"
_SIGNS = (b"\n", b"\r", b"\0")
"""What ends a line, or all of the text."""


def read_parts(path: str, shown: str, sharers: int = 1) -> Iterator[Part]:
    """The text of a file in parts, each of whole lines; a small file is one part.

    A comment stays with the prompt that it speaks for; a file in which a comment may speak for all
    of it is one part.

    Args:
        path: The file; ``-`` for standard input.
        shown: How it is shown.
        sharers: How many processes look at them.

    Raises:
        FileError: It cannot be used; what came before was sound.
    """
    with _opened(path, shown) as file:
        yield from _read(file, shown, _cut, is_whole=_speaks_for_all, path=path, sharers=sharers)


def parts_of(source: Source) -> Iterator[Source]:
    """The same parts of a text that is there already."""
    if len(source.text) <= PART:
        yield source
        return
    data = BytesIO(source.text.encode())
    for part, _, _ in _read(data, source.name, _cut, is_whole=_speaks_for_all):
        yield Source(part.name, part.text, part.first_line + source.first_line - 1)


def read_rows_in_parts(path: str, shown: str, kind: str, sharers: int = 1) -> Iterator[Part]:
    """The same for a table, each part of whole rows.

    Args:
        path: The file; ``-`` for standard input.
        shown: How it is shown.
        kind: ``.csv`` or ``.jsonl``.
        sharers: How many processes look at them.

    Raises:
        FileError: It cannot be used; what came before was sound.
    """
    from mjspec.spec.tables import csv_end

    cut = csv_end if kind == ".csv" else _last_line
    with _opened(path, shown) as file:
        yield from _read(file, shown, cut, path=path, sharers=sharers)


def _read(
    file: BinaryIO,
    shown: str,
    cut: Callable[[bytes], int],
    *,
    is_whole: Callable[[BinaryIO], bool] | None = None,
    path: str = "-",
    sharers: int = 1,
) -> Iterator[Part]:
    """The parts.

    Args:
        file: The bytes.
        shown: How they are named.
        cut: Where to cut some bytes; 0 if that takes more of them.
        is_whole: Whether the file must not be cut.
        path: Where the bytes can be read once more; ``-`` if they cannot.
        sharers: How many processes look at the parts.
    """
    whole = is_whole is not None and is_whole(file)
    total = file.seek(0, SEEK_END)
    if whole and total > LARGEST:
        raise too_large(shown)
    state = None if path == "-" else state_of(fstat(file.fileno()))
    file.seek(0)
    if whole or total <= PART // 2:
        # It is not worth the start of another process.
        sharers = 1
    line, start, most = 1, 0, PART
    # The pieces of a line that goes on are put together once.
    kept: list[bytes] = []
    while True:
        read = file.read() if whole else read_up_to(file, most)
        at_end = whole or len(read) < most
        kept.append(read)
        if not at_end and not any(sign in read for sign in _SIGNS):
            continue
        data = b"".join(kept)
        end = len(data) if at_end or b"\0" in read else cut(data)
        kept = [data[end:]]
        if not end and len(data) > LARGEST:
            raise too_large(shown)
        if end or at_end:
            # All of it has to be sound, whoever shares it.
            sound = data[:end]
            text = decode(sound, shown, line)
            for piece, is_last in _pieces(sound, total - start, cut, sharers):
                if piece is not sound:
                    text = piece.decode()
                where = None if state is None else Stretch(Path(path), state, start, len(piece))
                near = len(piece) <= SHORT
                yield Part(Source(shown, text, line), at_end and is_last, None if near else where)
                line += _line_ends(piece)
                start += len(piece)
        if at_end:
            return
        # What is looked through again and again for its end is read in ever larger steps.
        most = PART if end else 2 * most


def _pieces(
    data: bytes, left: int, cut: Callable[[bytes], int], sharers: int
) -> Iterator[tuple[bytes, bool]]:
    """A part as several processes share it, each piece with whether it is the last one.

    Towards the end of a file the pieces become smaller, so that all processes end at one time.

    Args:
        data: Whole lines.
        left: How many bytes the file has from there.
        cut: Where to cut some bytes.
        sharers: How many processes there are.
    """
    at = 0
    while sharers > 1:
        size = max(1, PART // _SMALLER, (left - at) // (2 * sharers))
        if size >= len(data) - at:
            break
        end = at + cut(data[at : at + size])
        if end == at:
            break
        yield data[at:end], False
        at = end
    yield data[at:] if at else data, True


def _line_ends(data: bytes) -> int:
    lines = data.count(b"\n")
    # The other sign hardly ever occurs, which is known sooner than how often it does.
    if b"\r" in data:
        lines += data.count(b"\r") - data.count(b"\r\n")
    return lines


def _last_line(data: bytes) -> int:
    return data.rfind(b"\n") + 1


@contextmanager
def _opened(path: str, shown: str) -> Iterator[BinaryIO]:
    if path != "-":
        with reading(Path(path), shown, largest=None) as file:
            yield file
        return
    from tempfile import SpooledTemporaryFile

    # It is looked through before the first part is read, which a pipe allows only once.
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        try:
            for data in read_stream(sys.stdin.buffer, shown):
                file.write(data)
            file.seek(0)
        except OSError as error:
            raise FileError(f"{shown}: {error.strerror or error}") from None
        yield cast("BinaryIO", file)


def _speaks_for_all(file: BinaryIO) -> bool:
    last, commented = b"", False
    while data := file.read(PART):
        # Without a sign of a comment it is known sooner that there is none.
        commented = commented or b"#" in data
        if commented and _FILE in last + data:
            return True
        last = data[-len(_FILE) :]
    return False


def _cut(data: bytes) -> int:
    """Behind which line to cut, so that no comment is parted from its prompt; 0 if there is none."""
    mark = b"\n" if b"\n" in data else b"\r"
    end = at = data.rfind(mark, 0, -1 if mark == b"\r" else None) + 1
    commented = False
    while at:
        start = data.rfind(mark, 0, at - 1) + 1
        line = data[start:at].strip()
        if line and not line.startswith(b"#"):
            break
        commented = commented or _MARK in line
        at = start
    return at if commented else end
