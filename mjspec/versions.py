"""The model versions of Midjourney: ordered names, never numbers.

Source: the version pages and updates of Midjourney, and the list of versions that the provider has
verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

__all__ = [
    "ALL",
    "MAIN",
    "NEWEST_VERIFIED",
    "NEWEST_VERIFIED_NIJI",
    "NIJI",
    "VERSIONS",
    "Version",
    "describe",
    "find_version",
    "span",
]

Family = Literal["main", "niji"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One model version.

    Attributes:
        number: What stands behind ``--v`` or ``--niji``: ``6.1``.
        family: ``main`` for ``--v``, ``niji`` for ``--niji``.
        released: Date of release, year and month.
        verified: Whether the provider lists it among its verified versions.
        spellings: Other ways to write the number, with the same meaning.
        note: What a user should know, for instance that it was removed.
    """

    number: str
    family: Family = "main"
    released: str
    verified: bool = False
    spellings: tuple[str, ...] = ()
    note: str = ""

    @property
    def niji(self) -> bool:
        """Whether it is selected by ``--niji``."""
        return self.family == "niji"

    @property
    def name(self) -> str:
        """How people say it: ``6.1``, ``niji 6``."""
        return f"niji {self.number}" if self.niji else self.number

    @property
    def slug(self) -> str:
        """How files and billing keys say it: ``v6.1``, ``niji6``."""
        return f"niji{self.number}" if self.niji else f"v{self.number}"

    @property
    def flag(self) -> str:
        """How a prompt says it: ``--v 6.1``, ``--niji 6``."""
        return f"--niji {self.number}" if self.niji else f"--v {self.number}"

    def __str__(self) -> str:
        return self.name


MAIN: tuple[Version, ...] = (
    Version(number="1", released="2022-02"),
    Version(number="2", released="2022-04"),
    Version(number="3", released="2022-07"),
    Version(number="4", released="2022-11"),
    Version(number="5", released="2023-03", spellings=("5.0",)),
    Version(number="5.1", released="2023-05", verified=True),
    Version(number="5.2", released="2023-06", verified=True),
    Version(number="6", released="2023-12", spellings=("6.0",)),
    Version(number="6.1", released="2024-07", verified=True),
    Version(number="7", released="2025-04", verified=True, spellings=("7.0",)),
    Version(number="8", released="2026-03", spellings=("8.0",), note="removed in July 2026"),
    Version(number="8.1", released="2026-04", verified=True),
    Version(number="8.2", released="2026-07"),
)
NIJI: tuple[Version, ...] = (
    Version(number="4", family="niji", released="2022-12", spellings=("4.0",)),
    Version(number="5", family="niji", released="2023-04", spellings=("5.0",)),
    Version(number="6", family="niji", released="2024-01", spellings=("6.0",), verified=True),
    Version(number="7", family="niji", released="2026-01", spellings=("7.0",), verified=True),
)
VERSIONS: tuple[Version, ...] = MAIN + NIJI
"""Every version, each family from the oldest to the newest."""

ALL: frozenset[Version] = frozenset(VERSIONS)
NEWEST_VERIFIED: Version = [version for version in MAIN if version.verified][-1]
NEWEST_VERIFIED_NIJI: Version = [version for version in NIJI if version.verified][-1]

_BY_SPELLING: dict[tuple[Family, str], Version] = {
    (version.family, spelling): version
    for version in VERSIONS
    for spelling in (version.number, *version.spellings)
}


def find_version(number: str, *, niji: bool = False) -> Version | None:
    """The version with this number, in any of its spellings; None if there is none."""
    return _BY_SPELLING.get(("niji" if niji else "main", number))


def span(main: str = "", niji: str = "") -> frozenset[Version]:
    """A set of versions: ``span("5-6.1", "5-6")``; ``"7-"`` runs to the newest, ``"7"`` is one."""
    return frozenset(_family_span(MAIN, main)) | frozenset(_family_span(NIJI, niji))


def _family_span(family: tuple[Version, ...], text: str) -> Iterable[Version]:
    numbers = [version.number for version in family]
    for part in filter(None, text.split(",")):
        first, dash, last = part.partition("-")
        low = numbers.index(first) if first else 0
        high = (numbers.index(last) if last else len(family) - 1) if dash else low
        yield from family[low : high + 1]


def describe(versions: AbstractSet[Version]) -> str:
    """A set of versions in words: ``5 to 6.1 and niji 5 and 6``."""
    return _described(frozenset(versions))


@cache
def _described(versions: frozenset[Version]) -> str:
    main = _runs(MAIN, versions)
    niji = _runs(NIJI, versions)
    if main and niji:
        return f"{_join(main)} and niji {_join(niji)}"
    return _join(main) if main else f"niji {_join(niji)}" if niji else "no version"


def _runs(family: tuple[Version, ...], versions: AbstractSet[Version]) -> list[str]:
    words: list[str] = []
    run: list[str] = []
    for version in (*family, None):
        if version is not None and version in versions:
            run.append(version.number)
            continue
        words += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run  # noqa: PLR2004 (a pair is no range)
        run = []
    return words


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
