"""``mjspec fmt`` on files, folders, standard input and prompts, as a shell runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mjspec
from mjspec.cli import main

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ROOT = Path(__file__).parents[2]
BAD = "a  fox --v 7 --aspect 1:1\n"
GOOD = "a fox --ar 1:1 --v 7\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def piped(text: str, *arguments: str) -> CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "mjspec", "fmt", *arguments],
        input=text.encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
    )


def test_files_are_rewritten_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = write("in/bad.mj", BAD), write("in/good.mj", GOOD)
    stamp = good.stat()

    assert main(["fmt", "in"]) == 0
    assert bad.read_text() == good.read_text() == GOOD
    assert (good.stat().st_ino, good.stat().st_mtime_ns) == (stamp.st_ino, stamp.st_mtime_ns)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "1 file reformatted, 1 file left unchanged\n")

    assert main(["fmt", "in"]) == 0
    assert capsys.readouterr().err == "2 files left unchanged\n"


def test_permissions_links_and_line_ends_are_kept() -> None:
    path = write("real.mj", "\ufeffa  fox\r\n\r\n# a  note\r\nan   owl")
    path.chmod(0o640)
    Path("link.mj").symlink_to(path)

    assert main(["fmt", "link.mj"]) == 0
    assert path.read_bytes().decode() == "\ufeffa fox\r\n\r\n# a  note\r\nan owl"
    assert path.stat().st_mode & 0o777 == 0o640
    assert Path("link.mj").is_symlink()


def test_check_lists_and_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    bad = write("bad.mj", BAD)
    write("good.mj", GOOD)

    assert main(["fmt", "--check", "bad.mj", "good.mj"]) == 1
    out, err = capsys.readouterr()
    assert out == "Would reformat: bad.mj\n"
    assert err == "1 file would be reformatted, 1 file already formatted\n"
    assert bad.read_text() == BAD
    assert main(["fmt", "--check", "good.mj"]) == 0


def test_diff(capsys: pytest.CaptureFixture[str]) -> None:
    write("bad.mj", "an owl\n" + BAD.strip())

    assert main(["fmt", "--diff", "bad.mj"]) == 1
    assert capsys.readouterr().out == (
        "--- bad.mj\n+++ bad.mj\n@@ -1,2 +1,2 @@\n an owl\n"
        "-a  fox --v 7 --aspect 1:1\n\\ No newline at end of file\n"
        "+a fox --ar 1:1 --v 7\n\\ No newline at end of file\n"
    )
    write("good.mj", GOOD)
    assert main(["--quiet", "fmt", "--diff", "good.mj"]) == 0
    assert capsys.readouterr() == ("", "")


def test_prompts_go_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--prompt", BAD, "--prompt", "two\nlines  --S 5."]) == 0
    assert capsys.readouterr() == (f"{GOOD}two lines --s 5\n", "")
    assert main(["fmt", "--check", "--prompt", BAD]) == 1


def test_standard_input() -> None:
    done = piped(BAD.replace("\n", "\r\n") + "# note\r\n", "-")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        b"a fox --ar 1:1 --v 7\r\n# note\r\n",
        b"",
    )

    text = 'prompt: "a  fox --chaos 5"  # note\n'
    done = piped(text, "-", "--stdin-filename", "x.yaml")
    assert done.stdout == b'prompt: "a fox --c 5"  # note\n'
    assert piped(text, "-", "--stdin-filename", "x.yaml", "--check").returncode == 1


def test_standard_input_with_a_syntax_error_comes_back_as_it_is() -> None:
    text = 'prompt: "a  fox\r\n'
    done = piped(text, "-", "--stdin-filename", "x.yaml")

    assert (done.returncode, done.stdout) == (1, text.encode())
    assert b"invalid-yaml" in done.stderr
    assert piped(text, "-", "--stdin-filename", "x.yaml", "--check").stdout == b""


def test_standard_input_that_is_called_like_a_file_is_not_written_to_it() -> None:
    path = write("bad.mj", BAD)

    assert piped(BAD, "-", "--stdin-filename", "bad.mj").stdout == GOOD.encode()
    assert path.read_text() == BAD


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        ("x.yaml", 'jobs:\n  - prompt: a  fox\n  - prompt: "b\n', "invalid-yaml"),
        ("x.jsonl", '{"prompt": "a  fox"}\n{"prompt": \n', "invalid-json"),
        ("x.csv", 'prompt\na  fox\n"b"c\n', "invalid-row"),
    ],
)
def test_a_file_with_a_syntax_error_is_told_and_not_touched(
    name: str, text: str, rule: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(name, text)
    other = write("other.mj", BAD)

    assert main(["fmt", name, "other.mj"]) == 1
    assert path.read_text() == text
    assert other.read_text() == GOOD
    out, err = capsys.readouterr()
    assert out == ""
    assert rule in err
    assert err.endswith("1 file reformatted, 1 file with syntax errors not touched\n")


def test_what_cannot_be_read_is_told_after_the_rest_was_done(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("latin.mj").write_bytes(b"caf\xe9\n")
    path = write("bad.mj", BAD)

    assert main(["fmt", "latin.mj", "missing.mj", "bad.mj"]) == 2
    assert path.read_text() == GOOD
    err = capsys.readouterr().err
    assert "latin.mj: line 1" in err
    assert "missing.mj" in err


def test_what_cannot_be_written_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write("fixed.mj", BAD).chmod(0o444)
    other = write("other.mj", BAD)

    assert main(["fmt", "fixed.mj", "other.mj"]) == 2
    assert (Path("fixed.mj").read_text(), other.read_text()) == (BAD, GOOD)
    assert "read-only" in capsys.readouterr().err


def test_what_is_ignored_is_not_fixed() -> None:
    write("mjspec.toml", 'ignore = ["em-dash"]\nknown-flags = ["custom"]\n')
    path = write("a.mj", "a  fox —ar 1:1 --custom  5 --chaos 5\n")

    assert main(["fmt", "a.mj"]) == 0
    assert path.read_text() == "a fox —ar 1:1 --c 5 --custom 5\n"


def test_a_suppression_holds_and_stays() -> None:
    text = "# mjspec: ignore[uppercase-parameter]  ours\na fox --AR 1:1\n"
    path = write("a.mj", text)

    assert main(["fmt", "a.mj"]) == 0
    assert path.read_text() == text


def test_excluded_files_stay(capsys: pytest.CaptureFixture[str]) -> None:
    write("mjspec.toml", 'exclude = ["old"]\n')
    path = write("old/a.mj", BAD)
    write("new/a.mj", BAD)

    assert main(["fmt", ".", "--force-exclude"]) == 0
    assert path.read_text() == BAD
    assert capsys.readouterr().err == "1 file reformatted\n"


def test_a_variable_that_would_change_meaning_keeps_its_prompt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (
        "jobs:\n"
        "  - prompt: a ${x} b https://x.example/b.png --chaos 5\n"
        "    vars: {x: https://x.example/a.png}\n"
        "  - prompt: two  foxes ${x}::2.0 --chaos 5\n"
        "    vars: {x: owls}\n"
    )
    path = write("a.yaml", text)
    before = [job.content for job in mjspec.load(path).jobs]

    assert main(["fmt", "a.yaml"]) == 0
    assert [job.content for job in mjspec.load(path).jobs] == before
    assert "two foxes ${x}::2 --c 5" in path.read_text()
    assert "left as it was" not in capsys.readouterr().err


def test_without_sources_it_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt"]) == 2
    assert "name files, folders or `-`" in capsys.readouterr().err


def test_the_library_writes_nothing() -> None:
    path = write("bad.mj", BAD)

    assert mjspec.fmt(path) == GOOD
    assert mjspec.fmt(BAD) == GOOD.strip()
    assert path.read_text() == BAD
    with pytest.raises(mjspec.FileError):
        mjspec.fmt(Path("missing.mj"))
