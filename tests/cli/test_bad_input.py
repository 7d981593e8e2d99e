"""Files that cannot be read, or written, or change meanwhile: each is told, and the others go on."""

from __future__ import annotations

import io
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mjspec import files
from mjspec.cli import main
from mjspec.reading import parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

BAD = "a fox --ar16:9\n"
GOOD = "a fox --ar 16:9\n"
PACKAGE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    # Its name is relative, since that of a socket must be short.
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)


def _text(encoding: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes("a café --v 7\n".encode(encoding))


def _secret(path: Path) -> None:
    path.write_text(BAD)
    path.chmod(0)


def _circle(path: Path) -> None:
    path.symlink_to(f"b{path.suffix}")
    Path(f"b{path.suffix}").symlink_to(path.name)


NUL = "is a NUL character; the file is no text, or UTF-16 that has to be saved as UTF-8"
UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (_pipe, "is a pipe and no regular file; `-` reads standard input"),
    "socket": (_socket, "is a socket and no regular file; `-` reads standard input"),
    "device": (
        lambda path: path.symlink_to("/dev/zero"),
        "is a device and no regular file; `-` reads standard input",
    ),
    "nul": (lambda path: path.write_bytes(b"a cat\na\0b\n"), f"line 2, column 2 {NUL}"),
    "utf-16": (
        _text("utf-16"),
        "is UTF-16 text; save it as UTF-8, or convert it with `iconv -f UTF-16 -t UTF-8`",
    ),
    "utf-16-le": (_text("utf-16-le"), f"line 1, column 2 {NUL}"),
    "utf-16-be": (_text("utf-16-be"), f"line 1, column 1 {NUL}"),
    "utf-32": (
        _text("utf-32"),
        "is UTF-32 text; save it as UTF-8, or convert it with `iconv -f UTF-32 -t UTF-8`",
    ),
    "latin-1": (
        _text("latin-1"),
        "line 1, column 6 is the byte 0xE9, which is no UTF-8 here; save the file as UTF-8",
    ),
    "secret": (_secret, "Permission denied"),
    "dangling": (
        lambda path: path.symlink_to("nowhere"),
        "links to nowhere, which does not exist",
    ),
    "itself": (lambda path: path.symlink_to(path.name), "Too many levels of symbolic links"),
    "circle": (_circle, "Too many levels of symbolic links"),
}


