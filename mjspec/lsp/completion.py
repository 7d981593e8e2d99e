"""Completion: parameters and their values in prompts, keys and their values in specs."""

from __future__ import annotations

import re
from string import ascii_letters
from typing import TYPE_CHECKING

from lsprotocol import types

from mjspec.language.parser import parse
from mjspec.limits import available
from mjspec.lsp.keys import keys_at, words_of
from mjspec.lsp.outline import siblings
from mjspec.lsp.pages import parameter_page
from mjspec.lsp.places import model_at, prompt_at, rules_of, spot_at
from mjspec.lsp.values import Offer, domain_in, offers, used
from mjspec.parameters import BY_FLAG, BY_KEY, PARAMETERS
from mjspec.reference import ABSENT, mark
from mjspec.versions import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.lsp.documents import Document
    from mjspec.lsp.outline import Spot
    from mjspec.parameters import Parameter
    from mjspec.source import Span
    from mjspec.versions import Version

__all__ = ["TRIGGERS", "complete", "completed"]

TRIGGERS = ("-", " ", ":")

_NAME = re.compile(r"(?:(?<=\s)|\A)(?P<dash>--|[—–]{1,2})(?P<name>[A-Za-z]*)\Z")
_REST = re.compile(r"[A-Za-z]*")
_WORD_REST = re.compile(r"[^\s\"']*")
_VALUE = re.compile(r"(?:[\[,][ \t]*)?(?P<word>[^\[\],]*)\Z")
_ONE_WORD = frozenset({"one", "optional"})


def complete(document: Document, offset: int) -> list[types.CompletionItem]:
    """What can be written at an offset; nothing where it is text."""
    prompt = prompt_at(document, offset)
    if prompt is not None:
        return list(_in_prompt(document, prompt, offset))
    spot = spot_at(document, offset)
    if spot is None:
        return []
    return list(
        _keys(document, spot, offset) if spot.key is None else _fields(document, spot, offset)
    )


def completed(item: types.CompletionItem) -> types.CompletionItem:
    """An item with the page of its parameter."""
    parameter = BY_KEY.get(str(item.data))
    if parameter is not None:
        item.documentation = types.MarkupContent(
            types.MarkupKind.Markdown, parameter_page(parameter)
        )
    return item


def _in_prompt(document: Document, prompt: Span, offset: int) -> Iterator[types.CompletionItem]:
    before = document.text[prompt.start : offset]
    if name := _NAME.search(before):
        yield from _names(document, prompt, prompt.start + name.start(), offset)
        return
    flags = parse(before).flags
    if not flags:
        return
    _, flag = flags[-1]
    parameter = BY_FLAG.get(flag.name.lower())
    apart = before[-1:].isspace()
    if parameter is None or parameter.dead:
        return
    single = parameter.domain.arity in _ONE_WORD
    if (not flag.words and not apart) or (single and len(flag.words) > (0 if apart else 1)):
        return
    if parameter.domain.arity in (*_ONE_WORD, "many"):
        begin = offset if apart else offset - len(flag.words[-1].text)
        rest = _WORD_REST.match(document.text, offset, prompt.end)
        place = document.range(begin, rest.end() if rest else offset)
        version = rules_of(model_at(document, offset))
        listed = (*offers(parameter, version), *used(parameter, document.text, version))
        yield from _values(listed, document.text[begin:offset], place)


def _names(
    document: Document, prompt: Span, begin: int, offset: int
) -> Iterator[types.CompletionItem]:
    """The parameters, those that the version does not have at the end."""
    rest = _REST.match(document.text, offset, prompt.end)
    end = rest.end() if rest else offset
    place = document.range(begin, end)
    version = rules_of(model_at(document, offset))
    there = _there(document.text[prompt.start : prompt.end], begin - prompt.start)
    spaced = document.text[end : end + 1].isspace() and end < prompt.end
    for number, parameter in enumerate(PARAMETERS):
        if parameter.dead or parameter.key in there:
            continue
        missing = mark(parameter, version) == ABSENT and not _selects(parameter)
        for rank, spelling in enumerate(parameter.spellings):
            space = " " if parameter.domain.arity in ("one", "many", "rest") and not spaced else ""
            yield types.CompletionItem(
                label=f"--{spelling}",
                kind=types.CompletionItemKind.Property,
                detail=_detail(parameter, version, missing=missing),
                label_details=_label(parameter, version, missing=missing),
                tags=[types.CompletionItemTag.Deprecated] if missing else None,
                sort_text=f"{int(missing)}{int(rank > 0)}{number:03}",
                # What is there may begin with a dash of another kind.
                filter_text=f"{document.text[begin:offset].rstrip(ascii_letters)}{spelling}",
                text_edit=types.TextEdit(place, f"--{spelling}{space}"),
                data=parameter.key,
            )


