"""A prompt compiler for Midjourney: parse, check, merge with YAML, compile and submit.

    import mjspec

    for found in mjspec.lint("a fox --ar 16x9 --v 7"):
        print(found.location.start, found.message)
    (request,) = mjspec.compile("a fox --ar 1:1", {"size": "16:9"})
    print(request.final_prompt)

Importing this loads none of the libraries that the stages need; each is loaded when it is used.
"""

from __future__ import annotations

from mjspec._version import __version__

# Type checkers take this name for true; importing it from typing would double the start-up time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from mjspec.api import CompileError, Loaded, compile, fmt, lint, load, migrate  # noqa: A004 (the command's name)
    from mjspec.diagnostics import Diagnostic, Edit, Fix, MjspecError, Note, Severity
    from mjspec.dispatch.answers import Balance, Submission, Task
    from mjspec.dispatch.client import Client
    from mjspec.dispatch.download import Download
    from mjspec.dispatch.errors import ProviderError
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.options import RunOptions
    from mjspec.dispatch.outcome import Outcome
    from mjspec.dispatch.runner import Runner
    from mjspec.files import FileError
    from mjspec.jobs.compiler import Compiled, Request
    from mjspec.jobs.examined import Examined
    from mjspec.jobs.model import Assumptions
    from mjspec.jobs.pipeline import Options
    from mjspec.language.parser import parse
    from mjspec.language.prompt import Prompt, render
    from mjspec.migration.attempt import Migrated
    from mjspec.paid import paid_jobs
    from mjspec.reading.inputs import UsageError
    from mjspec.rules import Rule
    from mjspec.source import Excerpt, Location, Source, Span

__all__ = [
    "Assumptions",
    "Balance",
    "Client",
    "CompileError",
    "Compiled",
    "Diagnostic",
    "Download",
    "Edit",
    "Examined",
    "Excerpt",
    "FileError",
    "Fix",
    "Loaded",
    "Location",
    "Migrated",
    "MjspecError",
    "Note",
    "Options",
    "Outcome",
    "PaidJob",
    "Prompt",
    "ProviderError",
    "Request",
    "Rule",
    "RunOptions",
    "Runner",
    "Severity",
    "Source",
    "Span",
    "Submission",
    "Task",
    "UsageError",
    "__version__",
    "compile",
    "fmt",
    "lint",
    "load",
    "migrate",
    "paid_jobs",
    "parse",
    "render",
]

_WHERE = {
    "api": ("CompileError", "Loaded", "compile", "fmt", "lint", "load", "migrate"),
    "jobs.compiler": ("Compiled", "Request"),
    "diagnostics": ("Diagnostic", "Edit", "Fix", "MjspecError", "Note", "Severity"),
    "dispatch.answers": ("Balance", "Submission", "Task"),
    "dispatch.client": ("Client",),
    "dispatch.download": ("Download",),
    "dispatch.errors": ("ProviderError",),
    "dispatch.job": ("PaidJob",),
    "dispatch.options": ("RunOptions",),
    "dispatch.outcome": ("Outcome",),
    "dispatch.runner": ("Runner",),
    "jobs.examined": ("Examined",),
    "files": ("FileError",),
    "reading.inputs": ("UsageError",),
    "migration.attempt": ("Migrated",),
    "jobs.model": ("Assumptions",),
    "paid": ("paid_jobs",),
    "language.parser": ("parse",),
    "jobs.pipeline": ("Options",),
    "language.prompt": ("Prompt", "render"),
    "rules": ("Rule",),
    "source": ("Excerpt", "Location", "Source", "Span"),
}
_MODULE = {name: module for module, names in _WHERE.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"mjspec.{_MODULE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
