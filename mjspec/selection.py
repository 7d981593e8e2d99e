"""Which rules a name, a code or a prefix means, and which files a glob means."""

from __future__ import annotations

import os
import re
from fnmatch import translate
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "SettingError",
    "chosen",
    "meant",
    "names_file",
    "nearest",
    "no_rule",
    "selectors",
    "texts",
]


_FAMILY = re.compile(r"MJ\d{0,3}")
_EVERY = "ALL"


class SettingError(ValueError):
    """A setting has a value that it cannot have.

    Attributes:
        names: The keys below the setting that lead to what is wrong, the value itself at the end.
    """

    def __init__(self, message: str, *names: object) -> None:
        super().__init__(message)
        self.names = tuple(str(name) for name in names)

    def below(self, name: str) -> SettingError:
        """The same, one table further out."""
        return SettingError(str(self), name, *self.names)


@lru_cache(maxsize=1 << 10)
def meant(selector: str) -> frozenset[str]:
    """The names of the rules that a name, a code, a prefix of codes or ``ALL`` stands for."""
    if selector == _EVERY:
        return frozenset(RULES)
    code, name = selector.upper(), selector.lower()
    if _FAMILY.fullmatch(code):
        return frozenset(rule.name for rule in RULES.values() if rule.code.startswith(code))
    return frozenset({name}) & RULES.keys()


def chosen(several: Iterable[str]) -> frozenset[str]:
    """The names of all rules that some selectors stand for."""
    return frozenset().union(*map(meant, several))


def selectors(value: Any) -> tuple[str, ...]:
    """Names, codes or prefixes of rules.

    Raises:
        SettingError: It is no list of texts, or one of them names no rule.
    """
    result = tuple(_EVERY if text.upper() == _EVERY else text for text in texts(value))
    for text in result:
        if not meant(text):
            raise no_rule(text)
    return result


def no_rule(name: str) -> SettingError:
    """The error about a name, a code or a prefix that stands for no rule."""
    hint = nearest(name.lower(), tuple(RULES), "; `mjspec rule` lists all of them")
    return SettingError(f"names the rule `{name}`, which does not exist{hint}", name)


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        SettingError: It is none.
    """
    if not isinstance(value, list):
        raise SettingError("needs a list of texts")
    for item in value:
        if not isinstance(item, str):
            raise SettingError("needs a list of texts", item)
    return tuple(value)


def nearest(name: str, known: tuple[str, ...], otherwise: str | None = None) -> str:
    """The end of a sentence about a name that is not known: what was probably meant.

    Args:
        name: What was typed.
        known: The names that there are.
        otherwise: What to say if none is close; all of them by default.
    """
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1, 0.6)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; there are {', '.join(known)}" if otherwise is None else otherwise


def names_file(glob: str, path: str, config: Path | None) -> bool:
    """Whether a glob, relative to the configuration, names a file."""
    relative = path
    if config is not None and path:
        full = Path(os.path.realpath(path))
        root = config.parent.resolve()
        relative = full.relative_to(root).as_posix() if full.is_relative_to(root) else path
    named = _pattern(glob)
    return bool(named.fullmatch(relative) or ("/" not in glob and named.fullmatch(Path(path).name)))


@lru_cache(maxsize=1 << 8)
def _pattern(glob: str) -> re.Pattern[str]:
    """What a glob means: `*` goes on into folders, `**/` also stands for none, a folder for all in it."""
    parts = glob.removeprefix("./").strip("/").split("**/")
    # The translation of a glob is `(?s:...)` with a sign for the end behind it.
    body = "(?:.*/)?".join(translate(part)[:-2] for part in parts)
    return re.compile(f"{body}(?:/.*)?", re.DOTALL)
