from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft4Validator

from mjspec import rules
from mjspec.cli import main
from mjspec.diagnostics import Diagnostic, Edit, Fix, Note, Severity
from mjspec.jobs.compiler import examine
from mjspec.jobs.job import Job
from mjspec.report import Page, Tally, report
from mjspec.rules import RULES, Rule
from mjspec.source import Location, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
SCHEMA = Path(__file__).parents[1] / "data" / "sarif-schema-2.1.0.json"
VALIDATOR = Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def found_in(text: str, name: str = "prompts/a b.mj") -> tuple[Diagnostic, ...]:
    excerpt = Source(name, text).excerpt()
    return examine(Job(prompt=excerpt, origin=excerpt.location)).diagnostics


def sarif(found: Sequence[Diagnostic], tally: Tally | None = None) -> dict[str, Any]:
    """The only run of a report, read back after it went through UTF-8."""
    out = io.StringIO()
    report(found, tally or Tally(files=1, prompts=1), Page(out=out), "sarif")
    return run_of(json.loads(out.getvalue().encode("utf-8", "replace")))


def run_of(log: dict[str, Any]) -> dict[str, Any]:
    """The run, if the log is what the standard and code scanning ask for."""
    results = log["runs"][0]["results"]
    # All results have one shape, and the validator is slow.
    log["runs"][0]["results"] = results[: 20 + len(RULES)]
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    log["runs"][0]["results"] = results
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    described = run["tool"]["driver"]["rules"]
    for result in results:
        assert_code_scanning_takes(result, described)
    return dict(run)


def assert_code_scanning_takes(result: dict[str, Any], described: list[dict[str, Any]]) -> None:
    assert described[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in ("note", "warning", "error")
    assert result["message"]["text"]
    assert result["partialFingerprints"]["primaryLocationLineHash"]
    assert len(result["locations"]) == 1
    place = result["locations"][0]["physicalLocation"]
    uri, region = place["artifactLocation"]["uri"], place["region"]
    assert uri.isascii()
    assert not set(uri) & set(' \\?#"<>')
    assert not uri.startswith("./")
    assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])
    assert min(region.values()) >= 1


