"""What the commands that spend or look after money share: the key, the client, the jobs, the plan."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from mjspec.diagnostics import MjspecError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.dispatch.client import Client
    from mjspec.dispatch.forecast import Forecast
    from mjspec.dispatch.job import PaidJob

__all__ = [
    "client_for",
    "client_options",
    "name_option",
    "out_option",
    "resume_words",
    "run_options",
    "show_forecast",
]


class MissingKeyError(MjspecError):
    """There is no key to pay with."""


def out_option(*, must_exist: bool = True) -> Callable[..., Any]:
    """The folder that holds the state of a batch."""
    return click.option(
        "--out",
        type=click.Path(file_okay=False, exists=must_exist, path_type=Path),
        required=True,
        help="The output folder: ledger, images, gallery.",
    )


def client_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say who is asked and who pays."""
    for decorator in (
        click.option("--sandbox", is_flag=True, help="Use a local sandbox for this run; no key."),
        click.option("--base-url", metavar="URL", help="The API; default $APIMART_BASE_URL."),
        click.option(
            "--api-key-file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="A file with the key; default is the variable APIMART_API_KEY.",
        ),
    ):
        function = decorator(function)
    return function


def run_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say how a run behaves."""
    for decorator in reversed(
        (
            click.option(
                "--concurrency",
                type=click.IntRange(1),
                default=16,
                show_default=True,
                help="The most tasks at a time.",
            ),
            click.option(
                "--rate",
                type=click.FloatRange(0, min_open=True),
                default=60.0,
                show_default=True,
                help="The most submissions a minute.",
            ),
            click.option(
                "--max-cost",
                type=click.FloatRange(0),
                metavar="USD",
                help="What the folder may cost in all; never exceeded.",
            ),
            click.option(
                "--max-unknown",
                type=click.IntRange(0),
                metavar="N",
                help="Stop sending after so many unknown outcomes.",
            ),
            click.option(
                "--poll-first",
                type=click.FloatRange(0),
                metavar="S",
                help="Seconds until a task is asked for.",
            ),
            click.option(
                "--poll-every",
                type=click.FloatRange(0),
                metavar="S",
                help="Seconds between two questions.",
            ),
            name_option,
        )
    ):
        function = decorator(function)
    return function


def name_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the option that says what images are called."""
    return click.option(
        "--name",
        "template",
        metavar="TEMPLATE",
        help="File names of images, such as {id}/{version}-{index}; the folder keeps it.",
    )(function)


def client_for(base_url: str | None, key_file: Path | None, *, needed: bool = True) -> Client:
    """The client for the provider.

    Args:
        base_url: The address; the environment's or the provider's own if there is none.
        key_file: A file with the key; the environment's if there is none.
        needed: Whether it must have a key.

    Raises:
        MissingKeyError: Neither the file nor the environment holds a key.
    """
    from mjspec.dispatch.client import DEFAULT_BASE_URL, Client

    if key_file is not None:
        try:
            key = key_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise MissingKeyError(f"the key file {key_file} cannot be read: {error}") from None
    else:
        key = os.environ.get("APIMART_API_KEY", "").strip()
    if needed and not key:
        raise MissingKeyError(
            "there is no API key; set APIMART_API_KEY or name a file with --api-key-file,"
            " or try it out with --sandbox"
        )
    return Client(base_url or os.environ.get("APIMART_BASE_URL") or DEFAULT_BASE_URL, key)


def resume_words(base_url: str | None, key_file: Path | None) -> str:
    """What a person has to give again to go on where this command spoke to."""
    given = {"--base-url": base_url, "--api-key-file": key_file}
    return " ".join(f"{name} {quote(str(value))}" for name, value in given.items() if value)


def show_forecast(forecast: Forecast, jobs: list[PaidJob], template: str | None) -> None:
    """The plan as text, on standard output, with one name where a template was asked for."""
    from mjspec.dispatch.outcome import jobs_in_words
    from mjspec.dispatch.prices import usd

    counts = ", ".join(f"{number} {name}" for name, number in forecast.counts.items() if number)
    click.echo(f"Jobs: {counts or 'none'}")
    for line in forecast.lines:
        calls = f", {line.calls} calls" if line.calls != line.jobs else ""
        number = f"{jobs_in_words(line.jobs)}{calls}"
        click.echo(f"  {line.billing_key}: {number} at {usd(line.each)} = {usd(line.total)}")
    click.echo(f"Estimated cost: {usd(forecast.total)} at the prices of {forecast.price_date}")
    if forecast.spent:
        click.echo(f"Spent in this folder so far: {usd(forecast.spent)}")
    if forecast.duplicates:
        click.echo(f"Equal to another job, not sent: {forecast.duplicates}")
    for name in forecast.changed:
        click.echo(f"Changed since it was paid for, a new job now: {name}")
    for name in forecast.cancelled:
        click.echo(f"No longer in the spec, will be cancelled: {name}")
    if template is not None and jobs:
        from mjspec.dispatch.naming import sample_stem

        click.echo(f"Images are called like this: {sample_stem(template, jobs[0])}.png")


def confirmed(context: click.Context, question: str) -> None:
    """Ask on a terminal; elsewhere the answer has to be given with ``--yes``."""
    if not sys.stdin.isatty():
        context.obj.fail("this spends money: give --yes where nobody can be asked")
        context.exit(2)
    if not click.confirm(question, err=True):
        context.obj.say("nothing was sent")
        context.exit(2)
