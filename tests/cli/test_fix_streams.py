"""Standard input and --prompt with --fix: the text goes to stdout, what is left to stderr."""

from __future__ import annotations

import subprocess
import sys

import pytest

LEFT = "a cat --stylize 5000 --v 7"


def fixed(text: str, *options: str) -> tuple[int, bytes, str]:
    """The exit code, the text and what is told beside it."""
    command = [sys.executable, "-m", "mjspec", "lint", "--fix", "--format", "concise", *options]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def test_what_no_fix_mends_is_told_and_fails() -> None:
    code, text, told = fixed(f"{LEFT}\r\na dog --ar16:9", "-")

    assert (code, text) == (1, f"{LEFT}\r\na dog --ar 16:9".encode())
    assert "-:1:17: error MJ205 out-of-range" in told
    assert "1 fix was applied" in told


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--exit-zero"], 0),
        (["--ignore", "MJ205"], 0),
        (["--unsafe-fixes"], 0),
        (["nothing.mj"], 2),
        (["--jobs", "2"], 1),
    ],
)
def test_the_exit_code_is_that_of_a_run_over_files(options: list[str], code: int) -> None:
    assert fixed(f"{LEFT}\n", "-", *options)[0] == code


def test_a_text_with_a_syntax_error_comes_back_as_it_is() -> None:
    code, text, told = fixed("prompt: [a\n", "-", "--stdin-filename", "x.yaml")

    assert (code, text) == (1, b"prompt: [a\n")
    assert "invalid-yaml" in told


def test_a_prompt_is_a_line() -> None:
    assert fixed("", "--prompt", "a cat --ar16:9")[:2] == (0, b"a cat --ar 16:9\n")


def test_a_difference_without_a_last_line_end_can_be_patched() -> None:
    assert fixed("a cat --ar16:9", "-", "--diff")[1].decode().splitlines()[3:] == [
        "-a cat --ar16:9",
        "\\ No newline at end of file",
        "+a cat --ar 16:9",
        "\\ No newline at end of file",
    ]
