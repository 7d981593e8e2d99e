"""SARIF 2.1.0, with all that GitHub's code scanning asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mjspec._version import __version__
from mjspec.report.linehash import line_hashes
from mjspec.report.place import relative_path
from mjspec.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic, Fix
    from mjspec.report.page import Closing, Page
    from mjspec.rules import Rule
    from mjspec.source import Location, Source

__all__ = ["write_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}


def write_sarif(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """One run with every rule and all results."""
    found = list(diagnostics)
    closing()
    fingerprints = _fingerprints(found)
    indexes = {name: index for index, name in enumerate(RULES)}
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True}],
                "results": [
                    _result(diagnostic, indexes[diagnostic.name], fingerprint)
                    for diagnostic, fingerprint in zip(found, fingerprints, strict=True)
                ],
            }
        ],
    }
    json.dump(log, page.out, indent=1, ensure_ascii=False)
    page.line()


def _driver() -> dict[str, Any]:
    return {
        "name": "mjspec",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": "https://github.com/mjspec/mjspec",
        "rules": [_rule(rule) for rule in RULES.values()],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    severity = str(rule.severity)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.why, "markdown": _markdown(rule)},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "tags": ["midjourney"],
            "precision": "very-high",
            "problem.severity": _PROBLEMS[severity],
        },
    }


def _markdown(rule: Rule) -> str:
    parts = [rule.summary, rule.why]
    for title, example in (("Bad", rule.bad), ("Good", rule.good)):
        if example:
            text = example if len(example) <= 1000 else f"{example[:1000]}..."  # noqa: PLR2004 (room on a page)
            parts.append(f"{title}:\n\n```\n{text.rstrip()}\n```")
    return "\n\n".join(parts)


def _result(diagnostic: Diagnostic, index: int, fingerprint: str) -> dict[str, Any]:
    text = "\n".join(filter(None, (diagnostic.message, diagnostic.help)))
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": _LEVELS[str(diagnostic.severity)],
        "message": {"text": text},
        "locations": [{"physicalLocation": _physical(diagnostic.location)}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }
    related = [
        {
            "id": number,
            "physicalLocation": _physical(note.location),
            "message": {"text": note.message},
        }
        for number, note in enumerate(diagnostic.notes, 1)
        if note.location is not None
    ]
    if related:
        result["relatedLocations"] = related
    if diagnostic.fix:
        result["fixes"] = [_fix(diagnostic.fix)]
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    first = fix.edits[0].location
    replacements = [
        {
            "deletedRegion": _region(edit.location),
            "insertedContent": {"text": edit.replacement},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(first), "replacements": replacements}
    return {"description": {"text": fix.message}, "artifactChanges": [change]}


def _physical(location: Location) -> dict[str, Any]:
    return {"artifactLocation": _artifact(location), "region": _region(location)}


def _artifact(location: Location) -> dict[str, str]:
    return {"uri": quote(relative_path(location), safe="/", errors="replace")}


def _region(location: Location) -> dict[str, int]:
    start, end = location.start, location.end
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _fingerprints(found: list[Diagnostic]) -> list[str]:
    """The hash of each finding's line; each source is walked once."""
    lines: dict[int, tuple[Source, set[int]]] = {}
    for diagnostic in found:
        source = diagnostic.location.source
        lines.setdefault(id(source), (source, set()))[1].add(diagnostic.location.start.line)
    hashes = {key: line_hashes(source, wanted) for key, (source, wanted) in lines.items()}
    return [hashes[id(d.location.source)][d.location.start.line] for d in found]
