"""A whole source for another model version; what cannot be migrated stays as it is, and is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.migration.attempt import Migrated, settle
from mjspec.reading.inputs import open_prompt
from mjspec.source import Location, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.diagnostics import Diagnostic
    from mjspec.migration.plan import Course
    from mjspec.reading.inputs import Input

__all__ = ["Migrated", "migrate_source"]

_PROBE = "prompt: a"


def migrate_source(source: Input, course: Course) -> Migrated:
    """The text of a source with its jobs on another version.

    Args:
        source: The source.
        course: Where to, and how.
    """
    lines = source.lines()
    if lines is not None:
        return _lines(source, lines, course)
    done = settle(source, course)
    if source.kind in (".yaml", ".yml") and not (done.prompts or done.faults):
        return _house_style(source, course)
    return done


def _lines(source: Input, lines: Iterable[tuple[int, str]], course: Course) -> Migrated:
    """Prompts that have nothing in common but their file."""
    text = source.source.text
    pieces: list[str] = []
    findings: list[Diagnostic] = []
    at = changed = held = prompts = 0
    for start, line in lines:
        done = settle(open_prompt(line, 0, None, Path()), course)
        pieces += [text[at:start], done.text]
        at = start + len(line)
        changed += done.changed
        held += done.held
        prompts += done.prompts
        findings += [_moved(finding, source.source, start) for finding in done.findings]
    return Migrated("".join([*pieces, text[at:]]), tuple(findings), (), changed, held, prompts)


def _moved(finding: Diagnostic, source: Source, offset: int) -> Diagnostic:
    """A finding about a line, in the file."""
    notes = tuple(
        note._replace(location=Location(source, note.location.span.shifted(offset)))
        if note.location
        else note
        for note in finding.notes
    )
    place = Location(source, finding.location.span.shifted(offset))
    return finding._replace(location=place, notes=notes)


def _house_style(source: Input, course: Course) -> Migrated:
    """A spec that hands its fields to others and has no job: it is tried with one."""
    text = source.source.text
    unchanged = Migrated(text)
    ending = f"{'' if text.endswith(chr(10)) or not text else chr(10)}{_PROBE}\n"
    probe = replace(source, source=Source(source.source.name, text + ending), found=[])
    done = settle(probe, course)
    if done.faults or done.held or not done.text.endswith(ending):
        # Its prompt is no part of the file, so neither is a version in it.
        findings = tuple(f for f in done.findings if f.location.span.end <= len(text))
        links = done.links._replace(touched=frozenset())
        return replace(unchanged, findings=findings, held=1 if findings else 0, links=links)
    new = done.text.removesuffix(ending)
    return Migrated(new, changed=int(new != text), links=done.links)
