"""An image that is safely in its place, and how one is recognised after a crash."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Arrival", "arrival_of"]


class Arrival(NamedTuple):
    """An image that came.

    Attributes:
        number: Its place among the attempt's images, from 1.
        path: Where it is, relative to the output folder.
        size: Bytes.
        sha256: The content's hash in hex.
    """

    number: int
    path: str
    size: int
    sha256: str


def arrival_of(out: Path, number: int, stem: str) -> Arrival | None:
    """The image under a claimed name, if its sidecar says that it is whole."""
    sidecar = out / f"{stem}.json"
    try:
        facts = json.loads(sidecar.read_bytes())
        path = sidecar.with_name(facts["file"])
        content = path.read_bytes()
    except (OSError, ValueError, LookupError, TypeError):
        return None
    sha256 = hashlib.sha256(content).hexdigest()
    if (facts.get("sha256"), facts.get("image")) != (
        sha256,
        number,
    ) or path.parent != sidecar.parent:
        return None
    return Arrival(number, path.relative_to(out).as_posix(), len(content), sha256)
