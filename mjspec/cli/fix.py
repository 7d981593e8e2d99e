"""``mjspec lint --fix`` and ``--diff``: files with their fixes applied."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.cli.diff import unified
from mjspec.files import FileError, write_whole
from mjspec.linting.fixes import fix_text
from mjspec.linting.memory import Known
from mjspec.source import Source

if TYPE_CHECKING:
    from mjspec.cli.linter import Linter
    from mjspec.diagnostics import Diagnostic
    from mjspec.reading.inputs import Input

__all__ = ["fix_sources"]


def fix_sources(context: click.Context, linter: Linter, *, unsafe: bool, diff: bool) -> None:
    """Apply fixes to every file, or show them; standard input is written to standard output.

    What is left to find is looked for by the caller: in the files, or, where standard output is
    taken by a text, in the linter's own inputs.
    """
    sources, total, changed = linter.sources, 0, 0
    unwritten: list[str] = []
    left: list[Input] = []
    for source in sources.inputs():
        fixed = fix_text(source.source, partial(_check, source, linter), unsafe=unsafe)
        name, old = source.source.name, source.source.text
        if diff:
            changed += fixed.text != old
            click.echo(unified(name, old, fixed.text).encode(), nl=False)
        elif failure := _put(source, fixed.text, streamed=sources.streamed(source)):
            unwritten.append(failure)
            continue
        total += fixed.count
        if sources.streams and not diff:
            left.append(replace(source, source=Source(name, fixed.text), found=[]))
    sys.stdout.flush()
    verb = "would be" if diff else "was" if total == 1 else "were"
    context.obj.say(f"{total} fix{'' if total == 1 else 'es'} {verb} applied")
    if diff:
        for problem in (*sources.problems, *unwritten):
            context.obj.fail(problem)
        context.exit(2 if sources.problems or unwritten else 1 if changed else 0)
    if sources.streams:
        linter.given = left
        sources.problems += unwritten
    else:
        # What could not be read is found again when the files are looked at once more.
        sources.problems[:] = unwritten


def _put(source: Input, text: str, *, streamed: bool) -> str | None:
    """Write a fixed text to where it belongs; why it cannot be written, if so."""
    if source.kind == "prompt":
        click.echo(text)
    elif streamed:
        # Bytes, so that no line end is translated.
        click.echo(text.encode(), nl=False)
    elif text != source.source.text:
        try:
            write_whole(Path(source.source.name), text, source.source.text)
        except FileError as error:
            return str(error)
    return None


def _check(source: Input, linter: Linter, text: Source) -> list[Diagnostic]:
    one = replace(source, source=text, found=[])
    batches = linter.batches(one, Known(), again=True)
    return [diagnostic for batch in batches for diagnostic in batch.found]
