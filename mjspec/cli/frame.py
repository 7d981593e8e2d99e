"""The group of commands. A command's module is imported when the command is asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mjspec._version import __version__
from mjspec.cli.command import shared_options, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COMMANDS", "Commands", "mjspec"]

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "Prompts": {
        "lint": "Find mistakes in prompts and specs.",
        "fmt": "Write prompts in their canonical spelling.",
        "migrate": "Move prompts and specs to another model version.",
        "compile": "Turn prompts and specs into requests.",
        "explain": "Show where each field of a job comes from.",
        "lsp": "Serve editors: findings, fixes and completion while you type.",
    },
    "Images": {
        "plan": "Show what a submission would send and cost.",
        "submit": "Send jobs and download their images.",
        "status": "Show how the jobs of a folder stand.",
        "resume": "Go on with an interrupted submission.",
        "resolve": "Decide about a job whose outcome is unknown.",
        "retry": "Plan failed jobs again.",
        "cancel": "Give up jobs that were not sent yet.",
        "export": "Write jobs and results as JSON Lines or CSV.",
        "gallery": "Make a web page of the images.",
        "sandbox": "Serve the provider's API locally, free of charge.",
    },
    "Reference": {
        "params": "Explain parameters, version by version.",
        "rule": "Explain rules, with examples.",
        "schema": "Print the JSON Schema of spec files or requests.",
        "completion": "Print the script by which a shell completes mjspec.",
    },
}
"""Every command with its one line of help, by section; a command's module has its name."""

_SUMMARIES = {name: line for section in COMMANDS.values() for name, line in section.items()}


class Commands(click.Group):
    """Finds commands by name and lists them without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the order of the table."""
        del ctx
        return list(_SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; its module is imported here."""
        del ctx
        if cmd_name not in _SUMMARIES:
            return None
        command = import_module(f"mjspec.cli.{cmd_name}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names.

        Raises:
            click.UsageError: There is none; the message says which was probably meant.
        """
        name = args[0]
        if name not in _SUMMARIES and not name.startswith("-"):
            raise click.UsageError(f"No such command '{name}'.{_hint(name)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, from the table alone."""
        del ctx
        for title, commands in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))


def _hint(name: str) -> str:
    """What was meant: a command of a similar name, or the file that was named to be checked."""
    close = suggestion(name, _SUMMARIES)
    if not close and Path(name).exists():
        return f" Did you mean 'mjspec lint {name}'?"
    return close


mjspec = Commands(
    "mjspec",
    help="A compiler and linter for Midjourney prompts.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=False,
    params=[
        click.Option(
            ["-V", "--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=lambda context, _, value: _show_version(context, value=value),
            help="Show the version.",
        ),
        *shared_options(),
    ],
)
"""The command line."""


def _show_version(context: click.Context, *, value: bool) -> None:
    if value:
        click.echo(f"mjspec {__version__}")
        context.exit()
