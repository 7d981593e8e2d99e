"""The body of a submission: what the compiler made, with local pictures and the attempt's id."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.download import image_suffix

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.dispatch.job import JSON, LocalImage, PaidJob

__all__ = ["UnreadableImageError", "request_body"]

_LARGEST_PICTURE = 12 * 1024 * 1024


class UnreadableImageError(Exception):
    """A local picture of a job cannot be sent as it is."""


def request_body(job: PaidJob, attempt: str) -> dict[str, JSON]:
    """The body as it is sent: local pictures read in, and the attempt's id for people to find."""
    body: dict[str, Any] = dict(job.body)
    if job.local_images:
        urls = list(body.get("image_urls") or ())
        for index, image in sorted(job.local_images.items()):
            urls[index : index + 1] = [_data_uri(image)]
        body["image_urls"] = urls
    metadata = body.get("metadata")
    body["metadata"] = {**(metadata if isinstance(metadata, Mapping) else {}), "mjspec": attempt}
    return body


def _data_uri(image: LocalImage) -> str:
    content = _picture(image.path)
    if image.sha256 and hashlib.sha256(content).hexdigest() != image.sha256:
        raise UnreadableImageError(
            f"{image.path} has changed since the job was planned; submit the spec again"
        )
    suffix = image_suffix(content[:16]) or ".png"
    kind = "jpeg" if suffix == ".jpg" else suffix[1:]
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _picture(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_PICTURE + 1)
    except OSError as error:
        raise UnreadableImageError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(content) > _LARGEST_PICTURE:
        raise UnreadableImageError(f"{path} is larger than 12 MiB, the most that the API takes")
    return content
