"""What a flat schema obviously accepts or refuses, so that a library is loaded only for the rest.

Loading `jsonschema` takes longer than linting a small file, and most values are right.
`tests/compiler/test_acceptance.py` holds this against what the library says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mjspec.domains import reduce_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["accepts", "fits", "refuses"]

_NOTES = frozenset({"description", "title", "default", "examples"})
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def accepts(schema: Mapping[str, Any], value: str | float) -> bool:
    """Whether a value breaks none of a schema's keywords; False also where that is not obvious."""
    return all(_keeps(keyword, limit, value) for keyword, limit in schema.items())


def refuses(schema: Mapping[str, Any]) -> bool:
    """Whether a schema obviously accepts nothing: that of a parameter which a version lacks."""
    return schema.get("not") == {}


def fits(ratio: str, most: float) -> bool:
    """Whether the longer side of a ratio is at most so many times the shorter one.

    Raises:
        ValueError: It is no ratio.
    """
    width, height = reduce_ratio(ratio)
    return max(width, height) <= most * min(width, height)


def _keeps(keyword: str, limit: Any, value: str | float) -> bool:
    if keyword in _NOTES:
        return True
    if keyword == "type":
        return isinstance(limit, str) and type(value) in _TYPES.get(limit, ())
    if keyword in ("enum", "const"):
        among = limit if keyword == "enum" else [limit]
        return any(type(one) is type(value) and one == value for one in among)
    if isinstance(value, str):
        return _keeps_text(keyword, limit, value)
    if keyword == "minimum":
        return bool(value >= limit)
    return keyword == "maximum" and bool(value <= limit)


def _keeps_text(keyword: str, limit: Any, value: str) -> bool:
    if keyword == "pattern":
        return re.search(limit, value) is not None
    if keyword == "x-maxRatio":
        try:
            return fits(value, limit)
        except ValueError:
            return False
    return keyword == "minLength" and len(value) >= limit
