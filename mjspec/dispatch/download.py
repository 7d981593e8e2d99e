"""Fetches one image: from an allowed address, within a size, and only if it is an image."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urljoin, urlsplit

from mjspec._version import __version__
from mjspec.dispatch.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import requests

    from mjspec.dispatch.wire import Wire

__all__ = ["Download", "fetch", "image_suffix"]

_REDIRECTS = 5
_HEAD = 16
_CHUNK = 64 * 1024
# A server that sends a byte now and then must not keep a thread for ever.
_LONGEST = 900.0
# How the kinds of images end that say so.
_ENDS = {".png": b"IEND", ".jpg": b"\xff\xd9"}
_TAIL = 64
_GONE = frozenset({401, 403, 404, 410})
# One public report says that the image host keeps clients waiting that do not look like a browser.
_HEADERS = {
    "User-Agent": f"Mozilla/5.0 (compatible; mjspec/{__version__})",
    "Accept": "image/avif,image/webp,image/png,image/*;q=0.9,*/*;q=0.5",
}
_GENERIC_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that was fetched.

    Attributes:
        size: Bytes.
        sha256: The content's hash in hex.
        suffix: What kind of image it is, told by its first bytes: ``.png``.
    """

    size: int
    sha256: str
    suffix: str


def fetch(wire: Wire, url: str, path: Path, *, limit: int, local: bool) -> Download:
    """Fetches an image into a file; see `Client.download`."""
    import requests

    try:
        return _follow(wire, url, path, limit=limit, local=local)
    except requests.RequestException as error:
        path.unlink(missing_ok=True)
        raise DownloadError(f"the link broke off: {type(error).__name__}", broken=True) from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def image_suffix(head: bytes) -> str | None:
    """The usual ending for the kind of image that begins like this, ``None`` if it is none."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return ".gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return ".avif"
    return None


def _follow(wire: Wire, url: str, path: Path, *, limit: int, local: bool) -> Download:
    # Every step of a redirection is held to the rules, which a library would not do.
    for _ in range(_REDIRECTS):
        _check_address(url, local=local)
        with wire.stream(url, _HEADERS) as response:
            target = response.headers.get("location")
            if response.is_redirect and target:
                url = urljoin(url, target)
                continue
            _check_head(response, limit)
            return _save(response, path, limit)
    raise DownloadError("the link leads from one address to the next without end")


def _check_address(url: str, *, local: bool) -> None:
    from mjspec.dispatch.client import is_loopback

    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise DownloadError(f"the link {url[:200]!r} is no address", barred=True) from None
    here = is_loopback(host)
    if here and not local:
        raise DownloadError("the link points to this machine", barred=True)
    if host is None or not (parts.scheme == "https" or (parts.scheme == "http" and here)):
        raise DownloadError(f"the link {url[:200]!r} is not https", barred=True)


def _check_head(response: requests.Response, limit: int) -> None:
    status = response.status_code
    if status != HTTPStatus.OK:
        raise DownloadError(f"the link answers {status}", status=status, gone=status in _GONE)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _GENERIC_TYPES and not kind.startswith("image/"):
        raise DownloadError(f"the link gives {kind!r}, not an image")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise DownloadError(f"the image has {length} bytes; at most {limit} are taken", barred=True)


def _save(response: requests.Response, path: Path, limit: int) -> Download:
    with path.open("wb") as file:
        size, digest, head, tail = _copy(response.iter_content(_CHUNK), file, limit)
        suffix = image_suffix(head)
        if suffix is None:
            raise DownloadError("what the link gives does not begin like an image")
        file.flush()
        os.fsync(file.fileno())
    length = response.headers.get("content-length", "")
    # Where nothing but the closed connection says that this was all, the image itself must say so.
    framed = length or "transfer-encoding" in response.headers
    if not framed and _ENDS.get(suffix, b"") not in tail:
        raise DownloadError(f"the image broke off after {size} bytes")
    encoded = response.headers.get("content-encoding", "identity") != "identity"
    if length.isdecimal() and not encoded and int(length) != size:
        raise DownloadError(f"{size} of {length} bytes came")
    return Download(size=size, sha256=digest, suffix=suffix)


def _copy(chunks: Iterator[bytes], file: BinaryIO, limit: int) -> tuple[int, str, bytes, bytes]:
    digest, size, head, tail = hashlib.sha256(), 0, b"", b""
    deadline = monotonic() + _LONGEST
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise DownloadError(f"the image is larger than {limit} bytes", barred=True)
        if len(head) < _HEAD:
            head = (head + chunk)[:_HEAD]
        tail = (tail + chunk)[-_TAIL:]
        if monotonic() > deadline:
            raise DownloadError(f"the image takes longer than {_LONGEST:.0f} s")
        digest.update(chunk)
        file.write(chunk)
    return size, digest.hexdigest(), head, tail
