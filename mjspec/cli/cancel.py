"""``mjspec cancel``: give up jobs that were not sent yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mjspec.cli.batch import out_option
from mjspec.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command("cancel", cls=Command)
@click.argument("jobs", nargs=-1)
@out_option()
@click.pass_context
def command(context: click.Context, jobs: tuple[str, ...], out: Path) -> None:
    """Cancel planned JOBS, all of them if none is named; what was sent cannot be called back."""
    from mjspec.dispatch.decisions import cancel

    gone = cancel(out, jobs)
    for name in gone:
        click.echo(f"{name} is cancelled")
    if not gone:
        context.obj.say("no job was planned")
