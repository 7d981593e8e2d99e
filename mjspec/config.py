"""The configuration: ``mjspec.toml``, or ``[tool.mjspec]`` in ``pyproject.toml``; the closest wins."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.config_values import READERS, no_version
from mjspec.diagnostics import MjspecError
from mjspec.files import read_source
from mjspec.jobs.model import Assumptions
from mjspec.schemas import find_model
from mjspec.selection import SettingError, chosen, names_file, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.diagnostics import Severity
    from mjspec.source import Source
    from mjspec.versions import Version

__all__ = ["Config", "ConfigError", "config_for", "forget_configs", "read_config"]

_NAMES = ("mjspec.toml", "pyproject.toml")
_SECTION = ("tool", "mjspec")


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
    """The configuration in a file; None for a ``pyproject.toml`` without one.

    Raises:
        ConfigError: It is no valid configuration.
        FileError: It cannot be read.
    """
    source = read_source(path)
    table = _SECTION if path.name == "pyproject.toml" else ()
    content = _content(source, table)
    if content is None:
        return None
    values = {}
    for key, value in content.items():
        reader = READERS.get(key)
        if reader is None:
            message = f"`{key}` is no setting{nearest(key, tuple(READERS))}"
            raise _fault(source, (*table, key), message)
        try:
            values[key.replace("-", "_")] = reader(value)
        except SettingError as error:
            raise _fault(source, (*table, key, *error.names), f"`{key}` {error}") from None
    try:
        return _config(path, values)
    except SettingError as error:
        raise _fault(source, (*table, *error.names), str(error)) from None


def _content(source: Source, table: tuple[str, ...]) -> dict[str, Any] | None:
    """What a file says in a table; None if it does not have it."""
    import tomllib

    try:
        content: Any = tomllib.loads(source.text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(source, str(error)) from None
    except RecursionError:
        raise ConfigError(f"{source.name}:1:1: values are nested too deeply") from None
    for index, key in enumerate(table):
        if not isinstance(content, dict):
            raise _fault(source, table[:index], f"`{'.'.join(table[:index])}` needs a table")
        if key not in content:
            return None
        content = content[key]
    if not isinstance(content, dict):
        raise _fault(source, table, f"`{'.'.join(table)}` needs a table")
    return content


def _config(path: Path, values: dict[str, Any]) -> Config:
    """The settings of a file, put together.

    Raises:
        SettingError: One of them does not go with the others.
    """
    if "baseline" in values:
        values["baseline"] = path.parent / values["baseline"]
    assumed = values.pop("assume_version", None)
    config = Config(path=path, **values)
    if assumed is None:
        return config
    version = config.version(assumed)
    if version is None:
        key = "assume-version"
        raise SettingError(f"`{key}` {no_version(assumed, config.versions)}", key, assumed)
    return replace(config, assume_version=version)


def _fault(source: Source, names: tuple[str, ...], message: str) -> ConfigError:
    """An error at a key, or at a value that stands behind it."""
    from mjspec.toml_places import place_of

    line, column = source.position(place_of(source.text, names))
    return ConfigError(f"{source.name}:{line}:{column}: {message}")


def _no_toml(source: Source, message: str) -> ConfigError:
    from mjspec.toml_places import syntax_place

    what, line, column = syntax_place(message)
    if line is None:
        line, column = source.position(len(source.text))
    return ConfigError(f"{source.name}:{line}:{column}: {what[:1].lower()}{what[1:]}")
