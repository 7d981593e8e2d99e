"""What a spec file hands to its jobs: fields, defaults and variables, its own and inherited ones."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.files import FileError, inside, read_source
from mjspec.spec.fields import FIELDS, is_null, suggestion
from mjspec.spec.nodes import Mapping, Scalar, Sequence
from mjspec.spec.read import read_yaml

if TYPE_CHECKING:
    from mjspec.reading.place import Place
    from mjspec.rules import Rule
    from mjspec.source import Excerpt
    from mjspec.spec.nodes import Entry, Node

__all__ = ["JOB_KEYS", "Fields", "Inherited", "inherit", "named_file"]

JOB_KEYS = frozenset({"id", "vars", "matrix", "rows", "copies"})
_FILE_KEYS = frozenset({"mjspec", "extends", "defaults", "jobs"})
_FORMAT = "1"

_DEEPEST = 100

Fields = dict[str, "Entry"]


@dataclass(slots=True)
class Inherited:
    """What holds for every job of a file, weakest first."""

    defaults: list[Fields] = field(default_factory=list)
    fields: list[Fields] = field(default_factory=list)
    variables: dict[str, Excerpt] = field(default_factory=dict)
    names: dict[str, Scalar] = field(default_factory=dict)
    "Where each variable is named, for the report of unused ones."

    def add(self, other: Inherited) -> None:
        """Put what another file hands on over what is here.

        What comes by two ways holds once, where it is strongest.
        """
        self.defaults = _without(self.defaults, other.defaults) + other.defaults
        self.fields = _without(self.fields, other.fields) + other.fields
        self.variables.update(other.variables)
        self.names.update(other.names)


def named_file(place: Place, name: Scalar, found: list[Diagnostic]) -> Path | None:
    """The file that a spec names; None, and a finding, if it must not be read."""
    if place.folder is None or place.root is None:
        _fail(rules.INVALID_EXTENDS, "only a file can name other files", name, found)
        return None
    path = place.folder / name.text
    if "\0" in name.text:
        _fail(rules.INVALID_EXTENDS, "a path holds no zero byte", name, found)
        return None
    if not place.outside and not inside(path, place.root):
        message = f"`{name.text}` lies outside `{place.root}`; allow it with --allow-outside"
        _fail(rules.INVALID_EXTENDS, message, name, found)
        return None
    return path


Known = dict[tuple[Path, Path], Inherited]
"""What files hand on, by where they and what they name are: two ways may lead to one file."""


def inherit(
    root: Mapping, place: Place, found: list[Diagnostic], known: Known | None = None
) -> Inherited:
    """What a document hands to its jobs, extended files under its own values."""
    result = Inherited()
    known = {} if known is None else known
    for name in _names(root.get("extends"), found):
        result.add(_extended(name, place, found, known))
    own: Fields = {}
    for entry in root.entries:
        key = entry.key.text
        if key in FIELDS:
            own[key] = entry
        elif key == "defaults":
            result.defaults.append(_defaults(entry.value, found))
        elif key == "vars":
            add_variables(entry.value, result, found)
        elif key == "mjspec":
            _check_format(entry, found)
        elif key not in JOB_KEYS | _FILE_KEYS:
            unknown_field(entry.key, FIELDS | JOB_KEYS | _FILE_KEYS, found)
    result.fields.append(own)
    return result


def add_variables(node: Node, result: Inherited, found: list[Diagnostic]) -> None:
    """The variables of a ``vars`` mapping."""
    if is_null(node):
        return
    if not isinstance(node, Mapping):
        _fail(rules.WRONG_TYPE, "`vars` needs a mapping of names and values", node, found)
        return
    for entry in node.entries:
        if not isinstance(entry.value, Scalar):
            message = (
                f"the variable `{entry.key.text}` needs one value; a list belongs into `matrix`"
            )
            _fail(rules.WRONG_TYPE, message, entry.value, found)
            continue
        text = entry.value.excerpt
        result.variables[entry.key.text] = text.slice(0, 0) if is_null(entry.value) else text
        result.names[entry.key.text] = entry.key


def unknown_field(key: Scalar, known: frozenset[str], found: list[Diagnostic]) -> None:
    """A key that is no field, with the one that was meant."""
    message = f"`{key.text}` is no field{suggestion(key.text, known)}"
    _fail(rules.UNKNOWN_FIELD, message, key, found)


def _names(node: Node | None, found: list[Diagnostic]) -> list[Scalar]:
    if node is None or is_null(node):
        return []
    items = node.items if isinstance(node, Sequence) else (node,)
    names = []
    for item in items:
        if isinstance(item, Scalar) and item.text:
            names.append(item)
        else:
            _fail(rules.WRONG_TYPE, "`extends` needs the paths of spec files", item, found)
    return names


def _without(stacks: list[Fields], others: list[Fields]) -> list[Fields]:
    again = {id(stack) for stack in others}
    return [stack for stack in stacks if id(stack) not in again]


def _extended(name: Scalar, place: Place, found: list[Diagnostic], known: Known) -> Inherited:
    path = named_file(place, name, found)
    if path is None:
        return Inherited()
    real = Path(os.path.realpath(path))
    if real in place.chain:
        _fail(rules.INVALID_EXTENDS, f"`{name.text}` extends itself in a circle", name, found)
        return Inherited()
    if len(place.chain) > _DEEPEST:
        message = f"`{name.text}` is extended by more than {_DEEPEST} files, one by the other"
        _fail(rules.INVALID_EXTENDS, message, name, found)
        return Inherited()
    key = (real, Path(os.path.realpath(path.parent)))
    if key not in known:
        known[key] = _handed_on(name, path, place.within(path), found, known)
    return known[key]


def _handed_on(
    name: Scalar, path: Path, place: Place, found: list[Diagnostic], known: Known
) -> Inherited:
    """What the documents of an extended file hand on; its jobs are not run."""
    try:
        documents = read_yaml(read_source(path))
    except FileError as error:
        _fail(rules.INVALID_EXTENDS, f"`{name.text}` cannot be read: {error}", name, found)
        return Inherited()
    found.extend(documents.diagnostics)
    result = Inherited()
    for root in documents.roots:
        if isinstance(root, Mapping):
            result.add(inherit(root, place, found, known))
        elif not is_null(root):
            _fail(rules.WRONG_TYPE, "a spec file needs a mapping of fields", root, found)
    return result


def _defaults(node: Node, found: list[Diagnostic]) -> Fields:
    if is_null(node):
        return {}
    if not isinstance(node, Mapping):
        _fail(rules.WRONG_TYPE, "`defaults` needs a mapping of fields", node, found)
        return {}
    fields: Fields = {}
    for entry in node.entries:
        if entry.key.text in FIELDS:
            fields[entry.key.text] = entry
        else:
            unknown_field(entry.key, FIELDS, found)
    return fields


def _check_format(entry: Entry, found: list[Diagnostic]) -> None:
    if not isinstance(entry.value, Scalar) or entry.value.text != _FORMAT:
        message = f"this mjspec reads version {_FORMAT} of the format"
        _fail(rules.INVALID_VALUE, message, entry.value, found)


def _fail(rule: Rule, message: str, node: Node, found: list[Diagnostic]) -> None:
    found.append(Diagnostic(rule, rule.severity, message, node.location))
