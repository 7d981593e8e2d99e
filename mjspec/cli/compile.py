"""``mjspec compile``: the requests that would be sent."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command
from mjspec.cli.sources import column_option, source_options
from mjspec.diagnostics import Severity
from mjspec.jobs.pipeline import Findings, compiled_jobs, examined_jobs, too_many
from mjspec.jobs.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mjspec.cli.sources import Sources
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.compiler import Compiled
    from mjspec.jobs.emit import Emit
    from mjspec.reading.inputs import Input
    from mjspec.source import Source

__all__ = ["command", "compile_sources"]


@click.command("compile", cls=Command)
@source_options
@click.option(
    "--format",
    "style",
    type=click.Choice(["json", "jsonl", "curl", "prompt"]),
    default="json",
    show_default=True,
    help="A list, one object a line, curl commands, or final prompts.",
)
@click.option(
    "--emit",
    type=click.Choice(["structured", "flat"]),
    default="structured",
    show_default=True,
    help="Put parameters into fields, or all into the prompt.",
)
@column_option
@click.pass_context
def command(context: click.Context, sources: Sources, style: str, emit: Emit, column: str) -> None:
    """Compile prompts and specs to requests; jobs with errors are reported and left out."""
    from mjspec.cli.output import report_findings
    from mjspec.jobs.curl import curl_command
    from mjspec.report.records import job_record

    sources.column, sources.rows = column, True
    findings = Findings()
    told: list[Severity | None] = []

    def tell(found: Sequence[Diagnostic], problems: Sequence[str] = ()) -> None:
        told.append(report_findings(context.obj, found, problems, quietly=True))

    jobs = _copies(compile_sources(sources, emit, findings, tell))
    if style == "json":
        _write_list(job_record(job) for job in jobs)
    elif style == "jsonl":
        encode = json.JSONEncoder(ensure_ascii=False).encode
        for job in jobs:
            sys.stdout.write(f"{encode(job_record(job))}\n")
    elif style == "curl":
        for job in jobs:
            click.echo(curl_command(job))
    else:
        for job in jobs:
            click.echo(job.final_prompt)
    sys.stdout.flush()
    tell(findings.take(), sources.problems)
    context.exit(2 if sources.problems else 1 if Severity.ERROR in told else 0)


def compile_sources(
    sources: Sources,
    emit: Emit,
    findings: Findings,
    tell: Callable[[Sequence[Diagnostic]], None],
) -> Iterator[Compiled]:
    """Every job of the sources that has no errors.

    A large file comes in parts. It is looked through before its first job is made, so that one that
    cannot be read to its end, or has too many jobs, makes none.

    Args:
        sources: What the command line names.
        emit: How requests are spelled.
        findings: Where everything goes that was found.
        tell: Is given what was found in a part of a file, once the next one begins.
    """
    findings.add(sources.found, job=False)
    sources.large = True
    seen = Seen()
    taken = 0
    part: Source | None = None
    refused: set[str] = set()
    for source in sources.inputs():
        name, options = source.source.name, sources.options_for(source)
        if source.source.first_line != 1:
            tell(findings.take(part))
        elif sources.comes_in_parts(name) and _is_refused(sources, source, findings, taken):
            refused.add(name)
        part = source.source
        if name in refused:
            continue
        jobs = examined_jobs(source, options, findings, taken)
        for _, compiled in compiled_jobs(jobs, emit, findings, seen):
            taken += 1
            if compiled is not None:
                yield compiled


def _is_refused(sources: Sources, source: Input, findings: Findings, taken: int) -> bool:
    """Whether a file that comes in parts makes no jobs, for what stands further down in it."""
    known = len(sources.problems)
    excess = too_many(sources.again(source), sources.options_for(source), taken)
    findings.add(excess, job=False)
    return bool(excess) or len(sources.problems) > known


def _copies(jobs: Iterator[Compiled]) -> Iterator[Compiled]:
    """Each job as often as it is asked for, further copies under the names that `status` uses."""
    for job in jobs:
        yield job
        for copy in range(2, job.job.copies + 1):
            yield replace(job, id=f"{job.id}-copy{copy}")


def _write_list(records: Iterator[dict[str, object]]) -> None:
    """A JSON list, written object by object."""
    separator = "["
    for record in records:
        click.echo(separator, nl=False)
        text = json.dumps(record, ensure_ascii=False, indent=2)
        click.echo("\n" + "\n".join(f"  {line}" for line in text.splitlines()), nl=False)
        separator = ","
    click.echo("[]" if separator == "[" else "\n]")
