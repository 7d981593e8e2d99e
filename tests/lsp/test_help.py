"""What an editor asks for: actions, completion, hover and formatting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mjspec.cli import main
from mjspec.parameters import PARAMETERS

if TYPE_CHECKING:
    from tests.lsp.conftest import Apply, Client

CURSOR = "¦"
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
OPTIONS = {"tabSize": 2, "insertSpaces": True}


def opened(editor: Client, name: str, text: str) -> tuple[int, int]:
    """Open a text without its cursor; where that stands, in UTF-16."""
    before, _, after = text.partition(CURSOR)
    language = {"yaml": "yaml", "md": "markdown"}.get(name.rpartition(".")[2], "midjourney")
    editor.open(name, before + after, language)
    line = before.split("\n")[-1]
    return before.count("\n"), len(line.encode("utf-16-le")) // 2


def items(editor: Client, name: str, text: str) -> list[dict[str, Any]]:
    line, character = opened(editor, name, text)
    found = editor.ask("completion", name, line, character)["items"]
    return sorted(found, key=lambda item: str(item["sortText"]))


def labels(editor: Client, name: str, text: str) -> list[str]:
    return [item["label"] for item in items(editor, name, text)]


def chosen(editor: Client, apply: Apply, name: str, text: str, label: str) -> str:
    """The text after an item was chosen."""
    (item,) = [item for item in items(editor, name, text) if item["label"] == label]
    return apply(text.replace(CURSOR, ""), [item["textEdit"]])


def hover(editor: Client, name: str, text: str) -> str | None:
    found = editor.ask("hover", name, *opened(editor, name, text))
    return found and str(found["contents"]["value"])


def test_a_fix_is_offered_where_the_finding_is(editor: Client, apply: Apply) -> None:
    text = "a \U0001f98a --ar 16x9 --v 7\na cat --stylze 3 --v 7\n"
    (found, _) = editor.open("a.mj", text)
    uri = editor.uri("a.mj")
    params = {
        "textDocument": {"uri": uri},
        "range": found["range"],
        "context": {"diagnostics": [found], "only": ["quickfix"]},
    }
    fix, ignore = editor.request("textDocument/codeAction", params)

    assert (fix["title"], fix["isPreferred"], fix["diagnostics"]) == ("Write `16:9`", True, [found])
    assert apply(text, fix["edit"]["changes"][uri]).startswith("a \U0001f98a --ar 16:9 --v 7\n")
    assert ignore["title"] == "Ignore `invalid-value` here"


def test_a_guess_says_that_it_is_one(editor: Client) -> None:
    editor.open("a.mj", "a cat --stylze 3 --v 7\n")
    fix = editor.actions("a.mj", WHOLE)[0]

    assert fix["title"] == "Write `--stylize` (unsafe: it is a guess)"
    assert "isPreferred" not in fix


def test_all_safe_fixes_at_once(editor: Client, apply: Apply) -> None:
    text = "a \U0001f98a --ar 16x9 --v 7\r\na cat --stylze 3 --v 7\r\na dog —ar 3:2, --v 7\r\n"
    editor.open("a.mj", text)
    (action,) = editor.actions("a.mj", WHOLE, ["source.fixAll"])

    edit = editor.request("codeAction/resolve", action)["edit"]

    assert action["kind"] == "source.fixAll.mjspec"
    assert apply(text, edit["changes"][editor.uri("a.mj")]) == (
        "a \U0001f98a --ar 16:9 --v 7\r\na cat --stylze 3 --v 7\r\na dog --ar 3:2 --v 7\r\n"
    )
    assert len(edit["changes"][editor.uri("a.mj")]) == 2


def test_actions_are_for_the_last_state(editor: Client) -> None:
    editor.open("a.mj", "a fox --ar 16x9 --v 7\n")
    editor.change("a.mj", 2, {"text": "\na fox --ar 3x2 --v 7\n"})

    assert editor.actions("a.mj", WHOLE)[0]["title"] == "Write `3:2`"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "a.mj",
            "a cat --v 7\n  a fox --ar 16x9 --v 7",
            "a cat --v 7\n  # mjspec: ignore[invalid-value]\n  a fox --ar 16x9 --v 7",
        ),
        (
            "a.mj",
            "# mjspec: ignore[em-dash]\r\na fox --ar 16x9 —v 7\r\n",
            "# mjspec: ignore[em-dash, invalid-value]\r\na fox --ar 16x9 —v 7\r\n",
        ),
        (
            "a.md",
            "```mj\na fox --ar 16x9 --v 7\n```\n",
            "```mj\n# mjspec: ignore[invalid-value]\na fox --ar 16x9 --v 7\n```\n",
        ),
        (
            "a.yaml",
            "prompt: a fox --ar 16x9 --v 7\n",
            "prompt: a fox --ar 16x9 --v 7  # mjspec: ignore[invalid-value]\n",
        ),
        (
            "a.yaml",
            "jobs:\n  - prompt: >-\n      a fox\n      --ar 16x9 --v 7\n",
            """jobs:
  - prompt: >-  # mjspec: ignore[invalid-value]
      a fox
      --ar 16x9 --v 7
