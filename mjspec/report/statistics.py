"""How often each rule was broken, instead of every single finding."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.report.page import Closing, Page
    from mjspec.rules import Rule

__all__ = ["STATISTICS", "write_statistics"]


class _Count:
    """What was found of one rule."""

    __slots__ = ("fixable", "found", "rule", "unsafely")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.found = 0
        self.fixable = 0
        self.unsafely = 0

    def add(self, diagnostic: Diagnostic) -> None:
        """Count one finding."""
        self.found += 1
        if diagnostic.fix is not None:
            safe = diagnostic.fix.safety == "safe"
            self.fixable += safe
            self.unsafely += not safe

    def record(self) -> dict[str, str | int]:
        """The counts for programs."""
        return {
            "code": self.rule.code,
            "name": self.rule.name,
            "count": self.found,
            "fixable": self.fixable,
            "unsafely_fixable": self.unsafely,
        }

    def words(self) -> str:
        """What can be fixed: ``[*]`` all of it, ``[-]`` some."""
        if self.fixable == self.found:
            return "[*]"
        parts = [f"{self.fixable} fixable"] if self.fixable else []
        parts += [f"{self.unsafely} with --unsafe-fixes"] if self.unsafely else []
        return f"[-] {', '.join(parts)}" if parts else ""


def write_statistics(
    diagnostics: Iterable[Diagnostic], closing: Closing, page: Page, style: str
) -> None:
    """Write the counts by rule, the most frequent first.

    Args:
        diagnostics: The findings.
        closing: Gives the counts of the run.
        page: Where to.
        style: One of `STATISTICS`.
    """
    counts: dict[str, _Count] = {}
    for diagnostic in diagnostics:
        name = diagnostic.rule.name
        if name not in counts:
            counts[name] = _Count(diagnostic.rule)
        counts[name].add(diagnostic)
    ordered = sorted(counts.values(), key=lambda count: (-count.found, count.rule.code))
    STATISTICS[style](ordered, page)
    summary = closing()
    if style in ("full", "concise"):
        page.close(summary)


def _text(counts: list[_Count], page: Page) -> None:
    digits = max((len(str(count.found)) for count in counts), default=0)
    wide = max((len(count.rule.name) for count in counts), default=0)
    for count in counts:
        code = page.paint(count.rule.code, "strong")
        page.line(
            f"{count.found:{digits}}  {code}  {count.rule.name:{wide}}  {count.words()}".rstrip()
        )
    if counts:
        page.line()


def _json(counts: list[_Count], page: Page) -> None:
    page.line(json.dumps([count.record() for count in counts], indent=2))


def _jsonl(counts: list[_Count], page: Page) -> None:
    for count in counts:
        page.line(json.dumps(count.record()))


STATISTICS = {"full": _text, "concise": _text, "json": _json, "jsonl": _jsonl}
"""The formats that have statistics; the others are for services that want every finding."""
