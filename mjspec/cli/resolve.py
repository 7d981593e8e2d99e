"""``mjspec resolve``: a person decides about a job whose outcome is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from mjspec.cli.batch import out_option
from mjspec.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command("resolve", cls=Command)
@click.argument("job")
@out_option()
@click.option("--task-id", metavar="TASK", help="The provider has it under this id.")
@click.option("--not-charged", is_flag=True, help="It was not bought; it may be sent again.")
@click.option("--resubmit", is_flag=True, help="Buy it again, whatever happened.")
def command(job: str, out: Path, task_id: str | None, not_charged: bool, resubmit: bool) -> None:
    """Say what became of JOB: exactly one of the three options."""
    from mjspec.dispatch.decisions import resolve

    if sum((task_id is not None, not_charged, resubmit)) != 1:
        raise click.UsageError("give exactly one of --task-id, --not-charged and --resubmit")
    verdict: Literal["not-charged", "resubmit"] | None = (
        "not-charged" if not_charged else "resubmit" if resubmit else None
    )
    click.echo(resolve(out, job, task_id=task_id, verdict=verdict).message)
