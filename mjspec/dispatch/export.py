"""Every job of a folder as lines of JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Literal

from mjspec.dispatch.database import reading
from mjspec.dispatch.prices import dollars
from mjspec.dispatch.rows import origin_of
from mjspec.dispatch.sidecar import shortened, timestamp
from mjspec.dispatch.status import paths_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["export"]

Format = Literal["jsonl", "csv"]
_COLUMNS = (
    *("id", "copy", "state", "prompt", "images", "task_id", "attempt", "error", "billing_key"),
    *("estimate_usd", "cost_usd", "submitted_at", "completed_at", "fingerprint", "key", "origin"),
    *("fields", "variables", "body"),
)


def export(out: Path, kind: Format) -> Iterator[str]:
    """The jobs, one a line with its line end; CSV begins with a head and joins paths by ``|``."""
    with reading(out) as connection:
        images = paths_of(connection)
        rows = connection.execute("SELECT * FROM job_state ORDER BY position, key").fetchall()
    if kind == "csv":
        yield _csv_line(list(_COLUMNS))
    for row in rows:
        record = _record(row, images.get(row["attempt"], []))
        if kind == "jsonl":
            yield json.dumps(record, ensure_ascii=False) + "\n"
        else:
            yield _csv_line([_cell(record[name]) for name in _COLUMNS])


def _record(row: sqlite3.Row, images: list[str]) -> dict[str, Any]:
    cost = row["cost"]
    return {
        "id": row["id"],
        "copy": row["copy"],
        "state": row["state"],
        "prompt": row["final_prompt"],
        "images": images,
        "task_id": row["task_id"],
        "attempt": row["attempt"],
        "error": row["error"],
        "billing_key": row["billing_key"],
        "estimate_usd": dollars(row["estimate"]),
        "cost_usd": None if cost is None else dollars(cost),
        "submitted_at": timestamp(row["submitted_at"]),
        "completed_at": timestamp(row["completed_at"]),
        "fingerprint": row["fingerprint"],
        "key": row["key"],
        "origin": origin_of(row),
        "fields": json.loads(row["fields"]),
        "variables": json.loads(row["variables"]),
        "body": shortened(json.loads(row["body"])),
    }


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        # No file name of ours holds it, whatever the job is called.
        return "|".join(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _csv_line(cells: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
