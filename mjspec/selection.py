"""Which rules a name, a code or a prefix means, and which files a glob means."""

from __future__ import annotations

import os
import re
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mjspec.rules import RULES, find_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["chosen", "meant", "names_file", "nearest", "selectors", "texts"]

_FAMILY = re.compile(r"MJ\d{0,3}", re.IGNORECASE)


@lru_cache(maxsize=1 << 10)
def meant(selector: str) -> frozenset[str]:
    """The names of the rules that a name, a code, a prefix of codes or ``ALL`` stands for."""
    if selector == "ALL":
        return frozenset(RULES)
    code, name = selector.upper(), selector.lower()
    return frozenset(
        rule.name for rule in RULES.values() if rule.code.startswith(code) or rule.name == name
    )


def chosen(several: Iterable[str]) -> frozenset[str]:
    """The names of all rules that some selectors stand for."""
    return frozenset().union(*map(meant, several))


def selectors(value: Any) -> tuple[str, ...]:
    """Names, codes or prefixes of rules.

    Raises:
        ValueError: It is no list of texts, or one of them names no rule.
    """
    for text in texts(value):
        if text != "ALL" and not _FAMILY.fullmatch(text) and find_rule(text) is None:
            raise ValueError(
                f"names the rule `{text}`, which does not exist{nearest(text, tuple(RULES))}"
            )
    return tuple(value)


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("needs a list of texts")
    return tuple(value)


def nearest(name: str, known: tuple[str, ...]) -> str:
    """The end of a sentence about a name that is not known: what was probably meant."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, 1, 0.6)
    return f"; did you mean `{close[0]}`?" if close else f"; there are {', '.join(known)}"


def names_file(glob: str, path: str, config: Path | None) -> bool:
    """Whether a glob, relative to the configuration, names a file."""
    relative = path
    if config is not None and path:
        full = Path(os.path.realpath(path))
        root = config.parent.resolve()
        relative = full.relative_to(root).as_posix() if full.is_relative_to(root) else path
    return (
        fnmatch(relative, glob)
        or fnmatch(relative, f"{glob.rstrip('/')}/*")
        or fnmatch(Path(path).name, glob)
    )
