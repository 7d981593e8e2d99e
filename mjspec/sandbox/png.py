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


def encode(rows: Sequence[bytes], **texts: str) -> bytes:
    """A PNG of rows of red, green and blue bytes, with texts as its metadata.

    Keys and texts are in Latin-1 at most; other characters become question marks.
    """
    width, height = len(rows[0]) // 3, len(rows)
    header = struct.pack(">IIBBBBB", width, height, 8, _TRUECOLOUR, 0, 0, 0)
    pixels = b"\0" + b"\0".join(rows)
    notes = [_note(key, text) for key, text in texts.items()]
    image = _chunk(b"IDAT", zlib.compress(pixels, _LEVEL))
    return b"".join((_SIGNATURE, _chunk(b"IHDR", header), *notes, image, _chunk(b"IEND", b"")))


def _note(key: str, text: str) -> bytes:
    # A NUL ends the key, so there may be none in the text.
    content = f"{key}\0".encode("latin-1") + text.replace("\0", " ").encode("latin-1", "replace")
    return _chunk(b"tEXt", content)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
