"""Values of fields: each is read from the user's characters by the type of its own field."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Edit, Fix
from mjspec.domains import Number, Switch
from mjspec.language.settings import Origin, Setting
from mjspec.parameters import BY_KEY
from mjspec.schemas import BODY_FIELDS, SPEEDS
from mjspec.source import Span
from mjspec.spec.entries import shortened
from mjspec.spec.nodes import Mapping, Scalar, Sequence, core_value, yaml11_reading
from mjspec.spec.values import NULLS
from mjspec.versions import find_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.domains import Domain
    from mjspec.language.settings import JSON, Kind
    from mjspec.parameters import Parameter
    from mjspec.rules import Rule
    from mjspec.source import Excerpt, Location
    from mjspec.spec.nodes import Node

__all__ = [
    "FIELDS",
    "ambiguity",
    "is_null",
    "meant_field",
    "plain_value",
    "read_field",
    "suggestion",
]

FIELDS = frozenset(BODY_FIELDS)
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)")
_TEXTS = ("prompt", "extra")
_TEXT_PLACES = frozenset({"vars", "key"})
_LONGEST = 4000
"""Digits of a number; Python refuses to convert longer ones."""

_new = tuple.__new__


def read_field(
    name: str, key: Excerpt, node: Node, kind: Kind, found: list[Diagnostic]
) -> Setting | None:
    """The setting that a field makes; None where the value cannot be read.

    Args:
        name: The field.
        key: The characters that name it.
        node: The value as written.
        kind: What kind of layer it stands in.
        found: Where findings go.
    """
    if is_null(node):
        return Setting(name, None, _origin(name, key, node, kind))
    if name == "image_urls":
        before = len(found)
        links, places = _images(node, found)
        if len(found) > before:
            return None
        return Setting(name, links, _origin(name, key, node, kind), places=places)
    value = _value(name, node, found)
    return None if value is None else Setting(name, value, _origin(name, key, node, kind))


def _is_json(value: JSON) -> bool:
    """Whether JSON can hold a value: it knows no infinity and no not-a-number."""
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, list | dict):
        return all(map(_is_json, value.values() if isinstance(value, dict) else value))
    return True


def _not_json(node: Node) -> Iterator[Scalar]:
    """The values that keep a whole from being JSON."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Scalar):
            if not _is_json(core_value(one)):
                yield one
        elif isinstance(one, Sequence):
            waiting += reversed(one.items)
        else:
            waiting += [entry.value for entry in reversed(one.entries)]


def is_null(node: Node) -> bool:
    """Whether a value is ``null``, ``~`` or nothing at all."""
    return (
        isinstance(node, Scalar)
        and node.text in NULLS
        and node.style == "plain"
        and core_value(node) is None
    )


def plain_value(node: Node) -> JSON:
    """A value without a field's type, by the core rules of YAML 1.2."""
    if isinstance(node, Scalar):
        return core_value(node)
    if isinstance(node, Sequence):
        return [plain_value(item) for item in node.items]
    return {entry.key.text: plain_value(entry.value) for entry in node.entries}


def suggestion(name: str, known: tuple[str, ...] | frozenset[str]) -> str:
    """The end of a message about an unknown name."""
    from difflib import get_close_matches

    alias = _ALIASES.get(name.lower().lstrip("-"))
    close = [alias] if alias in known else get_close_matches(name, sorted(known), 1, 0.6)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; there are {', '.join(sorted(known))}" if known else ""


def meant_field(name: str) -> str | None:
    """The field that a name was probably meant to be: another spelling of it, or a slip."""
    from difflib import get_close_matches

    low = name.lower().lstrip("-")
    if low in FIELDS:
        return low
    return _ALIASES.get(low) or next(iter(get_close_matches(low, sorted(FIELDS), 1, 0.8)), None)


_ALIASES: dict[str, str] = {
    spelling: parameter.field
    for parameter in BY_KEY.values()
    if parameter.field
    for spelling in (parameter.name, *parameter.spellings)
}


