"""What each setting of the configuration may be."""

from __future__ import annotations

import re
from math import inf
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mjspec.diagnostics import Severity
from mjspec.rules import find_rule
from mjspec.schemas import find_model
from mjspec.selection import SettingError, nearest, no_rule, selectors, texts
from mjspec.versions import ALL, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mjspec.versions import Version

__all__ = ["READERS", "no_version"]

_SPEEDS = ("relax", "fast", "turbo")
_BILLED = re.compile(r"midjourney@imagine(?:-[\w.]+){0,2}")


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingError("needs a table")
    return value


def _ignores(value: Any) -> dict[str, tuple[str, ...]]:
    result = {}
    for glob, names in _table(value).items():
        try:
            result[glob] = selectors(names)
        except SettingError as error:
            raise error.below(glob) from None
    return result


def _severities(value: Any) -> dict[str, Severity]:
    levels = {str(level): level for level in Severity}
    result = {}
    for name, level in _table(value).items():
        rule = find_rule(name)
        if rule is None:
            raise no_rule(name)
        if level not in levels:
            message = f"says `{level}` for `{name}`; it is error, warning or info"
            raise SettingError(message, name, level)
        result[rule.name] = levels[level]
    return result


def _declared(value: Any) -> dict[str, Version]:
    result = {}
    for number, like in _table(value).items():
        version = find_model(str(like))
        if version is None:
            raise SettingError(no_version(like), number, like)
        result[number] = version
    return result


def no_version(name: object, declared: Mapping[str, Version] = MappingProxyType({})) -> str:
    """What is wrong with the name of a version that does not exist."""
    also = f" and, declared, {', '.join(declared)}" if declared else ""
    return f"names `{name}`, which is no known version; there are {describe(ALL)}{also}"


def _version_name(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SettingError("needs the name of a version")
    return str(value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SettingError("needs a whole number from 1", value)
    return value


def _path(value: Any) -> Path:
    if not isinstance(value, str) or not value:
        raise SettingError("needs the path of a file")
    return Path(value)


def _prices(value: Any) -> dict[str, float]:
    table = _table(value)
    for name, amount in table.items():
        if name not in _SPEEDS and not _BILLED.fullmatch(name):
            hint = nearest(name, _SPEEDS, f"; there are {', '.join(_SPEEDS)}, and billing keys")
            raise SettingError(
                f"names `{name}`, which is neither speed nor billing key{hint}", name
            )
        number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not number or not 0 <= amount < inf:
            message = f"says `{amount}` for `{name}`; a price is dollars a call"
            raise SettingError(message, name, amount)
    return table


READERS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "select": selectors,
        "ignore": selectors,
        "per-file-ignores": _ignores,
        "severity": _severities,
        "exclude": texts,
        "versions": _declared,
        "assume-version": _version_name,
        "known-flags": lambda value: frozenset(text.lstrip("-") for text in texts(value)),
        "max-jobs": _number,
        "prices": _prices,
        "baseline": _path,
    }
)
"""How the value of each setting is read; `SettingError` says what it cannot be."""
