"""What a row of the table of parameters is, and what holds in some versions only."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Literal

from mjspec.versions import ALL

if TYPE_CHECKING:
    from mjspec.domains import Domain
    from mjspec.versions import Version

__all__ = ["Limit", "Parameter", "absent", "only", "within"]

Confidence = Literal["provider", "H", "M", "L"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What holds in some versions only.

    Attributes:
        versions: Where it holds.
        domain: The values allowed there; None where the parameter does not exist.
        confidence: ``provider`` and ``H`` make errors, ``M`` and ``L`` warnings.
        source: Where the rule is written.
    """

    versions: frozenset[Version]
    domain: Domain | None
    confidence: Confidence = "H"
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter.

    Attributes:
        name: Midjourney's full name.
        flag: The spelling that is written, without dashes.
        aliases: Every other spelling that is read.
        domain: The values that are allowed in any version.
        summary: What it does, in one line.
        field: Its name in the request body; None where only ``extra`` can carry it.
        default: What Midjourney does without it, in words.
        limits: What holds in some versions only.
        needs: The key of a parameter, or ``image_urls``, that must be there too.
        excludes: Keys of parameters that must not be there too.
        disputes: Keys that must not be there too by less certain sources; warnings.
        speed: The speed that the flag selects, for the three flags that do.
        mode: A rule of account or plan that a user should know; a warning where it is not empty.
        replacement: What to write instead, for a parameter that is dead.
        was: Versions that knew a dead parameter.
        confidence: How sure the row itself is.
        source: Where it is documented.
        key: How settings name it: the field where there is one, else the full name.
        dead: Whether current models no longer know it.
    """

    name: str
    flag: str
    domain: Domain
    summary: str
    aliases: tuple[str, ...] = ()
    field: str | None = None
    default: str = ""
    limits: tuple[Limit, ...] = ()
    needs: str | None = None
    excludes: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()
    speed: str | None = None
    mode: str = ""
    replacement: str | None = None
    was: frozenset[Version] = frozenset()
    confidence: Confidence = "H"
    source: str = ""
    # Asked for several times in every prompt.
    key: str = attribute(init=False)
    dead: bool = attribute(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self.field or self.name)
        object.__setattr__(self, "dead", self.replacement is not None)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name it is read under, the one that is written first."""
        return (self.flag, *self.aliases)


def only(versions: frozenset[Version], confidence: Confidence = "H", source: str = "") -> Limit:
    """The parameter exists in these versions, and in no others."""
    return Limit(versions=ALL - versions, domain=None, confidence=confidence, source=source)


def absent(versions: frozenset[Version], confidence: Confidence = "H", source: str = "") -> Limit:
    """The parameter does not exist in these versions."""
    return Limit(versions=versions, domain=None, confidence=confidence, source=source)


def within(
    versions: frozenset[Version], domain: Domain, confidence: Confidence = "H", source: str = ""
) -> Limit:
    """In these versions its values are others."""
    return Limit(versions=versions, domain=domain, confidence=confidence, source=source)
