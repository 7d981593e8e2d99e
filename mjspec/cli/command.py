"""What every command shares: its options for output and help, and suggestions for typing errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mjspec.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Command", "shared_options", "suggestion"]


class Command(click.Command):
    """A command that also takes ``--quiet``, ``--verbose`` and ``--color``."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params += shared_options()


def shared_options() -> list[click.Parameter]:
    """The options that may stand before a command and behind it."""
    return [
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="Show only data and errors.",
        ),
        click.Option(
            ["--verbose"],
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="Show details, and tracebacks of errors.",
        ),
        click.Option(
            ["--color", "colour"],
            type=click.Choice(["auto", "always", "never"]),
            expose_value=False,
            callback=_remember,
            help="Colours; auto means on a terminal, if NO_COLOR is not set.",
        ),
    ]


def suggestion(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'lint'?``, or nothing if no known name is close."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), 1, 0.6)
    return f" Did you mean '{close[0]}'?" if close else ""


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:
    """Set what was given; what was not given leaves what stood before the command."""
    if value and option.name:
        setattr(context.ensure_object(Terminal), option.name, value)
