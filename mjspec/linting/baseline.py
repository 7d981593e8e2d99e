"""The findings that a project knows already, so that only new ones are reported.

An entry is a file, a rule and the content of a line, with the number of such findings. Lines that
move stay known, and a line that changes is looked at anew.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.diagnostics import MjspecError
from mjspec.files import read_source, write_whole
from mjspec.linting.suppression import BEYOND
from mjspec.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from mjspec.diagnostics import Diagnostic
    from mjspec.source import Source

__all__ = ["VERSION", "BaselineError", "Key", "Screen", "read_baseline", "write_baseline"]

VERSION = 1
"""Rises when entries are made in another way."""

Key = tuple[str, str, str]
"""A file, the name of a rule, and the hash of a line."""

_HASH_LENGTH = 16
_VERSION_KEY = '"version"'


class BaselineError(MjspecError):
    """A baseline cannot be used; the text has file, line and column."""


class Screen:
    """Hides the findings of a baseline in one run, each as often as it is in there.

    Args:
        folder: What paths are relative to: the folder of the baseline.
        counts: Its entries.
    """

    def __init__(self, folder: Path, counts: Mapping[Key, int]) -> None:
        self._keys = _Keys(folder)
        self._folder = folder
        self._counts = counts
        self._left = dict(counts)
        self._finished: dict[str, AbstractSet[str]] = {}

    def fresh(self) -> Screen:
        """The same for another run."""
        return Screen(self._folder, self._counts)

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Whether a finding is known; one more of its kind may be new."""
        key = self._keys.key(diagnostic)
        left = self._left.get(key, 0)
        if left:
            self._left[key] = left - 1
        return left > 0

    def finish(self, name: str, reported: AbstractSet[str]) -> None:
        """Note that all findings of a file have passed.

        Args:
            name: The file.
            reported: The rules that are reported in it.
        """
        self._finished[self._keys.path(name)] = reported

    def gone(self) -> int:
        """How many findings are no longer there: in files that were read, or that are no more."""
        missing: dict[str, bool] = {}
        total = 0
        for (path, rule, _), left in self._left.items():
            if not left:
                continue
            reported = self._finished.get(path)
            if reported is None:
                if path not in missing:
                    missing[path] = not (self._folder / path).exists()
                total += left if missing[path] else 0
            elif rule not in RULES or (rule in reported and rule not in BEYOND):
                total += left
        return total


class _Keys:
    """Makes the keys of findings; what was asked last is remembered."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._paths: dict[str, str] = {}
        self._line: tuple[Source, int, int] | None = None
        self._hash = ""

    def key(self, diagnostic: Diagnostic) -> Key:
        """The entry that a finding belongs to."""
        source, span = diagnostic.location.source, diagnostic.location.span
        return self.path(source.name), diagnostic.rule.name, self._content(source, span.start)

    def path(self, name: str) -> str:
        """A file's path from the baseline's folder; options such as ``--prompt`` stay as they are."""
        if name not in self._paths:
            self._paths[name] = name if name.startswith("-") else self._relative(name)
        return self._paths[name]

    def _relative(self, name: str) -> str:
        full = Path(name).resolve()
        try:
            return Path(os.path.relpath(full, self._folder)).as_posix()
        except ValueError:
            # Another drive.
            return full.as_posix()

    def _content(self, source: Source, offset: int) -> str:
        known = self._line
        if known is None or known[0] is not source or not known[1] <= offset <= known[2]:
            start, end = source.line_span(source.position(offset).line)
            self._line = source, start, end
            text = source.text[start:end].strip()
            content = text.encode("utf-8", "surrogatepass")
            self._hash = sha256(content).hexdigest()[:_HASH_LENGTH]
        return self._hash


def write_baseline(path: Path, found: Iterable[Diagnostic]) -> tuple[int, int]:
    """Write all findings to a file, which is replaced at once.

    Args:
        path: The baseline.
        found: The findings.

    Returns:
        How many findings there are, and in how many files.

    Raises:
        FileError: It cannot be written; what was there is whole.
        OSError: It cannot be made.
    """
    keys = _Keys(path.parent)
    counts = Counter(map(keys.key, found))
    tree: dict[str, dict[str, dict[str, int]]] = {}
    for file, rule, content in sorted(counts):
        tree.setdefault(file, {}).setdefault(rule, {})[content] = counts[file, rule, content]
    text = json.dumps({"version": VERSION, "findings": tree}, indent=1, ensure_ascii=False)
    if path.exists():
        write_whole(path, f"{text}\n")
    else:
        _write_new(path.resolve(), f"{text}\n")
    return counts.total(), len(tree)


def _write_new(target: Path, text: str) -> None:
    """Make a file that has all of its text from the beginning."""
    temporary = target.with_name(f".mjspec-{os.getpid()}")
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def read_baseline(path: Path) -> Screen:
    """The findings that a file holds.

    Raises:
        FileError: It cannot be read.
        BaselineError: It holds something else, or was written by a later mjspec.
    """
    source = read_source(path)
    try:
        content = json.loads(source.text)
    except json.JSONDecodeError as error:
        place = f"{source.name}:{error.lineno}:{error.colno}"
        raise BaselineError(f"{place}: it is no JSON: {error.msg}; {_ANEW}") from None
    except (ValueError, RecursionError):
        raise BaselineError(f"{source.name}:1:1: it is no baseline; {_ANEW}") from None
    version = content.get("version") if isinstance(content, dict) else None
    if type(version) is not int or version < 1:
        raise _fault(source, _VERSION_KEY, f"it is no baseline: `version` has to be {VERSION}")
    if version > VERSION:
        message = f"a later mjspec wrote it (version {version}; this one knows {VERSION})"
        raise BaselineError(f"{_at(source, _VERSION_KEY)}: {message}")
    return Screen(path.parent, dict(_entries(source, content)))


_ANEW = "write it anew with --write-baseline"


def _entries(source: Source, content: dict[str, Any]) -> Iterable[tuple[Key, int]]:
    for file, found in _table(source, '"findings"', content.get("findings")).items():
        for rule, lines in _table(source, json.dumps(file, ensure_ascii=False), found).items():
            for line, count in _table(source, json.dumps(rule), lines).items():
                if type(count) is not int or count < 1:
                    raise _fault(source, json.dumps(line), f"`{count}` is no number of findings")
                yield (file, rule, line), count


def _table(source: Source, name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _fault(source, name, f"`{name[1:-1]}` needs an object")
    return value


def _fault(source: Source, name: str, message: str) -> BaselineError:
    """An error at a name, where it first stands."""
    return BaselineError(f"{_at(source, name)}: {message}; {_ANEW}")


def _at(source: Source, name: str) -> str:
    line, column = source.position(max(source.text.find(name), 0))
    return f"{source.name}:{line}:{column}"
