"""Findings as the protocol tells them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from mjspec import rules
from mjspec.diagnostics import Severity
from mjspec.lsp.positions import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.diagnostics import Diagnostic
    from mjspec.lsp.checking import Checked
    from mjspec.lsp.documents import Document
    from mjspec.lsp.positions import Encoding
    from mjspec.source import Location, Source

__all__ = ["MOST", "SOURCE", "told"]

SOURCE = "mjspec"
MOST = 1000
"""Findings told for one document; no editor shows more, and typing has to stay fluid."""

_MOST_RELATED = 20
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_UNNECESSARY = frozenset(
    {
        rules.OVERRIDDEN_BY_FIELD.name,
        rules.DUPLICATE_JOB.name,
        rules.DUPLICATE_PARAMETER.name,
        rules.UNUSED_VARIABLE.name,
    }
)
_DEPRECATED = frozenset({rules.OBSOLETE_PARAMETER.name})


def told(checked: Checked) -> list[types.Diagnostic]:
    """What was found in a document, the errors first where there is too much to tell."""
    document = checked.document
    own = [found for found in checked.found if found.location.source is document.source]
    result = [_diagnostic(found, document) for found in _worst(own)]
    if len(own) > MOST:
        message = f"{len(own) - MOST:,} more findings; `mjspec lint` shows all of them"
        result.append(_remark(message, document.lines.range(own[MOST].location.span)))
    return [*result, *_elsewhere(checked)]


def _worst(found: list[Diagnostic]) -> list[Diagnostic]:
    if len(found) <= MOST:
        return found
    return sorted(found, key=lambda each: -each.severity)[:MOST]


def _diagnostic(found: Diagnostic, document: Document) -> types.Diagnostic:
    return types.Diagnostic(
        range=document.lines.range(found.location.span),
        message=_message(found),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        code_description=types.CodeDescription(href=found.url),
        source=SOURCE,
        tags=_tags(found) or None,
        related_information=_related(found, document) or None,
    )


def _message(found: Diagnostic) -> str:
    """The message with what has no place of its own in the protocol, a line each."""
    lines = [f"{found.message} [{found.name}]"]
    lines += [note.message for note in found.notes if note.location is None]
    if found.help:
        lines.append(f"help: {found.help}")
    if found.jobs > 1:
        lines.append(f"{found.jobs} jobs have this")
    return "\n".join(lines)


def _tags(found: Diagnostic) -> list[types.DiagnosticTag]:
    if found.name in _DEPRECATED:
        return [types.DiagnosticTag.Deprecated]
    # Where two values differ, nobody knows which of them is not needed.
    if found.name in _UNNECESSARY and found.severity is not Severity.ERROR:
        return [types.DiagnosticTag.Unnecessary]
    return []


def _related(found: Diagnostic, document: Document) -> list[types.DiagnosticRelatedInformation]:
    return [
        types.DiagnosticRelatedInformation(_location(note.location, document), note.message)
        for note in found.notes
        if note.location is not None
    ]


def _location(place: Location, document: Document) -> types.Location:
    if place.source is document.source:
        return types.Location(document.uri, document.lines.range(place.span))
    lines = _lines(place.source, document.encoding)
    return types.Location(_uri(place.source, document), lines.range(place.span))


@lru_cache(maxsize=1 << 3)
def _lines(source: Source, encoding: Encoding) -> Lines:
    return Lines(source.text, encoding)


def _uri(source: Source, document: Document) -> str:
    if source.name == document.source.name:
        return document.uri
    return from_fs_path(str(Path(source.name).absolute())) or source.name


def _elsewhere(checked: Checked) -> Iterator[types.Diagnostic]:
    """One finding for each file that this one names and that has findings of its own."""
    document = checked.document
    others: dict[str, list[Diagnostic]] = {}
    for found in checked.found:
        if found.location.source is not document.source:
            others.setdefault(found.location.source.name, []).append(found)
    for name, several in others.items():
        shown = Path(name).name
        at = max(document.text.find(shown), 0)
        end = at + len(shown) if document.text.startswith(shown, at) else at
        count = "a finding" if len(several) == 1 else f"{len(several)} findings"
        worst = max(several, key=lambda each: each.severity)
        remark = _remark(f"{count} in `{shown}`: {worst.message}", document.range(at, end))
        remark.severity = _SEVERITIES[worst.severity]
        remark.code = worst.code
        remark.related_information = [
            types.DiagnosticRelatedInformation(_location(each.location, document), each.message)
            for each in several[:_MOST_RELATED]
        ]
        yield remark


def _remark(message: str, place: types.Range) -> types.Diagnostic:
    information = types.DiagnosticSeverity.Information
    return types.Diagnostic(range=place, message=message, severity=information, source=SOURCE)
