"""What the command line lays over every job: ``--spec`` files and ``--set`` options."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.source import Source
from mjspec.spec.fields import FIELDS, is_null, suggestion
from mjspec.spec.inherit import Fields, Inherited, inherit
from mjspec.spec.layers import Layers
from mjspec.spec.nodes import Entry, Mapping, Scalar
from mjspec.spec.read import read_yaml
from mjspec.spec.variables import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.language.settings import Kind, Layer
    from mjspec.reading.place import Place
    from mjspec.source import Excerpt
    from mjspec.spec.nodes import Node

__all__ = ["Overlay", "overlay_layers", "overlay_prompt", "read_overlay", "read_set"]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the command line lays over every job: ``--spec`` files and ``--set`` options."""

    defaults: tuple[Fields, ...] = ()
    specs: tuple[Fields, ...] = ()
    sets: Fields = field(default_factory=dict)
    variables: dict[str, Excerpt] = field(default_factory=dict)
    faults: tuple[Diagnostic, ...] = ()
    "Errors in the ``--spec`` files, which keep every job from being compiled."


def read_overlay(
    source: Source, place: Place, found: list[Diagnostic]
) -> tuple[list[Fields], list[Fields], dict[str, Excerpt]]:
    """The defaults, fields and variables of a ``--spec`` file; its jobs are not run."""
    result = Inherited()
    documents = read_yaml(source)
    found.extend(documents.diagnostics)
    for root in documents.roots:
        if isinstance(root, Mapping):
            result.add(inherit(root, place, found))
        elif not is_null(root):
            _fail(rules.WRONG_TYPE, "a spec file needs a mapping of fields", root, found)
    return result.defaults, result.fields, result.variables


def read_set(text: str, found: list[Diagnostic]) -> Entry | None:
    """One ``--set FIELD=VALUE``; None, and a finding, where it is no such thing."""
    source = Source("--set", text)
    name, equals, _ = text.partition("=")
    field_name = source.excerpt(0, len(name))
    if not equals or name not in FIELDS:
        message = (
            f"`{name}` is no field{suggestion(name, FIELDS)}"
            if equals
            else f"`{text}` needs an equals sign: FIELD=VALUE"
        )
        rule = rules.UNKNOWN_FIELD
        found.append(Diagnostic(rule, rule.severity, message, field_name.location))
        return None
    return Entry(Scalar.of(field_name), _set_value(source, name))


def _set_value(source: Source, name: str) -> Node:
    """The value of a ``--set``: its characters, or the list or mapping that two fields take."""
    start = len(name) + 1
    written = source.text[start:].strip()
    if (name == "metadata" and written[:1] == "{") or (name == "image_urls" and written[:1] == "["):
        # Blanks in the place of the name keep every character at its place.
        spaced = Source(source.name, " " * start + source.text[start:])
        documents = read_yaml(spaced)
        if not documents.diagnostics and len(documents.roots) == 1:
            return documents.roots[0]
    return Scalar.of(source.excerpt(start))


def overlay_prompt(overlay: Overlay, text: Excerpt) -> Excerpt:
    """The prompt that a ``--spec`` file or ``--set`` puts in the place of another one."""
    for stack in (overlay.sets, *reversed(overlay.specs)):
        entry = stack.get("prompt")
        if entry is not None and isinstance(entry.value, Scalar) and not is_null(entry.value):
            return Scope(overlay.variables, set()).substitute(entry.value.excerpt)
    return text


def overlay_layers(
    overlay: Overlay, source: Source, folder: Path | None
) -> tuple[tuple[Layer, ...], tuple[Diagnostic, ...]]:
    """The layers over a prompt that has no fields of its own, and what is wrong with them."""
    found: list[Diagnostic] = list(overlay.faults)
    scope = Scope(overlay.variables, set(), found)
    stacks: list[tuple[Kind, Fields]] = [
        *(("default", stack) for stack in overlay.defaults),
        *(("spec", stack) for stack in overlay.specs),
        ("set", overlay.sets),
    ]
    read = Layers(source, folder)
    layers = [read.own(kind, stack, scope) for kind, stack in stacks if stack]
    return tuple(layers), tuple(found)


def _fail(rule: rules.Rule, message: str, node: Node, found: list[Diagnostic]) -> None:
    found.append(Diagnostic(rule, rule.severity, message, node.location))
