"""What answers are made of, read without trust in their shape."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "LONGEST_MESSAGE",
    "LONGEST_RAW",
    "Answer",
    "compact",
    "first_id",
    "named",
    "number",
    "parse_json",
]

LONGEST_MESSAGE = 500
LONGEST_RAW = 4000

_ID_NAMES = ("task_id", "id", "taskId")
_DEPTH = 4
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=dict)
_LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer that was read to its end; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def ok(self) -> bool:
        """Whether the status tells of success, whatever the text says."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def parse_json(text: str) -> Any:
    """The value of a JSON text, ``None`` if it is none."""
    try:
        # Some servers put a byte order mark in front, which is no JSON.
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None


def compact(value: Mapping[str, Any]) -> str:
    """An object as short JSON; any mapping counts as one."""
    return _COMPACT.encode(value) if value else "{}"


def first_id(item: Mapping[str, Any]) -> str | None:
    """The id of a task object under any of the names in use."""
    for name in _ID_NAMES:
        value = item.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return None


def named(value: Any, name: str) -> Iterator[Any]:
    """The values of a name, some levels deep."""
    level = [value]
    for _ in range(_DEPTH):
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                if name in item:
                    yield item[name]
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
        level = deeper


def number(value: Any) -> float | None:
    """A number, also one written as text; ``None`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < _LARGEST else None
