"""Which files of a folder hold prompts.

A file that is named is always read. In a folder, files of common endings are often something else,
so those are taken whose beginning says that they are meant for mjspec.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.schemas import BODY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["holds_prompts"]

_ENOUGH = 1 << 16
_KEYS = "|".join(("mjspec", "jobs", "extends", "defaults", "vars", "matrix", "rows", *BODY_FIELDS))
_SPEC = re.compile(rf"^(?:{_KEYS})\s*:|\$schema=\S*spec\.json", re.MULTILINE)
_BLOCK = re.compile(
    r"^ {0,3}(?:`{3,}|~{3,})[ \t]*(?:mj|midjourney)\b", re.MULTILINE | re.IGNORECASE
)
_COLUMN = re.compile(r"""\A\ufeff?(?:[^\r\n]*,)?\s*"?prompt"?\s*(?:,|[\r\n]|\Z)""")
_KEY = re.compile(r'\A[^\r\n]*"prompt"\s*:')


def holds_prompts(path: Path) -> bool:
    """Whether a file that was found, not named, is meant for mjspec."""
    looks = _LOOKS.get(path.suffix.lower())
    if looks is None:
        return True
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return looks(file.read(_ENOUGH)) is not None
    except OSError:
        # Whoever reads it says what is wrong with it.
        return True


_LOOKS: dict[str, Callable[[str], object]] = {
    ".yaml": _SPEC.search,
    ".yml": _SPEC.search,
    ".md": _BLOCK.search,
    ".csv": _COLUMN.match,
    ".jsonl": _KEY.match,
}
