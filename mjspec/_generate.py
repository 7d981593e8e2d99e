"""Everything that is derived from the table and kept in files: write it, or check that it is fresh.

``python -m mjspec._generate`` writes, with ``--check`` it compares and exits with 1 on a difference.
It works on a checkout.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mjspec.language.grammar import terminals
from mjspec.rules import RULES
from mjspec.rules.page import reference
from mjspec.schemas import body_schema, file_name, schema_names
from mjspec.spec_schema import spec_schema

__all__ = ["derived", "main"]


def derived() -> dict[str, str]:
    """The text of every derived file, by its path in the checkout."""
    files = {f"schemas/{file_name(v)}": _dump(body_schema(v)) for v in schema_names()}
    files["schemas/spec.json"] = _dump(spec_schema())
    files["mjspec/language/_terminals.py"] = _module(terminals())
    files["mjspec/rules/README.md"] = reference(RULES.values())
    return files


def _module(patterns: dict[str, str]) -> str:
    lines = "".join(
        f"    {json.dumps(name)}: {json.dumps(text)},\n" for name, text in patterns.items()
    )
    return (
        '"""Terminals of the grammar. Written by `python -m mjspec._generate`."""\n\n'
        '__all__ = ["TERMINALS"]\n\n'
        f"TERMINALS = {{\n{lines}}}\n"
    )


def _dump(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write or check the files; the number of stale files decides the exit code of a check."""
    root = Path(__file__).parent.parent
    stale = []
    for name, text in derived().items():
        path = root / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    for name in stale:
        sys.stdout.write(f"{'stale' if '--check' in arguments else 'written'}: {name}\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
