"""Inputs on the command line: what is a prompt in each kind of file, and what cannot be read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.compiler.conftest import Build


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        (
            "a cat\n\n  \n# comment\n#\n  # comment\n#FF0000 dress\na dog\n",
            ["a cat", "#FF0000 dress", "a dog"],
        ),
        ("\ufeffa cat\r\na dog\r\n", ["a cat", "a dog"]),
        ("a cat\ra dog", ["a cat", "a dog"]),
        ("a\u2028cat\x0bb\n", ["a cat b"]),
        ("a ${cat} x\n", ["a $cat x"]),
        ("#\tcomment\n#1 fan\n", ["#1 fan"]),
        ("", []),
        ("\ufeff", []),
        ("\n\n", []),
    ],
)
@pytest.mark.parametrize("kind", [".mj", ".txt"])
def test_lines(text: str, prompts: list[str], kind: str, build: Build) -> None:
    assert [job.final_prompt for job in build(text, kind=kind).jobs] == prompts


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("a\n```mj\ncat\n\n# no\ndog\n```\nb\n", ["cat", "dog"]),
        ("~~~ midjourney\ncat\n~~~\n", ["cat"]),
        ("```MJ\r\ncat\r\n```\r\n", ["cat"]),
        ("- item\n    ```mj\n    cat\n    ```\n", ["cat"]),
        ("````mj\n```\n````\n", ["```"]),
        ("```python\n```mj\ncat\n```\n", []),
        ("```mj\ncat\n~~~\n```\n", ["cat", "~~~"]),
        ("```mj\ncat", ["cat"]),
        ("```mj\n```", []),
        ("```mjx\ncat\n```\n``mj\ncat\n``\n", []),
        ("no block\n", []),
        ("", []),
    ],
)
def test_markdown(text: str, prompts: list[str], build: Build) -> None:
    assert [job.final_prompt for job in build(text, kind=".md").jobs] == prompts


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def test_unreadable_inputs_do_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.mj").write_text("a cat\n")
    (tmp_path / "bad.mj").write_bytes(b"a \xff cat\n")
    (tmp_path / "what.bin").write_text("x")
    paths = [str(tmp_path / name) for name in ("bad.mj", "none.mj", "what.bin", "x*.mj", "good.mj")]
    code, out, err = run(capsys, "compile", "--format", "prompt", *paths)
    assert (code, out) == (2, "a cat\n")
    for problem in ("bad.mj", "none.mj", "what.bin", "x*.mj"):
        assert problem in err


def test_folders_globs_and_inline_prompts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.yaml").write_text("prompt: two\n")
    (tmp_path / "a.mj").write_text("one\n")
    (tmp_path / "c.csv").write_text("prompt\nthree\n")
    (tmp_path / "picture.png").write_bytes(b"\xff")
    code, out, _ = run(capsys, "compile", "--format", "prompt", "--prompt", "zero", str(tmp_path))
    assert (code, out.split()) == (0, ["zero", "one", "two", "three"])
    code, out, _ = run(capsys, "compile", "--format", "prompt", f"{tmp_path}/**/*.y*ml")
    assert (code, out) == (0, "two\n")


def test_empty_files_are_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in ("mj", "txt", "yaml", "jsonl", "csv", "md"):
        (tmp_path / f"empty.{suffix}").write_text("")
    code, out, _ = run(capsys, "compile", str(tmp_path))
    assert (code, json.loads(out)) == (0, [])
    assert run(capsys, "lint", str(tmp_path))[0] == 0


@pytest.mark.parametrize("style", ["json", "jsonl", "curl", "prompt"])
def test_formats_hold_no_key(
    style: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APIMART_API_KEY", "sk-secret")
    code, out, err = run(capsys, "compile", "--prompt", "it's a cat", "--format", style)
    assert code == 0
    assert "sk-secret" not in out + err
    assert ("$APIMART_API_KEY" in out) == (style == "curl")


@pytest.mark.parametrize("kind", ["yaml", "csv", "jsonl", "md", "mj"])
def test_an_alias_bomb_and_other_bad_files_end_with_findings(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
    )
    path = tmp_path / f"bomb.{kind}"
    path.write_text(bomb + "prompt: a\n")
    assert run(capsys, "lint", str(path))[0] in (0, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'prompt,seed\na --ar1:1,1\n"a "x,2\nb --ar1:1,1,3\nc --ar1:1\nd,1,2,4'),
        ("a.jsonl", '{"prompt":"a --ar1:1"}\n{"a\n[1]\n\n{"prompt":"b --ar1:1","prompt":"c"}\n{'),
    ],
)
def test_broken_rows_are_told_where_they_stand(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(text)
    code, out, _ = run(capsys, "lint", "--format", "jsonl", str(tmp_path / name))
    lines = [json.loads(line) for line in out.splitlines()]
    places = [(one["line"], one["column"]) for one in lines if "line" in one]
    assert code == 1
    assert len(places) > 4
    assert places == sorted(places)


@pytest.mark.parametrize("number", ["4", "5", "6", "7"])
def test_a_version_of_niji_has_no_decimals(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "compile", "--format", "prompt", "--prompt", f"a cat --niji {number}.0"
    )
    assert (code, out) == (0, f"a cat --niji {number}\n")
