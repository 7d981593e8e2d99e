from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mjspec._version import __version__
from mjspec.cli import main
from mjspec.cli.frame import COMMANDS

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ROOT = Path(__file__).parents[2]
NAMES = [name for section in COMMANDS.values() for name in section]
HEAVY = {"click", "lark", "yaml", "jsonschema", "requests", "urllib3", "referencing", "sqlite3"}


def run(*arguments: str, **variables: str) -> CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    environment = {**inherited, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **variables}
    return subprocess.run(
        [sys.executable, "-m", "mjspec", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=environment,
        timeout=60,
    )


def imported(*arguments: str) -> set[str]:
    """The packages that a run imports, by their first name."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "mjspec", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(option: str) -> None:
    done = run(option)

    assert (done.returncode, done.stdout, done.stderr) == (0, f"mjspec {__version__}\n", "")


def test_version_among_other_options() -> None:
    assert run("--quiet", "--version").stdout == f"mjspec {__version__}\n"


def test_asking_for_the_version_imports_nothing_heavy() -> None:
    assert not imported("--version") & HEAVY


def test_help_imports_no_command() -> None:
    assert imported("--help") & HEAVY == {"click"}


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_every_command(option: str) -> None:
    done = run(option)
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]

    assert done.returncode == 0
    assert set(NAMES) <= set(listed)


def test_without_arguments_the_help_goes_to_stderr() -> None:
    done = run()

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: mjspec ")


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_its_module(name: str) -> None:
    command = importlib.import_module(f"mjspec.cli.{name}").command

    assert command.name == name
    assert command.help
    assert {"quiet", "verbose", "colour"} <= {option.name for option in command.params}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lnt"], "No such command 'lnt'. Did you mean 'lint'?"),
        (["parms", "ar"], "No such command 'parms'. Did you mean 'params'?"),
        (["xyzzy"], "No such command 'xyzzy'."),
        (["pyproject.toml"], "No such command 'pyproject.toml'. Did you mean 'mjspec lint"),
        (["--verson"], "No such option '--verson'. Did you mean '--version'?"),
        (["rule", "--formt", "json"], "No such option '--formt'. Did you mean '--format'?"),
        (["schema", "--model", "6.2"], "No such model version '6.2'. Did you mean '6.1'?"),
        (["params", "stylise"], "No such parameter 'stylise'. Did you mean '--stylize'?"),
        (["rule", "em-dahs"], "No such rule 'em-dahs'. Did you mean 'em-dash'?"),
        (["sandbox", "--fault", "42=1"], "there is no fault '42'"),
    ],
)
def test_mistakes_are_told_with_what_was_meant(
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)

    assert main(arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(f"Error: {message}")


def test_errors_show_a_traceback_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "--fault", "42=1"]) == 2
    assert "Traceback" not in capsys.readouterr().err

    assert main(["--verbose", "sandbox", "--fault", "42=1"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_options_for_output_stand_before_or_behind_the_command() -> None:
    before = run("--color", "always", "rule", "em-dash")
    behind = run("rule", "em-dash", "--color", "always")

    assert "\x1b[1m" in before.stdout
    assert before.stdout == behind.stdout


@pytest.mark.parametrize(
    ("variables", "arguments", "coloured"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "0"}, [], False),
        ({"NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, [], True),
    ],
)
def test_colours(variables: dict[str, str], arguments: list[str], coloured: bool) -> None:
    assert ("\x1b[" in run(*arguments, "rule", "em-dash", **variables).stdout) is coloured


def test_output_is_utf8_whatever_the_locale_says() -> None:
    done = run(
        "rule", "fullwidth-punctuation", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0"
    )

    assert done.returncode == 0
    assert "--ar 16：9" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a shell")
@pytest.mark.parametrize("command", ["rule --all", "params", "--help"])
def test_a_reader_that_leaves_is_no_error(command: str) -> None:
    line = f'"{sys.executable}" -m mjspec {command} 2>&1 1>&3 3>&- | cat >&2'
    done = subprocess.run(
        ["/bin/sh", "-c", f"{{ {line}; }} 3>&1 | true"],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )

    assert done.stderr == ""


def test_an_interruption_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mjspec.rules.find_rule", interrupt)

    assert main(["rule", "em-dash"]) == 130
    assert capsys.readouterr().err == "Error: interrupted\n"


def test_a_defect_is_not_taken_for_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("mjspec.rules.find_rule", lambda _: 1 / 0)

    assert main(["rule", "em-dash"]) == 2
    assert "please report it" in capsys.readouterr().err


def test_a_lone_surrogate_in_an_argument_is_no_defect(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "em\udcffdash"]) == 2
    assert "No such rule" in capsys.readouterr().err
