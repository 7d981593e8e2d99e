from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjspec.lsp.outline import comment_place, locate, siblings
from mjspec.lsp.positions import Lines

CURSOR = "¦"


@pytest.mark.parametrize(
    ("text", "path", "key", "content"),
    [
        ("¦", "", None, ""),
        ("si¦", "", None, "si"),
        ("siz¦e: 3", "", None, "size"),
        ("size: ¦", "", "size", ""),
        ("size:¦", "", "size", ""),
        ("prompt: a fox --¦ # why", "", "prompt", "a fox --"),
        ("prompt: 'a fox --¦' # why", "", "prompt", "a fox --"),
        (
            "prompt: >-\n  a fox\n  scene: dark --a¦\nsize: 3",
            "",
            "prompt",
            "  a fox\n  scene: dark --a",
        ),
        ("prompt: |\n  - a\n    - b: --a¦\nsize: 3", "", "prompt", "  - a\n    - b: --a"),
        ("prompt: a fox\n  in snow --¦\nsize: 3", "", "prompt", "a fox\n  in snow --"),
        ("jobs:\n  - id: fox\n    prompt: a --¦\n    size: 1", "jobs []", "prompt", "a --"),
        ("jobs:\n  - id: fox\n    pro¦", "jobs []", None, "pro"),
        ("jobs:\n- id: fox\n  pro¦", "jobs []", None, "pro"),
        ("jobs:\n- ¦", "jobs []", None, ""),
        ("jobs:\n  - prompt: x\n    matrix:\n      sty¦", "jobs [] matrix", None, "sty"),
        ("jobs:\n  - matrix:\n      stylize: 3\n    ¦", "jobs []", None, ""),
        ("jobs:\n  - id: a\n¦", "", None, ""),
        ("defaults: {version: 6.1, sp¦}", "defaults", None, "sp"),
        ("defaults: {version: 6.1, speed: fa¦}", "defaults", "speed", "fa"),
        ("jobs:\n  - id: a\n---\nsi¦", "", None, "si"),
        ("'size': ¦", "", "size", ""),
        ("prompt: a\r\nsize: 1¦\r\n", "", "size", "1"),
    ],
)
def test_a_place_is_known_from_the_indentation(
    text: str, path: str, key: str | None, content: str
) -> None:
    offset = text.index(CURSOR)
    text = text.replace(CURSOR, "")

    spot = locate(Lines(text), offset)

    assert (" ".join(spot.path), spot.key) == (path, key)
    assert text[spot.span.start : spot.span.end] == content


@given(st.text(st.sampled_from("ab:- \n\r#'\"{}[]|>,\t¦"), max_size=60), st.data())
def test_any_text_has_places(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    lines = Lines(text)

    spot = locate(lines, offset)
    line, _ = comment_place(lines, offset)
    siblings(lines, offset, 0)

    assert 0 <= spot.span.start <= spot.span.end <= len(text)
    assert 0 <= line < len(lines)
