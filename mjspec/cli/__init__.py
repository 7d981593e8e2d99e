"""The command line.

Only what is needed is imported: asking for the version costs no click, and a command costs none of
the others.
"""

from __future__ import annotations

import gc
import sys

from mjspec._version import TABLES, __version__

__all__ = ["main"]


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

    code = run(arguments)
    if argv is None:
        # The process ends: what it still holds need not be searched for cycles before it is freed.
        gc.freeze()
    return code
