"""PNG files out of rows of pixels, with nothing but zlib."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["encode"]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOUR = 2
_LEVEL = 4


class Top:
    """The upper rows of pictures, packed once; each picture adds its own lower rows.

    Args:
        rows: Red, green and blue bytes of each pixel, from the first row down.
    """

    def __init__(self, rows: Sequence[bytes]) -> None:
        self.height = len(rows)
        self._packer = zlib.compressobj(_LEVEL)
        self._packed = self._packer.compress(_filtered(rows))

    def with_rows(self, rows: Sequence[bytes]) -> bytes:
        """All pixels of a picture, packed."""
        packer = self._packer.copy()
        return b"".join((self._packed, packer.compress(_filtered(rows)), packer.flush()))


def encode(rows: Sequence[bytes], top: Top | None = None, /, **texts: str) -> bytes:
    """A PNG of rows of red, green and blue bytes, with texts as its metadata.

    Keys and texts are in Latin-1 at most; other characters become question marks.

    Args:
        rows: The rows, at least one.
        top: What stands above them.
        texts: The metadata.
    """
    top = top or Top(())
    width, height = len(rows[0]) // 3, top.height + len(rows)
    header = struct.pack(">IIBBBBB", width, height, 8, _TRUECOLOUR, 0, 0, 0)
    notes = [_note(key, text) for key, text in texts.items()]
    image = _chunk(b"IDAT", top.with_rows(rows))
    return b"".join((_SIGNATURE, _chunk(b"IHDR", header), *notes, image, _chunk(b"IEND", b"")))


def _filtered(rows: Sequence[bytes]) -> bytes:
    # Each row begins with the number of its filter, and ours have none.
    return b"".join(b"\0" + row for row in rows)


def _note(key: str, text: str) -> bytes:
    # A NUL ends the key, so there may be none in the text.
    content = f"{key}\0".encode("latin-1") + text.replace("\0", " ").encode("latin-1", "replace")
    return _chunk(b"tEXt", content)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
