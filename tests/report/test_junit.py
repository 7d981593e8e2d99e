from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjspec.jobs.compiler import examine
from mjspec.jobs.job import Job
from mjspec.report import Page, Tally, report
from mjspec.rules import RULES, Rule
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.diagnostics import Diagnostic

COUNTS = {"name", "tests", "failures", "errors", "time"}
# What the XSD of Jenkins (junit-10) allows and requires, as far as we write it.
ELEMENTS = {
    "testsuites": (COUNTS, {"testsuite"}),
    "testsuite": (COUNTS, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "system-out"}),
    "error": ({"type", "message"}, set()),
    "failure": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}


def found_in(text: str, name: str = "a.mj") -> tuple[Diagnostic, ...]:
    excerpt = Source(name, text).excerpt()
    return examine(Job(prompt=excerpt, origin=excerpt.location)).diagnostics


def junit(found: Sequence[Diagnostic]) -> ET.Element:
    out = io.StringIO()
    report(found, Tally(files=1, prompts=1), Page(out=out), "junit")
    return ET.fromstring(out.getvalue().encode("utf-8"))


def assert_fits(element: ET.Element) -> None:
    attributes, children = ELEMENTS[element.tag]

    assert set(element.attrib) == attributes
    assert {child.tag for child in element} <= children
    for child in element:
        assert_fits(child)


def test_a_suite_for_each_file_and_a_case_for_each_finding() -> None:
    found = [*found_in("a <fox>\x1b & --foo 1 —ar 1:1"), *found_in("--ar 1:1", 'b"<.mj')]
    root = junit(found)

    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in root] == [
        ("a.mj", "2", "1"),
        ('b"<.mj', "1", "1"),
    ]
    assert len(root.findall(".//failure")) == 2
    assert len(root.findall(".//system-out")) == 1
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "2", "0")


def test_without_findings_there_is_a_test_that_passes() -> None:
    root = junit(())

    assert_fits(root)
    assert [case.attrib for case in root.iter("testcase")] == [
        {"name": "no findings", "classname": "mjspec", "time": "0"}
    ]
    assert not root.findall(".//failure")


@pytest.mark.parametrize("text", ["a fox", "a fox --ar 16x9"])
def test_what_could_not_be_read_is_an_error(text: str) -> None:
    out, tally, found = io.StringIO(), Tally(files=1, prompts=1), found_in(text)
    tally.unread = 2
    report(found, tally, Page(out=out), "junit")
    root = ET.fromstring(out.getvalue().encode("utf-8"))

    assert_fits(root)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == (
        str(len(found) + 1),
        str(len(found)),
        "1",
    )
    assert [error.text for error in root.iter("error")] == ["Sources that could not be read: 2."]
    assert len(list(root.iter("testcase"))) == len(found) + 1


def test_a_case_says_what_is_wrong_and_where() -> None:
    (case,) = junit(found_in("a fox --ar 16x9", "x/a b.mj")).iter("testcase")
    message = "`16x9` is no value of `--ar`; it takes a ratio W:H of whole numbers"

    assert case.get("name") == "MJ204 invalid-value (1:12)"
    assert case.get("classname") == "x/a b.mj"
    assert case[0].get("message") == message
    assert case[0].text == f"x/a b.mj:1:12: {message}"


@pytest.mark.parametrize("rule", [r for r in RULES.values() if r.kind == "prompt"])
def test_every_rule_fits_the_schema(rule: Rule) -> None:
    assert_fits(junit(found_in(rule.bad)))


ODD = st.text(st.characters() | st.sampled_from("\x00\x1b\x85\ufffe\ufeff\ud800<>&\"']]>\r\n"))


@given(ODD, ODD)
def test_any_prompt_in_any_file_is_valid_xml(text: str, name: str) -> None:
    found = found_in(f"{text} --ar {text} --{text} --stop {text}", f"a{name}")
    root = junit(found)

    assert_fits(root)
    assert len(list(root.iter("testcase"))) == max(len(found), 1)
