"""``mjspec explain``: every value of a job, where it comes from and what it overrode."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command
from mjspec.cli.sources import source_options
from mjspec.diagnostics import Severity
from mjspec.jobs.pipeline import Findings, compiled_jobs, examined_jobs
from mjspec.jobs.seen import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.cli.sources import Sources
    from mjspec.jobs.compiler import Compiled
    from mjspec.jobs.examined import Examined
    from mjspec.language.settings import Setting

__all__ = ["command"]


@click.command("explain", cls=Command)
@source_options
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@click.pass_context
def command(context: click.Context, sources: Sources, style: str) -> None:
    """Show each field of each job: its value, where it came from, what it overrode."""
    from mjspec.cli.output import report_findings
    from mjspec.report.records import explain_record

    findings = Findings()
    jobs = _jobs(sources, findings)
    if style == "json":
        records = [explain_record(examined, compiled) for examined, compiled in jobs]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
    else:
        for number, (examined, compiled) in enumerate(jobs):
            if number:
                click.echo()
            for line in _lines(examined, compiled):
                click.echo(line)
    worst = report_findings(context.obj, findings.take(), sources.problems, quietly=True)
    context.exit(2 if sources.problems else 1 if worst is Severity.ERROR else 0)


def _jobs(sources: Sources, findings: Findings) -> Iterator[tuple[Examined, Compiled | None]]:
    findings.add(sources.found, job=False)
    seen = Seen()
    for source in sources.inputs():
        jobs = examined_jobs(source, sources.options_for(source), findings)
        yield from compiled_jobs(jobs, "structured", findings, seen)


def _lines(examined: Examined, compiled: Compiled | None) -> Iterator[str]:
    """One job as text."""
    origin = examined.job.origin
    name = compiled.id if compiled else examined.job.id or "job with errors"
    yield f"{name}  ({_place(origin.source.name, *origin.start)})"
    if examined.content.prompt:
        yield f"  prompt  {examined.content.prompt}"
    settings = list(examined.settings.values())
    shown = [(s.key, _value(s), _whence(s)) for s in settings]
    name_width = max((len(key) for key, _, _ in shown), default=0)
    value_width = min(max((len(value) for _, value, _ in shown), default=0), 40)
    for setting, (key, value, whence) in zip(settings, shown, strict=True):
        yield f"  {key:<{name_width}}  {value:<{value_width}}  {whence}"
        for weaker in setting.overrides:
            blank = " " * (name_width + value_width + 4)
            yield f"  {blank}overrides {_value(weaker)} from {_whence(weaker)}"
    if compiled:
        yield f"  final prompt  {compiled.final_prompt}"
        yield f"  billing key   {compiled.billing_key}"
        yield f"  fingerprint   {compiled.fingerprint}"


def _whence(setting: Setting) -> str:
    place = setting.origin.name_location
    words = {
        "default": "defaults",
        "prompt": f"prompt {setting.origin.label}",
        "field": "field",
        "spec": "--spec",
        "set": "--set",
        "extra": "extra",
    }
    return f"{words[setting.origin.kind]} at {_place(place.source.name, *place.start)}"


def _value(setting: Setting) -> str:
    return setting.value if isinstance(setting.value, str) else json.dumps(setting.value)


def _place(name: str, line: int, column: int) -> str:
    from mjspec.report.cells import plain

    return f"{plain(name)}:{line}:{column}"
