"""Findings as text: every format that `--format` offers.

A format is one function. It takes findings as they come, so that a run over a million prompts keeps
none of them, and asks for the counts at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mjspec.report.page import Closing, Page
from mjspec.report.summary import Summary, Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.diagnostics import Diagnostic

__all__ = [
    "FORMATS",
    "STREAMED",
    "WHOLE",
    "Closing",
    "Format",
    "Page",
    "Summary",
    "Tally",
    "report",
]

Format = Callable[[Iterable["Diagnostic"], Closing, Page], None]
"""Writes findings, then asks for their counts."""


def _later(module: str, function: str) -> Format:
    """A format whose module is imported when it is first used: a run needs one of them."""

    def write(diagnostics: Iterable[Diagnostic], closing: Closing, page: Page) -> None:
        chosen: Any = getattr(import_module(f"mjspec.report.{module}"), function)
        chosen(diagnostics, closing, page)

    return write


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "full": _later("full", "write_full"),
        "concise": _later("concise", "write_concise"),
        "json": _later("structured", "write_json"),
        "jsonl": _later("structured", "write_jsonl"),
        "github": _later("github", "write_github"),
        "gitlab": _later("gitlab", "write_gitlab"),
        "junit": _later("junit", "write_junit"),
        "sarif": _later("sarif", "write_sarif"),
    }
)
"""Every format by its name, the default first."""

STREAMED = frozenset({"full", "concise", "jsonl"})
"""Formats in which each finding stands for itself, so that some can be written apart from others."""

WHOLE = frozenset({"sarif"})
"""Formats that look at all of a file: GitHub knows a finding again by the lines around it."""


def report(
    diagnostics: Iterable[Diagnostic], tally: Tally, page: Page, style: str = "full"
) -> Summary:
    """Write findings in one of the formats.

    Args:
        diagnostics: The findings in the order in which they are to be shown.
        tally: Counts them; files and prompts are counted by whoever makes the findings.
        page: Where to.
        style: The name of the format.

    Returns:
        The counts.

    Raises:
        KeyError: There is no format of this name.
    """
    FORMATS[style](tally.passing(diagnostics), tally.summary, page)
    return tally.summary()
