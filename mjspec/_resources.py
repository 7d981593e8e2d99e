"""The files of ``grammars/`` and ``schemas/``, in a checkout and in an installed wheel."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["folder", "grammar", "schema"]

Folder = Literal["grammars", "schemas"]


@cache
def folder(name: Folder) -> Traversable:
    """The folder of this name: inside the package when installed, beside it in a checkout.

    Raises:
        FileNotFoundError: mjspec was installed without it.
    """
    package = files("mjspec")
    candidates = [package.joinpath(name)]
    if isinstance(package, Path):
        candidates.append(package.parent / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"mjspec is installed without its {name}/ folder")


def grammar(name: str) -> str:
    """The text of a grammar file."""
    return folder("grammars").joinpath(name).read_text(encoding="utf-8")


@cache
def schema(name: str) -> dict[str, Any]:
    """A schema file, parsed. The result is shared: do not change it."""
    loaded: dict[str, Any] = json.loads(folder("schemas").joinpath(name).read_text("utf-8"))
    return loaded