""",
        ),
        (
            "a.yaml",
            "jobs:\n  - prompt: a fox\n      --ar 16x9 --v 7\n",
            "jobs:\n  # mjspec: ignore[invalid-value]\n  - prompt: a fox\n      --ar 16x9 --v 7\n",
        ),
        (
            "a.yaml",
            "prompt: 'a fox\n\n  --ar 16x9 --v 7'\n",
            "# mjspec: ignore[invalid-value]\nprompt: 'a fox\n\n  --ar 16x9 --v 7'\n",
        ),
        (
            "a.yaml",
            "prompt: a fox --ar 16x9 —v 7  # mjspec: ignore[em-dash] theirs\n",
            "prompt: a fox --ar 16x9 —v 7  # mjspec: ignore[em-dash, invalid-value] theirs\n",
        ),
    ],
)
def test_a_comment_hides_a_rule_where_it_is_found(
    editor: Client, apply: Apply, name: str, text: str, expected: str
) -> None:
    opened(editor, name, text)
    (ignore,) = [a for a in editor.actions(name, WHOLE) if a["title"].startswith("Ignore")]

    after = apply(text, ignore["edit"]["changes"][editor.uri(name)])
    editor.change(name, 2, {"text": after})

    assert after == expected
    assert editor.found(name, 2) == []


def test_after_dashes_there_are_the_parameters_of_the_version(editor: Client) -> None:
    found = {item["label"]: item for item in items(editor, "a.mj", "a fox --v 6.1 --¦")}
    order = [*found]

    assert {"--ar", "--stylize", "--cref", "--stop"} <= {*found}
    assert not {"--v", "--niji", "--vibe"} & {*found}
    assert order[0] == "--ar"
    assert {*order[-7:]} == {"--draft", "--hd", "--exp", "--oref", "--ow", "--edit", "--sd"}
    assert found["--hd"]["tags"] == [1]
    assert found["--hd"]["detail"] == "Images of 2048 pixels. Not in 6.1; in 8 and 8.1."
    assert found["--s"]["detail"] == "Strength of the house style."
    assert found["--s"]["labelDetails"] == {"description": "a whole number from 0 to 1000"}


def test_every_living_parameter_can_be_completed(editor: Client) -> None:
    living = {f"--{name}" for p in PARAMETERS if not p.dead for name in p.spellings}

    assert {*labels(editor, "a.mj", "a fox --¦")} == living


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.mj", "a fox --¦ --v 6.1"),
        ("a.yaml", "prompt: a fox --¦\nversion: 6.1\n"),
        ("a.yaml", "jobs:\n  - prompt: a fox --¦\n    niji: true\n    version: 6\n"),
        ("a.yaml", "defaults: {version: 6.1}\njobs:\n  - prompt: >-\n      a fox\n      --¦\n"),
        ("a.yaml", "jobs:\n  - prompt: a cat\n    version: 8.1\n  - prompt: a --¦ --v 6\n"),
        ("a.yaml", "extends: house.yaml\nprompt: a fox --¦\n"),
        ("assumed/a.mj", "a fox --¦"),
        ("a.md", "# x\n\n~~~mj\na fox --¦ --v 6\n~~~\n"),
    ],
)
def test_the_version_is_the_one_that_the_prompt_will_run_on(
    editor: Client, name: str, text: str
) -> None:
    (editor.folder / "house.yaml").write_text("version: 6.1\n")
    (editor.folder / "assumed").mkdir()
    (editor.folder / "assumed" / "mjspec.toml").write_text('assume-version = "6.1"\n')

    found = {item["label"]: item for item in items(editor, name, text)}

    assert "tags" not in found["--cref"]
    assert "tags" in found["--hd"]


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("a fox --¦", "--ar", "a fox --ar "),
        ("a \U0001f98a --st¦ --v 7", "--stylize", "a \U0001f98a --stylize --v 7"),
        ("a fox --sty¦lize 3", "--style", "a fox --style 3"),
        ("a fox —¦", "--raw", "a fox --raw"),
        ("a fox --ar ¦", "16:9", "a fox --ar 16:9"),
        ("a fox --ar 1¦:1 --v 7", "16:9", "a fox --ar 16:9 --v 7"),
        ("a fox --v ¦", "7", "a fox --v 7"),
    ],
)
def test_what_is_chosen_replaces_what_was_typed(
    editor: Client, apply: Apply, text: str, label: str, expected: str
) -> None:
    assert chosen(editor, apply, "a.mj", text, label) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a fox --q ¦ --v 6.1", ["0.5", "1", "2"]),
        ("a fox --q ¦ --v 7", ["1", "2"]),
        ("a fox --style ¦ --niji 5", ["cute", "expressive", "scenic", "original"]),
        ("a fox --s ¦", ["0", "100", "1000"]),
        ("a fox --niji ¦", ["7", "6", "5", "4"]),
        ("a fox --sref ¦", ["random", "123"]),
        ("a fox --sref random ¦", ["random", "123"]),
        ("a fox --ar 4¦", ["1:1", "16:9", "9:16", "3:2", "2:3", "14:1", "5:4"]),
        ("a fox --s 100 ¦", []),
        ("a fox --raw ¦", []),
        ("a fox --no ¦", []),
        ("a fox ¦", []),
        ("a fox -¦", []),
        ("well--¦", []),
        ("# a comment --¦", []),
        ("¦", []),
    ],
)
def test_behind_a_parameter_there_are_its_values(
    editor: Client, text: str, expected: list[str]
) -> None:
    assert labels(editor, "a.mj", f"{text}\na cat --sref 123 --ar 5:4\n") == expected


def test_the_newest_verified_version_comes_first(editor: Client) -> None:
    found = items(editor, "a.mj", "a fox --v ¦")

    assert [item["label"] for item in found][:3] == ["8.1", "7", "6.1"]
    assert found[0]["detail"] == "2026-04, verified"


@pytest.mark.parametrize(
    ("text", "there", "missing"),
    [
        ("prompt: a fox\n¦\n", {"size", "jobs", "extends", "defaults"}, {"prompt"}),
        ("jobs:\n  - prompt: a fox\n    si¦\n", {"size", "id", "matrix"}, {"jobs", "prompt"}),
        ("jobs:\n  - ¦\n    prompt: a fox\n", {"size", "id"}, {"jobs", "prompt"}),
        ("prompt: a fox\ndefaults: {¦}\n", {"size", "speed"}, {"jobs", "matrix"}),
        ("prompt: a fox\nmatrix:\n  ¦\n", {"exclude", "stylize"}, {"jobs", "id"}),
        ("prompt: a fox\nvars:\n  ¦\n", set(), {"size"}),
    ],
)
def test_keys_of_a_spec(editor: Client, text: str, there: set[str], missing: set[str]) -> None:
    found = {*labels(editor, "a.yaml", text)}

    assert there <= found
    assert not missing & found


def test_a_field_that_the_version_does_not_have_comes_last(editor: Client) -> None:
    found = items(editor, "a.yaml", "prompt: a fox --v 7\n¦\n")

    assert {item["label"] for item in found if "tags" in item} == {"cref", "cw", "stop", "hd"}
    assert [item["label"] for item in found if "tags" in item][-1] == found[-1]["label"]


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("prompt: a fox\nsi¦\n", "size", "prompt: a fox\nsize: \n"),
        ("prompt: a fox\nsi¦ze: 3:2\n", "style", "prompt: a fox\nstyle: 3:2\n"),
        ("prompt: a fox\nma¦\n", "matrix", "prompt: a fox\nmatrix:\n"),
        ("prompt: a fox\nspeed: ¦\n", "turbo", "prompt: a fox\nspeed: turbo\n"),
        ("prompt: a fox\nspeed:¦\n", "turbo", "prompt: a fox\nspeed: turbo\n"),
        ("prompt: a fox\nraw: f¦alse\n", "true", "prompt: a fox\nraw: true\n"),
        ("prompt: a fox\nsize: '1¦:1'\n", "16:9", "prompt: a fox\nsize: '16:9'\n"),
        ("prompt: 'a fox --ar ¦'\n", "16:9", "prompt: 'a fox --ar 16:9'\n"),
    ],
)
def test_what_is_chosen_in_a_spec(
    editor: Client, apply: Apply, text: str, label: str, expected: str
) -> None:
    assert chosen(editor, apply, "a.yaml", text, label) == expected


def test_an_item_gets_its_page_when_it_is_looked_at(editor: Client) -> None:
    (item,) = [i for i in items(editor, "a.mj", "a fox --¦") if i["label"] == "--stop"]

    page = editor.request("completionItem/resolve", item)["documentation"]

    assert page["kind"] == "markdown"
    assert page["value"].startswith("**`--stop`** Stops the work early, at this percentage.")


STOP = """\
**`--stop`** Stops the work early, at this percentage.

