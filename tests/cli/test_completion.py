from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mjspec.cli.frame import COMMANDS
from mjspec.parameters import PARAMETERS
from mjspec.report import FORMATS
from mjspec.rules import RULES
from mjspec.versions import VERSIONS

ROOT = Path(__file__).parents[2]
NAMES = [name for section in COMMANDS.values() for name in section]
SHELLS = [
    pytest.param(shell, marks=pytest.mark.skipif(not shutil.which(shell), reason="not installed"))
    for shell in ("bash", "zsh", "fish")
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where ``mjspec`` is a command."""
    program = tmp_path / "bin" / "mjspec"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mjspec "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, env=environment, capture_output=True, check=False, encoding="utf-8", timeout=60
    )


def asked(environment: dict[str, str], *words: str, shell: str = "bash") -> list[str]:
    """What a script gets as answer, as the scripts of click ask."""
    about = {
        "_MJSPEC_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "\n".join(["mjspec", *words]),
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
    }
    done = run({**environment, **about}, sys.executable, "-m", "mjspec")

    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def plain(values: object) -> list[str]:
    assert hasattr(values, "__iter__")
    return [f"plain,{value}" for value in values]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(shell: str, environment: dict[str, str]) -> None:
    done = run(environment, sys.executable, "-m", "mjspec", "completion", shell)

    assert done.returncode == 0
    assert f"_MJSPEC_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_each_script_is_valid(shell: str, environment: dict[str, str], tmp_path: Path) -> None:
    script = run(environment, sys.executable, "-m", "mjspec", "completion", shell).stdout
    (tmp_path / "script").write_text(script, encoding="utf-8")

    done = run(environment, shell, "-n", str(tmp_path / "script"))

    assert (done.returncode, done.stderr) == (0, "")


def test_another_shell_is_a_usage_error(environment: dict[str, str]) -> None:
    done = run(environment, sys.executable, "-m", "mjspec", "completion", "tcsh")

    assert (done.returncode, done.stdout) == (2, "")
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in done.stderr


def test_commands(environment: dict[str, str]) -> None:
    assert asked(environment, "") == plain(NAMES)
    assert asked(environment, "--color", "never", "r") == plain(n for n in NAMES if n[0] == "r")


def test_zsh_and_fish_get_the_help_of_commands(environment: dict[str, str]) -> None:
    lint = COMMANDS["Prompts"]["lint"]

    assert asked(environment, "lin", shell="zsh") == ["plain", "lint", lint]
    assert any("lint" in line and lint in line for line in asked(environment, "lin", shell="fish"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("lint", "--form"), ["--format"]),
        (("lint", "--format", ""), list(FORMATS)),
        (("lint", "--format", "=", "j"), ["json", "jsonl", "junit"]),
        (("lint", "--fail-on", "="), ["error", "info", "warning"]),
        (("lint", "--select", "MJ60"), ["MJ601"]),
        (("lint", "--ignore", "em-dash,en-"), ["em-dash,en-dash"]),
        (("lint", "--ignore", "em-dash,em"), ["em-dash,empty-prompt"]),
        (("rule", "em-"), ["em-dash"]),
        (("rule", ""), [*RULES, *(rule.code for rule in RULES.values())]),
        (("params", "sty"), ["stylize", "style"]),
        (("params", ""), [name for p in PARAMETERS for name in p.spellings]),
        (("schema", "--model", "niji"), [v.slug for v in VERSIONS if v.niji]),
        (("compile", "--permutations", "k"), ["keep"]),
        (("completion", "z"), ["zsh"]),
        (("no-such-command", ""), []),
    ],
)
def test_values_come_from_the_tables(
    words: tuple[str, ...], expected: list[str], environment: dict[str, str]
) -> None:
    assert sorted(asked(environment, *words)) == sorted(plain(expected))


@pytest.mark.parametrize(
    "words", [("lint", "pro"), ("lint", "--spec", "a"), ("compile", "a.mj", "./b")]
)
def test_the_shell_completes_paths(words: tuple[str, ...], environment: dict[str, str]) -> None:
    assert asked(environment, *words) == [f"file,{words[-1]}"]


def test_no_question_of_ours_is_a_usage_error(environment: dict[str, str]) -> None:
    done = run({**environment, "_MJSPEC_COMPLETE": "1"}, sys.executable, "-m", "mjspec", "lint")

    assert (done.returncode, done.stdout) == (2, "")


def test_nothing_heavy_is_imported(environment: dict[str, str]) -> None:
    about = {"_MJSPEC_COMPLETE": "bash_complete", "COMP_WORDS": "mjspec\nrule\n", "COMP_CWORD": "2"}
    done = run({**environment, **about}, sys.executable, "-X", "importtime", "-m", "mjspec")
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}

    assert not modules & {"lark", "yaml", "jsonschema", "requests", "mjspec.language.parser"}


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("mjspec li", ["lint"]),
        ("mjspec lint --format s", ["sarif"]),
        ("mjspec lint --ignore em-dash,en-", ["em-dash,en-dash"]),
        ("mjspec rule trailing-p", ["trailing-punctuation"]),
        ("mjspec params chao", ["chaos"]),
    ],
)
def test_a_real_bash_offers_them(
    line: str, offered: list[str], environment: dict[str, str]
) -> None:
    script = (
        'eval "$(mjspec completion bash)"\n'
        f"COMP_WORDS=({line})\n"
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
        '"$(complete -p mjspec | sed "s/.*-F \\([^ ]*\\).*/\\1/")" mjspec\n'
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = run(environment, "bash", "--norc", "-c", script)

    assert (done.stdout.splitlines(), done.stderr) == (offered, "")
