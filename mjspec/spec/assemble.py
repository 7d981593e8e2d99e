"""One job out of its parts: the strongest prompt, the layers of its fields, its id and its copies."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.jobs.job import Job
from mjspec.spec.doubts import cut_off
from mjspec.spec.fields import FIELDS, is_null
from mjspec.spec.names import matrix_id
from mjspec.spec.nodes import Scalar
from mjspec.spec.parts import Parts, no_prompt

if TYPE_CHECKING:
    from mjspec.language.settings import JSON, Kind, Layer
    from mjspec.reading.place import Place
    from mjspec.source import Excerpt
    from mjspec.spec.inherit import Fields, Inherited
    from mjspec.spec.layers import Layers
    from mjspec.spec.nodes import Entry, Mapping, Node
    from mjspec.spec.overlay import Overlay
    from mjspec.spec.variables import Scope

    Stacks = list[tuple[Kind, Fields]]

__all__ = ["Assembler", "Draft", "choice_variables"]

_MOST_COPIES = 10_000
_WHOLE = re.compile("[0-9]+")
_NONE: dict[str, Excerpt] = {}


class Draft(NamedTuple):
    """What jobs are made of before a matrix has chosen.

    Attributes:
        node: Where they are written.
        inherited: What the file hands to them.
        parts: The entries of the job.
        row: The entries of its row in a table, over the job's own; None where there is no table.
        variables: The row's variables, by which it differs from its siblings.
        faults: Errors that concern all of them.
    """

    node: Mapping
    inherited: Inherited
    parts: Parts = Parts()
    row: Parts | None = None
    variables: dict[str, Excerpt] = _NONE
    faults: tuple[Diagnostic, ...] = ()

    @property
    def id(self) -> Scalar | None:
        """The written id; a row's own comes first."""
        return (self.row and self.row.id) or self.parts.id

    @property
    def copies(self) -> Node | None:
        """How many samples are asked for."""
        return (self.row and self.row.copies) or self.parts.copies


