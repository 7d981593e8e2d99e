"""``mjspec migrate``: prompts and specs for another model version, in their files."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command, suggestion
from mjspec.cli.sources import Sources
from mjspec.config import config_for
from mjspec.files import FileError, write_whole
from mjspec.migration.goal import goal_named
from mjspec.migration.plan import Course
from mjspec.migration.together import migrate_together
from mjspec.migration.whole import migrate_source
from mjspec.reading.discovery import find_files
from mjspec.reading.exclusion import Exclusion
from mjspec.report import FORMATS, Tally, report
from mjspec.versions import ALL, VERSIONS, describe

if TYPE_CHECKING:
    from mjspec.cli.terminal import Terminal
    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.migration.goal import Goal
    from mjspec.migration.whole import Migrated
    from mjspec.reading.inputs import Input

__all__ = ["command"]

_TEXT = ("full", "concise")
"""Formats for people; the others go to standard output, for programs."""


@click.command("migrate", cls=Command)
@click.argument("paths", nargs=-1)
@click.option(
    "--to", "version", required=True, metavar="VERSION", help="The version: 7, 8.1, `niji 7`."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(list(FORMATS)),
    default="full",
    show_default=True,
    help="How findings are written; full and concise go to standard error.",
)
@click.option("--prompt", "prompts", multiple=True, metavar="TEXT", help="A prompt given inline.")
@click.option(
    "--unsafe-fixes",
    "unsafe",
    is_flag=True,
    help="Also drop what the version does not have, and take the nearest values.",
)
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where something would.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--stdin-filename", metavar="NAME", help="What standard input is called and read as.")
@click.option(
    "--allow-outside", is_flag=True, help="Let specs name files outside their own folder."
)
@click.option(
    "--force-exclude",
    is_flag=True,
    help="Leave out what the configuration excludes also if it is named.",
)
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    version: str,
    style: str,
    prompts: tuple[str, ...],
    unsafe: bool,
    check: bool,
    diff: bool,
    stdin_filename: str | None,
    allow_outside: bool,
    force_exclude: bool,
) -> None:
    """Move prompts and specs to another model version.

    Versions are written anew, also where none is named; what has an equal in the version gets its
    name. A prompt that would have to mean something else is left as it is and told, unless
    --unsafe-fixes is given. Standard input and --prompt go to standard output.
    """
    if not paths and not prompts:
        raise click.UsageError("name files, folders or `-`, or give a prompt with --prompt")
    if style not in _TEXT and (diff or (not check and (prompts or "-" in paths))):
        raise click.UsageError(
            f"--format {style} goes to standard output, where the texts go; use {' or '.join(_TEXT)}"
        )
    sources = Sources(paths, prompts, None, None, outside=allow_outside, keep=False, found=[])
    sources.stdin_name, sources.force_exclude = stdin_filename, force_exclude
    _goal(version, config_for(_first(paths)))
    named = find_files(paths, Exclusion(), force_exclude=force_exclude).files
    also = frozenset(Path(os.path.realpath(name)) for name in named)
    run = _Run(context.obj, style, check=check, diff=diff)
    linked: list[tuple[Input, Course]] = []
    for source in sources.inputs():
        options = sources.options_for(source)
        source.most_jobs = options.most_jobs
        course = Course(
            goal=_goal(version, sources.config(source)),
            assumptions=options.assumptions,
            outside=options.outside,
            unsafe=unsafe,
            also=also,
        )
        if source.lines() is None:
            linked.append((source, course))
        else:
            run.take(source, migrate_source(source, course), streamed=sources.streamed(source))
    for (source, _), done in zip(linked, migrate_together(linked), strict=True):
        run.take(source, done, streamed=sources.streamed(source))
    sys.stdout.flush()
    run.close(sources.problems)
    if sources.problems or run.unwritten:
        context.exit(2)
    context.exit(1 if run.findings or (run.files and (check or diff)) else 0)


def _first(paths: tuple[str, ...]) -> Path:
    return next((path for name in paths if (path := Path(name)).exists()), Path())


def _goal(name: str, config: Config) -> Goal:
    goal = goal_named(name, config)
    if goal is not None:
        return goal
    names = [*(version.name for version in VERSIONS), *config.versions]
    also = f" and, declared, {', '.join(sorted(config.versions))}" if config.versions else ""
    raise click.UsageError(
        f"--to: '{name}' is no version.{suggestion(name.strip().lower(), names)}"
        f" There are {describe(ALL)}{also}."
    )


@dataclass(slots=True)
class _Run:
    """What comes of the sources.

    Attributes:
        terminal: Where it is told.
        style: How findings are written.
        check: Whether sources that would change are listed, and nothing else is done.
        diff: Whether changes are shown, and nothing else is done.
        changed: How many prompts change.
        held: How many are left as they are, because they cannot be migrated.
        files: How many sources change.
        plain: Whether any source is a file.
        tally: Counts sources and prompts.
        unwritten: Files that could not be written.
        findings: Why prompts are left as they are, and syntax errors.
    """

    terminal: Terminal
    style: str
    check: bool
    diff: bool
    changed: int = 0
    held: int = 0
    files: int = 0
    plain: bool = False
    tally: Tally = field(default_factory=Tally)
    unwritten: list[str] = field(default_factory=list)
    findings: list[Diagnostic] = field(default_factory=list)

    def take(self, source: Input, done: Migrated, *, streamed: bool) -> None:
        """Write, show or list one source; one that is streamed is no file."""
        name, old = source.source.name, source.source.text
        self.plain |= not streamed
        self.tally.files += 1
        self.tally.prompts += done.prompts
        self.findings += (*done.faults, *done.findings)
        self.held += done.held
        differs = done.text != old
        if self.check or self.diff:
            if differs:
                self._tell(name, old, done.text)
        elif source.kind == "prompt":
            click.echo(done.text)
        elif streamed:
            # Bytes, so that no line end is translated.
            click.echo(done.text.encode(), nl=False)
        elif differs and not self._written(name, done.text, old):
            return
        self.files += differs
        self.changed += done.changed

    def _tell(self, name: str, old: str, new: str) -> None:
        if self.check:
            click.echo(f"Would migrate: {name}", err=self.style not in _TEXT)
        if self.diff:
            from mjspec.cli.diff import unified

            click.echo(unified(name, old, new), nl=False)

    def _written(self, name: str, text: str, old: str) -> bool:
        try:
            write_whole(Path(name), text, old)
        except FileError as error:
            self.unwritten.append(str(error))
            return False
        self.terminal.detail(f"migrated {name}")
        return True

    def close(self, problems: list[str]) -> None:
        """Report what went wrong, and what was done."""
        self._report([*problems, *self.unwritten])
        if not (self.plain or self.check or self.diff):
            return
        would = "would be " if self.check or self.diff else ""
        parts = []
        if self.changed or not self.held:
            where = f" in {_count(self.files, 'file')}" if self.files else ""
            parts.append(f"{_count(self.changed, 'prompt')} {would}migrated{where}")
        if self.held:
            parts.append(
                f"{_count(self.held, 'prompt')} left as {'it is' if self.held == 1 else 'they are'}"
            )
        self.terminal.say(", ".join(parts))

    def _report(self, problems: list[str]) -> None:
        """Write the findings; what programs read is whole also without any."""
        text = self.style in _TEXT
        if self.findings or not text:
            page = self.terminal.page(sys.stderr if text else sys.stdout)
            self.tally.unread = len(problems)
            report(self.findings, self.tally, replace(page, closing=False), self.style)
            sys.stdout.flush()
        for problem in problems:
            self.terminal.fail(problem)


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
