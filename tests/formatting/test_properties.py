"""What holds for every prompt: it means what it meant, and has one canonical form."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mjspec
from mjspec.config import Config
from mjspec.formatting.canonical import changed, formatting_steps
from mjspec.formatting.reformat import reformat
from mjspec.formatting.sameness import same_prompt
from mjspec.jobs.pipeline import Options
from mjspec.reading.inputs import Input
from mjspec.reading.place import Place
from mjspec.source import Source

PIECES = (
    *("a fox", "snow", "::", "::2", "::.50", ":: 2", "https://x.example/a.png", "{red,  green}"),
    *("{a, {b, --c 5}}", "${place}", "$${x}", '"', "'", "\\", "#", "# ", ",", ".", ": ", "}", "{"),
    *(" ", "  ", "\t", "\xa0", "\n", "--", "-- ", "—", "--ar 1:1", "--aspect 16:9", "--ar16:9"),
    *("--v 7", "--version 6.0", "--niji 6", "--niji", "--no a", "--no b,c", "--s 5", "--stylize 5"),
    *("--s {5, 6}", "--{v 5, niji}", "--fast", "--turbo", "--tile", "--upbeta", "--h 5", "--w 5"),
    *("--custom 3", "--sref 1 2::2", "--p", "--c ${strength}", "words", "--seed 007.", "/imagine"),
)
LINES = st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join) | st.lists(
    st.sampled_from(PIECES), max_size=9
).map("".join)
TEXTS = LINES | st.text(max_size=60)


def compiled(text: str) -> list[object]:
    try:
        jobs = mjspec.compile(text)
    except mjspec.CompileError:
        return []
    return [(job.request.body, job.final_prompt, job.fingerprint) for job in jobs]


def in_file(text: str, kind: str) -> Input:
    return Input(Source(f"batch{kind}", text), kind, Place(None, None))


@settings(deadline=None)
@given(TEXTS)
@example("a fox --no --ar 1:1 --no b")
@example("::2")
@example("--{v 5, niji}${place}")
@example("a fox{a, {b, --c 5}}")
@example("--NIJ{I}0")
def test_a_prompt_has_one_form_that_means_the_same(text: str) -> None:
    new = mjspec.fmt(text)

    assert mjspec.fmt(new) == new
    assert compiled(text) in ([], compiled(new))


@settings(deadline=None)
@given(TEXTS, st.data())
def test_every_step_alone_keeps_what_a_prompt_means(text: str, data: st.DataObject) -> None:
    breaks = [index for index, sign in enumerate(text) if sign in "\r\n"]
    steps = formatting_steps(text, breaks)
    some = [step for step in steps if data.draw(st.booleans())]
    new = changed(text, some)

    assert same_prompt(text, new)
    assert [sign for sign in new if sign in "\r\n"] == [text[index] for index in breaks]


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES.filter(lambda line: not set(line) & set("\r\n")), max_size=4))
def test_lines_stay_lines(lines: list[str]) -> None:
    old = in_file("\r\n".join(lines), ".mj")
    new = reformat(old, Options(), Config()).text

    assert new.count("\r\n") == old.source.text.count("\r\n")
    assert reformat(in_file(new, ".mj"), Options(), Config()).text == new


@pytest.mark.parametrize(
    ("kind", "before", "behind"),
    [
        (".jsonl", '{"seed": "4  2", "prompt": ', "}\n"),
        (".yaml", "jobs:\n  - prompt: ", "  # kept\n    seed: 5\n"),
        (".yaml", "jobs: [{prompt: ", ", seed: 5}]"),
    ],
)
@settings(max_examples=40, deadline=None)
@given(text=LINES)
def test_only_prompts_change(kind: str, before: str, behind: str, text: str) -> None:
    old = in_file(before + json.dumps(text) + behind, kind)
    new = reformat(old, Options(), Config()).text

    assert new.startswith(before)
    assert new.endswith(behind)
    json.loads(new.removeprefix(before).removesuffix(behind))
    assert reformat(in_file(new, kind), Options(), Config()).text == new


@settings(max_examples=40, deadline=None)
@given(text=LINES.filter(lambda line: line.strip()))
@example('a fox --v 5."')
def test_a_cell_stays_a_cell(text: str) -> None:
    quoted = text.replace('"', '""')
    new = reformat(in_file(f'k,prompt\na  b,"{quoted}"\n', ".csv"), Options(), Config()).text

    assert new.startswith('k,prompt\na  b,"')
    assert new.endswith('"\n')
    assert new[15:-2].replace('""', "").count('"') == 0


@settings(max_examples=40, deadline=None)
@given(text=LINES)
def test_blocks_keep_their_lines(text: str) -> None:
    lines = "".join(f"      {line}\n" for line in ["x", *text.split("\n"), "--c 5", "--ar 1:1"])
    old = in_file(f"jobs:\n  - prompt: >-\n{lines}    seed: 5\n", ".yaml")
    done = reformat(old, Options(), Config())

    assert done.text.endswith("    seed: 5\n")
    assert reformat(in_file(done.text, ".yaml"), Options(), Config()).text == done.text


def test_what_cannot_be_a_prompt_is_left_alone() -> None:
    text = "a  fox " * 20_000

    assert mjspec.fmt(text) == text
