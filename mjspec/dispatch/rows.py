"""Jobs and attempts as the ledger stores them, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.job import LocalImage, Origin, PaidJob
from mjspec.dispatch.shapes import compact

if TYPE_CHECKING:
    import sqlite3

__all__ = [
    "JOB_COLUMNS",
    "Asset",
    "Attempt",
    "attempt_of",
    "job_of",
    "job_row",
    "label_of",
    "origin_of",
    "origin_text",
]

JOB_COLUMNS = (
    "key",
    "id",
    "written",
    "fingerprint",
    "copy",
    "url",
    "body",
    "local_images",
    "final_prompt",
    "billing_key",
    "origin",
    "repeat",
    "fields",
    "variables",
    "position",
    "estimate",
    "planned_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An accepted charge whose result is still to come.

    Attributes:
        id: The attempt's own id.
        job: The job's key.
        name: The job's id, for people.
        state: The job's state in the ledger.
        tasks: The provider's ids for it.
        submitted_at: When it was accepted.
        expires_at: When the links to its images die, once they are known.
    """

    id: str
    job: str
    name: str
    state: str
    tasks: tuple[str, ...]
    submitted_at: float
    expires_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One image of an attempt.

    Attributes:
        number: Its place among the attempt's images, from 1.
        url: Where the provider keeps it for a day.
        stem: The file name without its ending that is reserved for it.
        path: Where it is, relative to the output folder.
    """

    number: int
    task_id: str
    url: str
    state: str
    stem: str | None
    path: str | None
    size: int | None
    sha256: str | None
    done_at: float | None
    error: str | None


def job_row(job: PaidJob, key: str, position: int, estimate: int, now: float) -> tuple[Any, ...]:
    """The values of `JOB_COLUMNS`."""
    images = {
        str(index): [str(image.path), image.sha256] for index, image in job.local_images.items()
    }
    return (
        key,
        job.id,
        job.written,
        job.fingerprint,
        job.copy,
        job.url,
        compact(job.body),
        compact(images),
        job.final_prompt,
        job.billing_key,
        origin_text(job),
        job.repeat,
        compact(job.fields),
        compact(job.variables),
        position,
        estimate,
        now,
    )


def origin_text(job: PaidJob) -> str | None:
    """The origin of a job as the ledger stores it."""
    return compact(job.origin.as_json()) if job.origin else None


def job_of(row: sqlite3.Row) -> PaidJob:
    """The job of a row of the table or of the view."""
    images = json.loads(row["local_images"])
    origin = origin_of(row)
    return PaidJob(
        id=row["id"],
        written=row["written"],
        fingerprint=row["fingerprint"],
        copy=row["copy"],
        url=row["url"],
        body=json.loads(row["body"]),
        local_images={int(i): LocalImage(Path(path), sha) for i, (path, sha) in images.items()},
        final_prompt=row["final_prompt"],
        billing_key=row["billing_key"],
        origin=Origin(**origin) if origin else None,
        repeat=row["repeat"],
        fields=json.loads(row["fields"]),
        variables=json.loads(row["variables"]),
    )


def origin_of(row: sqlite3.Row) -> dict[str, Any] | None:
    """Path, line and column of a job, as JSON has them."""
    origin: dict[str, Any] | None = json.loads(row["origin"]) if row["origin"] else None
    return origin


def label_of(row: sqlite3.Row) -> str:
    """What people call a job: copies are numbered like their files."""
    name: str = row["id"]
    return name if row["copy"] == 1 else f"{name}-copy{row['copy']}"


def attempt_of(row: sqlite3.Row) -> Attempt:
    """The attempt of a row that joins it with its job."""
    tasks = json.loads(row["tasks"]) if row["tasks"] else [row["task_id"]]
    return Attempt(
        id=row["attempt"],
        job=row["key"],
        name=row["id"],
        state=row["state"],
        tasks=tuple(tasks),
        submitted_at=row["submitted_at"] or row["intent_at"],
        expires_at=row["expires_at"],
    )
