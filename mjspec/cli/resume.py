"""``mjspec resume``: go on with an interrupted submission; needs no spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mjspec.cli.batch import client_for, client_options, out_option, resume_words, run_options
from mjspec.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command("resume", cls=Command)
@out_option()
@client_options
@run_options
@click.pass_context
def command(
    context: click.Context,
    /,
    out: Path,
    sandbox: bool,
    base_url: str | None,
    api_key_file: Path | None,
    **behaviour: Any,
) -> None:
    """Send what is planned, follow what was sent, fetch what is ready; unknown jobs wait."""
    from mjspec.cli.submit import run_batch
    from mjspec.dispatch.status import is_over

    # Where all has ended there is nobody to ask.
    client = None if sandbox else client_for(base_url, api_key_file, needed=not is_over(out))
    behaviour["resume_with"] = resume_words(base_url, api_key_file)
    run_batch(context, out, client, None, behaviour)
