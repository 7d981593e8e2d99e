"""The purchases that the sources of a command stand for, compiled, or remembered by the ledger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mjspec._version import TABLES, __version__
from mjspec.cli.compile import compile_sources
from mjspec.cli.output import report_findings
from mjspec.config import config_for
from mjspec.diagnostics import MjspecError, Severity
from mjspec.files import digest, noted_reads
from mjspec.jobs.pipeline import Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import click

    from mjspec.cli.sources import Sources
    from mjspec.cli.terminal import Terminal
    from mjspec.diagnostics import Diagnostic
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.provenance import Provenance

__all__ = ["Gathered", "gather"]


class Gathered(NamedTuple):
    """What the sources stand for.

    Attributes:
        jobs: The purchases; none where they were handed over.
        complete: Whether none was left out for its errors.
        made_of: What they were compiled from; None where that cannot be asked again.
    """

    jobs: list[PaidJob]
    complete: bool
    made_of: Provenance | None


def gather(
    context: click.Context,
    sources: Sources,
    out: Path,
    *,
    skip_invalid: bool,
    each: Callable[[PaidJob], None] | None = None,
) -> Gathered:
    """The purchases of the sources; ends the command where they are wrong.

    Args:
        context: The command that may be ended.
        sources: What to compile.
        out: The output folder, which may remember what they became.
        skip_invalid: Whether jobs with errors are left out, instead of ending the command.
        each: Is given one purchase after the other, and then none of them is kept.
    """
    from mjspec.dispatch.provenance import Provenance, recall

    terminal: Terminal = context.obj
    question = _question(sources)
    known = recall(out, question) if question else None
    if known is not None:
        terminal.detail(f"no file has changed: these are the {len(known[0])} jobs that {out} holds")
        if each is None:
            return Gathered(known[0], complete=True, made_of=known[1])
        for job in known[0]:
            each(job)
        return Gathered([], complete=True, made_of=known[1])
    jobs: list[PaidJob] = []
    with noted_reads() as files:
        worst = _compile(terminal, sources, each or jobs.append)
    if sources.problems:
        context.exit(2)
    complete = worst is not Severity.ERROR
    if not complete and not skip_invalid:
        terminal.fail(
            "nothing was sent: mend the errors, or leave these jobs out with --skip-invalid"
        )
        context.exit(1)
    if not complete:
        terminal.say("the jobs with errors are left out")
    # What was told has to be told again.
    told = worst is not None and worst >= Severity.WARNING
    made_of = Provenance(question, files) if question and not told else None
    return Gathered(jobs, complete=complete, made_of=made_of)


def _compile(
    terminal: Terminal, sources: Sources, take: Callable[[PaidJob], None]
) -> Severity | None:
    """Hands over the purchases; how bad the worst finding is."""
    from mjspec.paid import paid_jobs

    findings = Findings()
    told: list[Severity | None] = []

    def tell(found: Sequence[Diagnostic], problems: Sequence[str] = ()) -> None:
        told.append(report_findings(terminal, found, problems, quietly=True))

    for job in paid_jobs(compile_sources(sources, "structured", findings, tell)):
        take(job)
    tell(findings.take(), sources.problems)
    return max((severity for severity in told if severity is not None), default=None)


def _question(sources: Sources) -> str | None:
    """Everything besides the content of the sources that decides what jobs they become.

    None where more is asked than files hold: standard input, prompts and fields of the command line.
    """
    if sources.prompts or sources.overlay is not None or "-" in sources.paths:
        return None
    try:
        files = [[file, *_config(file)] for file in sources.files()]
    except MjspecError:
        # Whoever compiles says what is wrong.
        return None
    return json.dumps(
        {
            "program": [__version__, TABLES],
            "folder": str(Path.cwd()),
            "files": files,
            "options": [sources.keep, sources.max_jobs, sources.outside],
        }
    )


def _config(file: str) -> tuple[str, ...]:
    """The configuration that holds for a file, and its content."""
    path = config_for(Path(file)).path
    return (str(path), digest(path)) if path else ()
