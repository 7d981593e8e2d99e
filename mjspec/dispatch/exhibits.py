"""What a gallery shows: jobs with their images, and what tells them apart."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.database import open_for_reading, translated
from mjspec.dispatch.status import money, paths_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Exhibit", "Exhibition", "collect"]

# These say what the picture is of, not how it is made; the prompt is shown as a whole.
_NO_SETTINGS = frozenset({"prompt", "metadata", "image_urls", "extra"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One job.

    Attributes:
        id: The job's id, with its copy number if it is not the first.
        state: Its state.
        prompt: What Midjourney saw.
        yaml: The job as a piece of a spec file.
        settings: Parameters and variables as text.
        axes: Those of them that a matrix or a table set.
        images: Paths relative to the output folder.
        error: Why there is no image.
    """

    id: str
    state: str
    prompt: str
    yaml: str
    settings: Mapping[str, str]
    axes: Mapping[str, str]
    images: tuple[str, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class Exhibition:
    """All jobs of a folder.

    Attributes:
        exhibits: The jobs in the order of the spec; cancelled ones are left out.
        axes: Names of axes with more than one value, most values first.
        differing: Names of settings that are not the same everywhere.
        actual: What was charged, in micro-dollars.
    """

    exhibits: tuple[Exhibit, ...]
    axes: tuple[str, ...]
    differing: frozenset[str]
    actual: int


def collect(out: Path) -> Exhibition:
    """Reads a folder's ledger."""
    with closing(open_for_reading(out)) as connection, translated():
        images = paths_of(connection)
        rows = connection.execute(
            "SELECT * FROM job_state WHERE state <> 'cancelled' ORDER BY position, key"
        ).fetchall()
        actual = money(connection).actual
    exhibits = tuple(_exhibit(row, tuple(images.get(row["attempt"], ()))) for row in rows)
    differing = _varied([exhibit.settings for exhibit in exhibits])
    axes = _varied([exhibit.axes for exhibit in exhibits]) or {
        name: values for name, values in differing.items() if len(values) < len(exhibits)
    }
    names = sorted(axes, key=lambda name: (-len(axes[name]), name))
    return Exhibition(exhibits, tuple(names), frozenset(differing), actual)


def _exhibit(row: sqlite3.Row, images: tuple[str, ...]) -> Exhibit:
    body = json.loads(row["body"])
    chosen = {**json.loads(row["variables"]), **json.loads(row["fields"])}
    settings = {name: value for name, value in body.items() if name not in _NO_SETTINGS}
    copy = row["copy"]
    return Exhibit(
        id=row["id"] if copy == 1 else f"{row['id']} (copy {copy})",
        state=row["state"],
        prompt=row["final_prompt"],
        yaml=_yaml(row["id"], body),
        settings={name: _text(value) for name, value in {**settings, **chosen}.items()},
        axes={name: _text(value) for name, value in (chosen or settings).items()},
        images=images,
        error=row["error"],
    )


def _varied(records: list[Mapping[str, str]]) -> dict[str, set[str]]:
    """The names whose values are not the same in all records."""
    values: dict[str, set[str]] = {}
    for record in records:
        for name, value in record.items():
            values.setdefault(name, set()).add(value)
    for name, found in values.items():
        if any(name not in record for record in records):
            found.add("")
    return {name: found for name, found in values.items() if len(found) > 1}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _yaml(name: str, body: Mapping[str, Any]) -> str:
    # JSON's quoting is YAML's, so that every text comes back as it was.
    lines = [f"- id: {json.dumps(name, ensure_ascii=False)}"]
    for key, value in body.items():
        lines.append(f"  {key}: {json.dumps(_short(value), ensure_ascii=False)}")
    return "\n".join(lines)


def _short(value: Any) -> Any:
    from mjspec.dispatch.sidecar import shortened

    return shortened(value)