- field: `stop`
- values: a whole number from 10 to 100
- default: 100
- sources: Endpoint page: v5 to 6.1, niji 5 and 6

| versions | values |
| --- | --- |
| 1 to 4 and 7 to 8.2 and niji 4 and 7 | not available |
| 5 to 6.1 and niji 5 and 6 | a whole number from 10 to 100 |"""
SIX = """\
**`--v 6.1`** released 2024-07

- verified by the provider: yes
- not in it: `--draft`, `--hd`, `--exp`, `--oref`, `--ow`, `--edit`, `--sd`"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.mj", "a \U0001f98a --st¦op 50 --v 6.1", STOP),
        ("a.mj", "a fox --stop 5¦0 --v 6.1", STOP),
        ("a.mj", "a fox --stop 50 --v 6¦.1", SIX),
        ("a.mj", "a f¦ox --stop 50", None),
        ("a.mj", "a fox --st¦ip 50", None),
        ("a.mj", "# --st¦op", None),
        ("a.md", "```mj\na fox --st¦op 50\n```\n", STOP),
        ("a.md", "--st¦op\n\n```mj\na fox\n```\n", None),
        ("a.yaml", "prompt: |\n  a fox\n  --s¦top 50\n", STOP),
        ("a.yaml", "prompt: a fox\nst¦op: 50\n", STOP),
        ("a.yaml", "prompt: a fox\nversion: 6¦.1\n", SIX),
        (
            "a.yaml",
            "prompt: a fox\nvars: {a: 1}\nro¦ws: x",
            "**`rows`** A .csv or .jsonl file: one job a row.",
        ),
        ("a.yaml", "prompt: a fox\nnothing¦: 1", None),
    ],
)
def test_hover(editor: Client, name: str, text: str, expected: str | None) -> None:
    assert hover(editor, name, text) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.mj", "a \U0001f98a   in snow --v 7 --ar 16x9\r\n\r\n# c\r\na cat —ar 1:1\r\n"),
        ("a.yaml", "# why\njobs:\n  - prompt: a   fox --v 7 --ar 16:9 # c\n    size: 3:2\n"),
        ("a.md", "# x   y\n\n```mj\na   fox --v 7 --ar 16x9\n```\n"),
    ],
)
def test_formatting_is_what_the_command_does(
    editor: Client, apply: Apply, name: str, text: str
) -> None:
    path = editor.folder / name
    path.write_bytes(text.encode())
    main(["fmt", "--quiet", str(path)])
    opened(editor, name, text)
    document = {"textDocument": {"uri": editor.uri(name)}, "options": OPTIONS}

    edits = editor.request("textDocument/formatting", document)
    after = apply(text, edits)
    editor.change(name, 2, {"text": after})

    assert after == path.read_bytes().decode() != text
    assert editor.request("textDocument/formatting", document) == []


def test_what_is_not_meant_for_mjspec_is_left_alone(editor: Client) -> None:
    text = "services:\n  web: {command: a --ar 16x9}\n"
    editor.open("compose.yaml", text, "yaml")
    document = {"textDocument": {"uri": editor.uri("compose.yaml")}, "options": OPTIONS}

    assert editor.request("textDocument/formatting", document) is None
    assert editor.ask("completion", "compose.yaml", 0, 0) is None
    assert editor.actions("compose.yaml", WHOLE) == []
