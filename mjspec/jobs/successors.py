"""What does the work of a parameter in the versions that do not have it: the one place for that.

Dead parameters are no part of it: their rows say themselves what replaced them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.parameters import BY_FLAG, BY_KEY, PARAMETERS
from mjspec.versions import span

if TYPE_CHECKING:
    from mjspec.parameters import Parameter
    from mjspec.versions import Version

__all__ = ["REMOVED", "Successor", "advice", "heir", "is_model_name", "successor"]


class Successor(NamedTuple):
    """One parameter in the place of another.

    Attributes:
        key: The parameter that goes.
        heir: The one that comes; None where there is only advice.
        value: The only value for which this holds; None for any.
        spelled: Versions in which the heir is the documented spelling though both are accepted.
        help: What a finding about the missing parameter says in versions of the main family.
    """

    key: str
    heir: str | None
    value: str | None = None
    spelled: frozenset[Version] = frozenset()
    help: str | None = None


_SUCCESSORS = (
    # Version page: 6 to 6.1 have cref and cw, 7 has oref and ow.
    Successor("cref", "oref", help="version 7 has `--oref` for one character reference"),
    Successor("cw", "ow", help="version 7 has `--ow`, the weight of `--oref`"),
    Successor("oref", "cref", help="version 6.1 has `--cref` for character references"),
    Successor("ow", "cw"),
    # The FAQ names both as one; the charts of 7 and later write only `--raw`.
    Successor("style", "raw", value="raw", spelled=span("7-", "7")),
    Successor("quality", None, help="leave it out; version 8.1 has `--hd` for larger images"),
)
_BY_KEY = {one.key: one for one in _SUCCESSORS}

REMOVED = "leave it out"
"""What the row of a dead parameter says that nothing replaces."""

_MODEL = BY_KEY["version"].flag


def successor(key: str) -> Successor | None:
    """What takes a parameter's place; None where nothing does."""
    one = _BY_KEY.get(key)
    return one if one and one.heir else None


def advice(key: str, version: Version | None) -> str | None:
    """What a finding about a parameter that a version does not have can say to help."""
    if version is not None and version.niji:
        return None
    one = _BY_KEY.get(key)
    return one.help if one else None


def heir(dead: Parameter) -> tuple[Parameter, str] | None:
    """The parameter and the value that replace a dead one, by its row; None where nothing does."""
    _, tick, rest = (dead.replacement or "").partition("`--")
    if not tick:
        return None
    name, _, value = rest.partition("`")[0].partition(" ")
    return (BY_FLAG[name], value) if name in BY_FLAG else None


def is_model_name(parameter: Parameter) -> bool:
    """Whether a dead parameter chose a model, as ``--test`` did."""
    return parameter.name in _MODEL_NAMES


_MODEL_NAMES = frozenset(
    one.name for one in PARAMETERS if one.dead and (found := heir(one)) and found[0].flag == _MODEL
)
