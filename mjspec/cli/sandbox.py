"""``mjspec sandbox``: the provider's API on this machine, without a key or a bill."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mjspec.cli.command import Command

if TYPE_CHECKING:
    from mjspec.sandbox import Sandbox

__all__ = ["command"]

_KEY = "sandbox"
"""Any key will do; this one says in logs what it is."""


@click.command("sandbox", cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8787,
    show_default=True,
    help="0 for a free one.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0),
    default=5.0,
    show_default=True,
    help="How long a task takes.",
)
@click.option(
    "--spread",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="How much tasks differ in that.",
)
@click.option(
    "--latency",
    type=click.FloatRange(0),
    default=0.0,
    show_default=True,
    help="Seconds before any answer.",
)
@click.option(
    "--slow-seconds",
    type=click.FloatRange(0),
    default=2.0,
    show_default=True,
    help="How long the slow faults take.",
)
@click.option(
    "--retry-after",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Seconds that refusals ask to wait.",
)
@click.option(
    "--link-seconds",
    type=click.FloatRange(0),
    default=86_400.0,
    show_default=True,
    help="How long links to images work.",
)
@click.option(
    "--task-timeout",
    type=click.FloatRange(0),
    default=1800.0,
    show_default=True,
    help="Seconds after which a task that never ends is failed.",
)
@click.option("--balance", type=float, help="US dollars to begin with; without it, no limit.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME=RATE",
    help="What goes wrong how often: 429=5%; repeatable.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Repeats a run exactly.")
@click.option(
    "--memory",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that keeps the tasks for the next sandbox.",
)
@click.option("--list-faults", is_flag=True, help="Print every fault and end.")
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    host: str,
    port: int,
    balance: float | None,
    faults: tuple[str, ...],
    list_faults: bool,
    **settings: Any,
) -> None:
    """Serve the documented API until Ctrl-C, its normal end: the exit code is 0 then.

    Every request is checked as the provider would, tasks take a while, and images show their prompt.
    """
    from mjspec.sandbox import Faults, Options, serve

    if list_faults:
        _show_faults()
        return
    options = Options(
        **settings,
        balance=balance,
        faults=Faults.parse(",".join(faults)),
        log=context.obj.detail if context.obj.verbose else None,
    )
    try:
        serve(options, host, port, ready=_show_address)
    except OSError as error:
        raise click.ClickException(f"{host}:{port}: {error.strerror or error}") from error


def _show_address(sandbox: Sandbox) -> None:
    sys.stdout.write(f"The sandbox answers at {sandbox.url}. Ctrl-C ends it.\n\n")
    sys.stdout.write("In another terminal:\n\n")
    sys.stdout.write(f"  export APIMART_BASE_URL={sandbox.url}\n  export APIMART_API_KEY={_KEY}\n")
    sys.stdout.flush()


def _show_faults() -> None:
    from mjspec.sandbox import CATALOGUE, GROUPS

    width = max(len(name) for name in (*GROUPS, *(fault.name for fault in CATALOGUE)))
    stage = ""
    for fault in CATALOGUE:
        if fault.stage != stage:
            sys.stdout.write(f"{fault.stage}\n")
            stage = fault.stage
        sys.stdout.write(f"  {fault.name:{width}}  {fault.summary}\n")
    sys.stdout.write("groups\n")
    for name, members in GROUPS.items():
        sys.stdout.write(f"  {name:{width}}  {', '.join(members)}\n")
