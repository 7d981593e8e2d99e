"""``mjspec plan``: what a submission would send and cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec.cli.batch import name_option, show_forecast
from mjspec.cli.command import Command
from mjspec.cli.gathering import gather
from mjspec.cli.sources import source_options

if TYPE_CHECKING:
    from mjspec.cli.sources import Sources
    from mjspec.dispatch.job import PaidJob

__all__ = ["command"]


@click.command("plan", cls=Command)
@source_options
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="The output folder to compare with.",
)
@name_option
@click.option("--skip-invalid", is_flag=True, help="Leave out jobs with errors.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(
    context: click.Context,
    /,
    sources: Sources,
    out: Path,
    template: str | None,
    skip_invalid: bool,
    style: str,
) -> None:
    """Compare the sources with an output folder; nothing is sent and nothing is written."""
    from mjspec.dispatch.forecast import Comparison
    from mjspec.dispatch.naming import check_naming

    comparison = Comparison(out)
    jobs: list[PaidJob] = []

    def look_at(job: PaidJob) -> None:
        comparison.add(job)
        if template is not None:
            jobs.append(job)

    gather(context, sources, out, skip_invalid=skip_invalid, each=look_at)
    if template is not None:
        check_naming(template, jobs)
    forecast = comparison.forecast(sources.prices())
    if style == "json":
        click.echo(json.dumps(forecast.as_json(), indent=2))
    else:
        show_forecast(forecast, jobs, template)
