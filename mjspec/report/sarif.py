"""SARIF 2.1.0, with all that GitHub's code scanning asks for."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mjspec._version import __version__
from mjspec.report.linehash import line_hashes
from mjspec.report.page import ROLES
from mjspec.report.place import relative_path
from mjspec.rules import RULES
from mjspec.rules.page import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic, Fix
    from mjspec.report.page import Closing, Page
    from mjspec.report.summary import Summary
    from mjspec.rules import Rule
    from mjspec.source import Location, Source

__all__ = ["write_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_MOST = 25_000
"""Code scanning refuses a run with more results."""
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def write_sarif(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """One run with every rule and the results, the worst of them where there are too many."""
    found = list(diagnostics)
    summary = closing()
    if len(found) > _MOST:
        found = sorted(found, key=lambda diagnostic: -diagnostic.severity)[:_MOST]
    indexes = {name: index for index, name in enumerate(RULES)}
    run = {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(summary, len(found))],
    }
    # One result a line: the encoder that knows line breaks of its own is far slower.
    page.out.write(f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n')
    for name, value in run.items():
        page.line(f'"{name}": {_text(value)},')
    page.out.write('"results": [')
    separator = "\n"
    for diagnostic, fingerprint in zip(found, _fingerprints(found), strict=True):
        result = _result(diagnostic, indexes[diagnostic.name], fingerprint, page.root)
        page.out.write(f"{separator}{_text(result)}")
        separator = ",\n"
    page.line("]}]}")


def _invocation(summary: Summary, told: int) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": not summary.unread}
    notices = []
    if summary.unread:
        notices.append(("error", f"Sources that could not be read: {summary.unread}."))
    if summary.findings > told:
        notices.append(("warning", f"{summary.findings - told} more findings are left out."))
    if notices:
        invocation["toolExecutionNotifications"] = [
            {"level": level, "message": {"text": text}} for level, text in notices
        ]
    return invocation


def _driver() -> dict[str, Any]:
    return {
        "name": "mjspec",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": "https://github.com/mjspec/mjspec",
        "rules": [_rule(rule) for rule in RULES.values()],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    severity = ROLES[rule.severity]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.why, "markdown": markdown(rule)},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "tags": ["midjourney"],
            "precision": "very-high",
            "problem.severity": _PROBLEMS[severity],
        },
    }


def _result(diagnostic: Diagnostic, index: int, fingerprint: str, root: str) -> dict[str, Any]:
    text = "\n".join(filter(None, (diagnostic.message, diagnostic.help)))
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVELS[ROLES[diagnostic.severity]],
        "message": _message(text),
        "locations": [{"physicalLocation": _physical(diagnostic.location, root)}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    related = [
        {
            "id": number,
            "physicalLocation": _physical(note.location, root),
            "message": _message(note.message),
        }
        for number, note in enumerate(diagnostic.notes, 1)
        if note.location is not None
    ]
    if related:
        result["relatedLocations"] = related
    if diagnostic.fix:
        result["fixes"] = [_fix(diagnostic.fix, root)]
    return result


def _message(text: str) -> dict[str, str]:
    # Brackets before a parenthesis are a link in SARIF; in a prompt they are text.
    return {"text": _LINK.sub(r"\\[", text)}


def _fix(fix: Fix, root: str) -> dict[str, Any]:
    first = fix.edits[0].location
    replacements = [
        {
            "deletedRegion": _region(edit.location),
            "insertedContent": {"text": edit.replacement},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(first, root), "replacements": replacements}
    doubt = " (a guess)" if fix.safety == "unsafe" else ""
    return {"description": _message(f"{fix.message}{doubt}"), "artifactChanges": [change]}


def _physical(location: Location, root: str) -> dict[str, Any]:
    return {"artifactLocation": _artifact(location, root), "region": _region(location)}


def _artifact(location: Location, root: str) -> dict[str, str]:
    return {"uri": _uri(relative_path(location, root))}


@lru_cache(maxsize=1 << 8)
def _uri(path: str) -> str:
    if PurePath(path).is_absolute():
        path = f"/{path.lstrip('/')}"
        return f"file://{quote(path, safe='/', errors='replace')}"
    return quote(path, safe="/", errors="replace")


def _region(location: Location) -> dict[str, int]:
    start, end = location.start, location.end
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


# `json.dumps` would make an encoder for each of many findings.
_text = json.JSONEncoder(ensure_ascii=False).encode


def _fingerprints(found: list[Diagnostic]) -> list[str]:
    """The hash of each finding's line; each source is walked once."""
    lines: dict[int, tuple[Source, set[int]]] = {}
    for diagnostic in found:
        source = diagnostic.location.source
        lines.setdefault(id(source), (source, set()))[1].add(diagnostic.location.start.line)
    hashes = {key: line_hashes(source, wanted) for key, (source, wanted) in lines.items()}
    return [hashes[id(d.location.source)][d.location.start.line] for d in found]
