"""The ids of the jobs of a matrix: the written id with the values that were chosen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.spec.nodes import Scalar

if TYPE_CHECKING:
    from mjspec.spec.nodes import Entry
    from mjspec.spec.variables import Scope

__all__ = ["matrix_id"]

_UNSAFE = re.compile(r"[^\w.:-]+")
_LONGEST_PART = 40


def matrix_id(written: str, choice: dict[str, Entry], scope: Scope) -> str:
    """``fox`` with owl and 750 chosen is ``fox-owl-750``."""
    parts = [written]
    for entry in choice.values():
        if isinstance(entry.value, Scalar):
            text = scope.substitute(entry.value.excerpt).text
            parts.append(_UNSAFE.sub("-", text).strip("-")[:_LONGEST_PART] or "none")
    return "-".join(parts)
