"""``mjspec lint``: find what would fail, before it is paid for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command
from mjspec.cli.sources import source_options
from mjspec.config import selectors
from mjspec.linting import lint_input
from mjspec.report import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.cli.sources import Sources
    from mjspec.compiler import Examined
    from mjspec.diagnostics import Diagnostic
    from mjspec.report import Tally

__all__ = ["command"]

_LEVELS = ("error", "warning", "info")


@click.command("lint", cls=Command)
@source_options
@click.option(
    "--format",
    "style",
    type=click.Choice(list(FORMATS)),
    default="full",
    show_default=True,
    help="How findings are written.",
)
@click.option("--fix", is_flag=True, help="Apply safe fixes to the files.")
@click.option("--unsafe-fixes", is_flag=True, help="Apply fixes that guess, too.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--select", metavar="RULES", help="Report only these: codes, prefixes, names.")
@click.option("--ignore", metavar="RULES", help="Do not report these.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    default="error",
    show_default=True,
    help="The severity from which the exit code is 1.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--stdin-filename", metavar="NAME", help="What standard input is called and read as.")
@click.pass_context
def command(
    context: click.Context,
    sources: Sources,
    style: str,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    select: str | None,
    ignore: str | None,
    fail_on: str,
    exit_zero: bool,
    stdin_filename: str | None,
) -> None:
    """Check prompts and specs.

    Sources are .mj and .txt files (one prompt a line), .yaml specs, .jsonl and .csv tables,
    Markdown files with `mj` blocks, folders, globs, and - for standard input.
    """
    from mjspec.report import Tally, report

    sources.stdin_name = stdin_filename
    sources.select, sources.ignore = _rules(select), _rules(ignore)
    if fix or diff:
        from mjspec.cli.fix import fix_sources

        fix_sources(context, sources, unsafe=unsafe_fixes, diff=diff)
        if diff:
            context.exit(0)
    tally = Tally()
    summary = report(_findings(sources, tally), tally, context.obj.page(), style)
    for problem in sources.problems:
        context.obj.fail(problem)
    sys.stdout.flush()
    if sources.problems:
        context.exit(2)
    counts = {"error": summary.errors, "warning": summary.warnings, "info": summary.infos}
    failing = sum(counts[level] for level in _LEVELS[: _LEVELS.index(fail_on) + 1])
    context.exit(1 if failing and not exit_zero else 0)


def _rules(text: str | None) -> tuple[str, ...]:
    """The selectors of an option, separated by commas.

    Raises:
        click.UsageError: One of them is no rule.
    """
    try:
        return selectors([part.strip() for part in (text or "").split(",") if part.strip()])
    except ValueError as error:
        raise click.UsageError(f"the option {error}") from None


def _findings(sources: Sources, tally: Tally) -> Iterator[Diagnostic]:
    """All findings, input by input; those of files with a prompt a line as they come."""
    yield from sources.found
    seen: dict[str, Examined] = {}
    for source in sources.inputs():
        tally.files += 1
        for batch in lint_input(source, sources.options_for(source), sources.config(source), seen):
            tally.prompts += batch.prompts
            yield from batch.found
    tally.unread = len(sources.problems)
