from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from mjspec import rules
from mjspec.compiler import examine
from mjspec.diagnostics import Diagnostic, Note, Severity
from mjspec.job import Job
from mjspec.report import Page, Tally, report
from mjspec.report.linehash import line_hashes
from mjspec.rules import RULES
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
        "::notice file=a%2Cb%3Ac.mj,line=1,col=1,endColumn=5,endLine=1,title=MJ101 em-dash"
        "::100%25%0Ano%0Athen"
    )


def test_github_shows_the_worst_first_and_tells_of_what_it_hides() -> None:
    source = Source("a.mj", "fox")
    place = Location(source, Span(0, 3))
    info = Diagnostic(rules.EM_DASH, Severity.INFO, "info", place)
    error = Diagnostic(rules.EMPTY_PROMPT, Severity.ERROR, "error", place)
    lines = written([*[info] * 2, *[error] * 13], "github").splitlines()

    assert [line.split()[0] for line in lines[:15]] == ["::error"] * 13 + ["::notice"] * 2
    assert lines[15] == "::notice title=mjspec::3 more findings stand in the log of this step"


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


def test_junit_has_a_suite_for_each_file_and_a_case_for_each_finding() -> None:
    found = [*found_in("a <fox>\x1b & --foo 1 —ar 1:1", "a.mj"), *found_in("--ar 1:1", 'b"<.mj')]
    root = ET.fromstring(written(found, "junit"))

    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in root] == [
        ("a.mj", "2", "1"),
        ('b"<.mj', "1", "1"),
    ]
    assert len(root.findall(".//failure")) == 2
    assert len(root.findall(".//system-out")) == 1
    assert (root.get("tests"), root.get("failures")) == ("3", "2")


def test_junit_without_findings_has_a_test_that_passes() -> None:
    root = ET.fromstring(written((), "junit"))

    assert len(root.findall(".//testcase")) == 1
    assert not root.findall(".//failure")


def test_sarif_has_what_code_scanning_requires() -> None:
    run = sarif(found_in("日本🐱 --ar 16x9 --foo 1"))["runs"][0]
    described = run["tool"]["driver"]["rules"]

    assert run["columnKind"] == "unicodeCodePoints"
    assert [rule["id"] for rule in described] == [rule.code for rule in RULES.values()]
    for rule in described:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert rule["properties"]["problem.severity"] in ("recommendation", "warning", "error")
    for result in run["results"]:
        assert described[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]


def test_sarif_places_count_code_points_and_paths_are_relative() -> None:
    found = found_in("日本🐱 --ar 16x9", str(Path.cwd() / "a b" / "ü.mj"))
    place = sarif(found)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert place == {
        "artifactLocation": {"uri": "a%20b/%C3%BC.mj"},
        "region": {"startLine": 1, "startColumn": 10, "endLine": 1, "endColumn": 14},
    }


def test_sarif_carries_fixes_and_notes() -> None:
    source = Source("a.mj", "a fox\na fox")
    found = Diagnostic(
        rules.DUPLICATE_JOB,
        Severity.WARNING,
        "the same",
        Location(source, Span(6, 11)),
        notes=(Note("as this", Location(source, Span(0, 5))), Note("without a place")),
    )
    noted = sarif([found])["runs"][0]["results"][0]
    fixed = sarif(found_in("a fox --ar 16x9"))["runs"][0]["results"][0]

    assert [each["message"]["text"] for each in noted["relatedLocations"]] == ["as this"]
    replacement = fixed["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert replacement["insertedContent"] == {"text": "16:9"}


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
