"""The files of ``grammars/`` and ``schemas/``, in a checkout and in an installed wheel."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

__all__ = ["folder", "grammar", "schema"]

Folder = Literal["grammars", "schemas"]


@cache
def folder(name: Folder) -> Path:
    """The folder of this name: inside the package when installed, beside it in a checkout.

    Raises:
        FileNotFoundError: mjspec was installed without it.
    """
    package = Path(__file__).parent
    for candidate in (package / name, package.parent / name):
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