def _selects(parameter: Parameter) -> bool:
    """Whether it chooses the version, so that no version can lack it."""
    return parameter.key in ("version", "niji")


def _there(prompt: str, besides: int) -> frozenset[str]:
    """The parameters that a prompt has already, except the one that is being written."""
    found = set()
    for start, flag in parse(prompt).flags:
        parameter = BY_FLAG.get(flag.name.lower())
        if parameter and start != besides and parameter.domain.arity != "rest":
            found.add(parameter.key)
            found.update(BY_KEY[key].key for key in parameter.excludes if key in BY_KEY)
    return frozenset(found)


def _detail(parameter: Parameter, version: Version, *, missing: bool) -> str:
    if missing:
        return f"{parameter.summary} Not in {version}; in {describe(available(parameter))}."
    return parameter.summary


def _label(
    parameter: Parameter, version: Version, *, missing: bool
) -> types.CompletionItemLabelDetails:
    domain = domain_in(parameter, version)
    values = "" if missing or domain is None else domain.describe()
    return types.CompletionItemLabelDetails(description=values)


def _values(
    listed: Iterable[Offer], typed: str, place: types.Range, before: str = ""
) -> Iterator[types.CompletionItem]:
    """Values in the order in which they are listed, each once."""
    known = set()
    for number, offer in enumerate(listed):
        if offer.text in known or (offer.text == typed and offer.detail.startswith("used")):
            continue
        known.add(offer.text)
        yield types.CompletionItem(
            label=offer.text,
            kind=types.CompletionItemKind.Value,
            detail=offer.detail or None,
            sort_text=f"{number:03}",
            filter_text=offer.text,
            text_edit=types.TextEdit(place, before + offer.text),
        )


def _keys(document: Document, spot: Spot, offset: int) -> Iterator[types.CompletionItem]:
    """The keys that may stand in a mapping and do not yet."""
    line = document.lines.line_at(offset)
    there = siblings(document.lines, offset, spot.span.start - document.lines.start(line))
    place = document.range(*spot.span)
    behind = document.text[spot.span.end : spot.span.end + 2].lstrip()
    version = rules_of(model_at(document, offset))
    for number, key in enumerate(keys_at(spot.path)):
        if key.name in there:
            continue
        parameter = BY_KEY.get(key.name)
        missing = parameter is not None and mark(parameter, version) == ABSENT
        missing = missing and parameter is not None and not _selects(parameter)
        colon = "" if behind.startswith(":") else ":" if key.nested else ": "
        detail = key.summary
        if parameter and missing:
            detail = _detail(parameter, version, missing=True)
        yield types.CompletionItem(
            label=key.name,
            kind=types.CompletionItemKind.Property,
            detail=detail or None,
            tags=[types.CompletionItemTag.Deprecated] if missing else None,
            sort_text=f"{int(missing)}{number:03}",
            text_edit=types.TextEdit(place, f"{key.name}{colon}"),
            data=parameter.key if parameter else None,
        )


def _fields(document: Document, spot: Spot, offset: int) -> Iterator[types.CompletionItem]:
    """The values of a field."""
    key = spot.key or ""
    if "vars" in spot.path or key not in {each.name for each in keys_at(spot.path)}:
        return
    line = document.lines.line_at(offset)
    begin = max(spot.span.start, document.lines.start(line))
    word = _VALUE.search(document.text, begin, max(offset, begin))
    typed = word["word"] if word else ""
    rest = _WORD_REST.match(document.text, offset)
    place = document.range(offset - len(typed), rest.end() if rest else offset)
    listed: list[Offer] = [Offer(text) for text in words_of(key)]
    parameter = BY_KEY.get(key)
    if parameter is not None and key != "niji":
        model = model_at(document, offset)
        row = BY_KEY["niji"] if key == "version" and model.niji else parameter
        listed = [*offers(row, rules_of(model)), *used(parameter, document.text, rules_of(model))]
        listed = listed or [Offer(text) for text in words_of(key)]
    # `size:16:9` would be no key.
    space = " " if document.text[offset - len(typed) - 1] == ":" else ""
    yield from _values(listed, typed, place, space)
