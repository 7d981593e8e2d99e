from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Edit, Fix, Note, Severity
from mjspec.jobs.compiler import examine
from mjspec.jobs.job import Job
from mjspec.report import Page, Summary, Tally, report
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.mj"))


def found_in(text: str, name: str = "prompts.mj") -> tuple[Diagnostic, ...]:
    excerpt = Source(name, text).excerpt()
    return examine(Job(prompt=excerpt, origin=excerpt.location)).diagnostics


def written(
    found: tuple[Diagnostic, ...], style: str = "full", *, colour: bool = False, width: int = 100
) -> str:
    out = io.StringIO()
    report(found, Tally(files=1, prompts=1), Page(out=out, colour=colour, width=width), style)
    return out.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_full_output(name: str) -> None:
    text = (CASES / f"{name}.mj").read_bytes().decode()
    expected = (CASES / f"{name}.out").read_text(encoding="utf-8")

    assert written(found_in(text, f"{name}.mj")) == expected


def test_every_expected_output_has_its_case() -> None:
    assert sorted(path.stem for path in CASES.glob("*.out")) == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [40, 60, 100])
def test_source_lines_keep_to_the_width(name: str, width: int) -> None:
    from mjspec.report.cells import cells
    from mjspec.report.cells import width as columns

    text = (CASES / f"{name}.mj").read_bytes().decode()
    lines = written(found_in(text), width=width).splitlines()
    drawn = [line for line in lines if re.match(r" *\d* \|", line)]

    assert max((columns(cells(line)) for line in drawn), default=0) <= max(width, 44)


@pytest.mark.parametrize("name", NAMES)
def test_carets_are_as_wide_as_what_they_underline(name: str) -> None:
    from mjspec.report.cells import cells
    from mjspec.report.cells import width as columns

    text = (CASES / f"{name}.mj").read_bytes().decode()
    for diagnostic in found_in(text):
        if "\n" in diagnostic.location.text or columns(cells(diagnostic.location.text)) > 60:
            continue
        under = next(line for line in written((diagnostic,)).splitlines() if "^" in line)

        assert under.count("^") == max(columns(cells(diagnostic.location.text)), 1)


@pytest.mark.parametrize("sign", ["❤️", "👍🏽", "👨‍👩‍👧", "e\u0301"])
def test_a_line_is_not_cut_within_a_sign(sign: str) -> None:
    starts = set()
    for distance in range(60):
        text = f"{'words ' * 9}{sign}{'x' * distance} --ar16:9 {'tail ' * 20}"
        (line,) = re.findall(r"^1 \| …(.*)$", written(found_in(text)[:1]), re.MULTILINE)
        starts |= {line.lstrip("x")[:1]} if sign not in line else set()
    assert starts <= {" ", "-"}


def test_concise_output() -> None:
    found = found_in("a fox--ar 16x9")
    ratio = "`16x9` is no value of `--ar`; it takes a ratio W:H of whole numbers"
    glued = "`--ar` touches `x`; a parameter needs a space before it"

    assert sorted(written(found, "concise").splitlines()) == [
        "2 fixable with `--fix`.",
        "Found 1 error and 1 warning in 1 prompt (1 file).",
        f"prompts.mj:1:11: error MJ204 invalid-value {ratio}",
        f"prompts.mj:1:6: warning MJ104 glued-parameter {glued}",
    ]


def test_json_output_has_the_promised_shape() -> None:
    document = json.loads(written(found_in("日本🐱 --ar 16x9"), "json"))

    assert document == {
        "version": 1,
        "diagnostics": [
            {
                "path": "prompts.mj",
                "line": 1,
                "column": 10,
                "end_line": 1,
                "end_column": 14,
                "code": "MJ204",
                "name": "invalid-value",
                "severity": "error",
                "message": "`16x9` is no value of `--ar`; it takes a ratio W:H of whole numbers",
                "help": None,
                "fix": {
                    "applicability": "safe",
                    "message": "write `16:9`",
                    "edits": [
                        {
                            "path": "prompts.mj",
                            "line": 1,
                            "column": 10,
                            "end_line": 1,
                            "end_column": 14,
                            "replacement": "16:9",
                        }
                    ],
                },
            }
        ],
        "summary": {"files": 1, "prompts": 1, "errors": 1, "warnings": 0, "infos": 0},
    }


def test_json_without_findings_is_a_document_too() -> None:
    document = json.loads(written((), "json"))

    assert document["diagnostics"] == []


