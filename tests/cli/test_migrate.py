"""``mjspec migrate`` on files, standard input and prompts, as a shell runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import mjspec
from mjspec.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.write_bytes(text.encode())
    return path


def piped(text: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "mjspec", "migrate", *arguments],
        input=text.encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )


def test_files_are_rewritten_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    path = write("a.mj", "\ufeffa fox --v 6\r\n\r\n# a --v 6\r\nan owl --niji 6")
    path.chmod(0o640)

    assert main(["migrate", "--to", "7", "a.mj"]) == 0
    assert path.read_bytes().decode() == "\ufeffa fox --v 7\r\n\r\n# a --v 6\r\nan owl --v 7"
    assert path.stat().st_mode & 0o777 == 0o640
    assert capsys.readouterr() == ("", "2 prompts migrated in 1 file\n")

    assert main(["migrate", "--to", "7", "a.mj"]) == 0
    assert capsys.readouterr().err == "0 prompts migrated\n"


def test_what_cannot_be_migrated_is_left_whole_and_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = write("a.mj", "a fox --v 6\na cat --v 6 --style raw --stop 50\n")

    assert main(["migrate", "--to", "7", "a.mj"]) == 1
    assert path.read_text() == "a fox --v 7\na cat --v 6 --style raw --stop 50\n"
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "error[MJ301 unsupported-in-version]: `--stop` is not available in version 7; it is in 5"
        " to 6.1 and niji 5 and 6\n"
        " --> a.mj:2:25\n"
        "  |\n"
        "2 | a cat --v 6 --style raw --stop 50\n"
        "  |                         ^^^^^^\n"
        "help: with --unsafe-fixes: remove `--stop 50`\n"
        "\n"
        "1 prompt migrated in 1 file, 1 prompt left as it is\n"
    )

    assert main(["migrate", "--to", "7", "--unsafe-fixes", "a.mj"]) == 0
    assert path.read_text() == "a fox --v 7\na cat --v 7 --raw\n"


def test_diff_and_check_change_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    path = write("a.mj", "a fox --v 6\n")

    assert main(["migrate", "--to", "niji 7", "--diff", "a.mj"]) == 1
    assert capsys.readouterr() == (
        "--- a.mj\n+++ a.mj\n@@ -1 +1 @@\n-a fox --v 6\n+a fox --niji 7\n",
        "1 prompt would be migrated in 1 file\n",
    )
    assert main(["migrate", "--to", "7", "--check", "a.mj"]) == 1
    assert capsys.readouterr().out == "Would migrate: a.mj\n"
    assert path.read_text() == "a fox --v 6\n"
    assert main(["migrate", "--to", "6", "--check", "a.mj"]) == 0


def test_streams() -> None:
    done = piped("a fox --v 6\r\n", "--to", "7", "-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"a fox --v 7\r\n", b"")

    text = 'prompt: "a fox"  # note\nversion: 6\n'
    done = piped(text, "--to", "7", "-", "--stdin-filename", "x.yaml")
    assert done.stdout == b'prompt: "a fox"  # note\nversion: 7\n'


def test_prompts_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--to", "7", "--prompt", "a fox --v 6", "--prompt", "an owl"]) == 0
    assert capsys.readouterr() == ("a fox --v 7\nan owl --v 7\n", "")


def test_the_default_version_is_named_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--to", "8.1", "--prompt", "an owl", "--prompt", "a fox --hd"]) == 0
    assert capsys.readouterr().out == "an owl --v 8.1\na fox --hd\n"


def test_the_configuration_counts(capsys: pytest.CaptureFixture[str]) -> None:
    write("mjspec.toml", 'assume-version = "7"\nversions = {"8.3" = "8.2"}\n')
    assert main(["migrate", "--to", "7", "--prompt", "an owl"]) == 0
    assert main(["migrate", "--to", "8.1", "--prompt", "an owl"]) == 0
    assert main(["migrate", "--to", "8.3", "--prompt", "an owl --v 7"]) == 0
    assert capsys.readouterr().out == "an owl --v 7\nan owl --v 8.1\nan owl --v 8.3\n"


def test_a_version_in_another_file(capsys: pytest.CaptureFixture[str]) -> None:
    house = write("house.yaml", "defaults:\n  version: 6.1  # all\n")
    spec = write("spec.yaml", "extends: [house.yaml]\nprompt: a fox\n")

    assert main(["migrate", "--to", "7", "spec.yaml"]) == 1
    err = capsys.readouterr().err
    assert " --> house.yaml:2:12\n" in err
    assert "help: name `house.yaml` too, to migrate it with them\n" in err

    assert main(["migrate", "--to", "7", "spec.yaml", "house.yaml"]) == 0
    assert house.read_text() == "defaults:\n  version: 7  # all\n"
    assert spec.read_text() == "extends: [house.yaml]\nprompt: a fox\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "7.5", "--prompt", "a"], "--to: '7.5' is no version."),
        (["--prompt", "a"], "Missing option '--to'."),
        (["--to", "7"], "name files, folders or `-`"),
        (["--to", "7", "nowhere.mj"], "nowhere.mj"),
    ],
)
def test_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_file_with_a_syntax_error_is_not_touched(capsys: pytest.CaptureFixture[str]) -> None:
    path = write("a.yaml", "prompt: a\nversion: [6\n")

    assert main(["migrate", "--to", "7", "a.yaml"]) == 1
    assert "invalid-yaml" in capsys.readouterr().err
    assert path.read_text() == "prompt: a\nversion: [6\n"


def test_the_library_says_the_same() -> None:
    done = mjspec.migrate("a fox --v 6 --stop 50", "7")

    assert done.text == "a fox --v 6 --stop 50"
    assert [found.name for found in done.findings] == ["unsupported-in-version"]
    assert mjspec.migrate("a fox --v 6 --stop 50", "v7", unsafe=True).text == "a fox --v 7"
    with pytest.raises(mjspec.MjspecError, match="no version"):
        mjspec.migrate("a fox", "7.5")


def test_findings_in_other_formats(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.mj", "a fox --v 6\na cat --v 6 --stop 50\n")

    assert main(["migrate", "--to", "7", "--check", "--format", "json", "a.mj"]) == 1
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert [(one["path"], one["line"], one["column"]) for one in found["diagnostics"]] == [
        ("a.mj", 2, 13)
    ]
    assert found["diagnostics"][0]["help"] == "with --unsafe-fixes: remove `--stop 50`"
    assert found["summary"] == {"files": 1, "prompts": 2, "errors": 1, "warnings": 0, "infos": 0}
    assert err == (
        "Would migrate: a.mj\n1 prompt would be migrated in 1 file, 1 prompt left as it is\n"
    )

    assert main(["migrate", "--to", "7", "--format", "concise", "--quiet", "a.mj"]) == 1
    assert capsys.readouterr() == (
        "",
        (
            "a.mj:2:13: error MJ301 unsupported-in-version `--stop` is not available in version 7;"
            " it is in 5 to 6.1 and niji 5 and 6\n"
        ),
    )


def test_texts_and_findings_for_programs_do_not_mix(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "--to", "7", "--format", "json", "--prompt", "a fox"]) == 2
    assert "--format json goes to standard output" in capsys.readouterr().err
    assert main(["migrate", "--to", "7", "--format", "json", "--check", "--prompt", "a"]) == 1
    assert json.loads(capsys.readouterr().out)["diagnostics"] == []


def test_a_job_that_stays_keeps_what_other_files_give_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("house.yaml", "defaults: {version: 6.1}\n")
    write("one.yaml", "extends: [house.yaml]\nprompt: a fox --stop 50\n")
    write("two.yaml", "extends: [house.yaml]\nprompt: an owl\n")

    assert main(["migrate", "--to", "7", "--format", "concise", "."]) == 1
    assert capsys.readouterr().err == (
        "house.yaml:1:21: error MJ301 unsupported-in-version this is used by jobs of another file,"
        " and does not become version 7\n"
        "one.yaml:2:15: error MJ301 unsupported-in-version `--stop` is not available in version 7;"
        " it is in 5 to 6.1 and niji 5 and 6\n"
        "2 prompts left as they are\n"
    )
    assert Path("house.yaml").read_text() == "defaults: {version: 6.1}\n"

    assert main(["migrate", "--to", "7", "--unsafe-fixes", "."]) == 0
    assert Path("house.yaml").read_text() == "defaults: {version: 7}\n"
    assert Path("one.yaml").read_text() == "extends: [house.yaml]\nprompt: a fox\n"


def test_rows_that_do_not_change_hold_their_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    write("rows.csv", "animal,stop\nfox,\nowl,50\n")
    spec = write("spec.yaml", "jobs:\n  - rows: rows.csv\n    prompt: a ${animal} --v 6\n")
    text = spec.read_text()

    arguments = ["migrate", "--to", "7", "--unsafe-fixes", "spec.yaml", "rows.csv"]
    assert main(arguments) == 1
    assert "rows.csv:1:8" in capsys.readouterr().err
    assert spec.read_text() == text


@pytest.mark.parametrize(
    ("name", "before", "to", "after"),
    [
        ("a.yaml", "prompt: a\nniji: false\n", "7", "prompt: a\nniji: false\nversion: 7\n"),
        ("a.yaml", "prompt: a\nniji: true\n", "7", "prompt: a\nniji: false\nversion: 7\n"),
        ("a.csv", "prompt,niji\na,false\nb,true\n", "7", "prompt,niji\na --v 7,\nb --v 7,\n"),
        ("a.csv", "prompt,niji\na,true\n", "niji 7", "prompt,niji\na --niji 7,\n"),
        (
            "a.jsonl",
            '{"prompt": "a", "niji": false}\n',
            "niji 7",
            '{"prompt": "a", "niji": true, "version": "7"}\n',
        ),
        (
            "a.jsonl",
            '{"prompt": "a --v 6 --cref https:\\/\\/x.example"}\n',
            "7",
            '{"prompt": "a --v 7 --oref https:\\/\\/x.example"}\n',
        ),
    ],
)
def test_fields_and_escapes(name: str, before: str, to: str, after: str) -> None:
    path = write(name, before)
    assert main(["migrate", "--to", to, name]) == 0
    assert path.read_text() == after
    assert main(["migrate", "--to", to, "--check", name]) == 0
