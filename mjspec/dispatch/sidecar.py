"""The JSON file beside each image: where it comes from and what it cost."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mjspec._version import __version__
from mjspec.dispatch.prices import dollars

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from mjspec.dispatch.download import Download
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.rows import Asset

__all__ = ["provenance", "shortened", "sidecar_text", "timestamp", "write_atomically"]

# Base64 has no spaces, so that no prompt, however long, is taken for a picture.
_PICTURE = re.compile(r"data:[^,]{0,100},.*|[A-Za-z0-9+/=_-]+", re.DOTALL)
_LONG = 512


def provenance(
    job: PaidJob, attempt: sqlite3.Row, asset: Asset, download: Download, path: str
) -> dict[str, Any]:
    """What the sidecar says."""
    cost = attempt["cost"]
    return {
        "version": 1,
        "mjspec": __version__,
        "id": job.id,
        "fingerprint": job.fingerprint,
        "copy": job.copy,
        "prompt": job.final_prompt,
        "request": {"method": "POST", "url": job.url, "body": shortened(job.body)},
        "billing_key": job.billing_key,
        "origin": job.origin.as_json() if job.origin else None,
        "task_id": asset.task_id,
        "attempt": attempt["id"],
        "image": asset.number,
        "source": asset.url,
        "file": path.rpartition("/")[2],
        "bytes": download.size,
        "sha256": download.sha256,
        "cost": {
            "currency": "USD",
            "estimated": dollars(attempt["estimate"]),
            "actual": None if cost is None else dollars(cost),
        },
        "times": {
            "intent": timestamp(attempt["intent_at"]),
            "submitted": timestamp(attempt["submitted_at"]),
            "completed": timestamp(attempt["completed_at"]),
            "downloaded": timestamp(datetime.now(UTC).timestamp()),
        },
    }


def shortened(value: Any) -> Any:
    """A body for people: pictures inside it are told by their size and hash."""
    if isinstance(value, str):
        if len(value) > _LONG and _PICTURE.fullmatch(value):
            digest = hashlib.sha256(value.encode()).hexdigest()
            return f"{value[:32]}... ({len(value)} characters, sha256 {digest})"
        return value
    if isinstance(value, Mapping):
        return {key: shortened(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [shortened(item) for item in value]
    return value


def timestamp(seconds: float | None) -> str | None:
    """A time as ISO 8601 in UTC."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def write_atomically(path: Path, text: str) -> None:
    """Writes a file so that it is there as a whole or not at all, also after a power cut."""
    # A name of its own for each file: two long names may begin alike.
    digest = hashlib.sha256(path.name.encode("utf-8", "surrogatepass")).hexdigest()
    temporary = path.with_name(f".{digest[:24]}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            # Nobody has heard of the temporary name.
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def sidecar_text(facts: Mapping[str, Any]) -> str:
    """The sidecar as it is written."""
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
