"""The layers of a job's fields: each field read once where it says the same for every job."""

from __future__ import annotations

import os.path
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.jobs.images import is_local
from mjspec.language.settings import Layer
from mjspec.spec.fields import read_field
from mjspec.spec.nodes import Scalar, Sequence

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.language.settings import Kind, Setting
    from mjspec.source import Source
    from mjspec.spec.inherit import Fields
    from mjspec.spec.nodes import Entry, Node
    from mjspec.spec.variables import Scope

__all__ = ["Layers"]

Read = tuple["Setting | None", tuple["Diagnostic", ...]]
"""What a field says, and what is wrong with it."""


@dataclass(slots=True)
class Layers:
    """Reads the fields of one file's jobs.

    Attributes:
        source: The file whose jobs they are.
        folder: Its folder; what it names is relative to it.
    """

    source: Source
    folder: Path | None
    _layers: dict[tuple[int, Kind], tuple[Fields, Layer, list[Diagnostic]]] = field(
        default_factory=dict
    )
    _settings: dict[tuple[int, Kind], tuple[Entry, Read]] = field(default_factory=dict)

    def shared(self, kind: Kind, stack: Fields, scope: Scope) -> Layer:
        """A layer that several jobs have; without variables it is the same for all of them."""
        known = self._layers.get((id(stack), kind))
        if known is not None:
            scope.found.extend(known[2])
            return known[1]
        if any(_has_variable(entry.value) for entry in stack.values()):
            return self.recurring(kind, stack, scope)
        found: list[Diagnostic] = []
        layer = self.own(kind, stack, scope.reporting(found))
        # The stack is kept so that nothing else can get its identity.
        self._layers[id(stack), kind] = (stack, layer, found)
        scope.found.extend(found)
        return layer

    def recurring(self, kind: Kind, stack: Fields, scope: Scope) -> Layer:
        """A layer of one job whose single fields recur, as the values of a matrix do."""
        values = {}
        for name, entry in stack.items():
            if name == "prompt":
                continue
            slot = (id(entry.value), kind)
            known = self._settings.get(slot)
            if known is None:
                found: list[Diagnostic] = []
                setting = self._read(kind, name, entry, scope.reporting(found))
                known = (entry, (setting, tuple(found)))
                if not _has_variable(entry.value):
                    self._settings[slot] = known
            setting, problems = known[1]
            scope.found.extend(problems)
            if setting is not None:
                values[name] = setting
        return _layer(kind, values, stack)

    def own(self, kind: Kind, stack: Fields, scope: Scope) -> Layer:
        """A layer of one job."""
        if len(stack) == 1 and "prompt" in stack:
            return Layer(kind, {})
        values = {}
        for name, entry in stack.items():
            if name != "prompt":
                setting = self._read(kind, name, entry, scope)
                if setting is not None:
                    values[name] = setting
        return _layer(kind, values, stack)

    def _read(self, kind: Kind, name: str, entry: Entry, scope: Scope) -> Setting | None:
        node = entry.value
        if _has_variable(node):
            node = scope.node(node)
        setting = read_field(name, entry.key.excerpt, node, kind, scope.found)
        if name == "image_urls" and setting is not None and kind != "set":
            return self._rebased(setting, entry.value.location.source)
        return setting

    def _rebased(self, setting: Setting, source: Source) -> Setting:
        """Paths are relative to the file that they stand in, and a job knows only one folder."""
        folder = Path(source.name).parent
        if source is self.source or self.folder is None or not isinstance(setting.value, list):
            return setting
        if folder == self.folder:
            return setting
        images = [
            os.path.relpath(folder / str(image), self.folder) if is_local(str(image)) else image
            for image in setting.value
        ]
        return setting._replace(value=list(images))


def _layer(kind: Kind, values: dict[str, Setting], stack: Fields) -> Layer:
    if len(values) == len(stack):
        return Layer(kind, values)
    return Layer(kind, values, frozenset(stack) - frozenset(values) - {"prompt"})


def _has_variable(node: Node) -> bool:
    if isinstance(node, Scalar):
        return "${" in node.text
    if isinstance(node, Sequence):
        return any(map(_has_variable, node.items))
    return any(_has_variable(value) for _, value in node.entries)
