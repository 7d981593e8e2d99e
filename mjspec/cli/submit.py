"""``mjspec submit``: send jobs once, and bring their images home."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from mjspec.cli.batch import (
    client_for,
    client_options,
    confirmed,
    out_option,
    resume_words,
    run_options,
    show_forecast,
)
from mjspec.cli.command import Command
from mjspec.cli.gathering import gather
from mjspec.cli.sources import source_options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mjspec.cli.gathering import Gathered
    from mjspec.cli.sources import Sources
    from mjspec.cli.terminal import Terminal
    from mjspec.dispatch.client import Client
    from mjspec.dispatch.journal import Event

__all__ = ["command", "run_batch"]


@click.command("submit", cls=Command)
@source_options
@out_option(must_exist=False)
@client_options
@run_options
@click.option("--yes", "-y", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.option("--dry-run", is_flag=True, help="Show the plan and send nothing.")
@click.option("--skip-invalid", is_flag=True, help="Send the jobs without errors nevertheless.")
@click.pass_context
def command(
    context: click.Context,
    /,
    sources: Sources,
    out: Path,
    sandbox: bool,
    base_url: str | None,
    api_key_file: Path | None,
    yes: bool,
    dry_run: bool,
    skip_invalid: bool,
    **behaviour: Any,
) -> None:
    """Submit jobs, follow them, and download their images.

    Running it again sends nothing that was sent before. The state lives in the output folder.
    """
    from mjspec.dispatch.forecast import plan
    from mjspec.dispatch.naming import check_naming
    from mjspec.dispatch.prices import usd

    gathered = gather(context, sources, out, skip_invalid=skip_invalid)
    jobs = gathered.jobs
    if behaviour["template"] is not None:
        check_naming(behaviour["template"], jobs)
    prices = sources.prices()
    forecast = plan(out, jobs, prices)
    if dry_run:
        show_forecast(forecast, jobs, behaviour["template"])
        context.exit(0)
    new = forecast.counts["new"]
    # Where all is done there is nothing to pay for and nobody to ask.
    idle = not new and not forecast.under_way
    client = None if sandbox else client_for(base_url, api_key_file, needed=not idle)
    if new and not (yes or sandbox):
        show_forecast(forecast, jobs, behaviour["template"])
        what = "1 new job" if new == 1 else f"{new} new jobs"
        confirmed(context, f"Submit {what} for about {usd(forecast.total)}?")
    behaviour |= {"prices": prices, "resume_with": resume_words(base_url, api_key_file)}
    run_batch(context, out, client, gathered, behaviour)


def run_batch(
    context: click.Context,
    out: Path,
    client: Client | None,
    gathered: Gathered | None,
    behaviour: dict[str, Any],
) -> None:
    """One run to its end, in a sandbox of its own if there is no client, and what it says then.

    Without jobs it goes on with what the folder holds.
    """
    from mjspec.cli.progress import ProgressDisplay
    from mjspec.dispatch.options import RunOptions
    from mjspec.dispatch.outcome import EXIT_FAILED
    from mjspec.dispatch.prices import micros, usd
    from mjspec.dispatch.runner import Runner
    from mjspec.report.cells import plain

    settings = {name: value for name, value in behaviour.items() if value is not None}
    if "max_cost" in settings:
        settings["max_cost"] = micros(settings["max_cost"])
    display = ProgressDisplay(context.obj)
    with _client(client, out, settings) as speaker:
        options = RunOptions(**settings)
        runner = Runner(out, speaker, options, on_event=_tell_rescue, on_tick=display.tick)
        display.runner = runner
        outcome = runner.run(gathered.jobs, gathered.made_of) if gathered else runner.resume()
    display.end()
    terminal = context.obj
    counts = ", ".join(f"{number} {name}" for name, number in outcome.summary.items() if number)
    terminal.say(f"{counts or 'no jobs'}; {usd(outcome.cost.actual)} charged")
    for message in outcome.messages:
        if message not in display.told:
            terminal.say(plain(message))
    _show_gallery(terminal, out)
    # What was left out is not done.
    left_out = gathered is not None and not gathered.complete
    context.exit(outcome.exit_code or (EXIT_FAILED if left_out else 0))


def _show_gallery(terminal: Terminal, out: Path) -> None:
    """Brings the page up to date and says where it is; a full disk must not hide how the run ended."""
    from mjspec.diagnostics import MjspecError
    from mjspec.dispatch.freshness import is_current
    from mjspec.dispatch.gallery import GALLERY_NAME, gallery

    page = out / GALLERY_NAME
    try:
        # With thousands of images it takes longer than finding out that nothing is new.
        if not is_current(page, out):
            gallery(out)
    except (OSError, MjspecError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        terminal.say(f"{page} is not up to date: {reason}")
    else:
        click.echo(str(page))


def _tell_rescue(event: Event) -> None:
    """An id that the ledger could not take is shown at once: it is paid for."""
    if event.type == "rescued":
        click.echo(f"rescued: {event.facts.get('line')}", err=True)


@contextmanager
def _client(client: Client | None, out: Path, settings: dict[str, Any]) -> Iterator[Client]:
    """The client, or one for a sandbox that lives as long as the run.

    What the sandbox accepted is kept in the output folder: a run that is resumed finds its tasks.
    """
    if client is not None:
        yield client
        return
    from mjspec.dispatch.client import Client
    from mjspec.sandbox import Options, Sandbox

    options = Options(balance=None, memory=out / _MEMORY)
    settings["resume_with"] = "--sandbox"
    # Its tasks all take the same time, so that one question each is enough.
    settings.setdefault("poll_first", options.seconds)
    settings.setdefault("poll_every", 0.2)
    # A sandbox has no limit of submissions, unless one is asked for on the command line.
    if settings.get("rate") == _DEFAULT_RATE:
        settings["rate"] = _SANDBOX_RATE
    with Sandbox(options) as sandbox:
        yield Client(sandbox.url, "sandbox")


_MEMORY = "sandbox.jsonl"
_DEFAULT_RATE = 60.0
_SANDBOX_RATE = 60_000.0
