"""Jobs that were met before: equal ones, and different ones of one name."""

from __future__ import annotations

from itertools import islice, repeat
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable

    from mjspec.source import Location

__all__ = ["Seen", "same_id", "same_job"]

_GENERATION = 1 << 16


class Seen:
    """Where jobs stood, by what makes them equal.

    Of very many only the last are known, between 65,536 and twice as many, so that the memory of a
    run does not grow with its length.
    """

    def __init__(self) -> None:
        self._young: dict[Hashable, tuple[str, int]] = {}
        self._old: dict[Hashable, tuple[str, int]] = {}

    def before(self, key: Hashable, name: str, line: int) -> tuple[str, int] | None:
        """Source and line of the first job with this key; None if this one is the first.

        Args:
            key: What equal jobs have in common.
            name: The source of this job.
            line: Its line.
        """
        first = self._young.get(key) or self._old.get(key)
        if first is not None:
            return first
        if len(self._young) >= _GENERATION:
            self._old, self._young = self._young, {}
        self._young[key] = (name, line)
        return None

    def all_new(self, keys: Collection[Hashable], name: str, lines: Iterable[int]) -> bool:
        """Take in many jobs of one source at once, if none of them was met before.

        Args:
            keys: What equal jobs have in common, job by job.
            name: The source.
            lines: Their lines.

        Returns:
            Whether that is so; otherwise nothing was taken in, and they are asked for one by one.
        """
        young, old = self._young, self._old
        new = dict(zip(keys, zip(repeat(name), lines), strict=False))
        # Of two views, the shorter one is gone through.
        met = not (new.keys().isdisjoint(young.keys()) and new.keys().isdisjoint(old.keys()))
        if met or len(new) < len(keys) or len(new) > _GENERATION:
            return False
        room = _GENERATION - len(young)
        if len(new) <= room:
            young.update(new)
        else:
            jobs = iter(new.items())
            young.update(islice(jobs, room))
            self._old, self._young = young, dict(jobs)
        return True

    def knows(self, key: Hashable) -> tuple[str, int] | None:
        """Source and line of the first job with this key, if there was one."""
        return self._young.get(key) or self._old.get(key)


def same_job(place: Location, first: tuple[str, int]) -> Diagnostic:
    """The finding at a job that is equal to an earlier one.

    Args:
        place: The job's prompt.
        first: Source and line of the earlier one.
    """
    rule = rules.DUPLICATE_JOB
    return Diagnostic(
        rule,
        rule.severity,
        f"this job is the same as the one {_at(place, first)}; it is submitted once",
        place,
        help="`copies: 2` asks for two samples of one prompt",
    )


def same_id(place: Location, name: str, first: tuple[str, int]) -> Diagnostic:
    """The finding at a job whose id an earlier one has that is not equal.

    Args:
        place: Where the job is written.
        name: The id.
        first: Source and line of the earlier one.
    """
    return Diagnostic(
        rules.DUPLICATE_ID,
        Severity.WARNING,
        f"the job {_at(place, first)} is called `{name}` too, and is not the same",
        place,
        help="give each job its own `id`, so that status and files can be told apart",
    )


def _at(place: Location, first: tuple[str, int]) -> str:
    name, line = first
    if name != place.source.name:
        return f"at {name}:{line}"
    return "before it in this line" if line == place.start.line else f"in line {line}"
