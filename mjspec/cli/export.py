"""``mjspec export``: jobs and results as JSON Lines or CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from mjspec.cli.batch import out_option
from mjspec.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command("export", cls=Command)
@out_option()
@click.option(
    "--format", "style", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True
)
def command(out: Path, style: Literal["jsonl", "csv"]) -> None:
    """Write every job of a folder with its state, its images and its cost."""
    from mjspec.dispatch.export import export

    for line in export(out, style):
        click.echo(line, nl=False)
