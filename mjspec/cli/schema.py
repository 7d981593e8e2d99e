"""``mjspec schema``: the JSON Schemas for editors and programs."""

from __future__ import annotations

import sys

import click

from mjspec.cli.command import Command, suggestion

__all__ = ["command"]


@click.command("schema", cls=Command)
@click.option("--model", metavar="VERSION", help="Of requests to this version: 7, v6.1, niji6.")
def command(model: str | None) -> None:
    """Print a JSON Schema.

    Without an option it is that of spec files (draft-07, as editors want it), with --model that of
    a request body with this model version (draft 2020-12).
    """
    from mjspec._resources import folder

    name = "spec.json" if model is None else _file_name(model)
    sys.stdout.write(folder("schemas").joinpath(name).read_text(encoding="utf-8"))


def _file_name(model: str) -> str:
    from mjspec.parameters import BY_KEY
    from mjspec.schemas import file_name, find_model
    from mjspec.versions import VERSIONS, describe

    version = find_model(model)
    if version is not None:
        return file_name(version)
    close = BY_KEY["version"].domain.nearest(model.lower().removeprefix("v"))
    slugs = [version.slug for version in VERSIONS]
    hint = f" Did you mean '{close}'?" if close else suggestion(model.lower(), slugs)
    known = describe(set(VERSIONS))
    raise click.UsageError(f"No such model version '{model}'.{hint} There are {known}.")
