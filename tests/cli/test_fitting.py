"""Fixes leave every line, cell and value of a file what it is."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mjspec.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def fixed(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_bytes(text.encode())
    main(["lint", "--fix", "--unsafe-fixes", "--quiet", str(path)])
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        # A comma ends a cell without quotes.
        (
            "a.csv",
            "prompt\na fox --no cat，dog --ar 16：9\n",
            "prompt\na fox --no cat，dog --ar 16:9\n",
        ),
        ("a.csv", 'prompt\n"a fox --no cat，dog"\n', 'prompt\n"a fox --no cat,dog"\n'),
        (
            "a.csv",
            "prompt,not\na fox --no ${not} --ar16:9,cat，dog\n",
            "prompt,not\na fox --no ${not} --ar 16:9,cat，dog\n",
        ),
        # A quote begins one with them.
        ("a.csv", 'prompt\n/imagine prompt: "big" cat\n', 'prompt\n/imagine prompt: "big" cat\n'),
        ("a.csv", "prompt\n/imagine prompt: big cat\n", "prompt\nbig cat\n"),
        ("a.jsonl", '{"prompt": "a fox --no cat，dog"}\n', '{"prompt": "a fox --no cat,dog"}\n'),
        ("a.yaml", "prompt: a fox --no cat，dog\n", "prompt: a fox --no cat,dog\n"),
        ("a.yaml", "{prompt: a fox --no cat，dog}\n", "{prompt: a fox --no cat，dog}\n"),
        ("a.yaml", '{prompt: "a fox --no cat，dog"}\n', '{prompt: "a fox --no cat,dog"}\n'),
        ("a.yaml", "- [prompt]\n", "- [prompt]\n"),
        # What comes first then would be a mapping, an alias, a quote or nothing.
        ("a.yaml", "prompt: /imagine {red, blue} cat\n", "prompt: /imagine {red, blue} cat\n"),
        ("a.yaml", "prompt: /imagine *big* cat\n", "prompt: /imagine *big* cat\n"),
        ("a.yaml", "prompt: /imagine 'big' cat\n", "prompt: /imagine 'big' cat\n"),
        ("a.yaml", "prompt: /imagine 'big cat'\n", "prompt: /imagine 'big cat'\n"),
        ("a.yaml", "prompt: /imagine null\n", "prompt: /imagine null\n"),
        ("a.yaml", "prompt: /imagine big cat\n", "prompt: big cat\n"),
        ("a.yaml", "prompt: '/imagine {red, blue} cat'\n", "prompt: '{red, blue} cat'\n"),
        ("a.yaml", "prompt: |\n  /imagine *big* cat\n", "prompt: |\n  *big* cat\n"),
        (
            "a.yaml",
            "prompt: |\n  “ a cat --ar 1:1”\n  b\n",
            "prompt: |\n  “ a cat --ar 1:1”\n  b\n",
        ),
        # A line of `#` and a space is a comment, and a fence ends a block.
        ("a.mj", "/imagine prompt: # 1 cat\n", "/imagine prompt: # 1 cat\n"),
        ("a.mj", "/imagine prompt: #1 cat\n", "#1 cat\n"),
        ("a.md", "```mj\n/imagine ``` cat\n```\n", "```mj\n/imagine ``` cat\n```\n"),
        ("a.md", "```mj\n/imagine cat\n```\n", "```mj\ncat\n```\n"),
    ],
)
def test_a_fix_is_made_only_where_it_fits(
    name: str, before: str, after: str, tmp_path: Path
) -> None:
    assert fixed(tmp_path, name, before) == after


def test_what_cannot_be_fixed_is_not_called_fixable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text('prompt\na fox --no cat，dog\n"a fox --no cat，dog"\n', "utf-8")

    assert main(["lint", "a.csv", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [one["fix"] is None for one in found] == [True, False]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'prompt\na fox --ar16:9\n"a "b\n'),
        ("a.csv", "prompt\na fox --ar16:9\na,b\n"),
        ("a.jsonl", '{"prompt": "a fox --ar16:9"}\n{\n'),
        ("a.yaml", "prompt: a fox --ar16:9\n---\n[\n"),
    ],
)
def test_a_file_with_a_syntax_error_is_not_touched(name: str, text: str, tmp_path: Path) -> None:
    assert fixed(tmp_path, name, text) == text


PROMPTS = st.lists(
    st.sampled_from(
        [
            *(
                "/imagine prompt:",
                "/imagine",
                "a fox",
                '"big"',
                "'it",
                "# x",
                "{a, b}",
                "，",
                "“",
                "”",
            ),
            *("--no cat，dog", "--ar 16：9，", "--ar16:9", "—v 7", "--v 7.", "--s 50 words", ", x"),
            *(
                "cat:: 2",
                "cat ::2 dog",
                "https://e.co/a.png",
                "null",
                "- ",
                "\\",
                ": :",
                "[x]",
                "*",
            ),
        ]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(st.lists(PROMPTS, min_size=1, max_size=4))
def test_a_table_keeps_its_shape(tmp_path: Path, prompts: list[str]) -> None:
    # Cells without quotes wherever this can be read: only a comma or a quote at the front asks for them.
    cells = [
        '"' + one.replace('"', '""') + '"' if "," in one or one[0] == '"' else one
        for one in prompts
    ]
    text = "".join(f"{line}\n" for line in ("prompt,seed", *(f"{cell},1" for cell in cells)))
    rows = list(csv.reader(io.StringIO(fixed(tmp_path, "a.csv", text))))

    assert [len(row) for row in rows] == [2] * (len(prompts) + 1)
    assert [row[1] for row in rows] == ["seed", *"1" * len(prompts)]
    assert all(row[0].strip() for row in rows)


@QUICK
@given(st.lists(PROMPTS, min_size=1, max_size=4), st.sampled_from(["plain", "flow", "'", "|", ">"]))
def test_a_spec_keeps_its_shape(tmp_path: Path, prompts: list[str], style: str) -> None:
    text = "jobs:\n" + "".join(_job(one, style) for one in prompts)
    try:
        before = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        before = None
    new = fixed(tmp_path, "a.yaml", text)
    if before is None:
        assert new == text
        return
    after = yaml.load(new, yaml.BaseLoader)

    assert _shape(after) == _shape(before)


def _job(prompt: str, style: str) -> str:
    if style == "flow":
        return f"- {{prompt: {prompt}, seed: 1}}\n"
    if style == "'":
        prompt = "'" + prompt.replace("'", "''") + "'"
    elif style in "|>":
        prompt = f"{style}\n    {prompt}\n    on a mat"
    return f"- prompt: {prompt}\n  seed: 1\n"


def _shape(node: object) -> object:
    """A document with every text as none."""
    if isinstance(node, dict):
        return {key: _shape(one) for key, one in node.items()}
    return [_shape(one) for one in node] if isinstance(node, list) else node in ("", "null")
