"""The other end of a conflict with the model version: where the version is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Note

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.jobs.model import Model
    from mjspec.source import Location

__all__ = ["with_model_notes"]

_ABOUT_VERSIONS = (rules.UNSUPPORTED_IN_VERSION, rules.MULTI_PROMPT_UNSUPPORTED)


def with_model_notes(found: list[Diagnostic], model: Model) -> list[Diagnostic]:
    """The findings; those about the version say where it is set, unless the line shows it anyway.

    Args:
        found: What was found in one job.
        model: The version that the job runs on.
    """
    setting = model.setting
    if setting is None or not model.named:
        return found
    if not any(diagnostic.rule in _ABOUT_VERSIONS for diagnostic in found):
        return found
    place = setting.origin.location
    words = f"`hd` stands for {model.name}" if model.implied else f"{model.name} is set here"
    note = Note(words, place)
    return [
        diagnostic._replace(notes=(*diagnostic.notes, note))
        if diagnostic.rule in _ABOUT_VERSIONS and _apart(diagnostic.location, place)
        else diagnostic
        for diagnostic in found
    ]


def _apart(one: Location, other: Location) -> bool:
    """Whether two places stand in different lines."""
    if one.source is not other.source:
        return True
    first, second = sorted((one.span.start, other.span.start))
    text = one.source.text
    return "\n" in text[first:second] or "\r" in text[first:second]
