"""``mjspec params``: the reference of parameters and the matrix of versions."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from mjspec.cli.command import Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.parameters import Parameter

__all__ = ["command"]

_LABEL = 11
_LEGEND = "✓ available   ~ other values than elsewhere   ? doubtful   · not available"


@click.command("params", cls=Command, context_settings={"ignore_unknown_options": True})
@click.argument("name", required=False, type=click.UNPROCESSED)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
def command(name: str | None, style: str) -> None:
    """Explain the parameter NAME, or list all of them with the versions that have them.

    NAME is any spelling, with or without dashes, or the name of a field.
    """
    from mjspec.parameters import BY_FLAG, PARAMETERS
    from mjspec.reference import entry
    from mjspec.schemas import PLAIN

    plain = (name or "").strip("-")
    if plain in PLAIN and plain not in BY_FLAG:
        _write_field(plain, style)
        return
    parameter = _find(name) if name else None
    if style == "json":
        record = entry(parameter) if parameter else [entry(each) for each in PARAMETERS]
        lines = iter([json.dumps(record, indent=2, ensure_ascii=False)])
    else:
        lines = _page(parameter) if parameter else _matrix()
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in lines)


def _write_field(name: str, style: str) -> None:
    """A field that is no parameter of Midjourney's."""
    from mjspec.parameters import PARAMETERS
    from mjspec.schemas import PLAIN

    schema = {key: value for key, value in PLAIN[name].items() if key != "description"}
    flags = [f"--{p.flag}" for p in PARAMETERS if p.speed and name == "speed"]
    summary = PLAIN[name]["description"]
    if style == "json":
        record = {"name": name, "field": name, "spellings": flags, "summary": summary}
        click.echo(json.dumps({**record, "schema": schema}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{name}\n  {summary}\n\n  {'field':{_LABEL}} {name}")
    if flags:
        click.echo(f"  {'spellings':{_LABEL}} {', '.join(flags)}")
    words = schema.get("enum")
    click.echo(f"  {'values':{_LABEL}} {', '.join(words) if words else schema['type']}")


def _find(name: str) -> Parameter:
    from mjspec.language.spelling import suggest_flag
    from mjspec.reference import find_parameter

    parameter = find_parameter(name)
    if parameter is not None:
        return parameter
    close = suggest_flag(name.strip("-"))
    hint = f" Did you mean '--{close}'?" if close else ""
    raise click.UsageError(f"No such parameter '{name}'.{hint}")


def _matrix() -> Iterator[str]:
    """A row for each parameter, a column for each version."""
    from mjspec.parameters import PARAMETERS
    from mjspec.reference import mark
    from mjspec.versions import VERSIONS

    living = [parameter for parameter in PARAMETERS if not parameter.dead]
    names = {p.name: ", ".join(f"--{spelling}" for spelling in p.spellings) for p in living}
    wide = max(map(len, names.values()))
    heads = [f"n{v.number}" if v.niji else v.number for v in VERSIONS]
    yield f"{'':{wide}}  {' '.join(f'{head:>3}' for head in heads)}"
    for parameter in living:
        marks = (mark(parameter, version) for version in VERSIONS)
        yield f"{names[parameter.name]:{wide}}  {' '.join(f'{sign:>3}' for sign in marks)}"
    yield ""
    yield f"{_LEGEND}; n7 is niji 7"
    dead = ", ".join(f"--{parameter.flag}" for parameter in PARAMETERS if parameter.dead)
    yield ""
    yield from click.wrap_text(f"No longer parameters: {dead}", 96, "", "  ").splitlines()


def _page(parameter: Parameter) -> Iterator[str]:
    """The reference of one parameter."""
    yield f"--{parameter.flag}"
    yield f"  {parameter.summary}"
    yield ""
    for label, text in _facts(parameter):
        if text:
            yield f"  {label:{_LABEL}} {text}"
    rows = list(_versions(parameter))
    if len(rows) > 1:
        yield ""
        yield "  versions"
        wide = max(len(where) for where, _ in rows)
        for where, values in rows:
            yield f"    {where:{wide}}  {values}"


def _facts(parameter: Parameter) -> Iterator[tuple[str, str]]:
    from mjspec.reference import entry

    facts = entry(parameter)
    yield "spellings", ", ".join(facts["spellings"])
    yield "field", facts["field"] or ("" if parameter.dead else "none; `extra` carries it")
    yield "values", facts["values"]
    yield "default", facts["default"] or ""
    yield "needs", facts["needs"] or ""
    yield "excludes", ", ".join(facts["excludes"])
    yield "note", facts["note"] or ""
    yield "now", facts["replaced_by"] or ""
    yield "was in", facts["was_in"] or ""
    yield "sources", "; ".join(facts["sources"])


def _versions(parameter: Parameter) -> Iterator[tuple[str, str]]:
    from mjspec.reference import stretches
    from mjspec.versions import describe

    for stretch in stretches(parameter):
        values = stretch.values or "not available"
        doubt = f"; less certain: {stretch.advice}" if stretch.advice else ""
        yield describe(stretch.versions), f"{values}{doubt}"
