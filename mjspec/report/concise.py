"""The format for grep and editors: one line a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.report.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.report.page import Closing, Page, Role

__all__ = ["write_concise"]


def write_concise(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """``path:line:column: severity CODE name message`` for each finding, then the counts."""
    roles: dict[str, Role] = {"error": "error", "warning": "warning", "info": "info"}
    for diagnostic in diagnostics:
        line, column = diagnostic.location.start
        path = page.paint(plain(diagnostic.location.source.name), "path")
        severity = str(diagnostic.severity)
        kind = page.paint(f"{severity} {diagnostic.code}", roles[severity])
        jobs = f" ({diagnostic.jobs} jobs)" if diagnostic.jobs > 1 else ""
        message = plain(diagnostic.message)
        page.line(f"{path}:{line}:{column}: {kind} {diagnostic.name} {message}{jobs}")
    page.close(closing())
