"""``mjspec compile``: the requests that would be sent."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command
from mjspec.cli.sources import column_option, source_options
from mjspec.diagnostics import Severity
from mjspec.pipeline import Findings, compiled_jobs, examined_jobs
from mjspec.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.cli.sources import Sources
    from mjspec.compiler import Compiled
    from mjspec.emit import Emit

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
    from mjspec.curl import curl_command
    from mjspec.records import job_record

    sources.column, sources.rows = column, True
    findings = Findings()
    jobs = compile_sources(sources, emit, findings)
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
    worst = report_findings(context.obj, findings.take(), sources.problems, quietly=True)
    context.exit(2 if sources.problems else 1 if worst is Severity.ERROR else 0)


def compile_sources(sources: Sources, emit: Emit, findings: Findings) -> Iterator[Compiled]:
    """Every job of the sources that has no errors."""
    findings.add(sources.found, job=False)
    seen = Seen()
    taken = 0
    for source in sources.inputs():
        jobs = examined_jobs(source, sources.options_for(source), findings, taken)
        for _, compiled in compiled_jobs(jobs, emit, findings, seen):
            taken += 1
            if compiled is not None:
                yield compiled


def _write_list(records: Iterator[dict[str, object]]) -> None:
    """A JSON list, written object by object."""
    separator = "["
    for record in records:
        click.echo(separator, nl=False)
        text = json.dumps(record, ensure_ascii=False, indent=2)
        click.echo("\n" + "\n".join(f"  {line}" for line in text.splitlines()), nl=False)
        separator = ","
    click.echo("[]" if separator == "[" else "\n]")
