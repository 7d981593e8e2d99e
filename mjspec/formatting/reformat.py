"""A whole source with the canonical spelling of its prompts; nothing else in it changes.

Safe fixes come first, then the canonical form of each prompt. Afterwards the text is read again:
where it would mean something else than before, it stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mjspec.formatting.drafting import drafted
from mjspec.formatting.intact import intact, strayed, with_source, with_text
from mjspec.formatting.manuscript import read_manuscript
from mjspec.formatting.mending import mended
from mjspec.reading.inputs import LINES
from mjspec.reading.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.formatting.manuscript import Manuscript
    from mjspec.jobs.pipeline import Options
    from mjspec.reading.inputs import Input
    from mjspec.source import Location

__all__ = ["Reformatted", "reformat"]

_MOST_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Reformatted:
    """The outcome.

    Attributes:
        text: The text afterwards.
        faults: The syntax errors because of which nothing was touched.
        refused: Prompts that stayed as they were, because they would have become others.
    """

    text: str
    faults: tuple[Diagnostic, ...] = ()
    refused: tuple[Location, ...] = ()


def reformat(source: Input, options: Options, config: Config) -> Reformatted:
    """The canonical text of a source.

    Args:
        source: The source.
        options: What holds for its jobs.
        config: Which findings are reported: what is ignored is not fixed.
    """
    source = replace(source, found=[], most_jobs=options.most_jobs)
    if source.kind not in LINES:
        return _reformatted(source, options, config)
    # Lines have nothing to do with each other, so a long file is not held in pieces all at once.
    parts = [
        _reformatted(with_source(source, part), options, config) for part in parts_of(source.source)
    ]
    refused = tuple(place for part in parts for place in part.refused)
    return Reformatted("".join([part.text for part in parts]), refused=refused)


def _reformatted(source: Input, options: Options, config: Config) -> Reformatted:
    held = read_manuscript(source)
    if held.faults:
        return Reformatted(held.text, held.faults)
    refused: tuple[Location, ...] = ()
    indexes: Sequence[int] = range(len(held.places))
    for number in range(_MOST_ROUNDS):
        before = held
        held, indexes, places = _round(source, before, indexes, options, config)
        refused = refused if number else places
        if not indexes:
            break
    return Reformatted(held.text, refused=refused)


def _round(
    source: Input, old: Manuscript, indexes: Sequence[int], options: Options, config: Config
) -> tuple[Manuscript, list[int], tuple[Location, ...]]:
    """Some prompts with their safe fixes and in canonical form.

    Returns:
        All prompts; those that have changed so that something may be fixed now, where parameters
        have traded places for instance; and those that were refused.
    """
    drafts = drafted(old, indexes)
    waiting = [index for index, draft in drafts.items() if draft.open]
    fixed = mended(source, old, waiting, options, config)
    mends = _changed(old, fixed, waiting)
    for index in mends:
        del drafts[index]
    drafts |= drafted(fixed, mends)
    written = {i: d.text for i, d in drafts.items() if d.text != fixed.places[i].written}
    new, refused = _whole(source, fixed, written)
    new, others = _proven(source, fixed, new, options)
    again = _changed(old, new, sorted(index for index, draft in drafts.items() if draft.open))
    return new, again, (*refused, *others)


def _changed(old: Manuscript, new: Manuscript, indexes: Iterable[int]) -> list[int]:
    """Those of some prompts that are written in another way than before."""
    return [i for i in indexes if old.places[i].written != new.places[i].written]


def _whole(
    source: Input, old: Manuscript, written: dict[int, str]
) -> tuple[Manuscript, tuple[Location, ...]]:
    """The text with prompts written anew, and those that would break what stands around them."""
    if not written:
        return old, ()
    new = read_manuscript(with_text(source, old.replaced(written)))
    if intact(old, new):
        return new, ()
    if len(written) == 1:
        return old, tuple(old.places[index].excerpt.location for index in written)
    half = sorted(written)[: len(written) // 2]
    first, refused = _whole(source, old, {index: written[index] for index in half})
    rest = {index: text for index, text in written.items() if index not in half}
    second, others = _whole(source, first, rest)
    return second, (*refused, *others)


def _proven(
    source: Input, old: Manuscript, new: Manuscript, options: Options
) -> tuple[Manuscript, tuple[Location, ...]]:
    """The new text without the prompts that mean something else once variables are filled in."""
    pairs = zip(old.places, new.places, strict=True)
    if source.lines() is not None or not any("$" in a.text and a.text != b.text for a, b in pairs):
        # A prompt without variables was compared when it was written.
        return new, ()
    others = strayed(source, old, new, options)
    if not others:
        return new, ()
    refused = tuple(old.places[index].excerpt.location for index in sorted(others))
    again = read_manuscript(with_text(source, old.without(new, others)))
    if not intact(old, again) or strayed(source, old, again, options):
        again = old
    return again, refused
