"""``mjspec lint``: find what would fail, before it is paid for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command
from mjspec.cli.sources import source_options
from mjspec.pipeline import Findings, compiled_jobs, examined_jobs, streamed_jobs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.cli.sources import Sources
    from mjspec.compiler import Examined
    from mjspec.diagnostics import Diagnostic
    from mjspec.report import Tally

__all__ = ["command"]

FORMAT_NAMES = ("full", "concise", "json", "jsonl")
_LINES = (".mj", ".txt", ".md", ".csv", ".jsonl", "prompt")


@click.command("lint", cls=Command)
@source_options
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMAT_NAMES),
    default="full",
    show_default=True,
    help="How findings are written.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--stdin-filename", metavar="NAME", help="What standard input is called and read as.")
@click.pass_context
def command(
    context: click.Context,
    sources: Sources,
    style: str,
    exit_zero: bool,
    stdin_filename: str | None,
) -> None:
    """Check prompts and specs.

    Sources are .mj and .txt files (one prompt a line), .yaml specs, .jsonl and .csv tables,
    Markdown files with `mj` blocks, folders, globs, and - for standard input.
    """
    from mjspec.report import Tally, report

    sources.stdin_name = stdin_filename
    tally = Tally()
    summary = report(_findings(sources, tally), tally, context.obj.page(), style)
    for problem in sources.problems:
        context.obj.fail(problem)
    sys.stdout.flush()
    if sources.problems:
        context.exit(2)
    context.exit(1 if summary.errors and not exit_zero else 0)


def _findings(sources: Sources, tally: Tally) -> Iterator[Diagnostic]:
    """All findings, input by input; those of files with a prompt a line as they come."""
    findings = Findings()
    findings.add(sources.found, job=False)
    seen: dict[str, Examined] = {}
    for source in sources.inputs():
        tally.files += 1
        lines = source.kind in _LINES
        read = streamed_jobs if lines else examined_jobs
        jobs = read(source, sources.options, findings)
        for _ in compiled_jobs(jobs, "structured", findings, seen):
            tally.prompts += 1
            if lines:
                yield from findings.take()
        yield from findings.take()
