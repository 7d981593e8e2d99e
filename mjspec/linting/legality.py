"""Which values of a parameter are one to every rule: those that are legal in the same versions."""

from __future__ import annotations

import math
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from mjspec.domains import Number, Ratio, References
from mjspec.jobs.acceptance import accepts
from mjspec.jobs.checks import HD_RATIO
from mjspec.parameters import BY_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.parameters import Parameter

__all__ = ["allowances", "are_codes", "range_around"]


def allowances(key: str, value: str) -> str:
    """Which of the domains that there are for a text allow it, as a row of digits."""
    return "".join([str(int(accepts(schema, value))) for schema in _schemas(key)])


@cache
def _schemas(key: str) -> list[Mapping[str, Any]]:
    parameter = BY_KEY[key]
    domains = [parameter.domain, *(limit.domain for limit in parameter.limits if limit.domain)]
    if isinstance(parameter.domain, Ratio):
        domains.append(HD_RATIO)
    return [domain.schema() for domain in dict.fromkeys(domains)]


def range_around(parameter: Parameter, value: int) -> tuple[int, int] | None:
    """The numbers around one that are legal wherever it is, and nowhere else."""
    low, high = -sys.maxsize, sys.maxsize
    for domain in (parameter.domain, *(limit.domain for limit in parameter.limits)):
        if domain is None:
            continue
        if not isinstance(domain, Number):
            return None
        first, last = math.ceil(domain.low), math.floor(domain.high)
        if value < first:
            high = min(high, first - 1)
        elif value > last:
            low = max(low, last + 1)
        else:
            low, high = max(low, first), min(high, last)
    return low, high


def are_codes(parameter: Parameter) -> bool:
    """Whether numbers are codes, which have no order and are all legal in the same versions."""
    domains = [parameter.domain, *(limit.domain for limit in parameter.limits if limit.domain)]
    return all(isinstance(domain, References) and domain.codes for domain in domains)