def ambiguity(name: str | None, node: Scalar) -> Diagnostic | None:
    """What another reader of YAML would see in a plain scalar, if it is something else.

    Args:
        name: The field that it is the value of, ``vars`` for a variable, ``key`` for a key, None for
            anything else.
        node: The scalar.
    """
    if node.style != "plain" or node.tag is not None:
        return None
    text = node.text
    domain = BY_KEY[name].domain if name in BY_KEY else None
    if name == "niji" or isinstance(domain, Switch):
        return _ambiguous_switch(node)
    reading = yaml11_reading(node)
    number = isinstance(domain, Number) or name == "copies"
    # What `metadata` holds has no types but those of YAML.
    typed = name in _TEXT_PLACES or (name in FIELDS and name != "metadata")
    if reading is not None:
        value = text if typed else core_value(node)
        if number and text.isdecimal():
            value = int(text[:_LONGEST])
        meaning = "text" if isinstance(value, str) else f"the number {value}"
        message = f"`{text}` is {meaning} here; readers of YAML 1.1 see {reading}"
    elif typed and not number:
        seen = _seen_elsewhere(core_value(node), text, switch=name == "vars")
        if seen is None:
            return None
        message = f"`{text}` is text here; other readers of YAML see {seen}"
    else:
        return None
    if number:
        plain = text.lstrip("0") or "0"
        return _ambiguous(message, node, f"write `{plain}`", plain if plain.isdecimal() else None)
    return _ambiguous(message, node, "put it in quotes", f'"{text}"')


def _seen_elsewhere(value: JSON, text: str, *, switch: bool) -> str | None:
    """What a reader that does not know the field sees; None where it writes down the same.

    Args:
        value: What the core rules of YAML make of it.
        text: What is written.
        switch: Whether true and false may be meant.
    """
    if isinstance(value, bool) and not switch:
        return "true, which is no text" if value else "false, which is no text"
    if isinstance(value, int | float) and not isinstance(value, bool) and str(value) != text:
        return f"the number {value}"
    return None


def _ambiguous_switch(node: Scalar) -> Diagnostic | None:
    word = node.text.lower()
    if word not in (_TRUE | _FALSE) - {"true", "false"}:
        return None
    plain = "true" if word in _TRUE else "false"
    message = f"`{node.text}` is {plain} here; readers of YAML 1.2 see text"
    return _ambiguous(message, node, f"write `{plain}`", plain)


def _ambiguous(message: str, node: Scalar, what: str, replacement: str | None) -> Diagnostic:
    rule, place = rules.AMBIGUOUS_YAML_SCALAR, node.location
    fix = Fix(what, "safe", (Edit(place, replacement),)) if replacement else None
    return Diagnostic(rule, rule.severity, message, place, fix=fix)


def _origin(name: str, key: Excerpt, node: Node, kind: Kind) -> Origin:
    label = f"--set {name}" if kind == "set" else name
    if isinstance(node, Scalar):
        value = node.excerpt
    else:
        place = node.location
        value = place.source.excerpt(*place.span)
    named, valued = _new(Span, (0, len(key.text))), _new(Span, (0, len(value.text)))
    return _new(Origin, (kind, label, key, named, value, valued))


def _value(name: str, node: Node, found: list[Diagnostic]) -> JSON:
    if name == "metadata":
        if isinstance(node, Mapping):
            value = plain_value(node)
            if _is_json(value):
                return value
            for part in _not_json(node):
                _wrong(part, name, "values that JSON can hold, so neither .inf nor .nan", found)
            return None
        _wrong(node, name, "a mapping", found)
        return None
    if not isinstance(node, Scalar):
        _wrong(node, name, "one value", found)
        return None
    if name in _TEXTS:
        return node.text
    if name == "speed":
        return _speed(node, found)
    return _parameter(BY_KEY[name], node, found)


def _images(node: Node, found: list[Diagnostic]) -> tuple[JSON, tuple[Location, ...]]:
    """The images of a list, or of one text, with their places."""
    items = node.items if isinstance(node, Sequence) else (node,)
    links: list[JSON] = []
    places = []
    for item in items:
        if isinstance(item, Scalar) and item.text.strip() and not is_null(item):
            links.append(item.text.strip())
            places.append(_place(item))
        else:
            _wrong(item, "image_urls", "links, data URIs, base64 or paths", found)
    return links, tuple(places)


