"""Image prompts: links, data URIs, base64, and files on this machine."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from mjspec.files import inside, note_read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["LARGEST_IMAGE", "ImageError", "identify", "is_local", "merged"]

LARGEST_IMAGE = 12 * 1024 * 1024
"""Bytes of one image that the provider takes."""

_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{64,}={0,2}\s*\Z")
_PICTURE = re.compile(r"data:image/", re.IGNORECASE)
_DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,", re.IGNORECASE)


class ImageError(ValueError):
    """An image cannot be used; the text says why."""


def merged(links: Sequence[str], field: Sequence[str]) -> tuple[str, ...]:
    """The prompt's links, then the field's, each once."""
    return tuple(dict.fromkeys([*links, *field]))


def is_local(image: str) -> bool:
    """Whether it names a file on this machine."""
    return not (_is_link(image) or image.startswith("data:") or bool(_BASE64.match(image)))


def identify(image: str, folder: Path | None, *, outside: bool = False) -> str:
    """What an image is: a link itself, everything else by the SHA-256 of its bytes.

    Args:
        image: Link, data URI, base64 or path.
        folder: What paths are relative to, and what they must stay inside.
        outside: Whether paths may leave the folder.

    Raises:
        ImageError: The file is missing, too large or outside the folder, or the base64 is broken.
    """
    if _is_link(image):
        return image
    if not is_local(image):
        return f"sha256:{hashlib.sha256(_decoded(image)).hexdigest()}"
    path = locate(image, folder, outside=outside)
    size = path.stat().st_size
    if size > LARGEST_IMAGE:
        raise ImageError(f"`{image}` has {size:,} bytes; at most {LARGEST_IMAGE:,} are taken")
    if not size:
        raise ImageError(f"`{image}` is empty")
    content = path.read_bytes()
    note_read(path, content)
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def locate(image: str, folder: Path | None, *, outside: bool = False) -> Path:
    """The file that a path names.

    Raises:
        ImageError: There is none, or it lies outside the folder.
    """
    if image.startswith("blob:"):
        raise ImageError(f"`{image}` is a browser's own link; the image was never uploaded")
    if folder is None:
        raise ImageError(f"`{image}` is no http(s) link, data URI or base64")
    path = folder / image
    if not outside and not inside(path, folder):
        raise ImageError(
            f"`{image}` lies outside the folder of its file; allow it with --allow-outside"
        )
    if not path.is_file():
        raise ImageError(
            f"`{image}` is no http(s) link, data URI or base64, and no such file exists"
        )
    return path.resolve()


def _is_link(image: str) -> bool:
    return image.startswith(("http://", "https://"))


def _decoded(image: str) -> bytes:
    if image.startswith("data:") and not _PICTURE.match(image):
        raise ImageError("the data URI holds no image; it begins with `data:image/...;base64,`")
    import base64
    import binascii

    data = _DATA.sub("", image, count=1)
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ImageError("the image is neither a link nor valid base64") from None
    if len(content) > LARGEST_IMAGE:
        raise ImageError(
            f"the image has {len(content):,} bytes; at most {LARGEST_IMAGE:,} are taken"
        )
    return content
