"""``mjspec lsp``: the language server, started by an editor."""

from __future__ import annotations

import sys

import click

from mjspec.cli.command import Command

__all__ = ["command"]


@click.command("lsp", cls=Command)
@click.option(
    "--stdio", is_flag=True, help="Accepted because editors give it; there is no other way."
)
@click.pass_context
def command(context: click.Context, *, stdio: bool) -> None:
    """Serve editors: findings while you type, fixes, completion, hover and formatting.

    Speaks the Language Server Protocol over standard input and output. It comes with the extra
    `mjspec[lsp]`.
    """
    del stdio
    try:
        from mjspec.lsp.features import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException(
            "the language server needs a library that is not installed: pip install 'mjspec[lsp]'"
        ) from None
    if sys.stdin.isatty():
        context.obj.say("This is for editors, which start it by themselves. Ctrl-D ends it.")
    context.exit(serve())
