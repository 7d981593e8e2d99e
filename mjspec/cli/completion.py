"""``mjspec completion``: scripts that let a shell complete commands, options and their values.

The script asks mjspec itself, by a variable of the environment, so there is nothing to renew after an update.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from mjspec.cli.command import Command
from mjspec.cli.frame import COMMANDS, Commands, mjspec
from mjspec.cli.run import QUESTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click.shell_completion import ShellComplete

__all__ = ["answer", "command"]

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion", cls=Command)
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    """Print the script that lets a shell complete mjspec.

    \b
    bash, in ~/.bashrc:  eval "$(mjspec completion bash)"
    zsh, in ~/.zshrc:    eval "$(mjspec completion zsh)"
    fish:                mjspec completion fish > ~/.config/fish/completions/mjspec.fish
    """  # noqa: D301 (click reads this sign as: keep these lines)
    sys.stdout.write(f"{_completer(shell).source()}\n")


def answer(question: str) -> int:
    """Print what a shell may offer, as its script asks.

    Args:
        question: What the variable says; the words of the line stand in variables of their own.

    Returns:
        The exit code: 0, or 2 if no script of ours asks like this.
    """
    shell, _, what = question.partition("_")
    if shell not in _SHELLS or what != "complete":
        return 2
    if shell == "bash":
        _join_options()
    try:
        offered = _completer(shell).complete()
    except click.UsageError:
        # The line has a mistake; running it says so, completing it offers nothing.
        return 0
    sys.stdout.write(f"{offered}\n")
    return 0


def _join_options() -> None:
    """Bash makes three words of ``--format=json``; the sign between them is none of them."""
    words = os.environ.get("COMP_WORDS", "").split("\n")
    at = int(os.environ.get("COMP_CWORD", "0"))
    before = [word for word in words[:at] if word != "="]
    begun = words[at] if at < len(words) and words[at] != "=" else ""
    os.environ["COMP_WORDS"] = "\n".join([*before, begun])
    os.environ["COMP_CWORD"] = str(len(before))


def _completer(shell: str) -> ShellComplete:
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    return kind(_Offering("mjspec", params=mjspec.params), {}, "mjspec", QUESTION)


class _Offering(Commands):
    """The commands without their modules, and a command with the values of its options."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names of commands from the table, and options."""
        offered = click.Command.shell_complete(self, ctx, incomplete)
        for section in COMMANDS.values():
            offered += [
                CompletionItem(name, help=line)
                for name, line in section.items()
                if name.startswith(incomplete)
            ]
        return offered

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, whose options know their values where a table of ours has them."""
        found = super().get_command(ctx, cmd_name)
        for parameter in found.params if found else ():
            values = _VALUES.get(_key(cmd_name, parameter))
            if values is not None:
                parameter.type = _Listed(values)
            elif isinstance(parameter.type, click.types.StringParamType) and _is_path(parameter):
                parameter.type = click.Path()
        return found


class _Listed(click.types.StringParamType):
    """A text of which a table has the usual values; several are separated by commas."""

    def __init__(self, values: Callable[[], Iterable[str]]) -> None:
        self._values = values

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The values that begin like the last one of a list."""
        del ctx, param
        before, comma, begun = incomplete.rpartition(",")
        chosen = before.split(",")
        return [
            CompletionItem(f"{before}{comma}{value}")
            for value in self._values()
            if value.startswith(begun) and value not in chosen
        ]


def _key(name: str, parameter: click.Parameter) -> str:
    """An option by its long name, an argument by its command."""
    return name if isinstance(parameter, click.Argument) else parameter.opts[-1]


def _is_path(parameter: click.Parameter) -> bool:
    return parameter.name == "paths" or parameter.metavar in ("FILE", "DIR", "FOLDER")


def _rules() -> Iterable[str]:
    from mjspec.rules import RULES

    return [*RULES, *(rule.code for rule in RULES.values())]


def _parameters() -> Iterable[str]:
    from mjspec.parameters import PARAMETERS

    return [spelling for parameter in PARAMETERS for spelling in parameter.spellings]


def _versions() -> Iterable[str]:
    from mjspec.versions import VERSIONS

    return [version.slug if version.niji else version.number for version in VERSIONS]


_VALUES: dict[str, Callable[[], Iterable[str]]] = {
    "rule": _rules,
    "params": _parameters,
    "--select": _rules,
    "--ignore": _rules,
    "--model": _versions,
    "--target-version": _versions,
}
