"""Prompts and files on other versions; ``--update`` rewrites what is expected.

In ``prompts.txt`` stands, behind the version and the prompt, what becomes of it: behind ``=`` by
safe changes, behind ``~`` by unsafe ones if that is something else, and behind ``!`` why it is left
as it is. Beside every other file stands its result for each version.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import mjspec

FOLDER = Path(__file__).parent.parent / "cases" / "migrate"
VERSIONS = ("7", "niji 7")
FILES = sorted(
    path.name for path in FOLDER.iterdir() if path.suffix != ".out" and path.name != "prompts.txt"
)


def outcome(source: str | Path, to: str) -> tuple[str, str, list[str]]:
    """The text after safe changes, after unsafe ones, and why something was left."""
    safe = mjspec.migrate(source, to)
    unsafe = mjspec.migrate(source, to, unsafe=True)
    told = [
        f"! {found.location.start.line}:{found.location.start.column} {found.message}"
        + (f" ({found.help})" if found.help else "")
        for found in safe.findings
    ]
    left = [
        f"! unsafe {found.location.start.line}:{found.location.start.column} {found.message}"
        for found in unsafe.findings
    ]
    return safe.text, unsafe.text, told + left


def test_prompts(request: pytest.FixtureRequest) -> None:
    path = FOLDER / "prompts.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if " > " in line[:9]]
    blocks = []
    for line in lines:
        to, _, prompt = line.partition(" > ")
        safe, unsafe, told = outcome(prompt, to)
        block = [line, f"= {safe}" if safe != prompt else "= (as it is)"]
        block += [f"~ {unsafe}"] if unsafe != safe else []
        blocks.append("\n".join([*block, *told, ""]))
        assert mjspec.migrate(safe, to).text == safe
        assert mjspec.migrate(unsafe, to, unsafe=True).text == unsafe
    actual = "\n".join(blocks)
    if request.config.getoption("--update"):
        path.write_text(actual, encoding="utf-8")
    assert actual == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("to", VERSIONS)
@pytest.mark.parametrize("name", FILES)
def test_files(name: str, to: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    safe, unsafe, told = outcome(FOLDER / name, to)
    actual = f"{safe}\n~~~\n{unsafe}\n~~~\n" + "".join(f"{line}\n" for line in told)
    expected = FOLDER / f"{name}.{to.replace(' ', '')}.out"
    if request.config.getoption("--update"):
        expected.write_bytes(actual.encode())
    assert actual == expected.read_bytes().decode()

    again = tmp_path / name
    for text, fixes in ((safe, False), (unsafe, True)):
        again.write_bytes(text.encode())
        assert mjspec.migrate(again, to, unsafe=fixes).text == text


def test_no_expected_file_is_left_over() -> None:
    names = {f"{name}.{to.replace(' ', '')}.out" for name in FILES for to in VERSIONS}
    assert {path.name for path in FOLDER.glob("*.out")} == names
