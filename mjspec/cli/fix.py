"""``mjspec lint --fix`` and ``--diff``: files with their fixes applied."""

from __future__ import annotations

import difflib
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.files import FileError, write_whole
from mjspec.fixes import fix_text
from mjspec.survey import Known

if TYPE_CHECKING:
    from mjspec.cli.linter import Linter
    from mjspec.diagnostics import Diagnostic
    from mjspec.inputs import Input
    from mjspec.source import Source

__all__ = ["fix_sources"]


def fix_sources(context: click.Context, linter: Linter, *, unsafe: bool, diff: bool) -> None:
    """Apply fixes to every file, or show them; standard input is written to standard output."""
    sources, total, changed = linter.sources, 0, 0
    unwritten: list[str] = []
    for source in sources.inputs():
        fixed = fix_text(source.source, partial(_check, source, linter), unsafe=unsafe)
        name = source.source.name
        if diff:
            changed += fixed.text != source.source.text
            click.echo(_diff(source.source, fixed.text), nl=False)
        elif sources.streamed(source):
            click.echo(fixed.text, nl=False)
        elif fixed.text != source.source.text:
            try:
                write_whole(Path(name), fixed.text, source.source.text)
            except FileError as error:
                unwritten.append(str(error))
                continue
        total += fixed.count
    sys.stdout.flush()
    verb = "would be" if diff else "were"
    context.obj.say(f"{total} fixes {verb} applied")
    streams = any(path == "-" for path in sources.paths) or sources.prompts
    if diff or streams:
        for problem in (*sources.problems, *unwritten):
            context.obj.fail(problem)
        context.exit(2 if sources.problems or unwritten else 1 if diff and changed else 0)
    # What could not be read is found again when the files are looked at once more.
    sources.problems[:] = unwritten


def _check(source: Input, linter: Linter, text: Source) -> list[Diagnostic]:
    one = replace(source, source=text, found=[])
    batches = linter.batches(one, Known(), again=True)
    return [diagnostic for batch in batches for diagnostic in batch.found]


def _diff(source: Source, text: str) -> str:
    lines = difflib.unified_diff(
        source.text.splitlines(keepends=True),
        text.splitlines(keepends=True),
        source.name,
        source.name,
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
