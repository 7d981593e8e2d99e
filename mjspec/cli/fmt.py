"""``mjspec fmt``: the canonical spelling of prompts, in their files."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command
from mjspec.cli.sources import Sources
from mjspec.files import FileError, write_whole
from mjspec.formatting.reformat import reformat

if TYPE_CHECKING:
    from mjspec.cli.terminal import Terminal
    from mjspec.diagnostics import Diagnostic
    from mjspec.formatting.reformat import Reformatted
    from mjspec.reading.inputs import Input

__all__ = ["command"]


@click.command("fmt", cls=Command)
@click.argument("paths", nargs=-1)
@click.option("--prompt", "prompts", multiple=True, metavar="TEXT", help="A prompt given inline.")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where something would.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--stdin-filename", metavar="NAME", help="What standard input is called and read as.")
@click.option(
    "--force-exclude",
    is_flag=True,
    help="Leave out what the configuration excludes also if it is named.",
)
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    prompts: tuple[str, ...],
    check: bool,
    diff: bool,
    stdin_filename: str | None,
    force_exclude: bool,
) -> None:
    """Write prompts in their canonical spelling.

    Safe fixes are applied, links go to the front, each parameter stands once, in the order of
    `mjspec params` and under the name given there. In specs and tables only prompts change. A file
    with a syntax error is not touched. Standard input and --prompt go to standard output.
    """
    if not paths and not prompts:
        raise click.UsageError("name files, folders or `-`, or give a prompt with --prompt")
    sources = Sources(paths, prompts, None, None, outside=False, keep=False, found=[])
    sources.stdin_name, sources.force_exclude = stdin_filename, force_exclude
    run = _Run(context.obj, check=check, diff=diff)
    for source in sources.inputs():
        done = reformat(source, sources.options_for(source), sources.config(source))
        run.take(source, done, streamed=sources.streamed(source))
    sys.stdout.flush()
    run.close(sources.problems)
    if sources.problems or run.unwritten:
        context.exit(2)
    context.exit(1 if run.faults or (run.changed and (check or diff)) else 0)


@dataclass(slots=True)
class _Run:
    """What comes of the sources.

    Attributes:
        terminal: Where it is told.
        check: Whether sources that would change are listed, and nothing else is done.
        diff: Whether changes are shown, and nothing else is done.
        changed: How many sources change.
        same: How many do not.
        files: Whether any of them is a file.
        broken: How many are not touched.
        unwritten: Files that could not be written.
        faults: The syntax errors because of which files were not touched.
    """

    terminal: Terminal
    check: bool
    diff: bool
    changed: int = 0
    same: int = 0
    files: bool = False
    broken: int = 0
    unwritten: list[str] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)

    def take(self, source: Input, done: Reformatted, *, streamed: bool) -> None:
        """Write, show or list one source; one that is streamed is no file."""
        name, old = source.source.name, source.source.text
        self.files |= not streamed
        for place in done.refused:
            line, column = place.start
            self.terminal.say(
                f"{name}:{line}:{column}: this prompt was left as it is:"
                " in another spelling it would be another prompt"
            )
        if done.faults:
            self.faults += done.faults
            self.broken += 1
            if streamed and not (self.check or self.diff):
                # An editor that filters through this puts back what it gets.
                click.echo(old.encode(), nl=False)
            return
        differs = done.text != old
        self.changed += differs
        self.same += not differs
        if self.check or self.diff:
            self._tell(name, old, done.text)
        elif source.kind == "prompt":
            click.echo(done.text)
        elif streamed:
            # Bytes, so that no line end is translated.
            click.echo(done.text.encode(), nl=False)
        elif differs:
            self._write(name, done.text, old)

    def _tell(self, name: str, old: str, new: str) -> None:
        if old == new:
            return
        if self.check:
            click.echo(f"Would reformat: {name}")
        if self.diff:
            from mjspec.cli.diff import unified

            click.echo(unified(name, old, new), nl=False)

    def _write(self, name: str, text: str, old: str) -> None:
        try:
            write_whole(Path(name), text, old)
        except FileError as error:
            self.unwritten.append(str(error))
            self.changed -= 1
        else:
            self.terminal.detail(f"reformatted {name}")

    def close(self, problems: list[str]) -> None:
        """Report what went wrong, and what was done."""
        if self.faults or problems or self.unwritten:
            from mjspec.cli.output import report_findings

            report_findings(self.terminal, self.faults, [*problems, *self.unwritten])
        if not (self.files or self.check or self.diff):
            return
        would = "would be " if self.check or self.diff else ""
        left = "already formatted" if would else "left unchanged"
        parts = []
        if self.changed:
            parts.append(f"{_files(self.changed)} {would}reformatted")
        if self.same:
            parts.append(f"{_files(self.same)} {left}")
        if self.broken:
            parts.append(f"{_files(self.broken)} with syntax errors not touched")
        if parts:
            self.terminal.say(", ".join(parts))


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
