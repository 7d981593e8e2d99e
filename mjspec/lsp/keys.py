"""What a spec file may hold at a place, from the JSON Schema that is made from the table."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from mjspec.lsp.outline import ITEM
from mjspec.spec_schema import spec_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Key", "keys_at", "words_of"]

_MATRIX = "matrix"


class Key(NamedTuple):
    """A key that may stand somewhere.

    Attributes:
        name: The key.
        summary: What it does, in one line.
        nested: Whether a mapping or a list of its own follows, on the next lines.
    """

    name: str
    summary: str
    nested: bool


@cache
def keys_at(path: tuple[str, ...]) -> tuple[Key, ...]:
    """The keys that may stand under a path."""
    node = _node(path)
    properties = dict(node.get("properties", {}))
    if path[-1:] == (_MATRIX,):
        # A key of a matrix that is a field sets it for the job.
        properties |= {name: {} for name in _definition("job")["properties"] if _is_field(name)}
    return tuple(_key(name, schema) for name, schema in properties.items())


@cache
def words_of(field: str) -> tuple[str, ...]:
    """The words that a field can be: those of an enumeration, or of a switch."""
    words: list[str] = []
    for schema in _alternatives(_definition(field)):
        if _types(schema) == ("boolean",):
            words += ["true", "false"]
        words += [word for word in schema.get("enum", ()) if isinstance(word, str)]
    return tuple(words)


@cache
def _schema() -> dict[str, Any]:
    return spec_schema()


def _definition(name: str) -> dict[str, Any]:
    found: dict[str, Any] = _schema()["definitions"].get(name, {})
    return found


def _is_field(name: str) -> bool:
    return (
        name in _definition("job")["properties"]
        and name not in ("rows", _MATRIX)
        and (name in _schema()["definitions"])
    )


def _node(path: tuple[str, ...]) -> dict[str, Any]:
    node = _schema()
    for step in path:
        if step == ITEM:
            node = _resolved(node.get("items", {}))
            continue
        schema = node.get("properties", {}).get(step) or node.get("additionalProperties")
        node = _resolved(schema) if isinstance(schema, dict) else {}
    return node


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    return _definition(reference.rpartition("/")[2]) if reference else schema


def _alternatives(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema.get("anyOf", ())


def _types(schema: dict[str, Any]) -> tuple[str, ...]:
    types = schema.get("type", ())
    return (types,) if isinstance(types, str) else tuple(types)


def _key(name: str, schema: dict[str, Any]) -> Key:
    known = _resolved(schema) if schema else _definition(name)
    kinds = {kind for each in _alternatives(known) for kind in _types(each)}
    summary = known.get("description") or _schema()["properties"].get(name, {}).get(
        "description", ""
    )
    return Key(name, summary, bool(kinds & {"object", "array"} and "string" not in kinds))
