"""The ids of the jobs of a matrix: the written id with the values that were chosen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.spec.fields import is_null
from mjspec.spec.nodes import Scalar

if TYPE_CHECKING:
    from mjspec.spec.nodes import Entry
    from mjspec.spec.variables import Scope

__all__ = ["matrix_id"]

_UNSAFE = re.compile(r"[^\w.:-]+")
_LONGEST_PART = 40


def matrix_id(written: str, choice: dict[str, Entry], scope: Scope) -> tuple[str, bool]:
    """``fox`` with owl and 750 chosen is ``fox-owl-750``.

    Returns:
        The id, and whether it tells the whole choice; lists and long texts do not fit into it.
    """
    parts = [written]
    exact = True
    for key, entry in choice.items():
        if not isinstance(entry.value, Scalar):
            exact = False
            continue
        text = "" if is_null(entry.value) else scope.substitute(entry.value.excerpt).text
        part = _UNSAFE.sub("-", text).strip("-")
        exact = exact and len(part) <= _LONGEST_PART and (key != "prompt")
        parts.append(part[:_LONGEST_PART] or "none")
    return "-".join(parts), exact
