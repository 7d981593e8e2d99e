from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.jobs.compiler import examine
from mjspec.jobs.job import Job
from mjspec.report import Page, Tally, report
from mjspec.report.linehash import line_hashes
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


def found_in(text: str, name: str = "prompts/a b.mj") -> tuple[Diagnostic, ...]:
    excerpt = Source(name, text).excerpt()
    return examine(Job(prompt=excerpt, origin=excerpt.location)).diagnostics


def written(found: Sequence[Diagnostic], style: str) -> str:
    out = io.StringIO()
    report(found, Tally(files=1, prompts=1), Page(out=out), style)
    return out.getvalue()


def sarif(found: Sequence[Diagnostic]) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(written(found, "sarif"))
    return log


def test_github_commands_are_escaped() -> None:
    source = Source("a,b:c.mj", "100% fox")
    found = Diagnostic(
        rules.EM_DASH, Severity.INFO, "100%\nno", Location(source, Span(0, 4)), help="then"
    )

    assert written([found], "github").splitlines()[0] == (
        "::notice file=a%2Cb%3Ac.mj,line=1,endLine=1,col=1,endColumn=5,title=MJ101 em-dash"
        "::100%25 no%0Athen"
    )


def commands(found: Sequence[Diagnostic]) -> list[str]:
    return [line for line in written(found, "github").splitlines() if line.startswith("::")]


@pytest.mark.parametrize(
    ("errors", "infos", "hidden"),
    [(10, 10, None), (13, 2, 3), (0, 11, 2), (13, 10, 4), (13, 9, 3)],
)
def test_github_shows_the_worst_first_and_tells_of_what_it_hides(
    errors: int, infos: int, hidden: int | None
) -> None:
    place = Location(Source("a.mj", "fox"), Span(0, 3))
    info = Diagnostic(rules.EM_DASH, Severity.INFO, "info", place)
    error = Diagnostic(rules.EMPTY_PROMPT, Severity.ERROR, "error", place)
    said = f"::notice title=mjspec::{hidden} more findings stand in the log of this step"

    lines = commands([*[info] * infos, *[error] * errors])

    assert [line.split()[0] for line in lines[:errors]] == ["::error"] * errors
    assert lines[errors : errors + 1] == ([said] if hidden else lines[-infos:][:1])
    assert [line.rpartition("::")[2] for line in lines[-infos:]] == ["info"] * infos


def test_github_gets_the_whole_report_in_its_log() -> None:
    found = found_in("a fox --ar 16x9 --foo 1")

    assert written(found, "github").endswith(written(found, "full"))


def test_nothing_in_a_prompt_is_a_command_to_github() -> None:
    text = written(found_in("::error::x --ar ##[add-mask]e\u2028::set-output name=x::y"), "github")
    lines = [line.strip() for line in text.splitlines()]

    obeyed = [line for line in lines if line.startswith("::")]

    assert all(re.match("::(error|warning|notice) (file|title)=", line) for line in obeyed)
    assert not any("##[" in line for line in lines if line not in obeyed)


def test_github_gets_no_path_of_what_is_no_file() -> None:
    (line,) = commands(found_in("a fox --ar 16x9", "--prompt"))

    assert line.startswith("::error title=MJ204 invalid-value::")


def test_github_leaves_columns_out_over_several_lines() -> None:
    found = Diagnostic(
        rules.EMPTY_PROMPT, Severity.ERROR, "no", Location(Source("a.mj", "a\nb"), Span(0, 3))
    )

    assert "line=1,endLine=2," in written([found], "github")


def test_gitlab_fingerprints_are_unique_and_survive_moved_lines() -> None:
    def fingerprints(text: str) -> list[str]:
        return [issue["fingerprint"] for issue in json.loads(written(found_in(text), "gitlab"))]

    here = fingerprints("a fox --foo 1 --foo 2")

    assert len(set(here)) == len(here) == 2
    assert fingerprints("first\na fox --foo 1 --foo 2") == here


def test_gitlab_report_has_what_gitlab_reads() -> None:
    issue = json.loads(
        written(found_in("a fox --ar 16x9", str(Path.cwd() / "x" / "a.mj")), "gitlab")
    )[0]

    assert issue["severity"] == "major"
    assert issue["check_name"] == "invalid-value"
    assert issue["location"] == {
        "path": "x/a.mj",
        "positions": {"begin": {"line": 1, "column": 12}, "end": {"line": 1, "column": 16}},
    }


def test_gitlab_without_findings_is_an_empty_list() -> None:
    assert json.loads(written((), "gitlab")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {1: "c129715d7a2bc9a3:1"}),
        ("a fox\na fox\n", None),
        ("a fox\r\na fox\r\n", None),
        (" \ta\tfox\n  a fox\n", None),
    ],
)
def test_line_hashes_ignore_blanks_and_the_kind_of_line_end(
    text: str, expected: dict[int, str] | None
) -> None:
    plain = line_hashes(Source("a", "a fox\na fox\n"), {1, 2})
    hashes = line_hashes(Source("a", text), {1, 2} if text else {1})

    assert hashes == (expected if expected is not None else plain)


def test_equal_lines_are_counted() -> None:
    text = "x" * 200 + "\n"
    hashes = line_hashes(Source("a", text * 3), {1, 3})

    assert hashes[1].partition(":")[0] == hashes[3].partition(":")[0]
    assert (hashes[1][-2:], hashes[3][-2:]) == (":1", ":3")


def test_the_hash_is_the_polynomial_over_a_hundred_characters() -> None:
    value = 0
    for character in "a" * 60 + "\n" + "b" * 39:
        value = (value * 37 + ord(character)) % 2**64
    hashes = line_hashes(Source("a", "a" * 60 + "\n" + "b" * 60), {1})

    assert hashes == {1: f"{value:x}:1"}
