"""What lint remembers of parameters it has met is what examining each prompt in full finds."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjspec.jobs.compiler import compile_job, examine
from mjspec.jobs.pipeline import Findings, Options, streamed_jobs
from mjspec.linting.memory import Known
from mjspec.linting.survey import survey
from mjspec.reading.inputs import Input
from mjspec.reading.place import Place
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.diagnostics import Diagnostic

SAMPLE = Path(__file__).parent.parent / "data" / "prompts.jsonl"
WORDS = [
    "a fox",
    "/imagine prompt: a fox",
    "a fox:: in the snow::2",
    "a fox ::2 snow::-3",
    "hot::1.5 dog",
    '"a fox',
    "(a fox",
    "a fox - red",
    "a fox – red",
    "a fox，red",
    "a fox -ar 16:9",
    "a fox: : snow",
    "https://example.com/a.png a fox",
    "a {red, blue} fox",
    "狐 🦊",
    "**a fox",
    "`a fox",
    "«a fox",
    "prompt: a fox",
    "-no text, a fox",
    "a fox - Upscaled by @user (fast)",
    "night:10 fox",
    "a fox &amp; <b>owl</b>",
    "a fox ar 16:9",
    "狐：：2 ーーar 16:9",
    "a fox (",
    "/imagine prompt:a fox",
    " a  fox",
    "a fox — ar red",
    "a fox–v red",
    "a fox\t-v 7",
    "a fox\xa0-v 7 red",
    "well--known fox",
    "a fox - -  red",
    "a –  fox",
    "https://example.com/a-b.png https://example.com/c.png a fox – red",
    "https://example.com/a--b.png a fox",
    "https://example.com/a.png::2 a fox::3 owl",
    "<https://example.com/a.png> a fox",
    "a fox https://example.com/a.png",
    "https://example.com/a.png",
    "https://example.com/a.png - -ar 16:9",
    "",
]
PARAMETERS = [
    "--ar 16:9",
    "--aspect 16:9",
    "--ar 10:1",
    "--ar 16/9",
    "—ar 16:9",
    "--v 5.2",
    "--v 6.1",
    "--v 7",
    "--v 8.1",
    "--v 99",
    "--niji 6",
    "--niji",
    "--hd",
    "--sd",
    "--draft",
    "--s 100",
    "--stylize 100",
    "--s 5000",
    "--s 100,",
    "--s 100**",
    "--s 100`",
    "--s 100»",
    "--s 100)",
    "--s 100** - <@123> (fast)",
    "--s 100 - Upscaled by @user (fast)",
    "--s 100 -v 7",
    "--s 100 https://example.com/a.png",
    "--s-100",
    "-–s 100",
    "--s\u200e100",
    "--v niji 6",
    "--niji v6",
    "--no cats,",
    '--s 100"',
    "--S 50",
    "--c 10",
    "--chaos 101",
    "--w 500",
    "--h 500",
    "--seed 1",
    "--seed 4294967296",
    "--no cats",
    "--no cats, dogs.",
    "--no red, white hats",
    "--no red white  hats ,dogs",
    "--no v 7",
    "--stop 50",
    "--q 2",
    "--q 4",
    "--tile",
    "--iw 2",
    "--sref https://example.com/a.png",
    "--sref 123",
    "--sw 50",
    "--sv 4",
    "--cref https://example.com/a.png",
    "--cw 50",
    "--oref https://example.com/a.png",
    "--ow 400",
    "--style raw",
    "--raw",
    "--fast",
    "--relax",
    "--r 4",
    "--uplight",
    "--foo",
    "--foo 5",
    "--ar16:9",
    "-- ar 16:9",
    "--v 6.1 red snow",
    "--s 100 red",
    "--ar 13:7",
    "--ar 5:1",
    "--v 8",
    "--sref 4242 17",
    "--sref random",
    "--sref https://example.com/b--c.png",
    "--dref https://example.com/a.png",
    "--dw 50",
    "--video",
    "--motion high",
    "--loop",
    "--end https://example.com/a.png",
    "--edit",
    "--turbo",
    "--stealth",
    "--public",
    "--exp 20",
    "--p abc123",
]
JOINTS = [" ", " ", " ", " ", "  ", "", "\t", "\xa0"]


def lines_of(source: Input) -> list[tuple[int, str]]:
    return list(source.lines() or ())


def read(text: str) -> Input:
    return Input(Source("a.mj", text), ".mj", Place(Path(), Path()))


def told(found: list[Diagnostic]) -> list[Any]:
    """Everything of findings but their order, without those that compare prompts."""
    return sorted(
        repr(
            (
                one.name,
                one.severity,
                one.message,
                one.location.span,
                one.help,
                [(note.message, note.location and note.location.span) for note in one.notes],
                one.fix
                and (
                    one.fix.message,
                    one.fix.safety,
                    [(edit.location.span, edit.replacement) for edit in one.fix.edits],
                ),
            )
        )
        for one in found
        if one.name != "duplicate-job"
    )


def check(prompts: list[str]) -> None:
    source = read("\n".join(prompts) + "\n")
    by_line: dict[int, list[Diagnostic]] = {}
    for _, found in survey(source, Options(), Known()):
        for one in found:
            by_line.setdefault(one.location.start.line, []).append(one)
    first: dict[tuple[str, ...], int] = {}
    for start, text in lines_of(source):
        line = source.source.line_at(start)
        findings = Findings()
        jobs = list(streamed_jobs(source, Options(), findings, source.line_jobs([(start, text)])))
        found = by_line.get(line, [])
        assert told(found) == told(findings.take()), text
        compiled = [compile_job(job) for job in jobs]
        if len(compiled) == 1 and compiled[0] is not None:
            before = first.setdefault((compiled[0].fingerprint,), line)
            same = [one.message for one in found if one.name == "duplicate-job"]
            assert bool(same) == (before != line), text
            if same:
                assert f"in line {before};" in same[0]


def check_table(kind: str, rows: list[str]) -> None:
    """The same for the rows of a table."""
    table = Input(Source(f"a{kind}", "\n".join(rows)), kind, Place(Path(), Path()))
    by_row: dict[int, list[Diagnostic]] = {}
    for _, found in survey(replace(table, found=[]), Options(), Known()):
        for one in found:
            by_row.setdefault(one.location.start.line, []).append(one)
    first: dict[str, int] = {}
    for job in table.jobs():
        row = job.origin.start.line
        findings = Findings()
        jobs = list(streamed_jobs(replace(table, found=[]), Options(), findings, [job]))
        found = by_row.get(row, [])
        assert told(found) == told(findings.take()), job.prompt.text
        compiled = compile_job(jobs[0])
        if compiled is not None and len(jobs) == 1:
            before = first.setdefault(f"{job.written} {compiled.fingerprint}", row)
            same = [one.message for one in found if one.name == "duplicate-job"]
            assert bool(same) == (before != row), job.prompt.text


def tables(prompts: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Prompts as rows of every kind, some of them with fields, other columns and names."""
    others: list[dict[str, Any]] = [{}, {"note": "x"}, {}, {"size": "1:1"}, {}, {"seed": None}, {}]
    for ascii_only in True, False:
        yield (
            ".jsonl",
            [
                json.dumps({"prompt": text, **others[at % 7]}, ensure_ascii=ascii_only)
                for at, text in enumerate(prompts)
            ],
        )
    quoted = [" ".join(text.splitlines()).replace('"', '""') for text in prompts]
    cells = [f'"{text}",{"7" if at % 5 == 0 else ""},x' for at, text in enumerate(quoted)]
    yield ".csv", ["prompt,seed,note", *cells]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_made_up(data: st.DataObject) -> None:
    # One number decides: hundreds of draws would take most of the time.
    chance = random.Random(data.draw(st.integers(0, 1 << 32)))
    few = chance.sample(PARAMETERS, 12)
    prompts = []
    for _ in range(60):
        chosen = chance.sample(few, chance.randint(0, 4))
        joints = chance.choices(JOINTS, k=len(chosen))
        text = chance.choice(WORDS) + "".join(a + b for a, b in zip(joints, chosen, strict=True))
        prompts.append(text if text.strip() else "a fox")
    check(prompts)
    for table in tables(prompts):
        check_table(*table)


