"""The command line.

Only what is needed is imported: asking for the version costs no click, and a command costs none of
the others.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from mjspec._version import TABLES, __version__

if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main", "start"]


def start() -> NoReturn:
    """Run the command line of this process, and end it with the exit code.

    Files are closed and processes joined where they are used. To free every object as well, as the
    interpreter does at its end, would take a tenth of the time of a small file.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            continue  # It is closed, or its reader is gone.
    os._exit(code)


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: The arguments without the program's name; those of the process if None.

    Returns:
        The exit code: 0 clean, 1 findings or failed jobs, 2 usage, configuration or input, 3 a
        stopped submission, 130 interrupted.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if arguments in (["--version"], ["-V"], ["--verbose", "--version"], ["--version", "--verbose"]):
        more = f"tables of {TABLES}\n" if len(arguments) > 1 else ""
        sys.stdout.write(f"mjspec {__version__}\n{more}")
        return 0
    from mjspec.cli.run import run

    return run(arguments)
