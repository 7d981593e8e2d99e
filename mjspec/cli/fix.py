"""``mjspec lint --fix`` and ``--diff``: files with their fixes applied."""

from __future__ import annotations

import difflib
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.fixes import fix_text, write_whole
from mjspec.linting import lint_input

if TYPE_CHECKING:
    from mjspec.cli.sources import Sources
    from mjspec.diagnostics import Diagnostic
    from mjspec.inputs import Input
    from mjspec.source import Source

__all__ = ["fix_sources"]


def fix_sources(context: click.Context, sources: Sources, *, unsafe: bool, diff: bool) -> None:
    """Apply fixes to every file, or show them; standard input is written to standard output."""
    total = changed = 0
    for source in sources.inputs():
        fixed = fix_text(source.source, partial(_check, source, sources), unsafe=unsafe)
        name = source.source.name
        streamed = source.kind == "prompt" or not Path(name).is_file()
        if diff:
            changed += fixed.text != source.source.text
            click.echo(_diff(source.source, fixed.text), nl=False)
        elif streamed:
            click.echo(fixed.text, nl=False)
        elif fixed.text != source.source.text:
            write_whole(Path(name), fixed.text)
        total += fixed.count
    sys.stdout.flush()
    verb = "would be" if diff else "were"
    context.obj.say(f"{total} fixes {verb} applied")
    if diff and changed:
        context.exit(1)
    if any(path == "-" for path in sources.paths) or sources.prompts:
        context.exit(0)
    sources.problems.clear()


def _check(source: Input, sources: Sources, text: Source) -> list[Diagnostic]:
    one = replace(source, source=text, found=[])
    batches = lint_input(one, sources.options_for(source), sources.config(source), {})
    return [diagnostic for batch in batches for diagnostic in batch.found]


def _diff(source: Source, text: str) -> str:
    lines = difflib.unified_diff(
        source.text.splitlines(keepends=True),
        text.splitlines(keepends=True),
        source.name,
        source.name,
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