@dataclass(slots=True)
class Assembler:
    """Makes the jobs of one file.

    Attributes:
        place: Where the file stands.
        overlay: What the command line lays over its jobs.
        layers: Reads fields.
        found: Findings that belong to no single job.
        lost: Whether a job could not be made, so that its variables count as used.
    """

    place: Place
    overlay: Overlay
    layers: Layers
    found: list[Diagnostic]
    lost: bool = False
    _judged: dict[int, Node] = field(default_factory=dict)
    _around: tuple[Inherited, Stacks, Stacks] | None = None

    def job(self, draft: Draft, choice: Fields, scope: Scope) -> Job | None:
        """The job of one combination; None, and a finding, where it has no prompt."""
        found: list[Diagnostic] = []
        scope = scope.reporting(found)
        picked = {key: entry for key, entry in choice.items() if key in FIELDS} if choice else {}
        stacks = self._stacks(draft, picked)
        text = self._prompt(stacks, draft, scope)
        if text is None:
            self.lost = True
            return None
        layers = self._layers(stacks, draft, picked, scope)
        written = self._written(draft.id, scope)
        row_id = draft.row is not None and draft.row.id is not None
        template = draft.id is not None and "${" in draft.id.text
        name, exact = written, True
        if written is not None and not template and choice:
            name, exact = matrix_id(written, choice, scope)
        from_row = draft.row is not None and not row_id and not template
        return Job(
            prompt=text,
            layers=layers,
            origin=draft.node.location,
            id=name,
            written=written,
            siblings=from_row or not exact,
            variables=self._shown(draft, choice, layers, scope),
            copies=self._copies(draft.copies, found),
            folder=self.place.folder,
            faults=(*self.overlay.faults, *draft.faults, *found),
        )

    def _stacks(self, draft: Draft, picked: Fields) -> Stacks:
        """The fields of a job from the weakest to the strongest."""
        around = self._around
        if around is None or around[0] is not draft.inherited:
            around = self._around = (draft.inherited, *self._shared(draft.inherited))
        _, weaker, stronger = around
        own: tuple[Fields, ...] = (draft.parts.fields, picked)
        if draft.row is not None:
            own = (draft.parts.fields, draft.row.fields, picked)
        return [*weaker, *[("field", stack) for stack in own if stack], *stronger]

    def _shared(self, inherited: Inherited) -> tuple[Stacks, Stacks]:
        """The stacks under and over the own ones of every job."""
        overlay = self.overlay
        weaker: Stacks = [("default", s) for s in (*inherited.defaults, *overlay.defaults) if s]
        weaker += [("field", stack) for stack in inherited.fields if stack]
        stronger: Stacks = [("spec", stack) for stack in overlay.specs if stack]
        if overlay.sets:
            stronger.append(("set", overlay.sets))
        return weaker, stronger

    def _layers(
        self, stacks: Stacks, draft: Draft, picked: Fields, scope: Scope
    ) -> tuple[Layer, ...]:
        layers = []
        for kind, stack in stacks:
            if stack is picked:
                layers.append(self.layers.recurring(kind, stack, scope))
            elif (draft.row is not None and stack is draft.row.fields) or (
                stack is draft.parts.fields and not draft.parts.repeated
            ):
                layers.append(self.layers.own(kind, stack, scope))
            else:
                layers.append(self.layers.shared(kind, stack, scope))
        return tuple(layers)

    def _prompt(self, stacks: Stacks, draft: Draft, scope: Scope) -> Excerpt | None:
        entry = None
        for _, stack in reversed(stacks):
            entry = stack.get("prompt")
            if entry is not None:
                break
        if entry is None or is_null(entry.value):
            self.found.append(no_prompt(draft.node, entry))
            return None
        node = entry.value
        if not isinstance(node, Scalar):
            message = "the prompt needs to be text; put it in quotes, or write it behind `|`"
            rule = rules.WRONG_TYPE
            self.found.append(Diagnostic(rule, rule.severity, message, node.location))
            return None
        if node.source is self.layers.source and id(node) not in self._judged:
            warning = cut_off(node)
            if warning is not None:
                self._judged[id(node)] = node
                self.found.append(warning)
        return scope.substitute(node.excerpt)

    def _shown(
        self, draft: Draft, choice: Fields, layers: tuple[Layer, ...], scope: Scope
    ) -> dict[str, JSON]:
        """The values by which a job differs from its siblings."""
        if not choice and not draft.variables:
            return {}
        shown: dict[str, JSON] = {
            name: scope.substitute(text).text for name, text in draft.variables.items()
        }
        for key, entry in choice.items():
            setting = next((x.values[key] for x in layers[::-1] if key in x.values), None)
            if key in FIELDS and key != "prompt":
                shown[key] = setting.value if setting else None
            elif isinstance(entry.value, Scalar):
                shown[key] = scope.substitute(scope.values.get(key, entry.value.excerpt)).text
        return shown

    def _written(self, node: Scalar | None, scope: Scope) -> str | None:
        if node is None:
            return None
        text = scope.substitute(node.excerpt).text if "${" in node.text else node.text
        return text.strip() or None

    def _copies(self, node: Node | None, found: list[Diagnostic]) -> int:
        if node is None or is_null(node):
            return 1
        if isinstance(node, Scalar) and node.style == "plain" and _WHOLE.fullmatch(node.text):
            number = int(node.text[:9])
            if 1 <= number <= _MOST_COPIES:
                return number
        rule = rules.WRONG_TYPE
        message = f"`copies` needs a whole number from 1 to {_MOST_COPIES}"
        found.append(Diagnostic(rule, rule.severity, message, node.location))
        return 1


def choice_variables(choice: dict[str, Entry]) -> dict[str, Excerpt]:
    """The variables that a combination sets; what is no text is an empty one."""
    values = {}
    for key, entry in choice.items():
        if key not in FIELDS:
            text = isinstance(entry.value, Scalar) and not is_null(entry.value)
            node = entry.value if text and isinstance(entry.value, Scalar) else entry.key
            values[key] = node.excerpt if text else node.excerpt.slice(0, 0)
    return values
