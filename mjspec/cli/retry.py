"""``mjspec retry``: plan failed jobs again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mjspec.cli.batch import out_option
from mjspec.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command("retry", cls=Command)
@click.argument("jobs", nargs=-1)
@out_option()
@click.option("--failed", is_flag=True, help="All failed and rejected jobs.")
@click.option("--paid", is_flag=True, help="Also those that cost money; they are bought again.")
@click.pass_context
def command(
    context: click.Context, jobs: tuple[str, ...], out: Path, failed: bool, paid: bool
) -> None:
    """Plan JOBS again, or all that failed; `mjspec resume` sends them."""
    from mjspec.dispatch.decisions import retry

    if bool(jobs) == failed:
        raise click.UsageError("name jobs, or give --failed for all of them")
    result = retry(out, jobs, paid=paid)
    for name in result.planned:
        click.echo(f"{name} is planned again")
    for name in result.paid:
        click.echo(f"{name} was paid for and is left alone; --paid buys it again", err=True)
    if not (result.planned or result.paid):
        context.obj.say("no job has failed")
    if result.planned:
        context.obj.say(f"send them with: mjspec resume --out {out}")