def _speed(node: Scalar, found: list[Diagnostic]) -> JSON:
    if node.text in SPEEDS:
        return node.text
    words = f"{', '.join(SPEEDS[:-1])} or {SPEEDS[-1]}"
    found.append(
        _diagnostic(
            rules.INVALID_VALUE, f"`{shortened(node.text)}` is no speed; it is {words}", node
        )
    )
    return None


def _parameter(parameter: Parameter, node: Scalar, found: list[Diagnostic]) -> JSON:
    domain = parameter.domain
    name = parameter.key
    if name == "niji" or isinstance(domain, Switch):
        return _switch(name, node, found)
    text = node.text.strip()
    number = isinstance(domain, Number)
    if number and (node.style != "plain" or node.tag == "str"):
        return _quoted(name, node, domain, found)
    try:
        value = domain.read(text)
    except ValueError:
        return _unreadable(parameter, node, found)
    if name == "version":
        version = find_version(text) or find_version(text, niji=True)
        return version.number if version else text
    return value


def _switch(name: str, node: Scalar, found: list[Diagnostic]) -> JSON:
    word = node.text.lower()
    # `tRue` is no word of any YAML.
    cased = node.text in (word, word.capitalize(), word.upper())
    if node.style == "plain" and node.tag != "str" and cased and word in _TRUE | _FALSE:
        return word in _TRUE
    if name == "niji" and find_version(node.text, niji=True):
        message = f"`niji` is a switch; write `niji: true` and `version: {node.text}`"
        found.append(_diagnostic(rules.WRONG_TYPE, message, node))
        return None
    if word in _TRUE | _FALSE and (node.style != "plain" or node.tag == "str"):
        return _quoted(name, node, BY_KEY[name].domain, found)
    _wrong(node, name, "true or false", found)
    return None


def _quoted(name: str, node: Scalar, domain: Domain, found: list[Diagnostic]) -> JSON:
    """Quotes make a text of a number; without them it is one."""
    text = node.text.strip()
    fits = _NUMBER.fullmatch(text) or text.lower() in _TRUE | _FALSE
    fits = fits and node.style != "plain"
    kind = "true or false" if isinstance(domain, Switch) or name == "niji" else domain.describe()
    fix = Fix("remove the quotes", "safe", (Edit(node.location, text),)) if fits else None
    message = f"`{shortened(node.location.text)}` is text; `{name}` takes {kind}"
    found.append(_diagnostic(rules.WRONG_TYPE, message, node, fix=fix))
    return None


def _unreadable(parameter: Parameter, node: Scalar, found: list[Diagnostic]) -> JSON:
    domain = parameter.domain
    text = node.text
    rule = rules.WRONG_TYPE if isinstance(domain, Number) else rules.INVALID_VALUE
    nearest = domain.nearest(text.strip())
    place = node.excerpt.verbatim(Span(0, len(text)))
    fix = None
    if nearest and place:
        fix = Fix(f"write `{nearest}`", "unsafe", (Edit(place, nearest),))
    written = shortened(text)
    message = f"`{written}` is no value of `{parameter.key}`; it takes {domain.describe()}"
    found.append(_diagnostic(rule, message, node, fix=fix))
    return None


def _wrong(node: Node, name: str, wanted: str, found: list[Diagnostic]) -> None:
    shown = (
        f"`{shortened(node.text)}`"
        if isinstance(node, Scalar)
        else "a list"
        if isinstance(node, Sequence)
        else "a mapping"
    )
    found.append(
        _diagnostic(rules.WRONG_TYPE, f"{shown} is no value of `{name}`; it takes {wanted}", node)
    )


def _diagnostic(rule: Rule, message: str, node: Node, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(rule, rule.severity, message, _place(node), fix=fix)


def _place(node: Node) -> Location:
    """Where a value is written; one that came through a variable where the variable is set."""
    if isinstance(node, Scalar) and node.pieces is not None and node.text:
        return node.excerpt.location
    return node.location