@pytest.mark.parametrize(
    "command", [["lint"], ["lint", "--fix"], ["fmt"], ["compile"], ["migrate", "--to", "7"]]
)
@pytest.mark.parametrize("configured", [False, True])
@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_does_not_stop_the_others(
    what: str, configured: bool, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    if what == "secret" and os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    make, problem = UNREADABLE[what]
    if configured:
        Path("mjspec.toml").write_text('exclude = ["out"]\nper-file-ignores = {"x.mj" = ["MJ1"]}\n')
    for suffix, text in ((".mj", "{}"), (".yaml", "prompt: {}"), (".csv", "prompt\n{}")):
        path = Path(f"m{suffix}")
        make(path)
        Path(f"a{suffix}").write_text(text.format(BAD))
        Path(f"z{suffix}").write_text(text.format(BAD))

        names = [f"a{suffix}", str(path), f"z{suffix}"]
        assert main([*command, *names]) == 2
        told = capsys.readouterr()
        assert f"Error: {path}: {problem}\n" in told.err
        if command == ["lint"]:
            assert told.out.count("missing-space") == 2
        elif command != ["compile"]:
            written = "--v 7" if command[0] == "migrate" else "--ar 16:9"
            for name in (names[0], names[2]):
                assert written in Path(name).read_text()


@pytest.mark.parametrize("suffix", ["mj", "yaml", "csv", "jsonl", "md"])
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_empty_files_hold_nothing(suffix: str, content: bytes) -> None:
    path = Path(f"a.{suffix}")
    path.write_bytes(content)

    assert [main([*command, str(path)]) for command in (["lint"], ["lint", "--fix"], ["fmt"])] == [
        0,
        0,
        0,
    ]
    assert path.read_bytes() == content


def test_a_folder_with_the_name_of_a_file_is_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.mj").mkdir()
    Path("x.mj/in.mj").write_text(BAD)

    assert main(["lint", ".", "--format", "concise"]) == 1
    assert capsys.readouterr().out.startswith(f"{Path('x.mj/in.mj')}:1:7: error MJ105")


def _disturbed(disturb: Callable[[], None], rounds: int = 12) -> None:
    """Lint and mend files again and again while something happens to one of them."""
    ended = threading.Event()

    def run() -> None:
        while not ended.is_set():
            disturb()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        for number in range(rounds):
            Path("z.mj").write_text(BAD)
            fix = ["--fix"] if number % 2 else []
            assert main(["lint", *fix, "m.mj", "z.mj", "--quiet", "--exit-zero"]) in (0, 2)
            assert Path("z.mj").read_text() == (GOOD if fix else BAD)
    finally:
        ended.set()
        thread.join()


def test_a_file_may_grow_while_it_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("m.mj")

    def grow() -> None:
        with path.open("a") as file:
            file.write("a cat --ar 1:1\n" * 20)
        if path.stat().st_size > 50_000:
            path.write_text("a cat --ar 1:1\n")

    grow()
    _disturbed(grow)
    problems = {line for line in capsys.readouterr().err.splitlines() if line.startswith("Error")}
    assert problems <= {"Error: m.mj: changed while it was read"}


def test_a_file_may_vanish_while_it_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("m.mj")

    def come_and_go() -> None:
        path.write_text("a cat --ar 1:1\n" * 500)
        path.unlink()

    _disturbed(come_and_go)
    problems = {line for line in capsys.readouterr().err.splitlines() if line.startswith("Error")}
    assert problems <= {
        f"Error: m.mj: {problem}"
        for problem in (
            "no such file or folder",
            "No such file or directory",
            "changed while it was read",
        )
    }


@pytest.mark.parametrize("command", [["lint", "--fix"], ["fmt"]])
def test_what_is_read_only_stays_as_it_is(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.mj", "m.mj", "z.mj"):
        Path(name).write_text(BAD)
    Path("m.mj").chmod(0o444)

    assert main([*command, "."]) == 2
    assert "Error: m.mj: is read-only and was not changed\n" in capsys.readouterr().err
    assert [Path(name).read_text() for name in ("a.mj", "m.mj", "z.mj")] == [GOOD, BAD, GOOD]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
@pytest.mark.parametrize("command", [["lint", "--fix"], ["fmt"]])
def test_a_read_only_folder_stays_as_it_is(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("shut").mkdir()
    for name in ("a.mj", "shut/m.mj", "z.mj"):
        Path(name).write_text(BAD)
    Path("shut").chmod(0o555)
    try:
        assert main([*command, "."]) == 2
    finally:
        Path("shut").chmod(0o755)
    assert "shut/m.mj: Permission denied; it was not changed" in capsys.readouterr().err
    assert [Path(n).read_text() for n in ("a.mj", "shut/m.mj", "z.mj")] == [GOOD, BAD, GOOD]


def _started(
    *arguments: str, limit: int | None = None, stdin: BinaryIO | None = None
) -> subprocess.Popen[str]:
    def confine() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-B", "-m", "mjspec", *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PACKAGE)},
        preexec_fn=confine,  # noqa: PLW1509 (no threads here)
    )


@pytest.mark.parametrize("command", [["lint", "--fix"], ["fmt"]])
def test_a_file_that_finds_no_room_stays_as_it_is(command: list[str]) -> None:
    Path("a.mj").write_text(BAD)
    Path("m.mj").write_text(BAD * 1000)
    Path("z.mj").write_text(BAD)
    process = _started(*command, ".", "--quiet", limit=4096)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "Error: m.mj: File too large; it was not changed\n" in told
    assert sorted(path.name for path in Path().iterdir()) == ["a.mj", "m.mj", "z.mj"]
    assert [Path(name).read_text() for name in ("a.mj", "m.mj", "z.mj")] == [GOOD, BAD * 1000, GOOD]


@pytest.mark.parametrize("command", [["lint", "--fix"], ["fmt"]])
def test_every_file_is_whole_after_a_kill(command: list[str]) -> None:
    names = [f"{number:03}.mj" for number in range(300)]
    reached = set()
    for wait in (0.0, 0.01, 0.03, 0.06):
        for name in names:
            Path(name).write_text(BAD * 50)
        process = _started(*command, ".", "--quiet")
        # It is killed so long after its first change.
        while Path(names[0]).read_text() == BAD * 50 and process.poll() is None:
            time.sleep(0.001)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        texts = [Path(name).read_text() for name in names]
        assert set(texts) <= {BAD * 50, GOOD * 50}
        reached.add(texts.count(GOOD * 50))
        # What is left behind says whose it is, and nothing reads it.
        others = {path.name for path in Path().iterdir()} - set(names)
        assert all(name.startswith(".mjspec-") for name in others)
        shown = _started("lint", ".", "--show-files").communicate(timeout=60)[0]
        assert shown.split() == names
    assert min(reached) < len(names)


STREAMED = (["lint"], ["lint", "--fix"], ["fmt"], ["migrate", "--to", "7"], ["compile"])


@pytest.mark.parametrize("command", STREAMED)
def test_standard_input_without_an_end_is_no_text(command: list[str]) -> None:
    with Path("/dev/zero").open("rb") as endless:
        process = _started(*command, "-", stdin=endless)
        _, told = process.communicate(timeout=60)

    assert process.returncode == 2
    assert f"-: line 1, column 1 {NUL}" in told


@pytest.mark.parametrize("command", STREAMED)
@pytest.mark.parametrize("piece", ["a fox --ar16:9\n", "a fox "])
def test_standard_input_has_a_largest_size(
    command: list[str],
    piece: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "LARGEST", 1 << 16)
    monkeypatch.setattr(files, "_PIECE", 1 << 10)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless(piece.encode()))))

    assert main([*command, "-"]) == 2
    assert "-: is larger than 1 GiB" in capsys.readouterr().err


def test_a_line_may_be_as_long_as_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", 64)
    Path("a.mj").write_text(f"{'a ' * 3100}--ar16:9\nx --ar16:9\n", encoding="utf-8")

    assert main(["lint", "a.mj", "--format", "concise", "--select", "missing-space"]) == 1
    places = [line.split(" ")[0] for line in capsys.readouterr().out.splitlines()[:2]]
    assert places == ["a.mj:1:6201:", "a.mj:2:3:"]


class Endless(io.RawIOBase):
    """A stream that repeats itself."""

    def __init__(self, piece: bytes) -> None:
        self.piece = piece

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        text = self.piece * (len(buffer) // len(self.piece) + 1)
        buffer[:] = text[: len(buffer)]
        return len(buffer)


@pytest.mark.parametrize("make", [_pipe, _socket])
def test_what_is_no_file_is_not_made_one(
    make: Callable[[Path], object], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.mj").write_text(BAD)
    make(Path("out"))

    assert main(["lint", "a.mj", "--write-baseline", "out"]) == 2
    assert "and no regular file" in capsys.readouterr().err
    assert not Path("out").is_file()
