"""Files that share fields and rows, migrated so that no job is changed by half across them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.migration.links import place_of
from mjspec.migration.whole import migrate_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mjspec.migration.attempt import Migrated
    from mjspec.migration.links import Place
    from mjspec.migration.plan import Course
    from mjspec.reading.inputs import Input

__all__ = ["migrate_together"]


def migrate_together(sources: Sequence[tuple[Input, Course]]) -> list[Migrated]:
    """What becomes of each source, in their order.

    It is repeated as long as a job turns out to need what another file cannot give, or to be held
    so that another file must not change; either is remembered, so that this ends.

    Args:
        sources: The sources and their courses, each of which names all the files.
    """
    paths = [Path(source.source.name).resolve() for source, _ in sources]
    kept: dict[Path, set[tuple[int, int]]] = defaultdict(set)
    stuck: set[Place] = set()
    while True:
        done = [
            migrate_source(
                source, replace(course, kept=frozenset(kept[path]), stuck=frozenset(stuck))
            )
            for (source, course), path in zip(sources, paths, strict=True)
        ]
        known = len(stuck) + sum(map(len, kept.values()))
        for one in done:
            for path, start, end in one.links.keeps:
                kept[path].add((start, end))
        stuck.update(_unmet(done, dict(zip(paths, done, strict=True))))
        if len(stuck) + sum(map(len, kept.values())) == known:
            return list(_told_once(done))


def _told_once(done: Sequence[Migrated]) -> Iterator[Migrated]:
    """The outcomes, what is wrong with one place of a shared file told once."""
    known: set[tuple[Place, str]] = set()
    for one in done:
        said = [(place_of(found.location), found.message) for found in one.findings]
        fresh = [found for found, key in zip(one.findings, said, strict=True) if key not in known]
        known.update(said)
        yield replace(one, findings=tuple(fresh))


def _unmet(done: Sequence[Migrated], by_path: Mapping[Path, Migrated]) -> Iterator[Place]:
    """What files need of others that does not come."""
    for one in done:
        for path, start, end in one.links.needs:
            other = by_path.get(path)
            touched = other.links.touched if other else ()
            if not any(first <= end and last >= start for first, last in touched):
                yield path, start, end
