"""The canonical forms of a source's prompts, as they can be written where each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.formatting.canonical import changed, formatting_steps
from mjspec.formatting.forms import form_of
from mjspec.formatting.manuscript import ENDS_SCALAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.formatting.canonical import Step
    from mjspec.formatting.manuscript import Manuscript, Place

__all__ = ["Draft", "drafted"]


class Draft(NamedTuple):
    """How a prompt is going to be written.

    Attributes:
        text: Its canonical form as far as it can be edited where it stands, as it is written there.
        open: Whether that may not be the last word: safe fixes, or edits that are left out.
    """

    text: str
    open: bool


def drafted(manuscript: Manuscript, indexes: Iterable[int]) -> dict[int, Draft]:
    """The prompts that have another canonical form, or may have safe fixes.

    Args:
        manuscript: All prompts.
        indexes: Which of them are looked at.
    """
    result = {}
    for index in indexes:
        place = manuscript.places[index]
        draft = _drafted(place)
        if draft.open or draft.text != place.written:
            result[index] = draft
    return result


def _drafted(place: Place) -> Draft:
    form = form_of(place.text)
    written = place.written
    if place.plain and (form.text == written or place.takes(form.text)):
        return Draft(form.text, form.mends)
    new = _edited(place)
    return Draft(written, form.mends) if new is None else Draft(new, open=True)


def _edited(place: Place) -> str | None:
    edits = sorted(_edits(place))
    pieces, at = [], place.start
    for start, stop, replacement in edits:
        pieces += [place.source.text[at:start], replacement]
        at = stop
    return "".join([*pieces, place.source.text[at : place.end]]) if edits else None


def _edits(place: Place) -> Iterator[tuple[int, int, str]]:
    """The edits of a prompt, step by step; a step that cannot be made as a whole is left out."""
    excerpt = place.excerpt
    text = excerpt.text
    for step in formatting_steps(text, place.breaks, join="," not in place.ends):
        if place.ends and _breaks_out(place, text, step):
            continue
        spots = [excerpt.verbatim(change.span) for change in step]
        found = [
            (*spot.span, change.replacement)
            for spot, change in zip(spots, step, strict=True)
            if spot is not None
        ]
        if len(found) == len(step):
            yield from found


def _breaks_out(place: Place, text: str, step: Step) -> bool:
    """Whether a text without quotes would end early."""
    if ":" in place.ends and ENDS_SCALAR.search(changed(text, [step])):
        return True
    gone = sum(text[slice(*change.span)].count(",") for change in step)
    return "," in place.ends and sum(c.replacement.count(",") for c in step) > gone
