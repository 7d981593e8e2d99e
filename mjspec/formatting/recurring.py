"""Prompts that only differ in their words: safe fixes are worked out once for all of them.

Each stands for its probe, a line that has a plain word for its words; where words and parameters
cannot be told apart for sure, that is the prompt itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mjspec.formatting.forms import form_of_words, parted
from mjspec.language.wording import OPENERS
from mjspec.reading.inputs import is_comment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mjspec.formatting.manuscript import Manuscript

__all__ = ["probes_of", "rewritten"]

_WORD = "x "
_COMMENT = "mjspec:"
# A variable, lines, and what is no part of a text at its beginning.
_NO_LINE = re.compile(r"[$\r\n]|\A\ufeff")


def probes_of(
    held: Manuscript, indexes: Iterable[int], *, whole: bool = False
) -> dict[str, list[int]]:
    """The prompts that each probe stands for.

    Args:
        held: All prompts.
        indexes: Which of them are looked at; those that depend on what stands around them, or hold
            variables, have no probe.
        whole: Whether each prompt is its own probe.
    """
    found: dict[str, list[int]] = {}
    if _COMMENT in held.text:
        # A comment may hide findings in one prompt and not in another.
        return found
    for index in indexes:
        text = held.places[index].text
        if not _NO_LINE.search(text) and not is_comment(text):
            found.setdefault(text if whole else _probe(text), []).append(index)
    return found


def rewritten(
    held: Manuscript, probes: Mapping[str, list[int]], new: Mapping[str, str]
) -> dict[int, str]:
    """The prompts with what safe fixes make of their probes.

    Args:
        held: All prompts.
        probes: Those that each probe stands for.
        new: What becomes of the probes, as far as that is of use.
    """
    written = {}
    for probe, after in new.items():
        for index in probes[probe]:
            place = held.places[index]
            text = after if place.text == probe else _behind(place.text, after)
            respelled = None if text is None else place.respelled(text)
            if respelled is not None:
                written[index] = respelled
    return written


def _behind(text: str, probe: str) -> str | None:
    """A prompt's words with the parameters of a probe; None if these have changed its words."""
    words = text[: parted(text)]
    if probe == _WORD.rstrip():
        return words.rstrip()
    return words + probe.removeprefix(_WORD) if parted(probe) == len(_WORD) else None


def _probe(text: str) -> str:
    at = parted(text)
    # A quote before the first word may have its partner behind the parameters.
    if at < 0 or text[0] in OPENERS or form_of_words(text[:at]).mends:
        return text
    return _WORD + text[at:]
