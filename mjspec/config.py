"""The configuration: ``mjspec.toml``, or ``[tool.mjspec]`` in ``pyproject.toml``; the closest wins."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.diagnostics import MjspecError, Severity
from mjspec.files import read_source
from mjspec.model import Assumptions
from mjspec.rules import RULES, find_rule
from mjspec.schemas import find_model
from mjspec.selection import chosen, names_file, nearest, selectors, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mjspec.source import Source
    from mjspec.versions import Version

__all__ = ["Config", "ConfigError", "config_for", "forget_configs", "read_config"]

_NAMES = ("mjspec.toml", "pyproject.toml")


class ConfigError(MjspecError):
    """A configuration cannot be used; the text has file, line and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a project says about its prompts.

    Attributes:
        path: The file; None where there is none.
        select: Names, codes or prefixes of the rules that are reported; ``ALL`` is every one.
        ignore: The same for rules that are not.
        per_file_ignores: The same by glob of the file's path.
        severity: Other severities, by rule name.
        exclude: Globs of files that folders do not give.
        versions: Versions that behave like a known one: ``"8.2" = "8.1"``.
        assume_version: What prompts without a version are checked against.
        known_flags: Custom options of the account.
        max_jobs: More jobs than this are an error.
        prices: Dollars a call by speed or billing key.
        baseline: A file with the findings that are known already and not reported.
    """

    path: Path | None = None
    select: tuple[str, ...] = ("ALL",)
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    versions: Mapping[str, Version] = field(default_factory=dict)
    assume_version: Version | None = None
    known_flags: frozenset[str] = frozenset()
    max_jobs: int | None = None
    prices: Mapping[str, float] = field(default_factory=dict)
    baseline: Path | None = None

    @property
    def assumptions(self) -> Assumptions:
        """What the compiler needs to know of it."""
        return Assumptions(self.versions, self.assume_version, self.known_flags)

    def version(self, name: str) -> Version | None:
        """The version with a name that people use, or that is declared; None if there is none."""
        low = name.strip().lower()
        niji = low.startswith("niji")
        number = low[4:].strip(" -_v") if niji else low.removeprefix("v").strip()
        return self.versions.get(f"niji {number}" if niji else number) or find_model(name)

    def excludes(self, path: str) -> bool:
        """Whether a file that was found in a folder is left out."""
        return any(names_file(glob, path, self.path) for glob in self.exclude)

    def reported(self, path: str) -> frozenset[str]:
        """The names of the rules whose findings in a file are reported."""
        ignored = [*self.ignore]
        for glob, several in self.per_file_ignores.items():
            if names_file(glob, path, self.path):
                ignored += several
        return chosen(self.select) - chosen(ignored)


def config_for(path: Path) -> Config:
    """The configuration that holds for a file or folder: the closest one above it.

    Raises:
        ConfigError: It is no valid configuration.
    """
    folder = Path(os.path.realpath(path))
    return _closest(folder if folder.is_dir() else folder.parent)


def forget_configs() -> None:
    """Read configurations anew, for a program that runs while they change."""
    _closest.cache_clear()


@lru_cache(maxsize=1 << 12)
def _closest(folder: Path) -> Config:
    for name in _NAMES:
        candidate = folder / name
        if candidate.is_file():
            config = read_config(candidate)
            if config is not None:
                return config
    return _closest(folder.parent) if folder.parent != folder else Config()


def read_config(path: Path) -> Config | None:
    """The configuration in a file; None for a ``pyproject.toml`` without one."""
    source = read_source(path)
    try:
        content = tomllib.loads(source.text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    if path.name == "pyproject.toml":
        content = content.get("tool", {}).get("mjspec")
        if content is None:
            return None
    values = {}
    for key, value in content.items():
        reader = _READERS.get(key)
        if reader is None:
            raise _fault(source, key, f"`{key}` is no setting{nearest(key, tuple(_READERS))}")
        try:
            values[key.replace("-", "_")] = reader(value)
        except ValueError as error:
            raise _fault(source, key, f"`{key}` {error}") from None
    if "baseline" in values:
        values["baseline"] = path.parent / values["baseline"]
    return Config(path=path, **values)


def _fault(source: Source, key: str, message: str) -> ConfigError:
    """An error at the key's first line; TOML readers keep no places."""
    pattern = rf"^[ \t]*(?:\[+[\w.\"' -]*?)?[\"']?({re.escape(key)})[\"']?\s*[=.\]]"
    match = re.search(pattern, source.text, re.MULTILINE)
    line, column = source.position(match.start(1)) if match else (1, 1)
    return ConfigError(f"{source.name}:{line}:{column}: {message}")


def _table(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("needs a table")  # noqa: TRY004 (a wrong setting, not a wrong argument)
    return value


def _severities(value: Any) -> dict[str, Severity]:
    levels = {str(level): level for level in Severity}
    result = {}
    for name, level in _table(value).items():
        rule = find_rule(name)
        if rule is None:
            raise ValueError(
                f"names the rule `{name}`, which does not exist{nearest(name, tuple(RULES))}"
            )
        if level not in levels:
            raise ValueError(f"says `{level}` for `{name}`; it is error, warning or info")
        result[rule.name] = levels[level]
    return result


def _declared(value: Any) -> dict[str, Version]:
    return {number: _version(like) for number, like in _table(value).items()}


def _version(value: Any) -> Version:
    version = find_model(str(value))
    if version is None:
        raise ValueError(f"names `{value}`, which is no known version")
    return version


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("needs a whole number from 1")
    return value


def _path(value: Any) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError("needs the path of a file")
    return Path(value)


def _prices(value: Any) -> dict[str, float]:
    table = _table(value)
    for name, amount in table.items():
        if isinstance(amount, bool) or not isinstance(amount, int | float) or amount < 0:
            raise ValueError(f"says `{amount}` for `{name}`; a price is dollars a call")
    return table


_READERS: dict[str, Callable[[Any], Any]] = {
    "select": selectors,
    "ignore": selectors,
    "per-file-ignores": lambda v: {glob: selectors(names) for glob, names in _table(v).items()},
    "severity": _severities,
    "exclude": texts,
    "versions": _declared,
    "assume-version": _version,
    "known-flags": lambda value: frozenset(text.lstrip("-") for text in texts(value)),
    "max-jobs": _number,
    "prices": _prices,
    "baseline": _path,
}