@pytest.mark.parametrize("seed", range(3))
def test_real(seed: int) -> None:
    texts = [json.loads(line)["prompt"] for line in SAMPLE.read_text("utf-8").splitlines()]
    prompts = [text.replace("\n", " ").replace("\r", " ") for text in texts]
    random.Random(seed).shuffle(prompts)
    check(prompts[:150] * 2)
    for table in tables(texts[:100] * 2):
        check_table(*table)


def test_an_empty_prompt_is_no_end_of_parameters() -> None:
    rows = [json.dumps({"prompt": text}) for text in ("a fox", "", "a fox", " ", "--ar 16:9")]
    check_table(".jsonl", rows)


def test_names_are_compared_though_parameters_are_remembered() -> None:
    names = ["a", "b", "a", "a", ""]
    prompts = ["a fox --ar 16:9", "an owl --ar 16:9", "a hare --ar 16:9", "a fox --ar 16:9", "x"]
    rows = [f"{prompt},{name}" for prompt, name in zip(prompts, names, strict=True)]
    table = Input(Source("a.csv", "\n".join(["prompt,id", *rows])), ".csv", Place(Path(), Path()))
    found = [one for _, some in survey(table, Options(), Known()) for one in some]

    assert [(one.name, one.location.start.line) for one in found] == [
        ("duplicate-id", 4),
        ("duplicate-job", 5),
    ]


def test_values_that_no_rule_looks_at_are_not_confused() -> None:
    check(["a --seed 1 --v 7", "a --seed 2 --v 7", "a --seed 1 --v 7", "a --v 7 --seed 2"])


def test_text_behind_dashes_takes_part_in_what_a_job_is() -> None:
    check(["a – red --ar 1:1", "a – red --ar 1:1", "a – blue --ar 1:1", "a  – red --ar 1:1"])


def test_a_prompt_is_examined_alike_wherever_it_stands() -> None:
    (job,) = read("a fox --ar 16:9").jobs()
    assert examine(job).diagnostics == ()


def test_a_wide_space_before_the_dashes_is_found_whatever_was_met_before() -> None:
    check(["a fox --ar 1:1", "狐\u3000--ar 1:1", "狐\u3000--ar 1:1"])
