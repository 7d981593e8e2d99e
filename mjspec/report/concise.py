"""The format for grep and editors: one line a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.report.cells import plain
from mjspec.report.page import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic, Severity
    from mjspec.report.page import Closing, Page

__all__ = ["write_concise"]


def write_concise(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """``path:line:column: severity CODE name message`` for each finding, then the counts."""
    write = page.out.write
    names: dict[str, str] = {}
    kinds: dict[tuple[str, Severity], str] = {}
    for diagnostic in diagnostics:
        source, (start, _) = diagnostic.location
        name, rule, severity = source.name, diagnostic.rule, diagnostic.severity
        if name not in names:
            names[name] = page.paint(plain(name), "path")
        if (rule.code, severity) not in kinds:
            role = ROLES[severity]
            kinds[rule.code, severity] = f"{page.paint(f'{role} {rule.code}', role)} {rule.name}"
        line, column = source.position(start)
        jobs = f" ({diagnostic.jobs} jobs)" if diagnostic.jobs > 1 else ""
        kind = kinds[rule.code, severity]
        write(f"{names[name]}:{line}:{column}: {kind} {plain(diagnostic.message)}{jobs}\n")
    page.close(closing())
