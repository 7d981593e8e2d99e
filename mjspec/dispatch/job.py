"""What is wanted: a job as the compiler hands it over, and the states that it goes through."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["ENDPOINT", "JSON", "JobState", "LocalImage", "Origin", "PaidJob"]

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

ENDPOINT = "https://api.apimart.ai/v1/midjourney/generations"

_NOTHING: Mapping[str, JSON] = MappingProxyType({})
_NO_IMAGES: Mapping[int, LocalImage] = MappingProxyType({})


class JobState(StrEnum):
    """Where a job stands."""

    PLANNED = "planned"
    INTENT = "intent"
    SUBMITTED = "submitted"
    RUNNING = "running"
    DOWNLOADING = "downloading"
    DONE = "done"
    FAILED = "failed"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a person wrote the job."""

    path: str
    line: int
    column: int

    def as_json(self) -> dict[str, str | int]:
        """The place as JSON has it."""
        return {"path": self.path, "line": self.line, "column": self.column}


@dataclass(frozen=True, slots=True)
class LocalImage:
    """A picture on this machine that goes into the request as base64.

    Attributes:
        path: Where it is read when the job is submitted.
        sha256: Its content when the fingerprint was made, in hex. A picture that has changed since
            is not sent: the job would no longer be the one that was planned.
    """

    path: Path
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidJob:
    """One possible purchase.

    Attributes:
        id: What people call it: the written id with its matrix values, or a slug.
        written: The id exactly as the user wrote it; None if there is none. Part of the key, which
            a shown id with the values of a matrix or a slug must never be.
        fingerprint: What it means, ``1:sha256:...``.
        copy: Which sample of the same prompt this is, from 1.
        body: The request's body, without anything that submission adds.
        local_images: Pictures to read at submission, by their index in ``image_urls``.
        final_prompt: The string that Midjourney sees.
        billing_key: What the provider will call it on the bill.
        origin: Where it is written.
        repeat: How many times the provider is asked to run it; multiplies the price.
        fields: The fields that a matrix or a table set, for the gallery.
        variables: The variables that a matrix or a table set, for the gallery.
        url: The documented address of the endpoint. Only its path is used: the key goes to the
            client's own base address and to no other.
    """

    id: str
    fingerprint: str
    body: Mapping[str, JSON]
    final_prompt: str
    billing_key: str
    copy: int = 1
    written: str | None = None
    local_images: Mapping[int, LocalImage] = field(default_factory=lambda: _NO_IMAGES)
    origin: Origin | None = None
    repeat: int = 1
    fields: Mapping[str, JSON] = field(default_factory=lambda: _NOTHING)
    variables: Mapping[str, JSON] = field(default_factory=lambda: _NOTHING)
    url: str = ENDPOINT

    @property
    def key(self) -> str:
        """What makes the job the same job in another run: written id, fingerprint and copy.

        Its spelling is frozen. Another one would make work that is paid for look new.
        """
        text = "\n".join((self.written or "", self.fingerprint, str(self.copy)))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
