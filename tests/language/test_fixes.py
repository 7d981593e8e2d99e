"""Fixes end: what is moved to one place goes there in one round, and what goes round stays undone."""

from __future__ import annotations

from pathlib import Path

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Edit, Fix, Severity
from mjspec.jobs.pipeline import Options
from mjspec.linting.fixes import fix_text
from mjspec.linting.memory import Known
from mjspec.linting.survey import survey
from mjspec.reading.inputs import open_prompt
from mjspec.source import Location, Source, Span


def found_in(source: Source) -> list[Diagnostic]:
    one = open_prompt(source.text, 0, None, Path())
    one.source = source
    return [found for _, batch in survey(one, Options(), Known()) for found in batch]


def test_many_links_are_moved_in_their_order() -> None:
    links = [f"https://ex.com/{number}.png" for number in range(15)]
    text = "a fox " + " and ".join(links)
    fixed = fix_text(Source("prompt", text), found_in)

    assert fixed.count == len(links)
    assert fixed.text.split()[: len(links)] == links


def test_a_fix_that_comes_to_no_end_is_undone() -> None:
    def check(source: Source) -> list[Diagnostic]:
        place = Location(source, Span(0, 1))
        edit = Edit(Location(source, Span(0, 0)), "x")
        return [
            Diagnostic(rules.EN_DASH, Severity.WARNING, "", place, fix=Fix("", "safe", (edit,)))
        ]

    assert fix_text(Source("prompt", "a fox"), check).text == "a fox"


def test_a_space_that_would_be_lost_is_not_written() -> None:
    text = "a fox --{niji, tile}6"

    assert fix_text(Source("prompt", text), found_in).text == text
