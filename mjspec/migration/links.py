"""What the migration of one file has to do with other files: specs share fields and rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.jobs.examined import Examined
    from mjspec.jobs.job import Job
    from mjspec.source import Location, Source

__all__ = ["NO_LINKS", "Links", "Place", "place_of", "places_elsewhere", "shifted"]

Place = tuple[Path, int, int]
"""A file and a range of it, as it was before."""


class Links(NamedTuple):
    """What a migrated file asks of others, and what others may ask of it.

    Attributes:
        touched: Its ranges that change.
        needs: Where other files have to change, for jobs that are migrated.
        keeps: What has to stay in other files, for jobs that are not.
    """

    touched: frozenset[tuple[int, int]] = frozenset()
    needs: frozenset[Place] = frozenset()
    keeps: frozenset[Place] = frozenset()


NO_LINKS = Links()


def place_of(location: Location) -> Place:
    """A location by the path of its file."""
    return (Path(location.source.name).resolve(), *location.span)


def places_elsewhere(job: Job, texts: Iterable[Examined], source: Source) -> Iterator[Place]:
    """Where a job takes anything from other files than its own."""
    for piece in job.prompt.pieces:
        if piece.source is not source:
            path = Path(piece.source.name).resolve()
            yield path, piece.offset, piece.offset + piece.source_length
    for text in texts if job.layers else ():
        for setting in text.settings.values():
            for location in (setting.origin.name_location, setting.origin.location):
                if location.source is not source:
                    yield place_of(location)


def shifted(
    ranges: Iterable[tuple[int, int]], changes: Iterable[tuple[int, int, str]]
) -> list[tuple[int, int]]:
    """Ranges that no change touches, where they stand after the changes."""
    moves = sorted((end, len(text) - (end - start)) for start, end, text in changes)
    return [
        (start + moved, end + moved)
        for start, end in ranges
        for moved in (sum(by for at, by in moves if at <= start),)
    ]
