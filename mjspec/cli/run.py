"""One run of the command line: streams, errors and exit codes."""

from __future__ import annotations

import gc
import io
import os
import sys

import click

from mjspec.cli.command import suggestion
from mjspec.cli.frame import mjspec
from mjspec.cli.terminal import Terminal
from mjspec.diagnostics import MjspecError

__all__ = ["QUESTION", "run"]

USAGE = 2
BROKEN_PIPE = 141
"""What a shell reports of a program whose reader went away."""
INTERRUPTED = 130
QUESTION = "_MJSPEC_COMPLETE"
"""The variable by which the script of a shell asks what may come next."""


def run(arguments: list[str]) -> int:
    """Run one command and turn whatever ends it into an exit code.

    Args:
        arguments: What stands behind the program's name.
    """
    _use_utf8()
    # A run makes many records and hardly any cycles: they are looked for less often.
    gc.set_threshold(50_000, 50, 50)
    terminal = Terminal()
    try:
        code = _invoke(arguments, terminal)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        terminal.fail("interrupted")
        return INTERRUPTED
    except (MjspecError, OSError) as error:
        if terminal.verbose:
            _print_traceback()
        terminal.fail(_sentence(error))
        return USAGE
    except Exception as error:  # noqa: BLE001 (the last resort, so that a defect is no finding)
        _print_traceback()
        terminal.fail(f"this is a defect of mjspec, please report it: {error!r}")
        return USAGE
    return code


def _print_traceback() -> None:
    import traceback

    traceback.print_exc()


def _invoke(arguments: list[str], terminal: Terminal) -> int:
    """Parse and run; what click raises is said here."""
    if question := os.environ.get(QUESTION):
        from mjspec.cli.completion import answer

        return answer(question)
    try:
        with mjspec.make_context("mjspec", list(arguments), obj=terminal) as context:
            if not arguments:
                click.echo(context.get_help(), err=True)
                return USAGE
            result = mjspec.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.UsageError as error:
        terminal.fail(_usage_sentence(error))
        path = error.ctx.command_path if error.ctx else "mjspec"
        sys.stderr.write(f"Try '{path} --help' for help.\n")
        return USAGE
    except click.ClickException as error:
        terminal.fail(error.format_message())
        return USAGE
    return result if isinstance(result, int) else 0


def _usage_sentence(error: click.UsageError) -> str:
    if not isinstance(error, click.NoSuchOption):
        return error.format_message()
    known: list[str] = []
    if error.ctx:
        for parameter in error.ctx.command.get_params(error.ctx):
            known += [*parameter.opts, *parameter.secondary_opts]
    name = error.option_name
    return f"No such option '{name}'.{suggestion(name, (n for n in known if n[:2] == '--'))}"


def _sentence(error: Exception) -> str:
    """An error in words; those of the system with the file they are about."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error) or type(error).__name__
    where = f"{error.filename}: " if error.filename is not None else ""
    return f"{where}{error.strerror}"


def _use_utf8() -> None:
    """UTF-8 whatever the locale says; characters that no encoding has are replaced."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        # Containers often set PYTHONUNBUFFERED, with which every finding would be a system call.
        # Where somebody may wait for a part of the output, it is flushed.
        sys.stdout.reconfigure(write_through=False)


def _drop_output() -> None:
    """Send what is left to nowhere: the interpreter flushes once more when it ends."""
    try:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
    except (OSError, ValueError):
        return
