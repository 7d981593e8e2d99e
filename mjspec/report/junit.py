"""JUnit's XML, which every CI system can show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from mjspec.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.report.page import Closing, Page

__all__ = ["write_junit"]

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
    """A suite for each file and a case for each finding; one that passes if there is none.

    Infos are cases that pass: they tell something and fail nothing.
    """
    files: dict[str, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        files.setdefault(diagnostic.location.source.name, []).append(diagnostic)
    summary = closing()
    page.line('<?xml version="1.0" encoding="UTF-8"?>')
    failures, unread = summary.errors + summary.warnings, min(summary.unread, 1)
    cases = summary.findings + unread or 1
    page.line(f'<testsuites name="mjspec" {_counts(cases, failures, unread)}>')
    for path, found in files.items():
        _suite(path, found, page)
    if unread or not files:
        _about_run(summary.unread, page)
    page.line("</testsuites>")


def _about_run(unread: int, page: Page) -> None:
    """The suite that belongs to no file: it passes, or says that something could not be read."""
    page.line(f'  <testsuite name="mjspec" {_counts(1, 0, min(unread, 1))}>')
    if unread:
        page.line('    <testcase name="unreadable sources" classname="mjspec" time="0">')
        message = f"Sources that could not be read: {unread}."
        page.line(f'      <error type="error" message="{message}">{message}</error>')
        page.line("    </testcase>")
    else:
        page.line('    <testcase name="no findings" classname="mjspec" time="0"/>')
    page.line("  </testsuite>")


def _suite(path: str, found: list[Diagnostic], page: Page) -> None:
    failures = sum(diagnostic.severity > Severity.INFO for diagnostic in found)
    page.line(f"  <testsuite name={_quoted(path)} {_counts(len(found), failures)}>")
    for diagnostic in found:
        _case(path, diagnostic, page)
    page.line("  </testsuite>")


def _case(path: str, diagnostic: Diagnostic, page: Page) -> None:
    line, column = diagnostic.location.start
    name = f"{diagnostic.code} {diagnostic.name} ({line}:{column})"
    page.line(f'    <testcase name={_quoted(name)} classname={_quoted(path)} time="0">')
    text = f"{path}:{line}:{column}: {diagnostic.message}"
    if diagnostic.help:
        text += f"\n{diagnostic.help}"
    body = escape(_legal(text))
    if diagnostic.severity > Severity.INFO:
        attributes = f'type="{diagnostic.severity}" message={_quoted(diagnostic.message)}'
        page.line(f"      <failure {attributes}>{body}</failure>")
    else:
        page.line(f"      <system-out>{body}</system-out>")
    page.line("    </testcase>")


def _counts(tests: int, failures: int, errors: int = 0) -> str:
    # No reader wants fewer attributes, and Jenkins refuses others than these.
    return f'tests="{tests}" failures="{failures}" errors="{errors}" time="0"'


def _quoted(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)
