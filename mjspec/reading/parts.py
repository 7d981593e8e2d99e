"""Large files of prompts, one a line, in parts: memory does not grow with their length."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from io import BytesIO
from os import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mjspec.files import (
    LARGEST,
    FileError,
    decode,
    read_stream,
    read_up_to,
    reading,
    too_large,
)
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

__all__ = ["PART", "parts_of", "read_parts", "read_rows_in_parts"]

PART = 1 << 20
"""About how many bytes a part has; a longer line stays whole."""

_IN_MEMORY = 8 * PART
_FILE = b"ignore-file"
_MARK = b"mjspec:"
_SIGNS = (b"\n", b"\r", b"\0")
"""What ends a line, or all of the text."""


def read_parts(path: str, shown: str) -> Iterator[Source]:
    """The text of a file in parts, each of whole lines; a small file is one part.

    A comment stays with the prompt that it speaks for; a file in which a comment may speak for all
    of it is one part.

    Args:
        path: The file; ``-`` for standard input.
        shown: How it is shown.

    Raises:
        FileError: It cannot be used; what came before was sound.
    """
    with _opened(path, shown) as file:
        for source, _ in _read(file, shown, _cut, _speaks_for_all):
            yield source


def parts_of(source: Source) -> Iterator[Source]:
    """The same parts of a text that is there already."""
    if len(source.text) <= PART:
        yield source
        return
    for part, _ in _read(BytesIO(source.text.encode()), source.name, _cut, _speaks_for_all):
        yield Source(part.name, part.text, part.first_line + source.first_line - 1)


def read_rows_in_parts(path: str, shown: str, kind: str) -> Iterator[tuple[Source, bool]]:
    """The same for a table, each part of whole rows, with whether it is the last one.

    Args:
        path: The file; ``-`` for standard input.
        shown: How it is shown.
        kind: ``.csv`` or ``.jsonl``.

    Raises:
        FileError: It cannot be used; what came before was sound.
    """
    from mjspec.spec.tables import csv_end

    with _opened(path, shown) as file:
        yield from _read(file, shown, csv_end if kind == ".csv" else _last_line)


def _read(
    file: BinaryIO,
    shown: str,
    cut: Callable[[bytes], int],
    is_whole: Callable[[BinaryIO], bool] | None = None,
) -> Iterator[tuple[Source, bool]]:
    """Parts, each with whether it is the last one.

    Args:
        file: The bytes.
        shown: How they are named.
        cut: Where to cut some bytes; 0 if that takes more of them.
        is_whole: Whether the file must not be cut.
    """
    whole = is_whole is not None and is_whole(file)
    if whole and file.seek(0, SEEK_END) > LARGEST:
        raise too_large(shown)
    file.seek(0)
    line, most = 1, PART
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
        # What is looked through again and again for its end is read in ever larger steps.
        most = PART if end else 2 * most
        if not end and len(data) > LARGEST:
            raise too_large(shown)
        if end or at_end:
            text = decode(data[:end], shown, line)
            yield Source(shown, text, line), at_end
            line += text.count("\n") + text.count("\r") - text.count("\r\n")
        if at_end:
            return


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
    last = b""
    while data := file.read(PART):
        if _FILE in last + data:
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
