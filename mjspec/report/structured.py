"""The formats for programs: one JSON document, or one JSON object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mjspec.report.page import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic, Fix
    from mjspec.report.page import Closing, Page
    from mjspec.source import Location

__all__ = ["JSON_VERSION", "record", "write_json", "write_jsonl"]

JSON_VERSION = 1
"""Rises when a field of a record changes its meaning or goes."""


def write_json(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """One document; each finding is written as it comes, on a line of its own."""
    page.out.write(f'{{"version": {JSON_VERSION}, "diagnostics": [')
    separator = "\n"
    for diagnostic in diagnostics:
        page.out.write(f"{separator}{_text(record(diagnostic))}")
        separator = ",\n"
    end = "" if separator == "\n" else "\n"
    page.line(f'{end}], "summary": {_text(closing().counts())}}}')


def write_jsonl(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """One finding a line and nothing else."""
    for diagnostic in diagnostics:
        page.line(_text(record(diagnostic)))
    closing()


def record(diagnostic: Diagnostic) -> dict[str, Any]:
    """A finding as JSON; lines and columns count from 1 in code points, ends are exclusive."""
    rule = diagnostic.rule
    return {
        **_range(diagnostic.location),
        "code": rule.code,
        "name": rule.name,
        "severity": ROLES[diagnostic.severity],
        "message": diagnostic.message,
        "help": diagnostic.help,
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
    }


def _range(location: Location) -> dict[str, Any]:
    start, end = location.start, location.end
    return {
        "path": location.source.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "applicability": fix.safety,
        "message": fix.message,
        "edits": [{**_range(edit.location), "replacement": edit.replacement} for edit in fix.edits],
    }


# `json.dumps` would make an encoder for each of many findings.
_text = json.JSONEncoder(ensure_ascii=False).encode
