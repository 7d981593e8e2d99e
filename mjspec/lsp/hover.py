"""Hover: the page of the parameter, field or version under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from mjspec.domains import Selector
from mjspec.language.parser import parse
from mjspec.language.readings import read_flag
from mjspec.lsp.keys import keys_at
from mjspec.lsp.pages import parameter_page, version_page
from mjspec.lsp.places import model_at, prompt_at, spot_at
from mjspec.parameters import BY_KEY
from mjspec.source import Span
from mjspec.versions import find_version

if TYPE_CHECKING:
    from mjspec.lsp.documents import Document
    from mjspec.lsp.outline import Spot

__all__ = ["hover"]


def hover(document: Document, offset: int) -> types.Hover | None:
    """What is known about the thing at an offset; None for text."""
    prompt = prompt_at(document, offset)
    if prompt is not None:
        return _in_prompt(document, prompt, offset)
    spot = spot_at(document, offset)
    if spot is None:
        return None
    return _key(document, spot) if spot.key is None else _version(document, spot, offset)


def _shown(document: Document, page: str, span: Span) -> types.Hover:
    content = types.MarkupContent(types.MarkupKind.Markdown, page)
    return types.Hover(content, document.range(*span))


def _in_prompt(document: Document, prompt: Span, offset: int) -> types.Hover | None:
    for start, flag in parse(document.text[prompt.start : prompt.end]).flags:
        base = prompt.start + start
        if not base <= offset < base + len(flag.raw.rstrip()):
            continue
        reading = read_flag(flag)
        parameter, value = reading.parameter, reading.value_span.shifted(base)
        if parameter is None:
            return None
        if offset < base + flag.name_end:
            return _shown(document, parameter_page(parameter), Span(base, base + flag.name_end))
        if not value.start <= offset < value.end:
            return None
        if isinstance(parameter.domain, Selector):
            version = find_version(str(reading.value), niji=parameter.key == "niji")
            return _shown(document, version_page(version), value) if version else None
        return _shown(document, parameter_page(parameter), value)
    return None


def _key(document: Document, spot: Spot) -> types.Hover | None:
    name = document.text[spot.span.start : spot.span.end].strip("\"'")
    key = next((key for key in keys_at(spot.path) if key.name == name), None)
    if key is None:
        return None
    parameter = BY_KEY.get(name)
    page = parameter_page(parameter) if parameter else f"**`{name}`** {key.summary}"
    return _shown(document, page, spot.span)


def _version(document: Document, spot: Spot, offset: int) -> types.Hover | None:
    if spot.key != "version" or not spot.span.start <= offset <= spot.span.end:
        return None
    text = document.text[spot.span.start : spot.span.end].strip()
    version = find_version(text, niji=model_at(document, offset).niji)
    return _shown(document, version_page(version), spot.span) if version else None
