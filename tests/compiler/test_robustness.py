"""Whatever a file holds: findings and an exit code, never a traceback."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjspec.cli import main

KINDS = ("yaml", "csv", "jsonl", "mj", "md")
FRAGMENTS = (
    *("prompt: ", "jobs:", "- ", "matrix: ", "rows: x.csv", "extends: ", "defaults: {", "vars: "),
    *("version: 7", "seed: ", "image_urls: [", "metadata: {", "copies: ", "id: ", "exclude: ["),
    *("a cat --ar 16:9", "${x}", "$${", "{a, b}", "::2", "--v 9", "--niji", "https://a.b/c.png"),
    *("\n", "\n  ", "\n    ", ": ", ", ", "[", "]", "{", "}", "'", '"', "|\n", ">-\n", "&a ", "*a"),
    *("<<: ", "!!int ", "? ", "#", " #", "---\n", "...\n", "~", "null", "5", "\\", "\\ud800", "\0"),
    *("\ufeff", "\u2028", "\x85", "\t", "é", "🦊", '{"prompt": "a"}', "```mj\n", "prompt,seed\n"),
)


def exit_code(kind: str, content: bytes) -> int:
    with TemporaryDirectory() as folder, redirect_stderr(io.StringIO()) as errors:
        path = Path(folder) / f"x.{kind}"
        path.write_bytes(content)
        with redirect_stdout(io.StringIO()):
            code = main(["lint", str(path)])
            again = main(["compile", str(path)])
        assert "Traceback" not in errors.getvalue(), (kind, content, errors.getvalue()[-2000:])
    assert again == code
    return code


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(KINDS), st.lists(st.sampled_from(FRAGMENTS), max_size=25))
def test_fragments(kind: str, fragments: list[str]) -> None:
    assert exit_code(kind, "".join(fragments).encode("utf-8", "surrogatepass")) in (0, 1, 2)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.binary(max_size=80))
def test_bytes(kind: str, content: bytes) -> None:
    assert exit_code(kind, content) in (0, 1, 2)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KINDS), st.text(max_size=60))
def test_text(kind: str, text: str) -> None:
    assert exit_code(kind, f"prompt: {text}\n".encode("utf-8", "replace")) in (0, 1, 2)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("yaml", "prompt: a\nseed: " + "9" * 100_000 + "\n"),
        ("yaml", "prompt: a\ncopies: ²\n"),
        ("yaml", "prompt: a\nmetadata: " + "{a: " * 500 + "}" * 500 + "\n"),
        ("yaml", "prompt: " + "{" * 50_000 + "\n"),
        (
            "yaml",
            "vars: {"
            + ", ".join(f"a{n}: '${{a{n + 1}}}'" for n in range(100))
            + "}\nprompt: ${a0}\n",
        ),
        ("jsonl", '{"prompt": ' + "[" * 100_000 + "\n"),
        ("jsonl", '{"prompt": "a", "seed": ' + "9" * 100_000 + "}\n"),
        ("jsonl", '{"prompt": "\\ud83e", "seed": NaN}\n'),
        ("csv", 'prompt\n"' + '""' * 200_000 + "\n"),
        ("csv", "prompt," + "," * 50_000 + "\n"),
    ],
    ids=lambda value: value[:20] if len(value) > 5 else value,
)
def test_extremes(kind: str, content: str) -> None:
    assert exit_code(kind, content.encode()) in (0, 1, 2)


def test_variables_that_double() -> None:
    lines = [f"  a{n}: ${{a{n + 1}}}${{a{n + 1}}}${{a{n + 1}}}${{a{n + 1}}}" for n in range(15)]
    content = "vars:\n" + "\n".join(lines) + "\n  a15: xxxxxxxxxxxxxxxxxxxx\nprompt: ${a0}\n"
    assert exit_code("yaml", content.encode()) == 1
