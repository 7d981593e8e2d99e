"""``mjspec gallery``: a web page of the images in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mjspec.cli.batch import out_option
from mjspec.cli.command import Command

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command("gallery", cls=Command)
@out_option()
def command(out: Path) -> None:
    """Write gallery.html: one page that loads nothing from elsewhere."""
    from mjspec.dispatch.gallery import gallery

    click.echo(str(gallery(out)))
