"""A job before it is checked: a prompt, the fields over it, and where both come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mjspec.source import Location, Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mjspec.diagnostics import Diagnostic
    from mjspec.language.settings import JSON, Layer
    from mjspec.source import Excerpt

__all__ = ["Job", "first_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What one request is to be made of.

    Attributes:
        prompt: The prompt as written, without permutations left in it unless they are kept.
        layers: The values besides the prompt's own, from the weakest to the strongest.
        origin: Where the job is written.
        id: The id that is shown: the written one with the values of its matrix; None if there is
            none.
        written: The id exactly as written. It is part of what makes a job the same in another run,
            so no position and no order of a matrix may enter it.
        siblings: Whether other jobs have the same ``id``, so that a piece of the fingerprint tells
            them apart.
        variables: The values of the matrix or the row that make it different from its siblings.
        copies: How many samples of it are wanted.
        folder: What local image paths are relative to; None where there are no files.
        faults: What is wrong with its fields; errors among them keep it from being compiled.
        keep_permutations: Whether braces are left to Midjourney.
    """

    prompt: Excerpt
    layers: tuple[Layer, ...] = ()
    origin: Location
    id: str | None = None
    written: str | None = None
    siblings: bool = False
    variables: Mapping[str, JSON] = field(default_factory=dict)
    copies: int = 1
    folder: Path | None = None
    faults: tuple[Diagnostic, ...] = field(default=(), compare=False)
    keep_permutations: bool = False


def first_line(place: Location) -> Location:
    """The part of a place that lies on its first line, for findings about all of it."""
    start, text = place.span.start, place.source.text
    newline = text.find("\n", start, place.span.end)
    end = newline if newline >= 0 else place.span.end
    return Location(place.source, Span(start, max(start, end)))
