"""The reference of parameters: what the table says of each, in words and as JSON.

Nothing is known here that does not stand in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from mjspec.domains import Selector
from mjspec.limits import advised, allowed
from mjspec.parameters import BY_FLAG, BY_KEY, PARAMETERS
from mjspec.versions import VERSIONS, describe

if TYPE_CHECKING:
    from mjspec.domains import Domain
    from mjspec.parameters import Parameter
    from mjspec.versions import Version

__all__ = ["Stretch", "entry", "find_parameter", "mark", "stretches"]

ABSENT, DOUBTFUL, NARROWER, FULL = "·", "?", "~", "✓"


class Stretch(NamedTuple):
    """Versions in which the same holds.

    Attributes:
        versions: Where it holds.
        values: What is allowed, in words; None where the parameter does not exist.
        advice: What less certain sources say, where they say something else.
    """

    versions: frozenset[Version]
    values: str | None
    advice: str | None


def find_parameter(name: str) -> Parameter | None:
    """A parameter by any of its names: ``--ar``, ``aspect``, ``size``, ``--AR``."""
    low = name.strip().lstrip("-‐‑‒–—−").lower()
    if low in BY_FLAG:
        return BY_FLAG[low]
    return BY_KEY.get(low) or next((p for p in PARAMETERS if p.name == low), None)


def stretches(parameter: Parameter) -> list[Stretch]:
    """What holds in which versions, the oldest first.

    Nothing for a parameter that is dead, and for those that choose the version.
    """
    if parameter.dead or isinstance(parameter.domain, Selector):
        return []
    groups: dict[tuple[Domain | None, Domain | None], list[Version]] = {}
    for version in VERSIONS:
        key = allowed(parameter, version), advised(parameter, version)
        groups.setdefault(key, []).append(version)
    return [
        Stretch(
            frozenset(versions),
            sure.describe() if sure else None,
            None if unsure == sure else unsure.describe() if unsure else "probably not available",
        )
        for (sure, unsure), versions in groups.items()
    ]


def mark(parameter: Parameter, version: Version) -> str:
    """One sign for a parameter in a version, as the matrix shows it."""
    if isinstance(parameter.domain, Selector):
        return FULL if version.niji == (parameter.key == "niji") else ABSENT
    if allowed(parameter, version) is None:
        return ABSENT
    values = advised(parameter, version)
    if values is None:
        return DOUBTFUL
    return FULL if values.describe() == parameter.domain.describe() else NARROWER


def entry(parameter: Parameter) -> dict[str, Any]:
    """Everything that the table says of a parameter, for programs."""
    needs = parameter.needs
    return {
        "name": parameter.name,
        "flag": f"--{parameter.flag}",
        "spellings": [f"--{spelling}" for spelling in parameter.spellings],
        "field": "speed" if parameter.speed else parameter.field,
        "summary": parameter.summary,
        "values": parameter.domain.describe(),
        "schema": parameter.domain.schema(),
        "default": parameter.default or None,
        "needs": _shown(needs) if needs else None,
        "excludes": [_shown(key) for key in (*parameter.excludes, *parameter.disputes)],
        "note": parameter.mode or None,
        "replaced_by": parameter.replacement,
        "was_in": describe(parameter.was) if parameter.was else None,
        "available": [v.slug for v in VERSIONS if _available(parameter, v)],
        "versions": [
            {
                "versions": [v.slug for v in VERSIONS if v in stretch.versions],
                "values": stretch.values,
                "advice": stretch.advice,
            }
            for stretch in stretches(parameter)
        ],
        "confidence": parameter.confidence,
        "sources": sources(parameter),
    }


def _available(parameter: Parameter, version: Version) -> bool:
    return not parameter.dead and mark(parameter, version) != ABSENT


def sources(parameter: Parameter) -> list[str]:
    """Where the row and its limits are written, each once."""
    texts = (parameter.source, *(limit.source for limit in parameter.limits))
    return list(dict.fromkeys(text for text in texts if text))


def _shown(key: str) -> str:
    """How a prompt writes what is needed or excluded; image prompts have no flag."""
    return f"--{BY_KEY[key].flag}" if key in BY_KEY else "an image prompt"
