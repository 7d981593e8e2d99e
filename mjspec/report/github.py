"""Annotations of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.report.place import relative_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.report.page import Closing, Page

__all__ = ["write_github"]

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_SHOWN = 10
"""Annotations of a kind that GitHub shows for one step; it drops the others without a word."""


def write_github(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """One workflow command for each finding, the worst first, and how many GitHub will not show."""
    found = sorted(diagnostics, key=lambda diagnostic: -diagnostic.severity)
    for diagnostic in found:
        page.line(_command(diagnostic))
    summary = closing()
    hidden = sum(
        max(number - _SHOWN, 0) for number in (summary.errors, summary.warnings, summary.infos)
    )
    if hidden:
        page.line(f"::notice title=mjspec::{hidden} more findings stand in the log of this step")
    page.close(summary)


def _command(diagnostic: Diagnostic) -> str:
    start, end = diagnostic.location.start, diagnostic.location.end
    properties = {"file": relative_path(diagnostic.location), "line": str(start.line)}
    if start.line == end.line:
        # Columns are refused where a finding runs over several lines.
        properties |= {"col": str(start.column), "endColumn": str(end.column)}
    properties |= {"endLine": str(end.line), "title": f"{diagnostic.code} {diagnostic.name}"}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = "\n".join(filter(None, (diagnostic.message, diagnostic.help)))
    return f"::{_COMMANDS[str(diagnostic.severity)]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
