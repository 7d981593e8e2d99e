"""Findings on the terminal: the page they go on, and the report beside other output."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from mjspec.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.cli.terminal import Terminal
    from mjspec.diagnostics import Diagnostic

__all__ = ["report_findings"]


def report_findings(
    terminal: Terminal,
    found: Sequence[Diagnostic],
    problems: Sequence[str],
    *,
    quietly: bool = False,
) -> Severity | None:
    """Write findings to standard error, and say how bad the worst is.

    Args:
        terminal: Knows about colours and how much to say.
        found: The findings.
        problems: Inputs that could not be read.
        quietly: Leave out what is neither error nor warning.
    """
    from mjspec.report import Tally, report

    least = Severity.WARNING if quietly else Severity.INFO
    shown = [diagnostic for diagnostic in found if diagnostic.severity >= least]
    if shown:
        page = replace(terminal.page(sys.stderr), closing=False)
        report(shown, Tally(), page, "full")
    for problem in problems:
        terminal.fail(problem)
    return max((diagnostic.severity for diagnostic in found), default=None)
