"""What is compiled from a large file: the same as from a small one, and in little memory."""

from __future__ import annotations

import json
import weakref
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main
from mjspec.files import digest, noted_reads
from mjspec.reading import parts
from mjspec.source import Source

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 90
PROMPTS = [
    "a fox number {n} --ar 16:9 --v 6.1",
    "an owl {n} —ar 16:9",
    "a (red, blue) fox {n} --s 5000",
    "a fox --v 6.1 --ar 16:9",
    "a (red, blue) hare {n} --no (text, frame)",
    "狐 🦊 --seed {n}",
]
FILES = {
    "a.mj": "\ufeff" + "\n".join(p.format(n=n) for n in range(COUNT) for p in PROMPTS),
    "a.csv": 'prompt,seed,sze,"who"\r\n'
    + "\r\n".join(f'"{p.format(n=n)} $(who)",{n},1:1,fox' for n in range(COUNT) for p in PROMPTS),
    "a.jsonl": "".join(
        json.dumps({"prompt": p.format(n=n), "id": f"j{n}", "copies": 1 + n % 2, "stylize": "5"})
        + "\n"
        for n in range(COUNT)
        for p in PROMPTS
    ),
}
FILES = {name: text.translate(str.maketrans("()", "{}")) for name, text in FILES.items()}
COMMANDS = (
    ("compile", "--format", "jsonl"),
    ("compile", "--emit", "flat", "--set", "chaos=500"),
    ("compile", "--permutations", "keep", "--format", "prompt"),
    ("plan", "--format", "json", "--skip-invalid", "--set", "chaos=5"),
    ("plan", "--format", "json", "--skip-invalid"),
)


@pytest.fixture(params=FILES)
def name(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / request.param).write_text(FILES[request.param], encoding="utf-8", newline="")
    (tmp_path / "b.mj").write_text("a fox --v 6.1 --ar 16:9\na bear\n", encoding="utf-8")
    return str(request.param)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    """Exit code, output, and what is said, where what lies over all prompts may come later."""
    code = main([*arguments])
    out, err = capsys.readouterr()
    return code, out, sorted(err.split("\n\n"))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_parts_make_the_same_jobs(
    name: str,
    command: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = run(capsys, *command, name, "b.mj")
    monkeypatch.setattr(parts, "PART", 700)
    assert run(capsys, *command, name, "b.mj") == whole
    assert whole[1]


def test_earlier_parts_are_forgotten(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: weakref.WeakSet[Source] = weakref.WeakSet()
    made, most = 0, 0

    class Counted(Source):
        def __init__(self, name: str, text: str, first_line: int = 1) -> None:
            nonlocal made, most
            super().__init__(name, text, first_line)
            alive.add(self)
            made += 1
            most = max(most, len(alive))

    monkeypatch.setattr(parts, "PART", 700)
    monkeypatch.setattr(parts, "Source", Counted)
    run(capsys, "compile", name)
    assert made > 20
    # The header of a table stands in its first part, and so does what was found there.
    assert most < 7


def test_a_file_that_cannot_be_read_to_its_end_makes_no_job(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_bytes(path.read_bytes() + b"\xff\n")
    monkeypatch.setattr(parts, "PART", 700)
    for twice in ((name,), (name, f"./{name}")):
        code, out, err = run(capsys, "compile", "--format", "prompt", *twice, "b.mj")
        assert code == 2
        assert out.splitlines() == ["a fox --ar 16:9 --v 6.1", "a bear"]
        assert any("no UTF-8" in text for text in err)


def test_too_many_jobs_make_none(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", 700)
    code, out, err = run(capsys, "compile", "--format", "prompt", "--max-jobs", "500", name)
    assert (code, out) == (1, "")
    assert any("at most 500 are allowed" in text for text in err)
    assert run(capsys, "compile", "--max-jobs", "2000", name)[1]


def test_parts_are_noted_as_one_file(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(parts, "PART", 700)
    with noted_reads() as notes:
        assert len(list(parts.read_parts(name, name))) > 5
    assert notes == {str(tmp_path / name): digest(tmp_path / name)}