def lint(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The run that the command line reports."""
    assert main(["lint", "--format", "sarif", *arguments]) in (0, 1)
    return run_of(json.loads(capsys.readouterr().out))


def uris(run: dict[str, Any]) -> set[str]:
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    return {place["artifactLocation"]["uri"] for place in places}


@pytest.mark.parametrize("described", sarif(())["tool"]["driver"]["rules"], ids=lambda r: r["name"])
def test_every_rule_is_described_as_code_scanning_requires(described: dict[str, Any]) -> None:
    for text in (described["shortDescription"], described["fullDescription"], described["help"]):
        assert 0 < len(text["text"]) <= 1024
    assert described["help"]["markdown"]
    assert len(described["name"]) <= 255
    assert described["defaultConfiguration"]["level"] in ("note", "warning", "error")
    assert described["properties"]["precision"] == "very-high"
    assert described["properties"]["problem.severity"] in ("recommendation", "warning", "error")
    # Anything with this property is shown as a security alert.
    assert "security-severity" not in described["properties"]


def test_the_rules_are_those_of_the_table() -> None:
    described = sarif(())["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in described] == [rule.code for rule in RULES.values()]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_the_bad_example_of_each_rule(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    suffix = "mj" if rule.kind == "prompt" else rule.kind
    Path(f"bad.{suffix}").write_text(rule.bad, encoding="utf-8")

    run = lint(capsys, f"bad.{suffix}")

    assert rule.code in {result["ruleId"] for result in run["results"]}
    assert uris(run) == {f"bad.{suffix}"}


def test_without_findings_there_is_a_run_too() -> None:
    run = sarif(())

    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b.mj", "a%20b.mj"),
        ("100%#1?.mj", "100%25%231%3F.mj"),
        ("ünï/日本🐱.mj", "%C3%BCn%C3%AF/%E6%97%A5%E6%9C%AC%F0%9F%90%B1.mj"),
        ("a:b.mj", "a%3Ab.mj"),
        ("./x/../y.mj", "y.mj"),
    ],
)
@pytest.mark.parametrize("absolute", [False, True])
def test_paths_are_relative_and_encoded(
    name: str,
    uri: str,
    absolute: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").mkdir()
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("a fox --ar 16x9\n", encoding="utf-8")

    assert uris(lint(capsys, str(tmp_path / name) if absolute else name)) == {uri}


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_paths_start_at_the_checkout(
    variable: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    Path("a.mj").write_text("a fox --ar 16x9\n", encoding="utf-8")

    assert uris(lint(capsys, "a.mj")) == {"sub/a.mj"}


def test_a_path_outside_is_a_file_uri(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    outside = tmp_path / "a.mj"
    outside.write_text("a fox --ar 16x9\n", encoding="utf-8")

    assert uris(lint(capsys, str(outside))) == {outside.as_uri()}


def test_standard_input() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mjspec", "lint", "--format", "sarif", "-"],
        input="日本🐱 --ar 16x9 --foo\u2028 1\n",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    run = run_of(json.loads(done.stdout))

    assert uris(run) == {"-"}
    assert len(run["results"]) >= 2


def test_a_prompt_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert uris(lint(capsys, "--prompt", "a fox --ar 16x9")) == {"--prompt"}


def test_ten_thousand_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = (f"a fox number {number} --ar 16x9 --v 7\n" for number in range(10_000))
    Path("many.mj").write_text("".join(lines), encoding="utf-8")

    results = lint(capsys, "many.mj")["results"]
    hashes = {result["partialFingerprints"]["primaryLocationLineHash"] for result in results}

    assert len(results) == len(hashes) == 10_000


def test_more_findings_than_code_scanning_takes_are_cut_and_told() -> None:
    place = Location(Source("a.mj", "fox"), Span(0, 3))
    info = Diagnostic(rules.EM_DASH, Severity.INFO, "info", place)
    error = Diagnostic(rules.EMPTY_PROMPT, Severity.ERROR, "error", place)
    run = sarif([*[info] * 25_000, *[error] * 7])

    assert len(run["results"]) == 25_000
    assert [result["level"] for result in run["results"][:8]] == ["error"] * 7 + ["note"]
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice == {"level": "warning", "message": {"text": "7 more findings are left out."}}


def test_what_could_not_be_read_makes_the_run_a_failure() -> None:
    tally = Tally(files=1)
    tally.unread = 2
    (invocation,) = sarif((), tally)["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"] == [
        {"level": "error", "message": {"text": "Sources that could not be read: 2."}}
    ]


def test_places_count_code_points() -> None:
    place = sarif(found_in("日本🐱 --ar 16x9"))["results"][0]["locations"][0]["physicalLocation"]

    assert place["region"] == {"startLine": 1, "startColumn": 10, "endLine": 1, "endColumn": 14}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[red](https://example.com/x)", "\\[red](https://example.com/x)"),
        ("a [red] and [blue](2)", "a [red] and \\[blue](2)"),
        ("{0} [red] (blue)", "{0} [red] (blue)"),
    ],
)
def test_what_stands_in_a_prompt_is_no_link(text: str, expected: str) -> None:
    place = Location(Source("a.mj", text), Span(0, 3))
    found = Diagnostic(rules.EMPTY_PROMPT, Severity.ERROR, text, place)

    assert sarif([found])["results"][0]["message"] == {"text": expected}


def test_notes_are_related_places() -> None:
    source = Source("a.mj", "a fox\na fox")
    found = Diagnostic(
        rules.DUPLICATE_JOB,
        Severity.WARNING,
        "the same",
        Location(source, Span(6, 11)),
        notes=(Note("as this", Location(source, Span(0, 5))), Note("without a place")),
    )
    (result,) = sarif([found])["results"]

    assert result["relatedLocations"] == [
        {
            "id": 1,
            "physicalLocation": {
                "artifactLocation": {"uri": "a.mj"},
                "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 6},
            },
            "message": {"text": "as this"},
        }
    ]


@pytest.mark.parametrize(("safety", "said"), [("safe", "do"), ("unsafe", "do (a guess)")])
def test_fixes(safety: Any, said: str) -> None:
    place = Location(Source("a b.mj", "a fox"), Span(2, 5))
    fix = Fix("do", safety, (Edit(place, "an owl"),))
    found = Diagnostic(rules.EMPTY_PROMPT, Severity.ERROR, "no", place, fix=fix)
    (result,) = sarif([found])["results"]

    assert result["fixes"] == [
        {
            "description": {"text": said},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "a%20b.mj"},
                    "replacements": [
                        {
                            "deletedRegion": {
                                "startLine": 1,
                                "startColumn": 3,
                                "endLine": 1,
                                "endColumn": 6,
                            },
                            "insertedContent": {"text": "an owl"},
                        }
                    ],
                }
            ],
        }
    ]
