"""What git would leave out: ``.gitignore``, nested ones, and ``.git/info/exclude``.

The rules are those of gitignore(5): the last pattern that matches decides, closer files come later,
and what lies in an ignored folder is not looked at. Patterns of the user's own ignore file
(``core.excludesFile``) do not hold, so that the same files are found on every machine.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from warnings import catch_warnings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["IGNORE_FILE", "REPOSITORY", "Ignores", "ignores_at", "repository_ignores"]

IGNORE_FILE = ".gitignore"
REPOSITORY = ".git"

_LARGEST = 1 << 20
_BEHIND = "ps_d"
"""The group with the slash behind what a pattern matches, where the path goes on."""

_CLASSES = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "0-9A-Za-z",
    "upper": "A-Z",
    "lower": "a-z",
    "xdigit": "0-9A-Fa-f",
    "space": " \t\n\v\f\r",
    "blank": " \t",
    "punct": "!-.:-@[-`{-~",
}
_CLASS = re.compile(rf"(.*\[[!^]?\]?[^\]]*?)\[:({'|'.join(_CLASSES)}):\]")

_ESCAPED = re.compile(r"(?<!\\)\[([!^]?)([^\]\\]*)\\\]([^\]\\]*)\]")


class _Pattern(NamedTuple):
    """A pattern of an ignore file.

    Attributes:
        regex: What it matches: a path, and everything under one.
        include: Whether what it matches is ignored; otherwise it is not.
    """

    regex: re.Pattern[str]
    include: bool

    def matches(self, path: str) -> bool:
        """Whether it matches a path itself, not only a folder above it."""
        # Patterns such as `*/` are found anywhere in a path, the others at its beginning.
        match = self.regex.search(path)
        if match is None:
            return False
        if _BEHIND not in self.regex.groupindex:
            return True
        last = len(path) - 1
        return match.start(_BEHIND) in (-1, last) or any(
            other.start(_BEHIND) == last for other in self.regex.finditer(path)
        )


@dataclass(frozen=True, slots=True)
class Ignores:
    """The rules that hold in a folder: those of each file with the length of its folder's path."""

    layers: tuple[tuple[int, tuple[_Pattern, ...]], ...] = ()

    def under(self, folder: str) -> Ignores:
        """The rules with those of a folder's own ignore file behind them."""
        rules = _rules(os.path.join(folder, IGNORE_FILE))  # noqa: PTH118 (a hot path of texts)
        return Ignores((*self.layers, (_root(folder), rules))) if rules else self

    def ignore(self, path: str, *, folder: bool) -> bool:
        """Whether a path is left out by itself; its folders were asked before.

        Args:
            path: An absolute path in the folder.
            folder: Whether it is a folder.
        """
        for root, rules in reversed(self.layers):
            relative = _bytewise(path[root:].replace(os.sep, "/"))
            asked = f"{relative}/" if folder else relative
            for pattern in rules:
                if pattern.matches(asked):
                    return pattern.include
        return False


def ignores_at(folder: Path) -> Ignores:
    """The rules in a folder: those of the folders above it, up to the repository's root.

    Outside of a repository only the folder's own file holds.

    Args:
        folder: An absolute path without links.
    """
    above = [folder, *folder.parents]
    root = next((at for at, path in enumerate(above) if (path / REPOSITORY).exists()), None)
    if root is None:
        return Ignores().under(str(folder))
    ignores = repository_ignores(str(above[root]))
    for path in reversed(above[: root + 1]):
        ignores = ignores.under(str(path))
    return ignores


def repository_ignores(root: str) -> Ignores:
    """The rules of a repository that stand in no ``.gitignore``: ``info/exclude``."""
    rules = _rules(str(_shared(Path(root, REPOSITORY)) / "info" / "exclude"))
    return Ignores(((_root(root), rules),)) if rules else Ignores()


def _shared(repository: Path) -> Path:
    """The folder of a repository's own files; worktrees and submodules name it in a file."""
    if repository.is_dir():
        return repository
    own = repository.parent / _line(repository).removeprefix("gitdir:").strip()
    common = _line(own / "commondir").strip()
    return own / common


def _line(path: Path) -> str:
    try:
        return os.fsdecode(path.read_bytes()[:_LARGEST]).partition("\n")[0]
    except (OSError, ValueError):
        return ""


def _root(folder: str) -> int:
    return len(folder.rstrip(os.sep)) + 1


@lru_cache(maxsize=1 << 10)
def _rules(path: str) -> tuple[_Pattern, ...]:
    """The patterns of an ignore file, the last first; none where there is no such regular file."""
    try:
        # Git follows no link to an ignore file either.
        file = Path(path)
        if file.is_symlink() or not file.is_file():
            return ()
        with file.open("rb") as stream:
            data = stream.read(_LARGEST)
    except (OSError, ValueError):
        return ()
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return tuple(reversed(list(_patterns(line.removesuffix(b"\r") for line in lines))))


def _patterns(lines: Iterable[bytes]) -> Iterator[_Pattern]:
    """The patterns in some lines; git leaves out one that is broken, and goes on with the others."""
    from pathspec.patterns.gitignore import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    for line in lines:
        try:
            # Brackets may hold what a later Python will read otherwise; it says so aloud.
            with catch_warnings(action="ignore", category=FutureWarning):
                pattern = GitIgnoreSpecPattern(_spelled(line.decode("latin-1")))
        except GitIgnorePatternError:
            continue
        if pattern.regex is not None and pattern.include is not None:
            yield _Pattern(pattern.regex, pattern.include)


def _spelled(line: str) -> str:
    """A pattern in words that the library reads as git does.

    `x/**` matches what is below `x`, not `x` itself, so that something in it can be included again.
    """
    text = line.rstrip(" ")
    for end in ("/**", "/**/"):
        if text.endswith(end) and text.lstrip("!") != end:
            line = f"{text.removesuffix('/')}/*{'/' if end.endswith('/') else ''}"
    # A bracket that is escaped in brackets needs no escape where it comes first.
    line = _ESCAPED.sub(lambda match: f"[{match[1]}]{match[2]}{match[3]}]", line)
    while match := _CLASS.match(line):
        line = f"{match[1]}{_CLASSES[match[2]]}{line[match.end() :]}"
    return line


def _bytewise(path: str) -> str:
    """A path with one character for each byte, as git compares them: ``?`` is no ``é``."""
    return path if path.isascii() else os.fsencode(path).decode("latin-1")
