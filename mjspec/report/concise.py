"""The format for grep and editors: one line a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.report.cells import plain
from mjspec.report.page import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.report.page import Closing, Page

__all__ = ["write_concise"]


def write_concise(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """``path:line:column: severity CODE name message`` for each finding, then the counts."""
    for diagnostic in diagnostics:
        line, column = diagnostic.location.start
        path = page.paint(plain(diagnostic.location.source.name), "path")
        role, rule = ROLES[diagnostic.severity], diagnostic.rule
        kind = page.paint(f"{role} {rule.code}", role)
        jobs = f" ({diagnostic.jobs} jobs)" if diagnostic.jobs > 1 else ""
        message = plain(diagnostic.message)
        page.line(f"{path}:{line}:{column}: {kind} {rule.name} {message}{jobs}")
    page.close(closing())
