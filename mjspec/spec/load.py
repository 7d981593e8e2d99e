"""From a spec file to jobs, lazily: documents, jobs, tables and matrices, each in its order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.files import FileError, read_source
from mjspec.job import Job
from mjspec.settings import Layer
from mjspec.source import Location, Span
from mjspec.spec.fields import FIELDS, ambiguity, is_null, plain_value, read_field
from mjspec.spec.inherit import JOB_KEYS, Fields, Inherited, Place, add_variables, inherit, unknown_field
from mjspec.spec.matrix import Matrix
from mjspec.spec.names import matrix_id
from mjspec.spec.nodes import Entry, Mapping, Scalar, Sequence
from mjspec.spec.overlay import Overlay
from mjspec.spec.parts import Faults, Parts, errors_among
from mjspec.spec.read import comment_after, read_yaml
from mjspec.spec.tables import read_csv, read_jsonl
from mjspec.spec.variables import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.settings import JSON, Kind, Setting
    from mjspec.source import Excerpt, Source
    from mjspec.spec.nodes import Node

__all__ = ["Spec"]

Read = tuple["Setting | None", tuple[Diagnostic, ...]]
"""What a field says, and what is wrong with it."""


@dataclass(slots=True)
class Spec:
    """The jobs of one file.

    Attributes:
        source: The file.
        place: Where it stands.
        overlay: What the command line lays over its jobs.
        found: What is wrong with the file and its fields; complete after `jobs` has ended.
    """

    source: Source
    place: Place
    overlay: Overlay = field(default_factory=Overlay)
    found: list[Diagnostic] = field(default_factory=list)
    _settings: dict[tuple[int, Kind], Read] = field(default_factory=dict)
    _kept: list[Entry] = field(default_factory=list)
    _judged: set[int] = field(default_factory=set)

    def yaml_jobs(self) -> Iterator[Job]:
        """The jobs of a YAML file."""
        documents = read_yaml(self.source)
        self.found.extend(documents.diagnostics)
        for root in documents.roots:
            if isinstance(root, Mapping):
                yield from self._document(root)
            elif not is_null(root):
                _fail(rules.WRONG_TYPE, "a spec file needs a mapping of fields", root, self.found)

    def table_jobs(self, kind: str) -> Iterator[Job]:
        """The jobs of a CSV or JSON Lines file that stands for itself."""
        read = read_csv if kind == "csv" else read_jsonl
        scope = Scope(dict(self.overlay.variables), set())
        for row in read(self.source, self.found):
            yield from self._one(Inherited(), Parts(row.entries), scope, row, ())

    def _document(self, root: Mapping) -> Iterator[Job]:
        inherited = inherit(root, self.place, self.found)
        scope = Scope({**inherited.variables, **self.overlay.variables}, set())
        jobs = root.get("jobs")
        faults = Faults(self.found, jobs)
        if jobs is None:
            own = [e for e in root.entries if e.key.text in JOB_KEYS and e.key.text != "vars"]
            if not own and not self._has_prompt(inherited):
                # A house style: it only hands on, so its variables are for others to use.
                return
            job = Mapping(tuple(own), root.location)
            yield from self._job(job, inherited, scope, faults.common)
        elif isinstance(jobs, Sequence):
            for job_node in jobs.items:
                if isinstance(job_node, Mapping):
                    yield from self._job(job_node, inherited, scope, faults.of(job_node))
                else:
                    _fail(rules.WRONG_TYPE, "a job needs a mapping of fields", job_node, self.found)
        elif not is_null(jobs):
            _fail(rules.WRONG_TYPE, "`jobs` needs a list", jobs, self.found)
        self._unused(inherited.names, scope)

    def _job(
        self, node: Mapping, inherited: Inherited, scope: Scope, faults: tuple[Diagnostic, ...]
    ) -> Iterator[Job]:
        """One entry of ``jobs``: a job, a matrix, a table, or a table of matrices."""
        parts = Parts(node.entries)
        before = len(self.found)
        known = FIELDS | JOB_KEYS
        for entry in parts.others:
            unknown_field(entry.key, known, self.found)
        own = Inherited()
        if parts.vars is not None:
            add_variables(parts.vars, own, self.found)
        scope = scope.with_values(own.variables)
        parts.others = []
        faults = (*faults, *errors_among(self.found[before:]))
        for row in self._rows(parts.rows):
            if row is None:
                yield from self._one(inherited, parts, scope, node, faults)
            else:
                yield from self._one(inherited, parts.under(Parts(row.entries)), scope, row, faults)
        self._unused(own.names, scope)

    def _rows(self, node: Node | None) -> Iterator[Mapping | None]:
        """The rows of a table, or one None where there is no table."""
        if node is None or is_null(node):
            yield None
            return
        if not isinstance(node, Scalar):
            _fail(rules.WRONG_TYPE, "`rows` needs the path of a .csv or .jsonl file", node, self.found)
            return
        path = self.place.resolve(node, self.found)
        if path is None:
            return
        try:
            source = read_source(path)
        except FileError as error:
            message = f"`{node.text}` cannot be read: {error}"
            _fail(rules.INVALID_EXTENDS, message, node, self.found)
            return
        read = read_csv if path.suffix.lower() == ".csv" else read_jsonl
        yield from read(source, self.found)

    def _one(
        self,
        inherited: Inherited,
        parts: Parts,
        scope: Scope,
        node: Mapping,
        faults: tuple[Diagnostic, ...],
    ) -> Iterator[Job]:
        """The jobs of one row: one, or those of its matrix."""
        row = {e.key.text: e.value.excerpt for e in parts.others if isinstance(e.value, Scalar)}
        if parts.matrix is None or is_null(parts.matrix):
            made = self._made(inherited, parts, {}, scope.with_values(row), node, row, faults)
            if made is not None:
                yield made
            return
        if not isinstance(parts.matrix, Mapping):
            message = "`matrix` needs a mapping of names and lists"
            _fail(rules.WRONG_TYPE, message, parts.matrix, self.found)
            return
        known = len(self.found)
        matrix = Matrix(parts.matrix, self.found)
        if id(parts.matrix) in self._judged:
            del self.found[known:]
        self._judged.add(id(parts.matrix))
        faults = (*faults, *errors_among(self.found[known:]))
        inner = scope.with_values(row)
        for choice in matrix.combinations():
            values = {
                key: entry.value.excerpt
                for key, entry in choice.items()
                if key not in FIELDS and isinstance(entry.value, Scalar)
            }
            chosen = inner.with_values(values)
            made = self._made(
                inherited, parts, choice, chosen, node, {**row, **values}, faults
            )
            if made is not None:
                yield made
        names = {e.key.text: e.key for e in matrix.keys if e.key.text not in FIELDS}
        self._unused(names, scope)

    def _made(
        self,
        inherited: Inherited,
        parts: Parts,
        choice: Fields,
        scope: Scope,
        node: Mapping,
        variables: dict[str, Excerpt],
        faults: tuple[Diagnostic, ...],
    ) -> Job | None:
        """The job of one combination; None, and a finding, where it has no prompt."""
        found: list[Diagnostic] = []
        scope = replace(scope, found=found)
        defaults, fields = inherited.defaults, inherited.fields
        picked = {key: entry for key, entry in choice.items() if key in FIELDS}
        top = fields[-1] if fields else {}
        own = {**top, **parts.fields, **picked}
        overlay = self.overlay
        stacks: list[tuple[Kind, Fields]] = [
            *(("default", layer) for layer in (*defaults, *overlay.defaults)),
            *(("field", layer) for layer in fields[:-1]),
            ("field", own),
            *(("spec", layer) for layer in overlay.specs),
            ("set", overlay.sets),
        ]
        prompt = next((s["prompt"] for _, s in reversed(stacks) if "prompt" in s), None)
        if prompt is None or is_null(prompt.value):
            self._no_prompt(node)
            return None
        text = self._prompt(prompt, scope)
        if text is None:
            return None
        layers = tuple(self._layer(kind, stack, scope) for kind, stack in stacks if stack)
        shown: dict[str, JSON] = {k: scope.substitute(v).text for k, v in variables.items()}
        shown |= {key: plain_value(scope.node(entry.value)) for key, entry in picked.items()}
        written = self._id(parts.id, scope)
        named = written is not None and parts.id is not None and "${" in parts.id.text
        copies = self._copies(parts.copies, found)
        return Job(
            prompt=text,
            layers=layers,
            origin=node.location,
            id=written if named or written is None else matrix_id(written, choice, scope),
            written=written,
            variables=shown,
            copies=copies,
            folder=self.place.folder,
            faults=(*faults, *found),
        )

    def _prompt(self, entry: Entry, scope: Scope) -> Excerpt | None:
        node = entry.value
        if not isinstance(node, Scalar):
            message = "the prompt needs to be text; put it in quotes, or write it behind `|`"
            _fail(rules.WRONG_TYPE, message, node, self.found)
            return None
        if id(node) not in self._judged:
            self._judged.add(id(node))
            self._kept.append(entry)
            self._cut_off(node)
        return scope.substitute(node.excerpt)

    def _cut_off(self, node: Scalar) -> None:
        """A plain prompt ends at ` #`; a colour behind it is lost."""
        comment = comment_after(node, node.source) if node.source is self.source else None
        if comment is None or comment.text[1:2] in ("", " ", "\t"):
            return
        rule = rules.COMMENT_IN_PROMPT
        message = f"`{comment.text}` is a comment here and no part of the prompt"
        help_text = "put the prompt in quotes, or a space behind `#` if a comment is meant"
        self.found.append(Diagnostic(rule, rule.severity, message, comment, help=help_text))

    def _layer(self, kind: Kind, stack: Fields, scope: Scope) -> Layer:
        values = {}
        for name, entry in stack.items():
            if name == "prompt":
                continue
            setting = self._setting(kind, name, entry, scope)
            if setting is not None:
                values[name] = setting
        return Layer(kind, values)

    def _setting(self, kind: Kind, name: str, entry: Entry, scope: Scope) -> Setting | None:
        """A field's setting; one without variables is read once and remembered."""
        fixed = not _has_variable(entry.value)
        slot = (id(entry.value), kind)
        if fixed and slot in self._settings:
            setting, found = self._settings[slot]
            scope.found.extend(found)
            return setting
        self._kept.append(entry)
        node = entry.value if fixed else scope.node(entry.value)
        if id(entry.value) not in self._judged:
            self._judged.add(id(entry.value))
            if isinstance(entry.value, Scalar) and kind != "set":
                doubt = ambiguity(name, entry.value)
                if doubt is not None and entry.value.source is self.source:
                    self.found.append(doubt)
        faults: list[Diagnostic] = []
        setting = read_field(name, entry.key.excerpt, node, kind, faults)
        scope.found.extend(faults)
        if fixed:
            self._settings[slot] = (setting, tuple(faults))
        return setting

    def _id(self, node: Scalar | None, scope: Scope) -> str | None:
        return scope.substitute(node.excerpt).text.strip() or None if node else None

    def _copies(self, node: Node | None, found: list[Diagnostic]) -> int:
        if node is None or is_null(node):
            return 1
        if isinstance(node, Scalar) and node.text.isdecimal() and 1 <= int(node.text[:9]) <= 10_000:
            return int(node.text)
        _fail(rules.WRONG_TYPE, "`copies` needs a whole number from 1 to 10000", node, found)
        return 1

    def _has_prompt(self, inherited: Inherited) -> bool:
        return any("prompt" in layer for layer in inherited.fields)

    def _no_prompt(self, node: Mapping) -> None:
        rule = rules.EMPTY_PROMPT
        start = node.location.span.start
        end = min(node.location.span.end, self._line_end(node, start))
        place = Location(node.location.source, Span(start, max(start, end)))
        message = "this job has no `prompt`"
        self.found.append(Diagnostic(rule, rule.severity, message, place))

    def _line_end(self, node: Mapping, start: int) -> int:
        text = node.location.source.text
        end = text.find("\n", start)
        return end if end >= 0 else len(text)

    def _unused(self, names: dict[str, Scalar], scope: Scope) -> None:
        for name, key in names.items():
            if name in scope.used or id(key) in self._judged or key.source is not self.source:
                continue
            self._judged.add(id(key))
            rule = rules.UNUSED_VARIABLE
            message = f"the variable `{name}` is never used; `${{{name}}}` would use it"
            self.found.append(Diagnostic(rule, rule.severity, message, key.location))


def _has_variable(node: Node) -> bool:
    if isinstance(node, Scalar):
        return "${" in node.text
    items: Iterable[Node] = (
        node.items if isinstance(node, Sequence) else (entry.value for entry in node.entries)
    )
    return any(_has_variable(item) for item in items)


def _fail(rule: rules.Rule, message: str, node: Node, found: list[Diagnostic]) -> None:
    found.append(Diagnostic(rule, rule.severity, message, node.location))
