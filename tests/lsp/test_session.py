"""Findings: told for what the editor has, as the command line tells them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.cli import main
from mjspec.rules import RULES

if TYPE_CHECKING:
    from tests.lsp.conftest import Client

ERROR, WARNING, INFORMATION = 1, 2, 3
UNNECESSARY, DEPRECATED = 1, 2


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in found]


def place(found: dict[str, Any]) -> tuple[int, int, int, int]:
    start, end = found["range"]["start"], found["range"]["end"]
    return start["line"], start["character"], end["line"], end["character"]


def test_a_finding_has_everything_that_an_editor_shows(editor: Client) -> None:
    (found,) = editor.open("a.mj", "a fox \U0001f98a 猫 --ar 16x9 --v 6.1\n")

    assert found == {
        "range": {"start": {"line": 0, "character": 16}, "end": {"line": 0, "character": 20}},
        "severity": ERROR,
        "code": "MJ204",
        "codeDescription": {"href": RULES["invalid-value"].url},
        "source": "mjspec",
        "message": "`16x9` is no value of `--ar`; it takes a ratio W:H of whole numbers"
        " [invalid-value]",
    }


def test_notes_with_places_and_tags(editor: Client) -> None:
    twice, old = editor.open("a.mj", "a fox --ar 1:1 --ar 1:1 --v 7\na cat --v 7 --uplight\n")

    (note,) = twice["relatedInformation"]
    assert twice["tags"] == [UNNECESSARY]
    assert note["message"] == "`--ar` stands here first"
    assert note["location"]["uri"] == editor.uri("a.mj")
    assert note["location"]["range"]["start"] == {"line": 0, "character": 6}
    assert old["code"] == "MJ209"
    assert old["tags"] == [DEPRECATED]


def test_a_value_that_a_field_overrides_is_faded(editor: Client) -> None:
    (found,) = editor.open("a.yaml", "prompt: a fox --ar 1:1 --v 7\nsize: '16:9'\n", "yaml")

    assert (found["code"], found["severity"]) == ("MJ401", INFORMATION)
    assert found["tags"] == [UNNECESSARY]
    assert place(found) == (0, 14, 0, 22)


def test_the_client_chooses_what_columns_count_and_the_exit_code_says_how_it_left(
    client: Client,
) -> None:
    client.initialize(general={"positionEncodings": ["utf-7", "utf-8"]})
    (found,) = client.open("a.mj", "a fox \U0001f98a 猫 --ar 16x9 --v 6.1\n")
    client.notify("exit", None)

    assert client.capabilities["positionEncoding"] == "utf-8"
    assert place(found)[:2] == (0, 20)
    assert client.process.wait(20) == 1
    assert client.close() == ""


@pytest.mark.parametrize(
    ("name", "language", "text", "expected"),
    [
        ("a.mj", "plaintext", "a fox --ar 16x9", 1),
        ("a.txt", "plaintext", "a fox --ar 16x9", 1),
        ("a.log", "plaintext", "a fox --ar 16x9", 0),
        ("a.log", "mj", "a fox --ar 16x9", 1),
        ("untitled:Untitled-1", "plaintext", "a fox --ar 16x9", 1),
        ("untitled:Untitled-1", "midjourney", "a fox --ar 16x9", 1),
        ("untitled:Untitled-1", "yaml", "prompt: a fox --ar 16x9", 1),
        ("untitled:Untitled-1", "python", "x --ar 16x9", 0),
        ("a.yml", "yaml", "jobs:\n  - prompt: a fox --ar 16x9", 1),
        ("compose.yaml", "yaml", "services:\n  web: {command: run --ar 16x9}", 0),
        ("a.md", "markdown", "# a\n\n```mj\na fox --ar 16x9\n```\n\n--ar 3x2\n", 1),
        ("a.md", "markdown", "Use `--ar 16x9`.", 0),
        ("a%20b.jsonl", "json", '{"prompt": "a fox --ar 16x9"}', 1),
        ("a.csv", "csv", "prompt\na fox --ar 16x9\n", 1),
    ],
)
def test_what_is_meant_for_mjspec(
    editor: Client, name: str, language: str, text: str, expected: int
) -> None:
    assert codes(editor.open(name, text, language)) == ["MJ204"] * expected


def test_the_command_line_says_the_same(editor: Client, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {
        "a.mj": "a fox --ar 16x9, --stylze 3 --v 7\r\n猫 —ar 3:2 --v 7 --cref x\r\n",
        "a.yaml": "defaults: {version: 7}\njobs:\n  - prompt: >-\n      a \U0001f98a --ar 16x9\n"
        "    stop: 50\n    sise: 1:1\n",
        "a.md": "```midjourney\na fox --ar16:9\n```\n",
    }
    for name, text in texts.items():
        path = editor.folder / name
        path.write_bytes(text.encode())
        main(["lint", str(path), "--format", "json"])
        told = json.loads(capsys.readouterr().out)["diagnostics"]

        found = editor.open(name, text, "yaml" if name == "a.yaml" else "markdown")

        assert len(told) > 0
        assert codes(found) == [each["code"] for each in told]
        assert [place(each)[0] + 1 for each in found] == [each["line"] for each in told]


def test_only_the_last_state_is_told(editor: Client) -> None:
    editor.open("a.mj", "a fox --ar 16x9\n")
    end = {"line": 0, "character": 11}
    for version in range(2, 30):
        editor.change("a.mj", version, {"range": {"start": end, "end": end}, "text": "1"})
    editor.change("a.mj", 30, {"text": "a fox --ar 1:1 --v 7\n"})

    assert editor.found("a.mj") == []
    assert [method for method in editor.methods() if method.endswith("publishDiagnostics")] == []


def test_changes_go_where_the_editor_means_them(editor: Client) -> None:
    # For Python, U+2028 and a form feed end lines; for an editor they do not.
    editor.open("a.mj", "a\u2028b \x0c \U0001f98a\r\na fox --ar 16:9 --v 7\r\n")
    first = {"start": {"line": 1, "character": 13}, "end": {"line": 1, "character": 14}}
    second = {"start": {"line": 0, "character": 6}, "end": {"line": 0, "character": 8}}
    editor.change("a.mj", 2, {"range": first, "text": "x"}, {"range": second, "text": "猫\n"})

    (found,) = editor.found("a.mj", 2)

    assert (found["code"], place(found)) == ("MJ204", (2, 11, 2, 15))


def test_closing_takes_the_findings_away(editor: Client) -> None:
    editor.open("a.mj", "a fox --ar 16x9\n")

    editor.shut("a.mj")

    assert editor.found("a.mj") == []


def test_comments_hide_findings(editor: Client) -> None:
    text = "# mjspec: ignore[invalid-value]\na fox --ar 16x9 --v 7\na cat --ar 3x2 --v 7\n"
    (found,) = editor.open("a.mj", text)

    assert place(found)[0] == 2


def test_the_configuration_of_the_folder_holds_and_its_changes_are_seen(editor: Client) -> None:
    folder = editor.folder / "shoot"
    folder.mkdir()
    (folder / "mjspec.toml").write_text('ignore = ["invalid-value"]\n')

    assert editor.open("shoot/a.mj", "a fox --ar 16x9\n") == []
    assert codes(editor.open("b.mj", "a fox --ar 16x9\n")) == ["MJ204"]

    (folder / "mjspec.toml").write_text('severity = {invalid-value = "info"}\n')
    uri = (folder / "mjspec.toml").as_uri()
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})

    (found,) = editor.found("shoot/a.mj")
    assert found["severity"] == INFORMATION


def test_a_broken_configuration_is_told_once_and_the_rest_goes_on(editor: Client) -> None:
    path = editor.folder / "mjspec.toml"
    path.write_text("selekt = []\n")

    found = editor.open("a.mj", "a fox --ar 16x9\n")
    told = editor.wait("window/showMessage")
    editor.open("b.mj", "a fox --ar 16x9\n")

    assert codes(found) == ["MJ204"]
    assert told["message"] == (
        f"mjspec: {path}:1:1: `selekt` is no setting; did you mean `select`?"
    )
    assert "window/showMessage" not in editor.methods()


def test_excluded_files_are_left_alone(editor: Client) -> None:
    (editor.folder / "mjspec.toml").write_text('exclude = ["old"]\n')
    (editor.folder / "old").mkdir()

    assert editor.open("old/a.mj", "a fox --ar 16x9\n") == []


def test_what_is_wrong_in_a_file_that_is_named_is_told_where_it_is_named(editor: Client) -> None:
    (editor.folder / "house.yaml").write_text("sise: 1:1\n")
    text = "extends: house.yaml\nprompt: a fox --v 7\n"

    (found,) = editor.open("a.yaml", text, "yaml")

    assert found["message"].startswith("a finding in `house.yaml`: `sise` is no field")
    assert place(found) == (0, 9, 0, 19)
    assert found["relatedInformation"][0]["location"]["uri"] == editor.uri("house.yaml")

    (editor.folder / "house.yaml").write_text("size: 1:1\n")
    document = {"textDocument": {"uri": editor.uri("a.yaml")}}
    editor.notify("textDocument/didSave", document)
    assert editor.found("a.yaml") == []


def test_odd_documents_harm_nothing(editor: Client) -> None:
    editor.open("nul.mj", "a \0 fox \ud800 --ar 16x9\n")
    editor.open("half.yaml", "jobs:\n  - prompt: 'a --ar\n  size: [\n", "yaml")
    editor.open("deep.yaml", "prompt: " + "[" * 5000, "yaml")
    editor.open("%00.mj", "a fox\n")
    editor.open("a.mj", "")
    editor.open("b.mj", "x" * 9_000_000 + " --ar 16x9")
    told = editor.wait("window/showMessage")["message"]
    editor.change("gone.mj", 2, {"text": "a"})
    log = editor.wait("window/logMessage")["message"]
    far = {"line": 99, "character": 99}
    editor.change("a.mj", 2, {"range": {"start": far, "end": far}, "text": "a fox --ar 3x2"})

    assert told == "mjspec: b.mj is too large to be checked while you type; `mjspec lint` checks it"
    assert log.endswith("gone.mj was changed and is not open")
    assert codes(editor.found("a.mj", 2)) == ["MJ204"]
    assert editor.answer("textDocument/nonsense", {})["error"]["code"] == -32601
    assert editor.ask("hover", "a.mj", 5, 5) is None
    assert editor.ask("hover", "never.mj", 0, 0) is None


def test_too_many_findings_are_cut_with_a_word(editor: Client) -> None:
    found = editor.open("a.mj", "".join(f"a fox {n} --ar 16x9 --v 7\n" for n in range(1100)))

    assert len(found) == 1001
    assert found[-1]["message"] == "100 more findings; `mjspec lint` shows all of them"


def test_a_client_that_vanishes_ends_the_server(client: Client) -> None:
    client.initialize()
    assert client.process.stdin
    client.process.stdin.close()

    assert client.process.wait(20) == 1


def test_without_its_library_the_command_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pygls'] = None; sys.modules['lsprotocol'] = None;"
        "from mjspec.cli import main; sys.exit(main(['lsp', '--stdio']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        input="",
        env={**os.environ, "COLUMNS": "100"},
    )

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.endswith(
        "the language server needs a library that is not installed: pip install 'mjspec[lsp]'\n"
    )
