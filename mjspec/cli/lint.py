"""``mjspec lint``: find what would fail, before it is paid for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command
from mjspec.cli.linter import Linter
from mjspec.cli.sources import column_option, source_options
from mjspec.report import FORMATS, STREAMED, WHOLE
from mjspec.selection import selectors

if TYPE_CHECKING:
    from mjspec.cli.sources import Sources
    from mjspec.cli.terminal import Terminal
    from mjspec.report import Summary

__all__ = ["command"]

_LEVELS = ("error", "warning", "info")
_COUNTED = ("full", "concise", "json", "jsonl")


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
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of showing them.")
@click.option(
    "--target-version",
    "target",
    metavar="VERSION",
    help="What breaks if every prompt moved to this version.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Leave out the findings that this file knows.",
)
@click.option(
    "--write-baseline",
    "written",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write all findings to this file, for --baseline.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--stdin-filename", metavar="NAME", help="What standard input is called and read as.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="N",
    help="Use so many processes.",
)
@column_option
@click.option("--show-files", is_flag=True, help="Only list the files that would be read.")
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
    statistics: bool,
    target: str | None,
    baseline: Path | None,
    written: Path | None,
    exit_zero: bool,
    stdin_filename: str | None,
    jobs: int,
    column: str,
    show_files: bool,
) -> None:
    """Check prompts and specs.

    Sources are .mj and .txt files (one prompt a line), .yaml specs, .jsonl and .csv tables,
    Markdown files with `mj` blocks, Parquet files (read only), folders, globs, and - for standard
    input.
    """
    if written and (baseline or statistics or diff):
        raise click.UsageError(
            "--write-baseline goes with neither --baseline, --statistics nor --diff"
        )
    if statistics and style not in _COUNTED:
        raise click.UsageError(f"--statistics is written as {', '.join(_COUNTED)}, not as {style}")
    if show_files:
        for file in sources.files():
            click.echo(os.fsencode(file))
        context.exit(_failed(sources, context.obj))
    sources.stdin_name, sources.column = stdin_filename, column
    sources.rows = not (fix or diff)
    sources.select, sources.ignore = _rules("--select", select), _rules("--ignore", ignore)
    linter = Linter(sources, target, baseline, everything=written is not None)
    linter.check()
    if fix or diff:
        from mjspec.cli.fix import fix_sources

        fix_sources(context, linter, unsafe=unsafe_fixes, diff=diff)
    if written:
        _write(linter, written, context.obj)
        context.exit(_failed(sources, context.obj))
    # With something over all prompts, what is wrong with it is counted in one place.
    alone = linter.given is not None or sources.overlay is not None
    linter.jobs, linter.parts = 1 if alone else jobs, style not in WHOLE
    summary = _report(linter, context.obj, style, statistics=statistics)
    if _failed(sources, context.obj):
        context.exit(2)
    counts = {"error": summary.errors, "warning": summary.warnings, "info": summary.infos}
    failing = sum(counts[level] for level in _LEVELS[: _LEVELS.index(fail_on) + 1])
    context.exit(1 if failing and not exit_zero else 0)


def _report(linter: Linter, terminal: Terminal, style: str, *, statistics: bool) -> Summary:
    """Write what is found, and say what of the baseline is no longer there."""
    from mjspec.report import Tally, report

    # Where standard output has a fixed text, findings stand beside it.
    page = terminal.page(None if linter.given is None else sys.stderr)
    tally = Tally()
    if statistics:
        from mjspec.report.statistics import write_statistics

        found = tally.passing(linter.findings(tally))
        write_statistics(found, tally.summary, page, style)
        summary = tally.summary()
    elif linter.jobs > 1 and style in STREAMED:
        from mjspec.cli.parallel import Crew

        Crew(linter, tally, page, style).lint(linter.jobs)
        summary = report((), tally, page, style)
    else:
        summary = report(linter.findings(tally), tally, page, style)
    sys.stdout.flush()
    gone = linter.gone()
    if gone:
        entries = (
            "1 entry of the baseline is" if gone == 1 else f"{gone} entries of the baseline are"
        )
        terminal.say(f"{entries} gone; write it anew")
    return summary


def _write(linter: Linter, path: Path, terminal: Terminal) -> None:
    from mjspec.linting.baseline import write_baseline
    from mjspec.report import Tally

    try:
        found, files = write_baseline(path, linter.findings(Tally()))
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror or error}") from None
    findings = "1 finding" if found == 1 else f"{found} findings"
    terminal.say(f"{path}: {findings} in {files} file{'' if files == 1 else 's'}")


def _failed(sources: Sources, terminal: Terminal) -> int:
    """The exit code that unreadable sources make; each of them is told."""
    for problem in sources.problems:
        terminal.fail(problem)
    return 2 if sources.problems else 0


def _rules(option: str, text: str | None) -> tuple[str, ...]:
    """The selectors of an option, separated by commas.

    Raises:
        click.UsageError: One of them is no rule.
    """
    try:
        return selectors([part.strip() for part in (text or "").split(",") if part.strip()])
    except ValueError as error:
        raise click.UsageError(f"{option} {error}") from None
