"""A long file is formatted in parts, and comes out as if it were not."""

from __future__ import annotations

from pathlib import Path

import pytest

from mjspec.config import Config
from mjspec.formatting.reformat import Reformatted, reformat
from mjspec.jobs.pipeline import Options
from mjspec.reading import parts
from mjspec.reading.inputs import Input
from mjspec.reading.place import Place
from mjspec.source import Source

LINES = [
    "a fox —ar 16:9 --stylize 100",
    "",
    "# mjspec: ignore[em-dash]",
    "# the customer's words",
    "a fox in the snow —ar 3:2",
    "狐 🦊  in the   snow --v 7 --ar 1:1",
]


def formatted(text: str) -> Reformatted:
    source = Input(Source("a.mj", text, 7), ".mj", Place(Path(), Path()))
    return reformat(source, Options(), Config())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 40, 64, 100, 200])
def test_parts_change_nothing(size: int, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\ufeff" + end.join(LINES * 5) + end
    whole = formatted(text)
    monkeypatch.setattr(parts, "PART", size)

    assert formatted(text) == whole
    assert whole.text != text


def test_a_file_that_a_comment_speaks_for_is_one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join([*LINES, "# mjspec: ignore-file[em-dash]"]) + "\n"
    whole = formatted(text)
    monkeypatch.setattr(parts, "PART", 16)

    assert len(list(parts.parts_of(Source("a.mj", text)))) == 1
    assert formatted(text) == whole


def test_parts_know_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "one\ntwo\nthree\nfour\n"
    monkeypatch.setattr(parts, "PART", 6)

    found = list(parts.parts_of(Source("a.mj", text, 10)))
    assert "".join(part.text for part in found) == text
    assert [part.first_line for part in found] == [10, 11, 12, 13]
