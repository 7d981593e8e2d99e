"""A whole source with the canonical spelling of its prompts; nothing else in it changes.

Safe fixes come first, then the canonical form of each prompt. Afterwards the text is read again:
where it would mean something else than before, it stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mjspec.intact import intact, strayed, with_text
from mjspec.manuscript import read_manuscript, respelled
from mjspec.mending import mended

if TYPE_CHECKING:
    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.inputs import Input
    from mjspec.manuscript import Manuscript
    from mjspec.pipeline import Options
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
    done = _round(source, options, config)
    refused = done.refused
    for _ in range(_MOST_ROUNDS - 1):
        if done.text == source.source.text:
            break
        # Where parameters have traded places, something may stand so that it can be fixed now.
        source, done = with_text(source, done.text), _again(source, done.text, options, config)
    return replace(done, refused=refused)


def _again(source: Input, text: str, options: Options, config: Config) -> Reformatted:
    """One more round over a text that has changed; of lines only over those that have."""
    new = read_manuscript(with_text(source, text))
    old = read_manuscript(source)
    if source.lines() is None or len(old.places) != len(new.places):
        return _round(with_text(source, text), options, config)
    pairs = zip(old.written, new.written, strict=True)
    fresh = [index for index, (before, after) in enumerate(pairs) if before != after]
    part = with_text(source, new.only(frozenset(fresh)))
    again = read_manuscript(with_text(part, _round(part, options, config).text))
    if len(again.places) != len(fresh):
        return Reformatted(text)
    return Reformatted(new.replaced(dict(zip(fresh, again.written, strict=True))))


def _round(source: Input, options: Options, config: Config) -> Reformatted:
    source = replace(source, found=[], most_jobs=options.most_jobs)
    old = read_manuscript(source)
    if old.faults or not old.places:
        return Reformatted(source.source.text, old.faults)
    fixed = mended(source, old, options, config)
    new, refused = _whole(source, fixed, respelled(fixed))
    done = _proven(source, fixed, new, options)
    return replace(done, refused=(*refused, *done.refused))


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


def _proven(source: Input, old: Manuscript, new: Manuscript, options: Options) -> Reformatted:
    """The new text without the prompts that mean something else once variables are filled in."""
    if new.text == old.text or source.lines() is not None:
        # A prompt without variables was compared when it was written.
        return Reformatted(new.text)
    others = strayed(source, old, new, options)
    if not others:
        return Reformatted(new.text)
    refused = tuple(old.places[index].excerpt.location for index in sorted(others))
    text = old.without(new, others)
    again = read_manuscript(with_text(source, text))
    if not intact(old, again) or strayed(source, old, again, options):
        text = old.text
    return Reformatted(text, refused=refused)
