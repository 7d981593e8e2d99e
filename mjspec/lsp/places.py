"""What stands at an offset of a document: which prompt, and which version it is for."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from mjspec.jobs.compiler import examine
from mjspec.jobs.job import Job
from mjspec.jobs.pipeline import MOST_JOBS
from mjspec.lsp.checking import configured
from mjspec.lsp.outline import locate
from mjspec.reading.inputs import is_comment
from mjspec.source import Span
from mjspec.versions import NEWEST_VERIFIED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.jobs.model import Model
    from mjspec.lsp.documents import Document
    from mjspec.lsp.outline import Spot
    from mjspec.versions import Version

__all__ = ["PROMPTS", "YAML", "model_at", "prompt_at", "rules_of", "spot_at"]

PROMPTS = frozenset({"prompt", "extra"})
"""Fields whose text holds parameters."""

YAML = frozenset({".yaml", ".yml"})
_LINES = frozenset({".mj", ".txt"})
_LONGEST = 60_000
_MOST_LOOKED_AT = 2000


def spot_at(document: Document, offset: int) -> Spot | None:
    """The key or value at an offset; None outside of YAML."""
    return locate(document.lines, offset) if document.kind in YAML else None


def prompt_at(document: Document, offset: int) -> Span | None:
    """The characters of the prompt in which an offset lies, as they stand in the document."""
    if document.kind in YAML:
        spot = locate(document.lines, offset)
        inside = spot.key in PROMPTS and spot.span.start <= offset <= spot.span.end
        return _looked_into(spot.span) if inside else None
    if document.kind in _LINES:
        line = document.lines.line_at(offset)
        text, start = document.lines.content(line), document.lines.start(line)
        blank = not text.strip() or is_comment(text)
        return None if blank else _looked_into(Span(start, start + len(text)))
    if document.kind == ".md":
        for job in document.input().jobs():
            span = job.prompt.location.span
            if span.start <= offset <= span.end:
                return _looked_into(span)
    return None


def _looked_into(span: Span) -> Span | None:
    """A prompt far beyond what Midjourney takes is not completed."""
    return span if span.end - span.start <= _LONGEST else None


def rules_of(model: Model) -> Version:
    """The version whose rules hold; the newest verified one where it is unknown."""
    return model.rules or NEWEST_VERIFIED


def model_at(document: Document, offset: int) -> Model:
    """The model that the job at an offset runs on, fields, defaults and configuration included."""
    assumptions = configured(document).config.assumptions
    return examine(_job_at(document, offset), assumptions).model


def _job_at(document: Document, offset: int) -> Job:
    if document.kind in YAML:
        job = _among(document, document.text, offset) or _among(
            document, _without_line(document, offset), offset
        )
        if job is not None:
            return job
    span = prompt_at(document, offset) or Span(offset, offset)
    text = document.source.excerpt(*span)
    return Job(prompt=text, origin=text.location)


def _among(document: Document, text: str, offset: int) -> Job | None:
    """The job of a spec that is written around an offset; the first one for what is in none."""
    first = None
    for job in _jobs(document, text):
        first = first or job
        for place in (job.prompt.location, job.origin):
            if place.source.name == document.source.name and _holds(place.span, offset):
                return job
    return first


def _jobs(document: Document, text: str) -> Iterator[Job]:
    source = replace(document.input(text), most_jobs=MOST_JOBS)
    return islice(source.jobs(), _MOST_LOOKED_AT)


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _without_line(document: Document, offset: int) -> str:
    """The text with the line that is being written left out, so that the rest can be read."""
    line = document.lines.line_at(offset)
    start, width = document.lines.start(line), len(document.lines.content(line))
    return f"{document.text[:start]}{' ' * width}{document.text[start + width :]}"
