"""The prompts of a source with their safe fixes, and nothing else in it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mjspec.fixes import fix_text
from mjspec.intact import intact, range_at, strayed, with_text
from mjspec.linting import lint_input
from mjspec.manuscript import read_manuscript
from mjspec.source import Source
from mjspec.survey import Known

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.inputs import Input
    from mjspec.manuscript import Manuscript
    from mjspec.pipeline import Options

__all__ = ["mended"]


def mended(source: Input, old: Manuscript, options: Options, config: Config) -> Manuscript:
    """The prompts with their safe fixes, where those change nothing that could be sent before."""

    def check(text: Source) -> list[Diagnostic]:
        one = replace(source, source=text, found=[])
        held = read_manuscript(one)
        batches = lint_input(one, options, config, Known())
        return [d for batch in batches for d in batch.found if _fixes_prompt(d, text, held)]

    edited = sorted({range_at(d.location.span.start, old.ranges) for d in check(source.source)})
    new = _fixed(source, old, edited, check)
    if new is old:
        return old
    others = strayed(source, old, new, options)
    if not others:
        return new
    again = read_manuscript(with_text(source, old.without(new, others)))
    return again if intact(old, again) else old


def _fixed(
    source: Input,
    old: Manuscript,
    edited: list[int],
    check: Callable[[Source], list[Diagnostic]],
) -> Manuscript:
    """The text with the safe fixes of some prompts, but for those that change more than prompts."""
    if not edited:
        return old
    part = Source(source.source.name, old.text)
    if source.lines() is not None and source.kind != "prompt":
        # Only these lines are looked at again.
        part = Source(source.source.name, old.only(frozenset(edited)))

    def some(text: Source) -> list[Diagnostic]:
        ranges = read_manuscript(with_text(source, text.text)).ranges
        return [d for d in check(text) if range_at(d.location.span.start, ranges) in edited]

    fixed = fix_text(part, check if part.text != old.text else some).text
    new = read_manuscript(with_text(source, fixed))
    if part.text != old.text and len(new.places) == len(edited):
        written = dict(zip(edited, new.written, strict=True))
        new = read_manuscript(with_text(source, old.replaced(written)))
    if intact(old, new):
        return new
    if len(edited) == 1:
        return old
    half = len(edited) // 2
    return _fixed(source, _fixed(source, old, edited[:half], check), edited[half:], check)


def _fixes_prompt(diagnostic: Diagnostic, source: Source, held: Manuscript) -> bool:
    """Whether a finding has a safe fix in a prompt of the source; a fix elsewhere is lint's."""
    if diagnostic.fix is None or diagnostic.fix.safety != "safe":
        return False
    for edit in diagnostic.fix.edits:
        start, end = edit.location.span
        index = range_at(start, held.ranges)
        if edit.location.source is not source or index < 0 or end > held.ranges[index][1]:
            return False
        place = held.places[index]
        if place.touches_braces(start, end) or ("," in edit.replacement and "," in place.ends):
            return False
    return True
