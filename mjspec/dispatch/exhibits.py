"""What a gallery shows: jobs with their images, and what tells them apart."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.database import reading
from mjspec.dispatch.dimensions import dimensions_of
from mjspec.dispatch.sidecar import shortened
from mjspec.dispatch.status import money, paths_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Exhibit", "Exhibition", "Picture", "collect"]

# These say what the picture is of, not how it is made; the prompt is shown as a whole.
_NO_SETTINGS = frozenset({"prompt", "metadata", "image_urls", "extra"})


@dataclass(frozen=True, slots=True)
class Picture:
    """One image.

    Attributes:
        path: Where it is, relative to the output folder.
        size: Width and height in pixels, as far as they can be told.
        here: Whether the file is still there.
    """

    path: str
    size: tuple[int, int] | None
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One job.

    Attributes:
        id: The job's id, with its copy number if it is not the first.
        group: What it shares with its siblings: the written id, nothing if there is none.
        state: Its state.
        prompt: What Midjourney saw.
        yaml: The job as a piece of a spec file.
        settings: Parameters and variables as text.
        axes: Those of them that a matrix or a table set, and the copy.
        differing: Names of settings that its siblings have otherwise.
        pictures: Its images.
        error: Why there is no image.
    """

    id: str
    group: str
    state: str
    prompt: str
    yaml: str
    settings: Mapping[str, str]
    axes: Mapping[str, str]
    differing: frozenset[str] = frozenset()
    pictures: tuple[Picture, ...]
    error: str | None


@dataclass(frozen=True, slots=True)
class Exhibition:
    """All jobs of a folder.

    Attributes:
        exhibits: The jobs in the order of the spec; cancelled ones are left out.
        axes: Names of axes with more than one value, most values first.
        actual: What was charged, in micro-dollars.
    """

    exhibits: tuple[Exhibit, ...]
    axes: tuple[str, ...]
    actual: int


def collect(out: Path) -> Exhibition:
    """Reads a folder's ledger, and of its images how large they are."""
    with reading(out) as connection:
        paths = paths_of(connection)
        rows = connection.execute(
            "SELECT * FROM job_state WHERE state <> 'cancelled' ORDER BY position, key"
        ).fetchall()
        actual = money(connection).actual
    exhibits = [
        _exhibit(row, tuple(_picture(out, path) for path in paths.get(row["attempt"], ())))
        for row in rows
    ]
    axes = _varied([exhibit.axes for exhibit in exhibits])
    if not axes.keys() - {"copy"}:
        varied = _varied([exhibit.settings for exhibit in exhibits])
        found = {name for name, values in varied.items() if len(values) < len(exhibits)}
        axes |= {name: varied[name] for name in found}
        exhibits = [_with_axes(exhibit, found) for exhibit in exhibits]
    names = sorted(axes, key=lambda name: (name == "copy", -len(axes[name]), name))
    return Exhibition(tuple(_compared(exhibits)), tuple(names), actual)


def _with_axes(exhibit: Exhibit, names: set[str]) -> Exhibit:
    """Where neither matrix nor table sets anything, what differs stands in for it."""
    more = {name: value for name, value in exhibit.settings.items() if name in names}
    return replace(exhibit, axes={**exhibit.axes, **more})


def _compared(exhibits: Sequence[Exhibit]) -> Iterable[Exhibit]:
    """Each job with what its siblings have otherwise; those without any are compared together."""
    groups: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits:
        groups.setdefault(exhibit.group, []).append(exhibit)
    alone = [group for name, group in groups.items() if not name or _is_one(group)]
    together = frozenset(_varied([one.settings for group in alone for one in group]))
    varied = {
        name: together
        if not name or _is_one(group)
        else frozenset(_varied([one.settings for one in group]))
        for name, group in groups.items()
    }
    return [replace(exhibit, differing=varied[exhibit.group]) for exhibit in exhibits]


def _is_one(group: list[Exhibit]) -> bool:
    """Whether a group is one job, whatever the number of its copies."""
    return all(exhibit.settings == group[0].settings for exhibit in group)


def _picture(out: Path, path: str) -> Picture:
    try:
        return Picture(path, dimensions_of(out / path), here=True)
    except OSError:
        return Picture(path, None, here=False)


def _exhibit(row: sqlite3.Row, pictures: tuple[Picture, ...]) -> Exhibit:
    body = json.loads(row["body"])
    chosen = {**json.loads(row["variables"]), **json.loads(row["fields"])}
    settings = {name: value for name, value in body.items() if name not in _NO_SETTINGS}
    copy = row["copy"]
    return Exhibit(
        id=row["id"] if copy == 1 else f"{row['id']} (copy {copy})",
        group=row["written"] or "",
        state=row["state"],
        prompt=row["final_prompt"],
        yaml=_yaml(row["id"], body),
        settings={name: _text(value) for name, value in {**settings, **chosen}.items()},
        axes={"copy": str(copy), **{name: _text(value) for name, value in chosen.items()}},
        pictures=pictures,
        error=row["error"],
    )


def _varied(records: Sequence[Mapping[str, str]]) -> dict[str, set[str]]:
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
        lines.append(f"  {key}: {json.dumps(shortened(value), ensure_ascii=False)}")
    return "\n".join(lines)
