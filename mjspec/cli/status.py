"""``mjspec status``: how the jobs of a folder stand."""

from __future__ import annotations

import json
import sys
from time import sleep
from typing import TYPE_CHECKING, Any

import click

from mjspec.cli.batch import out_option
from mjspec.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]

_WATCH_EVERY = 2.0
_ENDED = ("done", "cancelled", "failed", "rejected", "unknown")


@click.command("status", cls=Command)
@out_option()
@click.option("--watch", is_flag=True, help="Show it again until nothing is under way.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
def command(out: Path, watch: bool, style: str) -> None:
    """Show every job's state, its images and what went wrong."""
    from mjspec.dispatch.status import status

    last = None
    while True:
        known = status(out, labels=style == "text")
        if known != last:
            _show(known, style, anew=watch)
            last = known
        if not watch or _over(known):
            return
        sys.stdout.flush()
        sleep(_WATCH_EVERY)


def _over(known: dict[str, Any]) -> bool:
    return all(state in _ENDED or not number for state, number in known["summary"].items())


def _show(known: dict[str, Any], style: str, *, anew: bool) -> None:
    """Prints what is known; ``anew`` puts it in the place of what a terminal showed before."""
    if style == "json":
        click.echo(json.dumps(known, ensure_ascii=False, indent=2))
        return
    if anew:
        click.clear()
    _show_text(known)


def _show_text(known: dict[str, Any]) -> None:
    from mjspec.dispatch.prices import micros, usd
    from mjspec.report.cells import plain

    counts = ", ".join(f"{number} {state}" for state, number in known["summary"].items() if number)
    cost = {name: usd(micros(amount) or 0) for name, amount in known["cost"].items()}
    click.echo(f"{counts or 'no jobs'}")
    click.echo(
        f"estimated {cost['estimated']}, charged {cost['actual']}, reserved {cost['reserved']}"
    )
    width = max((len(job["id"]) for job in known["jobs"]), default=0)
    for job in known["jobs"]:
        images = len(job["images"])
        number = "1 image" if images == 1 else f"{images} images"
        detail = job["error"] or (number if images else "")
        line = f"{job['id']:<{width}}  {job['state']:<11}  {job['task_id'] or '-'}  {detail}"
        # What the provider wrote must not steer the terminal.
        click.echo(plain(line.rstrip()))
