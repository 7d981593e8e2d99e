from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mjspec
from mjspec.cli import main

UNUSED = "unused-suppression"
INVALID = "invalid-suppression"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Lint:
    return Lint(tmp_path, capsys)


class Lint:
    """The command, run on one file at a time."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def records(self, name: str, text: str, *options: str) -> list[dict[str, Any]]:
        (self.folder / name).write_bytes(text.encode())
        main(["lint", name, "--format", "json", *options])
        found: list[dict[str, Any]] = json.loads(self.capsys.readouterr().out)["diagnostics"]
        return found

    def found(self, name: str, text: str, *options: str) -> list[tuple[int, str]]:
        """Line and rule of each finding."""
        return [(d["line"], d["name"]) for d in self.records(name, text, *options)]

    def fixed(self, name: str, text: str, *options: str) -> str:
        (self.folder / name).write_bytes(text.encode())
        main(["lint", name, "--fix", *options])
        self.capsys.readouterr()
        return (self.folder / name).read_bytes().decode()


@pytest.mark.parametrize(
    "comment",
    [
        "# mjspec: ignore[em-dash]",
        "# mjspec: ignore[MJ101]",
        "# mjspec: ignore[mj101]",
        "# mjspec: ignore[MJ1]",
        "# mjspec: ignore[em-dash] the customer wants it so",
        "  #  mjspec:ignore [ em-dash ]",
        "# a note # mjspec: ignore[em-dash]",
        "# mjspec: ignore-file[em-dash]",
        "# mjspec: ignore-file",
        "# mjspec: ignore[em-dash]\n# another comment",
        "# mjspec: ignore-file[em-dash]\n",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_above_a_prompt_hides_a_finding(lint: Lint, comment: str, end: str) -> None:
    text = f"{comment}\na fox —ar 16:9\n".replace("\n", end)

    assert lint.found("a.mj", text) == []


def test_what_is_hidden_is_counted(lint: Lint) -> None:
    (lint.folder / "a.mj").write_text("# mjspec: ignore[em-dash]\na fox —ar 16:9 —s 50\n")

    assert main(["lint", "a.mj"]) == 0
    assert (
        lint.capsys.readouterr().out == "All checks passed: 1 prompt (1 file). 2 more suppressed.\n"
    )


def test_only_the_prompt_below_is_meant(lint: Lint) -> None:
    text = "a fox —ar 1:1\n# mjspec: ignore[em-dash]\na cat —ar 1:1\na cow —ar 1:1\n"

    assert lint.found("a.mj", text) == [(1, "em-dash"), (4, "em-dash")]


def test_only_the_named_rule_is_hidden(lint: Lint) -> None:
    text = "# mjspec: ignore[em-dash]\na fox —ar 1:1 --stylze 5\n"

    assert lint.found("a.mj", text) == [(2, "unknown-parameter")]


@pytest.mark.parametrize("name", ["a.mj", "a.md"])
def test_findings_about_comments_stand_among_the_others(lint: Lint, name: str) -> None:
    text = (
        "a fox —ar 1:1\n# mjspec: ignore[missing-space]\na cat —ar 1:1\n"
        "# mjspec: ignore\na dog --ar16:9\n"
    )
    fenced = f"```mj\n{text}```\n" if name == "a.md" else f"# prompts\n{text}"

    assert lint.found(name, fenced) == [
        (2, "em-dash"),
        (3, UNUSED),
        (4, "em-dash"),
        (5, INVALID),
        (6, "missing-space"),
    ]


def test_stacked_comments_all_count(lint: Lint) -> None:
    text = (
        "# mjspec: ignore[em-dash]\n# mjspec: ignore[unknown-parameter]\na fox —ar 1:1 --stylze 5\n"
    )

    assert lint.found("a.mj", text) == []


@pytest.mark.parametrize("gap", ["\n", " \n", "\n# a comment\n"])
def test_a_blank_line_ends_it(lint: Lint, gap: str) -> None:
    text = f"# mjspec: ignore[em-dash]\n{gap}a fox —ar 1:1\n"

    assert (1, UNUSED) in lint.found("a.mj", text)


def test_a_byte_order_mark_is_no_part_of_the_comment(lint: Lint) -> None:
    assert lint.found("a.mj", "\ufeff# mjspec: ignore[em-dash]\na fox —ar 1:1\n") == []


def test_text_files_and_standard_input_have_comments_too(
    lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    text = "# mjspec: ignore[em-dash]\na fox —ar 1:1\n"
    assert lint.found("a.txt", text) == []
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    assert main(["lint", "-", "--format", "concise"]) == 0
    assert "1 more suppressed" in lint.capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonl", '{"prompt": "a fox —ar 1:1 # mjspec: ignore[em-dash]"}\n'),
        ("a.csv", "prompt\n# mjspec: ignore-file\na fox —ar 1:1\n"),
    ],
)
def test_tables_have_no_comments(lint: Lint, name: str, text: str) -> None:
    assert "em-dash" in [rule for _, rule in lint.found(name, text)]


@pytest.mark.parametrize(
    "text",
    [
        "prompt: a fox —ar 1:1 # mjspec: ignore[em-dash]\n",
        "# mjspec: ignore[em-dash]\nprompt: a fox —ar 1:1\n",
        "seed: 1\n# mjspec: ignore[em-dash]\n# note\nprompt: a fox —ar 1:1\n",
        "prompt: >- # mjspec: ignore[em-dash]\n  a fox\n\n  in rain —ar 1:1\n",
        "prompt: |2- # mjspec: ignore[em-dash]\n    a fox\n  in rain —ar 1:1\n",
        "prompt: &p # mjspec: ignore[em-dash, unused-anchor]\n  a fox —ar 1:1\n",
        "prompt: # mjspec: ignore[em-dash]\n  a fox\n  in rain —ar 1:1\n",
        "prompt: # mjspec: ignore[em-dash]\n  # note\n\n  'a fox\n  in rain —ar 1:1'\n",
        "# mjspec: ignore[em-dash]\nprompt: |\n  a fox\n  in rain —ar 1:1\nseed: 1\n",
        "# mjspec: ignore[em-dash]\nprompt: a fox\n  in rain —ar 1:1\n",
        'prompt: "a fox\n  in rain —ar 1:1\n  --s 5" # mjspec: ignore[em-dash]\n',
        "{prompt: a fox —ar 1:1, # mjspec: ignore[em-dash]\n seed: 1}\n",
        "jobs:\n- prompt: >- # mjspec: ignore[em-dash]\n    a fox —ar 1:1\n",
        "vars:\n  x: # mjspec: ignore[em-dash]\n    —ar 1:1\nprompt: a fox ${x}\n",
        "prompt: a fox —ar 1:1\n# mjspec: ignore-file[em-dash]\n",
        "mjspec: 1\n# mjspec: ignore-file\nprompt: a fox —ar 1:1\n---\nprompt: a cat —ar 1:1\n",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_in_yaml_a_comment_speaks_for_a_line_and_its_values(
    lint: Lint, text: str, end: str
) -> None:
    assert lint.found("a.yaml", text.replace("\n", end)) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("seed: 1 # mjspec: ignore[em-dash]\nprompt: a fox —ar 1:1\n", 2),
        (
            "image_urls: [ # mjspec: ignore[em-dash]\n https://e.co/a.png]\nprompt: a fox —ar 1:1\n",
            3,
        ),
        ("jobs: # mjspec: ignore[em-dash]\n- prompt: a fox —ar 1:1\n", 2),
        ("# mjspec: ignore[em-dash]\n\nprompt: a fox —ar 1:1\n", 3),
    ],
)
def test_in_yaml_other_lines_are_not_meant(lint: Lint, text: str, line: int) -> None:
    assert sorted(lint.found("a.yaml", text)) == [(1, UNUSED), (line, "em-dash")]


def test_text_of_a_value_is_no_comment(lint: Lint) -> None:
    text = "prompt: |\n  # mjspec: ignore[em-dash]\n  a fox —ar 1:1\n"

    assert lint.found("a.yaml", text) == [(2, INVALID), (3, "em-dash")]


def test_the_comments_of_an_extended_file_count_there(lint: Lint) -> None:
    house = "# a house style\nversion: 7\nstop: 50 # mjspec: ignore[unsupported-in-version]\n"
    (lint.folder / "house.yaml").write_text(house)

    assert lint.found("a.yaml", "extends: house.yaml\nprompt: a fox\n") == []
    assert lint.found("house.yaml", house) == []


def test_in_markdown_comments_stand_in_blocks(lint: Lint) -> None:
    text = "```mj\n# mjspec: ignore[em-dash]\na fox —ar 1:1\na cat —ar 1:1\n```\n"

    assert lint.found("a.md", text) == [(4, "em-dash")]


def test_markdown_has_a_comment_for_the_whole_file(lint: Lint) -> None:
    block = "```mj\na fox —ar 1:1\n```\n"

    assert lint.found("a.md", f"<!-- mjspec: ignore-file[em-dash] -->\n{block}") == []
    assert lint.found("a.md", f"{block}  <!--mjspec: ignore-file-->") == []


def test_what_stands_in_other_blocks_of_markdown_says_nothing(lint: Lint) -> None:
    text = "```html\n<!-- mjspec: ignore-file -->\n# mjspec: ignore[x]\n```\n~~~mj\na fox —ar 1:1\n~~~\n"

    assert lint.found("a.md", text) == [(6, "em-dash")]


def test_a_block_of_markdown_ends_a_stack(lint: Lint) -> None:
    text = "```mj\n# mjspec: ignore[em-dash]\n```\n```mj\na fox —ar 1:1\n```\n"

    assert lint.found("a.md", text) == [(2, UNUSED), (5, "em-dash")]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore", "`ignore` names no rule in brackets, so it hides nothing"),
        ("ignore em-dash", "`ignore` names no rule in brackets, so it hides nothing"),
        ("ignore-file em-dash", "`ignore-file` names no rule in brackets, so it hides nothing"),
        ("ignore[]", "the brackets are empty, so this hides nothing"),
        ("ignore[em-dash", "the bracket is never closed, so this hides nothing"),
        ("ignore[em-dahs]", "`em-dahs` is no rule; did you mean `em-dash`?"),
        ("ignore[MJ999]", "`MJ999` is no rule; `mjspec rule` lists all of them"),
        (
            "ignroe[em-dash]",
            "`ignroe` is nothing that a comment can ask for; did you mean `ignore`?",
        ),
        (
            "disable[em-dash]",
            "`disable` is nothing that a comment can ask for; there are `ignore` and `ignore-file`",
        ),
    ],
)
def test_a_comment_that_cannot_hide_anything_is_found(
    lint: Lint, comment: str, message: str
) -> None:
    found = lint.records("a.mj", f"# mjspec: {comment}\na fox —ar 1:1\n")

    assert [d["message"] for d in found if d["name"] == INVALID] == [message]
    assert [d["name"] for d in found if d["line"] == 2] == ["em-dash"]


@pytest.mark.parametrize(
    "comment", ["# mjspec: 1", "# mjspec: the linter", "# see mjspec: it lints"]
)
def test_prose_is_no_suppression(lint: Lint, comment: str) -> None:
    assert lint.found("a.mj", f"{comment}\na fox\n") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "a fox # mjspec: ignore[em-dash]",
            "this is part of the prompt; a comment needs the line above it",
        ),
        ("#mjspec: ignore[em-dash]", "without a space behind the `#` this line is a prompt"),
    ],
)
def test_a_comment_that_is_a_prompt_is_found(lint: Lint, line: str, message: str) -> None:
    found = lint.records("a.mj", f"{line}\n")

    assert [(d["name"], d["message"]) for d in found] == [(INVALID, message)]


def test_unsafe_fixes_write_the_name_that_was_meant(lint: Lint) -> None:
    text = "# mjspec: ignore[em-dahs] so\na fox —ar 1:1\n#mjspec: ignore[em-dash]\na cat —ar 1:1\n"

    assert (
        lint.fixed("a.mj", "# mjspec: ignore[em-dahs]\na fox\n")
        == "# mjspec: ignore[em-dahs]\na fox\n"
    )
    assert lint.fixed("b.mj", text, "--unsafe-fixes", "--ignore", "em-dash") == (
        "# mjspec: ignore[em-dash] so\na fox —ar 1:1\n# mjspec: ignore[em-dash]\na cat —ar 1:1\n"
    )


def test_what_hides_nothing_is_found_where_it_is_named(lint: Lint) -> None:
    text = "# mjspec: ignore[MJ2, em-dash, wrong-type]\na fox —ar 1:1\n"
    found = lint.records("a.mj", text)

    assert [(d["column"], d["end_column"], d["message"]) for d in found] == [
        (18, 21, "`MJ2` is not found here, so naming it hides nothing"),
        (32, 42, "`wrong-type` is not found here, so naming it hides nothing"),
    ]
    assert lint.fixed("a.mj", text) == "# mjspec: ignore[em-dash]\na fox —ar 1:1\n"


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.mj", "# mjspec: ignore[em-dash] why\na fox\n", "a fox\n"),
        ("a.mj", "a fox\r\n# mjspec: ignore[em-dash]\r\na cat\r\n", "a fox\r\na cat\r\n"),
        ("a.mj", "# note # mjspec: ignore[em-dash]\na fox\n", "# note\na fox\n"),
        ("a.mj", "a fox\n# mjspec: ignore[em-dash]", "a fox\n"),
        ("a.mj", "# mjspec: ignore-file[em-dash]\na fox\n", "a fox\n"),
        ("a.mj", "# mjspec: ignore-file\na fox\n", "a fox\n"),
        (
            "a.yaml",
            "prompt: a fox  # mjspec: ignore[em-dash]\nseed: 1\n",
            "prompt: a fox\nseed: 1\n",
        ),
        ("a.yaml", "  # mjspec: ignore[em-dash]\nprompt: a fox\n", "prompt: a fox\n"),
        ("a.yaml", "prompt: | # mjspec: ignore[MJ1]\n  a fox\n", "prompt: |\n  a fox\n"),
        (
            "a.yaml",
            "seed: 1 # note # mjspec: ignore[MJ1]\nprompt: a fox",
            "seed: 1 # note\nprompt: a fox",
        ),
        ("a.md", "  ```mj\n  # mjspec: ignore[MJ1]\n  a fox\n  ```\n", "  ```mj\n  a fox\n  ```\n"),
        ("a.md", "x\n<!-- mjspec: ignore-file -->\n```mj\na fox\n```\n", "x\n```mj\na fox\n```\n"),
    ],
)
def test_fix_removes_what_hides_nothing(lint: Lint, name: str, before: str, after: str) -> None:
    assert lint.fixed(name, before) == after


def test_fixes_of_hidden_findings_are_not_applied(lint: Lint) -> None:
    text = "# mjspec: ignore[em-dash]\na fox —ar 1:1\n"

    assert lint.fixed("a.mj", text) == text


@pytest.mark.parametrize(
    "options",
    [
        ["--select", "MJ2,unused-suppression"],
        ["--ignore", "em-dash"],
        ["--select", "em-dash"],
        ["--target-version", "7"],
        ["--set", "seed=1"],
    ],
)
def test_what_this_run_cannot_know_is_not_called_unused(lint: Lint, options: list[str]) -> None:
    assert lint.found("a.mj", "# mjspec: ignore[em-dash]\na fox\n", *options) == []


def test_what_other_files_decide_is_not_called_unused(lint: Lint) -> None:
    text = "# mjspec: ignore[duplicate-job]\na fox\n"
    (lint.folder / "b.mj").write_text("a fox\n")

    assert lint.found("a.mj", text) == []
    main(["lint", "b.mj", "a.mj", "--format", "concise"])
    assert (
        lint.capsys.readouterr().out
        == "All checks passed: 2 prompts (2 files). 1 more suppressed.\n"
    )


def test_a_broken_file_is_not_judged(lint: Lint) -> None:
    text = "prompt: a: b # mjspec: ignore[em-dash]\n"

    assert lint.found("a.yaml", text) == [(1, "invalid-yaml")]


def test_findings_about_suppressions_can_be_hidden(lint: Lint) -> None:
    stacked = "# mjspec: ignore[unused-suppression]\n# mjspec: ignore[em-dash]\na fox\n"

    assert lint.found("a.mj", stacked) == []
    assert lint.found("b.mj", "# mjspec: ignore-file[MJ01]\n# mjspec: ignore\na fox\n") == []
    assert lint.found("c.mj", "# mjspec: ignore[unused-suppression]\na fox\n") == [(1, UNUSED)]


def test_the_file_comes_before_the_line(lint: Lint) -> None:
    text = "# mjspec: ignore-file[em-dash]\n# mjspec: ignore[em-dash]\na fox —ar 1:1\n"

    assert lint.found("a.mj", text) == [(2, UNUSED)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.mj",
            "# mjspec: ignore[em-dash]\na fox —ar 1:1\n# mjspec: ignore[MJ2]\na fox —ar 1:1\n",
        ),
        ("a.yaml", "prompt: a fox —ar 1:1 # mjspec: ignore[em-dash, MJ2]\n# mjspec: ignore\n"),
        ("a.csv", "prompt\na fox --ar1:1\na,b\na fox —ar 1:1\na fox —ar 1:1\n"),
        ("a.md", "```mj\na fox —ar 1:1\n```\n<!-- mjspec: ignore-file[em-dash] -->\n"),
    ],
)
def test_the_library_finds_in_a_file_what_the_command_line_finds(
    lint: Lint, name: str, text: str
) -> None:
    found = lint.found(name, text)

    assert sorted((d.location.start.line, d.name) for d in mjspec.lint(Path(name))) == sorted(found)


def test_a_large_file_stays_quick(lint: Lint) -> None:
    stack = "# mjspec: ignore[em-dash]\n" * 20_000
    pairs = "# mjspec: ignore[em-dash]\na fox —ar 1:1\n" * 5_000
    found = lint.found("a.mj", f"{stack}a cat —ar 1:1\n{pairs}")

    assert {rule for _, rule in found} == {UNUSED, "duplicate-job"}
    assert len([line for line, rule in found if rule == UNUSED]) == 19_999


PROMPTS = st.sampled_from(
    [
        "a fox",
        "a fox —ar 16:9",
        "a fox —ar 16:9 --stylze 5",
        "hot::2 dog --v 7",
        "a {red, blue} fox --ar16:9",
        "a fox --ar 16:9, --v 6.1 --stop 500",
        "a fox –ar 1:1 --seed 1 --seed 1",
        "#FF0000 dress --AR 1:1",
        "",
        "# a comment",
    ]
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PROMPTS, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_each_finding_can_be_hidden_and_comments_go_without_a_trace(
    lint: Lint, lines: list[str], end: str
) -> None:
    text = "".join(line + end for line in lines)
    hidden, idle = [], []
    found = lint.records("a.mj", text)
    for number, line in enumerate(lines, 1):
        names = sorted({d["name"] for d in found if d["line"] == number})
        hidden += [f"# mjspec: ignore[{', '.join(names)}] as agreed"] * bool(names)
        idle += ["# mjspec: ignore[wrong-type]"] * bool(line)
        hidden.append(line)
        idle.append(line)

    assert lint.found("a.mj", "".join(line + end for line in hidden)) == []
    options = ["--select", "wrong-type,unused-suppression"]
    assert lint.fixed("a.mj", "".join(line + end for line in idle), *options) == text


VALUES = st.sampled_from(
    [
        "prompt: a fox —ar 16:9",
        "prompt: 'a fox —ar 16:9 --stylze 5'",
        "prompt: |\n    a fox\n    —ar 1:1",
        "prompt: >-\n    a fox —ar\n    1:1 --v 7\n    --stop 5",
        'prompt: "a fox\n    in rain —ar 1:1"',
        "prompt: a fox\n  size: 16:9",
        "prompt: a fox\n  seed: '42'",
        "prompt: a fox\n  stylise: 5",
    ]
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(VALUES, min_size=1, max_size=5))
def test_the_same_in_yaml(lint: Lint, values: list[str]) -> None:
    lines = ["jobs:", *"\n".join(f"- {value}" for value in values).split("\n")]
    text = "\n".join(lines) + "\n"
    found = lint.records("a.yaml", text)
    # Comments go above the line on which the value begins, since there are none inside of values.
    starts = [n for n, line in enumerate(lines, 1) if ": " in line or line == "jobs:"]
    hidden, idle = list(lines), list(lines)
    for start, following in reversed(list(zip(starts, [*starts[1:], 1 << 30], strict=True))):
        names = sorted({d["name"] for d in found if start <= d["line"] < following})
        if names:
            hidden.insert(start - 1, f"  # mjspec: ignore[{','.join(names)}]")
        idle.insert(start - 1, "# mjspec: ignore[discord-command]")

    assert lint.found("a.yaml", "\n".join(hidden) + "\n") == []
    options = ["--select", "discord-command,unused-suppression"]
    assert lint.fixed("a.yaml", "\n".join(idle) + "\n", *options) == text