def test_jsonl_is_one_record_a_line() -> None:
    found = found_in("a fox--ar 16x9 --foo 3")
    records = [json.loads(line) for line in written(found, "jsonl").splitlines()]

    assert records == json.loads(written(found, "json"))["diagnostics"]


# The others sort or group findings before they can begin.
@pytest.mark.parametrize("style", ["full", "concise", "json", "jsonl", "gitlab"])
def test_a_format_writes_findings_as_they_come(style: str) -> None:
    out = io.StringIO()
    seen = []

    def findings() -> Iterator[Diagnostic]:
        for diagnostic in found_in("a fox--ar 16x9"):
            seen.append(len(out.getvalue()))
            yield diagnostic

    report(findings(), Tally(), Page(out=out), style)

    assert seen[0] < seen[1] < len(out.getvalue())


def test_colours_come_only_when_asked_for() -> None:
    found = found_in("a fox --ar 16x9")
    coloured = written(found, colour=True)

    assert "\x1b[1;31merror[MJ204 invalid-value]\x1b[0m" in coloured
    assert "\x1b" not in written(found)


@pytest.mark.parametrize("style", ["full", "concise"])
def test_control_characters_never_reach_the_terminal(style: str) -> None:
    text = written(
        found_in("a\x1b[2J fox --\x1b[31mar 16\x9b9 --foo\u202e 3 --ar 1\x07", "\x1bx.mj"), style
    )

    assert not [c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0)]
    assert "\u202e" not in text


def test_a_finding_of_several_jobs_says_so() -> None:
    source = Source("a.yaml", "prompt: a fox")
    found = Diagnostic(
        rules.EMPTY_PROMPT, Severity.ERROR, "no", Location(source, Span(8, 9)), jobs=4
    )

    assert "jobs: 4 jobs have this\n" in written((found,))
    assert "no (4 jobs)\n" in written((found,), "concise")


def test_a_note_in_another_file_has_a_frame_of_its_own() -> None:
    here, there = Source("a.yaml", "prompt: a fox"), Source("b.yaml", "\n\nprompt: an owl")
    found = Diagnostic(
        rules.DUPLICATE_JOB,
        Severity.WARNING,
        "the same",
        Location(here, Span(8, 13)),
        notes=(Note("as this", Location(there, Span(10, 16))), Note("that is all")),
        help="say `copies`",
        fix=Fix("remove it", "unsafe", (Edit(Location(here, Span(0, 13)), ""),)),
    )

    assert written((found,)) == (
        "warning[MJ503 duplicate-job]: the same\n"
        " --> a.yaml:1:9\n"
        "  |\n"
        "1 | prompt: a fox\n"
        "  |         ^^^^^\n"
        "note: as this\n"
        " --> b.yaml:3:9\n"
        "  |\n"
        "3 | prompt: an owl\n"
        "  |         ------\n"
        "note: that is all\n"
        "help: say `copies`\n"
        "fix: remove it (unsafe: `--fix --unsafe-fixes`)\n"
        "\n"
        "Found 1 warning in 1 prompt (1 file).\n"
        "1 fixable with `--fix --unsafe-fixes`.\n"
    )


def test_a_very_long_line_costs_no_more_than_its_window() -> None:
    source = Source("long.mj", "x" * 20_000_000)
    place = Location(source, Span(10_000_000, 10_000_004))
    found = [Diagnostic(rules.EMPTY_PROMPT, Severity.ERROR, "no", place)] * 200

    assert len(written(tuple(found))) < 200 * 500


@pytest.mark.parametrize(
    ("summary", "sentences"),
    [
        (
            Summary(files=2, prompts=12, errors=3, warnings=1),
            ["Found 3 errors and 1 warning in 12 prompts (2 files)."],
        ),
        (
            Summary(files=1, prompts=1, errors=1, warnings=2, infos=1, fixable=2),
            [
                "Found 1 error, 2 warnings and 1 info in 1 prompt (1 file).",
                "2 fixable with `--fix`.",
            ],
        ),
        (Summary(files=1, prompts=3), ["All checks passed: 3 prompts (1 file)."]),
        (
            Summary(prompts=1, warnings=3, fixable=1, unsafely_fixable=2, suppressed=4),
            [
                "Found 3 warnings in 1 prompt (0 files). 4 more suppressed.",
                "1 fixable with `--fix` (2 more with `--unsafe-fixes`).",
            ],
        ),
    ],
)
def test_the_counts_in_words(summary: Summary, sentences: list[str]) -> None:
    assert summary.sentences() == sentences


def test_quiet_leaves_the_counts_out() -> None:
    out = io.StringIO()

    report((), Tally(), Page(out=out, closing=False))

    assert out.getvalue() == ""
