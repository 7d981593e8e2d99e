"""What the table allows in a version: rows and their limits, combined."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mjspec.domains import intersection
from mjspec.versions import VERSIONS

if TYPE_CHECKING:
    from mjspec.domains import Domain
    from mjspec.parameters import Parameter
    from mjspec.versions import Version

__all__ = ["advised", "allowed", "available"]

_SURE = ("provider", "H")


@cache
def allowed(parameter: Parameter, version: Version) -> Domain | None:
    """The values that make no error in this version; None where the parameter does not exist."""
    return _narrowed(parameter, version, sure=True)


@cache
def advised(parameter: Parameter, version: Version) -> Domain | None:
    """The values that make no warning either, going by less certain sources."""
    return _narrowed(parameter, version, sure=False)


def available(parameter: Parameter) -> frozenset[Version]:
    """The versions in which the parameter exists, as far as is certain."""
    return frozenset(version for version in VERSIONS if allowed(parameter, version) is not None)


def _narrowed(parameter: Parameter, version: Version, *, sure: bool) -> Domain | None:
    limits = [
        limit
        for limit in parameter.limits
        if version in limit.versions and (not sure or limit.confidence in _SURE)
    ]
    if any(limit.domain is None for limit in limits):
        return None
    narrower = [limit.domain for limit in limits if limit.domain is not None]
    return intersection([parameter.domain, *narrower])
