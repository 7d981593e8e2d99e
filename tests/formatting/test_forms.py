"""What is remembered of words and parameters is what the whole way finds, whatever they recur with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mjspec
from mjspec.config import Config
from mjspec.formatting.canonical import changed, formatting_steps
from mjspec.formatting.forms import form_of, parted, worked_out
from mjspec.formatting.reformat import reformat
from mjspec.jobs.compiler import compile_job
from mjspec.jobs.pipeline import Options
from mjspec.linting.batches import lint_input
from mjspec.linting.memory import Known
from mjspec.reading.inputs import Input
from mjspec.reading.place import Place
from mjspec.source import Source

PROMPTS = Path(__file__).parent.parent / "data" / "prompts.jsonl"
LINES = [
    " ".join(json.loads(line)["prompt"].split())
    for line in PROMPTS.read_text(encoding="utf-8").splitlines()
]
CUT = [(line[: max(at, 0)], line[max(at, 0) :]) for line in LINES for at in [line.find("--")]]
HEADS = st.sampled_from(sorted({head for head, _ in CUT})) | st.sampled_from(
    (
        "a  fox ",
        "a\tfox ",
        '"a fox ',
        "(a fox, ",
        "a fox\u3000",
        "a::2 b ",
        "a ::2  b ",
        "x",
        "",
        " ",
    )
)
FLAGS = sorted({f"--{piece}" for _, tail in CUT for piece in tail.split("--")[1:]})
FLAG = st.sampled_from(FLAGS) | st.sampled_from(
    (
        *("--seed 007 ", "--seed 5.", "--seed 99999999999", "--s 1e3 ", "--no a - ", "--no a, b ,"),
        *("—ar 1:1 ", "- -v 7 ", "--V 7 ", "--fast ", "--turbo ", "--uplight ", "--test", "--h 5 "),
        *("--ar 16:9\u3000", "--niji ", "--sref https://a.example/b.png ", "--c {1, 2} ", '--v 7"'),
    )
)
DASHED = [
    "ar 2:3 --uplight",
    "seed 7",
    "ar 1:1 —v 5.",
    "uplight —ar 3:2",
    "h 5 —w 5 --hd",
    "S 5 —V 6",
]
TAILS = st.lists(FLAG, max_size=4).map("".join)


def full(text: str) -> str:
    return changed(text, formatting_steps(text))


def in_file(text: str, kind: str = ".mj") -> Input:
    return Input(Source(f"batch{kind}", text), kind, Place(None, None))


def formatted(text: str, kind: str = ".mj") -> str:
    return reformat(in_file(text, kind), Options(), Config()).text


@settings(max_examples=400, deadline=None)
@given(HEADS, TAILS)
@example("a fox ", "--no a - --ar 1:1")
@example("a fox ", "--s 007 --seed 0010")
@example("a fox\u3000", "--v 7")
@example("a ::2 b ", "--v 7")
@example("a  fox :: b ", "--creative --no a - ")
def test_the_remembered_form_is_the_worked_out_one(head: str, tail: str) -> None:
    text = head + tail
    form = form_of(text)

    assert form.text == full(text)
    assert form_of(form.text) == form
    if parted(text) >= 0:
        assert form.mends == worked_out(text).mends


@settings(max_examples=200, deadline=None)
@given(HEADS, TAILS)
@example("a fox ", "--uplight --ar 1:1")
@example("a {red, green} fox ", "--v 7.")
def test_every_safe_fix_is_expected(head: str, tail: str) -> None:
    """What lint would mend in a canonical form is looked for; all else is skipped."""
    form = form_of(head + tail)
    batches = lint_input(in_file(form.text), Options(), Config(), Known())
    fixes = [d.fix for batch in batches for d in batch.found if d.fix]

    assert form.mends or not any(fix.safety == "safe" for fix in fixes)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(HEADS, TAILS), min_size=1, max_size=6), st.data())
def test_a_prompt_becomes_the_same_beside_any_others(
    pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    lines = [head + tail for head, tail in pairs]
    # Equal parameters behind other words are mended with them.
    lines += [data.draw(HEADS) + tail for _, tail in pairs]
    together = formatted("\n".join(lines)).split("\n")

    assert together == [formatted(line) for line in lines]

    # With a comment that may hide findings nothing is taken from one prompt to another.
    comment = "# mjspec: ignore[duplicate-job]"
    assert formatted("\n".join([comment, *lines])).split("\n") == [comment, *together]


def test_each_line_keeps_its_place_beside_comments() -> None:
    comment = "# mjspec: ignore[duplicate-job]"
    lines = [*LINES, *(f"a  fox {number} —{tail}" for number, tail in enumerate(DASHED))]
    new = formatted("\n".join([comment, *lines])).split("\n")

    assert new == [comment, *map(formatted, lines)]


def test_prompts_that_cannot_be_sent_keep_their_lines_too() -> None:
    # Both stay open to fixes that a comment hides; the first is mended, the second only written.
    old = """\
# mjspec: ignore[em-dash]
a fox —ar 2:3 --seed x --V 7
# mjspec: ignore[em-dash]
an  owl —ar 3:2 --seed y"""

    assert (
        formatted(old)
        == """\
# mjspec: ignore[em-dash]
a fox —ar 2:3 --v 7 --seed x
# mjspec: ignore[em-dash]
an owl —ar 3:2 --seed y"""
    )


@pytest.mark.parametrize("kind", [".mj", ".jsonl", ".yaml", ".csv", ".md"])
def test_real_prompts_keep_what_they_mean_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    lines = [line for line in LINES if "$" not in line][:150]
    texts = {
        ".mj": "\n".join(lines),
        ".md": "\n".join(["```mj", *lines, "```"]),
        ".csv": "\n".join(["prompt", *('"{}"'.format(line.replace('"', '""')) for line in lines)]),
        ".jsonl": "\n".join(json.dumps({"prompt": line}) for line in lines),
        ".yaml": "\n".join(["jobs:", *(f"  - prompt: {json.dumps(line)}" for line in lines)]),
    }
    old, new = tmp_path / f"old{kind}", tmp_path / f"new{kind}"
    old.write_text(texts[kind] + "\n", encoding="utf-8")
    new.write_text(mjspec.fmt(old), encoding="utf-8")

    assert mjspec.fmt(new) == new.read_text(encoding="utf-8")
    assert len(meant(old)) == len(meant(new))
    assert all(a in (None, b) for a, b in zip(meant(old), meant(new), strict=True))


def meant(path: Path) -> list[object]:
    made = [compile_job(job) for job in mjspec.load(path).jobs]
    return [one and (one.request.body, one.final_prompt, one.fingerprint) for one in made]
