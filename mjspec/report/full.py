"""The format for people: the source line, underlined, with notes, help and what can be fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec.report.cells import plain
from mjspec.report.frame import draw
from mjspec.report.page import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic, Fix
    from mjspec.report.page import Closing, Page, Role

__all__ = ["write_full"]


def write_full(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """Each finding with its source line, one empty line between two, the counts at the end."""
    for diagnostic in diagnostics:
        _finding(diagnostic, page)
        page.line()
    page.close(closing())


def _finding(diagnostic: Diagnostic, page: Page) -> None:
    severity, rule = diagnostic.severity, diagnostic.rule
    role = ROLES[severity]
    head = page.paint(f"{role}[{rule.code} {rule.name}]", role)
    page.line(f"{head}: {page.paint(plain(diagnostic.message), 'strong')}")
    draw(page, diagnostic.location, "^", role)
    for note in diagnostic.notes:
        _labelled(page, "note", note.message, "note")
        if note.location is not None:
            draw(page, note.location, "-", "note")
    if diagnostic.help:
        _labelled(page, "help", diagnostic.help, "help")
    if diagnostic.fix:
        _labelled(page, "fix", _fix_words(diagnostic.fix), "help")
    if diagnostic.jobs > 1:
        _labelled(page, "jobs", f"{diagnostic.jobs} jobs have this", "note")


def _labelled(page: Page, label: str, text: str, role: Role) -> None:
    page.line(f"{page.paint(f'{label}:', role)} {plain(text)}")


def _fix_words(fix: Fix) -> str:
    option = "`--fix`" if fix.safety == "safe" else "unsafe: `--fix --unsafe-fixes`"
    return f"{fix.message} ({option})"
