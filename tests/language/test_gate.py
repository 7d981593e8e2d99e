"""Words are only looked at closely where `may_hold_more` says so; it must never say no too soon."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mjspec.language.mistyped import mistyped
from mjspec.language.residue import left_over
from mjspec.language.weighing import mistyped_weights
from mjspec.language.wording import may_hold_more

SAMPLE = Path(__file__).parent.parent / "data" / "prompts.jsonl"
SIGNS = [
    " ",
    " ",
    "\t",
    "\n",
    "\xa0",
    "\u3000",
    "-",
    "--",
    "–",
    "—",
    "ー",
    "一",
    ":",
    "::",
    "：",
    ".",
    ",",
]
SIGNS += ["ar", "v", "s", "c", "7", "16:9", "50", "red", "fox", "night:10", "ar 16:9", "no text"]
SIGNS += [
    "/imagine",
    "prompt",
    "Prompt:",
    "prompt 2：",
    "&amp;",
    "<b>",
    "# a",
    "@user",
    "- Upscaled by @u",
]


def finds_nothing(text: str) -> bool:
    found = [*left_over(text, 0, first=True), *mistyped(text, 0), *mistyped_weights(text, 0)]
    return not found


@given(st.lists(st.sampled_from(SIGNS), max_size=8).map("".join))
def test_made_up(text: str) -> None:
    assert may_hold_more(text) or finds_nothing(text)


def test_real() -> None:
    texts = [json.loads(line)["prompt"] for line in SAMPLE.read_text("utf-8").splitlines()]
    words = [part for text in texts for part in re.split(r"(?<=[ ,.])", text)]
    for at in range(len(words)):
        text = "".join(words[at : at + 6])
        assert may_hold_more(text) or finds_nothing(text)
    assert any(not may_hold_more(word) for word in words)
