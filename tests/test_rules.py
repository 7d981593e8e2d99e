from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mjspec.config import Config
from mjspec.diagnostics import Diagnostic, Severity
from mjspec.jobs.compiler import examine
from mjspec.jobs.job import Job
from mjspec.jobs.pipeline import Options
from mjspec.linting.batches import lint_input
from mjspec.linting.memory import Known
from mjspec.reading.inputs import Input
from mjspec.reading.place import Place
from mjspec.rules import RULES, Rule, find_rule
from mjspec.source import Source

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = [pytest.param(rule, id=rule.name) for rule in RULES.values()]


def found_in(rule: Rule, text: str, folder: Path) -> list[Diagnostic]:
    source = Source(f"example.{rule.kind}", text)
    if rule.kind == "prompt":
        excerpt = source.excerpt()
        return list(examine(Job(prompt=excerpt, origin=excerpt.location)).diagnostics)
    given = Input(source, f".{rule.kind}", Place(folder, folder))
    batches = lint_input(given, Options(), Config(), Known())
    return [diagnostic for batch in batches for diagnostic in batch.found]


@pytest.mark.parametrize("rule", SHOWN)
def test_the_bad_example_has_this_finding_and_no_other(rule: Rule, tmp_path: Path) -> None:
    found = found_in(rule, rule.bad, tmp_path)
    others = [d for d in found if d.rule is not rule and d.severity > Severity.INFO]

    assert any(d.rule is rule for d in found)
    assert others == []


@pytest.mark.parametrize("rule", SHOWN)
def test_the_bad_example_has_the_severity_of_the_rule(rule: Rule, tmp_path: Path) -> None:
    found = [d for d in found_in(rule, rule.bad, tmp_path) if d.rule is rule]

    assert {d.severity for d in found} == {rule.severity}


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.name)
def test_the_good_example_has_no_finding(rule: Rule, tmp_path: Path) -> None:
    assert found_in(rule, rule.good, tmp_path) == []


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.name)
def test_a_page_speaks_of_a_fix_where_there_is_one(rule: Rule, tmp_path: Path) -> None:
    fixes = [d.fix for d in found_in(rule, rule.bad, tmp_path) if d.rule is rule]
    offered = [fix for fix in fixes if fix is not None]

    assert bool(offered) == bool(rule.fix)
    assert {fix.safety for fix in offered} == ({_safety(rule)} if rule.fix else set())


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.fix], ids=lambda rule: rule.name)
def test_the_fix_makes_the_good_example_of_the_bad_one(rule: Rule, tmp_path: Path) -> None:
    fixes = [d.fix for d in found_in(rule, rule.bad, tmp_path) if d.rule is rule and d.fix]
    edits = [edit for fix in fixes for edit in fix.edits]
    text = rule.bad
    for edit in sorted(edits, key=lambda edit: edit.location.span, reverse=True):
        start, end = edit.location.span
        text = f"{text[:start]}{edit.replacement}{text[end:]}"

    assert text == rule.good


def _safety(rule: Rule) -> str:
    return "unsafe" if "unsafe" in rule.fix else "safe"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_page_is_complete(rule: Rule) -> None:
    assert re.fullmatch(r"MJ[0-6]\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.summary.endswith(".")
    assert len(rule.summary) < 80
    assert rule.why.endswith(".")
    assert rule.url.endswith(rule.name)


def test_codes_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES.values()]

    assert codes == sorted(set(codes))


@pytest.mark.parametrize("text", ["MJ201", "mj201", "unknown-parameter", " Unknown-Parameter "])
def test_a_rule_is_found_by_code_and_by_name(text: str) -> None:
    rule = find_rule(text)

    assert rule is not None
    assert rule.code == "MJ201"


def test_no_rule_is_found_by_another_text() -> None:
    assert find_rule("MJ2") is None


# Scripts and configurations of users name these; neither a name nor a severity here may change.
PROMISED = {
    Severity.ERROR: (
        "invalid-yaml duplicate-key unknown-field wrong-type unknown-variable empty-prompt"
        " prompt-too-long fullwidth-punctuation trailing-punctuation text-after-parameter"
        " detached-dash uppercase-parameter missing-space unknown-parameter missing-value"
        " unexpected-value invalid-value out-of-range missing-reference conflicting-parameters"
        " unsupported-in-version unknown-version multi-prompt-unsupported extra-conflict"
        " duplicate-parameter obsolete-parameter"
    ),
    Severity.WARNING: (
        "comment-in-prompt en-dash glued-parameter misplaced-image spaced-weight unbalanced-brace"
        " unused-variable unverified-version accidental-permutation duplicate-job"
    ),
    Severity.INFO: (
        "em-dash ambiguous-yaml-scalar overridden-by-field speed-in-prompt many-jobs"
        " repeat-multiplies-cost"
    ),
}


@pytest.mark.parametrize("severity", PROMISED, ids=str)
def test_promised_names_have_their_severity(severity: Severity) -> None:
    promised = PROMISED[severity].split()

    assert {name: RULES[name].severity for name in promised} == dict.fromkeys(promised, severity)
