"""How wide and high an image is, told by its first bytes; nothing is decoded."""

from __future__ import annotations

from struct import error as StructError  # noqa: N812 (an error's name, in the house's spelling)
from struct import unpack_from
from typing import TYPE_CHECKING

from mjspec.dispatch.download import image_suffix

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["dimensions", "dimensions_of"]

Size = tuple[int, int]

_HEAD = 64 * 1024
_LARGEST = 1 << 17
# Start of frame, in every coding; the four left out are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NO_LENGTH = frozenset((0x01, *range(0xD0, 0xD9), 0xFF))


def dimensions_of(path: Path) -> Size | None:
    """Width and height of an image file; ``None`` if they cannot be told.

    Raises:
        OSError: There is no such file, or it cannot be read.
    """
    with path.open("rb") as file:
        return dimensions(file.read(_HEAD))


def dimensions(head: bytes) -> Size | None:
    """Width and height of the image that begins like this."""
    reader = _READERS.get(image_suffix(head) or "")
    try:
        size = reader(head) if reader else None
    except (StructError, IndexError):
        return None
    return size if size and all(0 < side < _LARGEST for side in size) else None


def _png(head: bytes) -> Size:
    width, height = unpack_from(">II", head, 16)
    return width, height


def _gif(head: bytes) -> Size:
    width, height = unpack_from("<HH", head, 6)
    return width, height


def _webp(head: bytes) -> Size | None:
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L":
        (bits,) = unpack_from("<I", head, 21)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(head: bytes) -> Size | None:
    at = 2
    while head[at] == 0xFF:  # noqa: PLR2004 (the byte that begins every marker)
        marker = head[at + 1]
        if marker in _FRAMES:
            height, width = unpack_from(">HH", head, at + 5)
            return width, height
        if marker in _NO_LENGTH:
            at += 1 if marker == 0xFF else 2  # noqa: PLR2004
            continue
        (length,) = unpack_from(">H", head, at + 2)
        at += 2 + length
    return None


def _avif(head: bytes) -> Size | None:
    at = head.find(b"ispe")
    if at < 0:
        return None
    width, height = unpack_from(">II", head, at + 8)
    return width, height


_READERS = {".png": _png, ".gif": _gif, ".webp": _webp, ".jpg": _jpeg, ".avif": _avif}
