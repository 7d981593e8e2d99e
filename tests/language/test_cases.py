"""Prompts with everything that is found in them and what they set; ``--update`` rewrites the files.

A block is a prompt behind ``> ``, with other signs than plain ones as ``⟨U+00A0⟩``; then each
finding with its place, its characters and what its fix makes of the prompt, and each value.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mjspec.jobs.compiler import examine
from mjspec.jobs.expansion import expand_job, permutation_findings
from mjspec.jobs.job import Job
from mjspec.jobs.pipeline import Findings
from mjspec.source import Source

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.compiler import Examined

FOLDER = Path(__file__).parent.parent / "cases" / "language"
NAMED = re.compile(r"⟨U\+([0-9A-F]{4})⟩")
UNSEEN = re.compile(r"[\n\r\t\x00\u00a0\u2009\u200b\u3000\ufeff]")


def shown(text: str) -> str:
    return UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def typed(text: str) -> str:
    return NAMED.sub(lambda match: chr(int(match[1], 16)), text)


def fixed(text: str, found: Diagnostic) -> str:
    assert found.fix is not None
    for edit in sorted(found.fix.edits, key=lambda edit: edit.location.span, reverse=True):
        start, end = edit.location.span
        text = text[:start] + edit.replacement + text[end:]
    return text


def finding_lines(text: str, found: Diagnostic) -> list[str]:
    place = found.location
    where = f"{place.start.line}:{place.start.column}-{place.end.line}:{place.end.column}"
    lines = [f"{where} {found.code} {found.name} {found.severity} ⟦{shown(place.text)}⟧"]
    lines.append(f"    {shown(found.message)}")
    if found.fix:
        lines.append(f"    {found.fix.safety} fix: {shown(fixed(text, found))}")
    return lines


def value_lines(examined: Examined) -> list[str]:
    text = examined.content.prompt
    lines = [f"= text: {shown(text)}"] if text else []
    lines += [f"= image: {image}" for image in examined.images]
    return lines + [
        f"= {key}: {setting.value}" for key, setting in examined.settings.items() if key != "prompt"
    ]


def report(text: str) -> str:
    excerpt = Source("case", text).excerpt()
    job = Job(prompt=excerpt, origin=excerpt.location)
    findings = Findings()
    findings.add(permutation_findings(job), job=False)
    values = []
    for one in expand_job(job):
        examined = examine(one)
        findings.add(examined.diagnostics)
        values += value_lines(examined)
    found = [line for each in findings.take() for line in finding_lines(text, each)]
    return "\n".join([f"> {shown(text)}", *found, *values])


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.txt")))
def test_cases(name: str, request: pytest.FixtureRequest) -> None:
    path = FOLDER / f"{name}.txt"
    expected = path.read_text(encoding="utf-8")
    prompts = [line[2:] for line in expected.splitlines() if line.startswith("> ")]
    actual = "\n\n".join(report(typed(prompt)) for prompt in prompts) + "\n"
    if request.config.getoption("--update"):
        path.write_text(actual, encoding="utf-8")
    assert actual == path.read_text(encoding="utf-8")
