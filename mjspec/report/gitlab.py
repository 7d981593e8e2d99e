"""The Code Quality report of GitLab."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from mjspec.report.page import ROLES
from mjspec.report.place import line_start, relative_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.report.page import Closing, Page

__all__ = ["write_gitlab"]

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}
_LINE = 1000
"""Characters of a line that tell it from others."""


def write_gitlab(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """One array of findings."""
    seen: Counter[str] = Counter()
    separator = "\n"
    page.out.write("[")
    for diagnostic in diagnostics:
        issue = _text(_issue(diagnostic, seen, page))
        page.out.write(f"{separator}{issue}")
        separator = ",\n"
    page.line("]" if separator == "\n" else "\n]")
    closing()


def _issue(diagnostic: Diagnostic, seen: Counter[str], page: Page) -> dict[str, Any]:
    path = relative_path(diagnostic.location, page.root)
    start, end = diagnostic.location.start, diagnostic.location.end
    return {
        "description": diagnostic.message,
        "check_name": diagnostic.name,
        "fingerprint": _fingerprint(diagnostic, path, seen),
        "severity": _SEVERITIES[ROLES[diagnostic.severity]],
        "location": {
            "path": path,
            "positions": {
                "begin": {"line": start.line, "column": start.column},
                "end": {"line": end.line, "column": end.column},
            },
        },
    }


def _fingerprint(diagnostic: Diagnostic, path: str, seen: Counter[str]) -> str:
    """A name that survives when lines move; GitLab shows only the first of equal ones."""
    start = line_start(diagnostic.location)
    line = diagnostic.location.source.text[start : start + _LINE].partition("\n")[0].strip()
    what = f"{path}\0{diagnostic.code}\0{line}"
    seen[what] += 1
    return sha256(f"{what}\0{seen[what]}".encode(errors="surrogatepass")).hexdigest()


# `json.dumps` would make an encoder for each of many findings.
_text = json.JSONEncoder(ensure_ascii=False).encode
