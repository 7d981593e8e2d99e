"""Annotations of GitHub Actions."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from mjspec.diagnostics import Severity
from mjspec.report.cells import plain
from mjspec.report.full import write_full
from mjspec.report.place import is_file, relative_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.report.page import Closing, Page

__all__ = ["write_github"]

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}
_SHOWN = 10
"""Annotations of a kind that GitHub shows for one step; it drops the others without a word."""


def write_github(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """One workflow command for each finding, the worst first, and then the report for people.

    GitHub shows a few commands beside the code and prints the others without their place, so the
    log has all of them once more in full.
    """
    found = list(diagnostics)
    hidden = _hidden([diagnostic.severity for diagnostic in found])
    ranked = sorted(found, key=lambda diagnostic: -diagnostic.severity)
    notices = [diagnostic for diagnostic in ranked if diagnostic.severity is Severity.INFO]
    for diagnostic in ranked[: len(ranked) - len(notices)]:
        page.line(_command(diagnostic, page))
    if hidden:
        # It comes before the other notices, or it would be the first to be dropped.
        page.line(f"::notice title=mjspec::{hidden} more findings stand in the log of this step")
    for diagnostic in notices:
        page.line(_command(diagnostic, page))
    _write_log(found, closing, page)


def _hidden(severities: list[Severity]) -> int:
    """How many findings GitHub leaves out; saying so takes the place of one notice."""
    more = {level: severities.count(level) - _SHOWN for level in Severity}
    if all(number <= 0 for number in more.values()):
        return 0
    more[Severity.INFO] += 1
    return sum(max(number, 0) for number in more.values())


def _write_log(found: list[Diagnostic], closing: Closing, page: Page) -> None:
    """The findings as people read them, with nothing in them that is a command to the runner."""
    text = io.StringIO()
    write_full(found, closing, replace(page, out=text))
    # The runner obeys `##[` wherever it stands in a line, and prompts come from anywhere.
    page.out.write(text.getvalue().replace("##[", "## ["))


def _command(diagnostic: Diagnostic, page: Page) -> str:
    start, end = diagnostic.location.start, diagnostic.location.end
    properties = {}
    if is_file(diagnostic.location):
        properties = {
            "file": relative_path(diagnostic.location, page.root),
            "line": str(start.line),
            "endLine": str(end.line),
        }
        if start.line == end.line:
            # Columns are refused where a finding runs over several lines.
            properties |= {"col": str(start.column), "endColumn": str(end.column)}
    properties["title"] = f"{diagnostic.code} {diagnostic.name}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = "\n".join(plain(part) for part in (diagnostic.message, diagnostic.help) if part)
    return f"::{_COMMANDS[str(diagnostic.severity)]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
