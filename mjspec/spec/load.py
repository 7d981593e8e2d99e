"""From a spec file to jobs, lazily: documents, jobs, tables and matrices, each in its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.files import FileError, read_source
from mjspec.spec.assemble import Assembler, Draft, choice_variables
from mjspec.spec.columns import Columns, Portion
from mjspec.spec.doubts import doubts, stray_anchor
from mjspec.spec.fields import FIELDS, is_null
from mjspec.spec.inherit import (
    JOB_KEYS,
    Inherited,
    add_variables,
    inherit,
    named_file,
    unknown_field,
)
from mjspec.spec.layers import Layers
from mjspec.spec.matrix import Matrix
from mjspec.spec.nodes import Mapping, Scalar, Sequence
from mjspec.spec.overlay import Overlay
from mjspec.spec.parts import Faults, Parts, errors_among, errors_in
from mjspec.spec.read import read_yaml
from mjspec.spec.variables import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.jobs.job import Job
    from mjspec.reading.place import Place
    from mjspec.source import Excerpt, Source
    from mjspec.spec.nodes import Entry, Node

__all__ = ["Spec"]


@dataclass(slots=True)
class Spec:
    """The jobs of one file.

    Attributes:
        source: The file.
        place: Where it stands.
        overlay: What the command line lays over its jobs.
        found: What is wrong with the file and its fields; complete after `jobs` has ended.
        most: How many jobs there may be; a matrix that alone has more is not expanded.
        column: The column of a table that holds the prompts.
        portion: Which part of a table this is.
    """

    source: Source
    place: Place
    overlay: Overlay = field(default_factory=Overlay)
    found: list[Diagnostic] = field(default_factory=list)
    most: int | None = None
    column: str = "prompt"
    portion: Portion = field(default_factory=Portion)
    _make: Assembler = field(init=False)
    _matrices: dict[int, tuple[Node, Matrix | None]] = field(default_factory=dict)
    _unused_keys: dict[int, Scalar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        layers = Layers(self.source, self.place.folder)
        self._make = Assembler(self.place, self.overlay, layers, self.found)

    def yaml_jobs(self) -> Iterator[Job]:
        """The jobs of a YAML file."""
        documents = read_yaml(self.source)
        self.found.extend(documents.diagnostics)
        self.found.extend(map(stray_anchor, documents.stray_anchors))
        for root in documents.roots:
            if isinstance(root, Mapping):
                self.found.extend(doubts(root))
                yield from self._document(root, _within(root, documents.diagnostics))
            elif not is_null(root):
                _fail(rules.WRONG_TYPE, "a spec file needs a mapping of fields", root, self.found)

    def table_jobs(self, kind: str) -> Iterator[Job]:
        """The jobs of a CSV or JSON Lines file that stands for itself."""
        from mjspec.spec.tables import TABLES, named_prompt

        portion, columns = self.portion, self.portion.columns
        scope = Scope(dict(self.overlay.variables), columns.used)
        rows = TABLES[f".{kind}"](self.source, self.found, portion.header)
        draft = Draft(node=Mapping((), self.source.excerpt().location), inherited=Inherited())
        yield from self._rows_jobs(named_prompt(rows, self.column), draft, scope, columns)
        if portion.last:
            self.found.extend(columns.unused(columns.used))

    def _document(self, root: Mapping, broken: list[Diagnostic]) -> Iterator[Job]:
        before = len(self.found)
        inherited = inherit(root, self.place, self.found)
        scope = Scope({**inherited.variables, **self.overlay.variables}, set())
        jobs = root.get("jobs")
        self._make.lost = False
        if jobs is None or is_null(jobs):
            job = _own_job(root)
            if not job.entries and not any("prompt" in fields for fields in inherited.fields):
                # A house style has no job; its variables are for others to use.
                return
            errors = errors_among([*broken, *self.found[before:]])
            yield from self._job(job, inherited, scope, errors)
        elif isinstance(jobs, Sequence):
            _stray(root, self.found)
            faults = Faults([*broken, *self.found[before:]], jobs)
            for node in jobs.items:
                if isinstance(node, Mapping):
                    yield from self._job(node, inherited, scope, faults.of(node))
                else:
                    _fail(rules.WRONG_TYPE, "a job needs a mapping of fields", node, self.found)
        else:
            _fail(rules.WRONG_TYPE, "`jobs` needs a list", jobs, self.found)
            self._make.lost = True
        self._unused(inherited.names, scope)

    def _job(
        self, node: Mapping, inherited: Inherited, scope: Scope, faults: tuple[Diagnostic, ...]
    ) -> Iterator[Job]:
        """One entry of ``jobs``: a job, a matrix, a table, or a table of matrices."""
        parts = Parts(node.entries)
        before = len(self.found)
        for entry in parts.others:
            if entry.key.text == "id":
                _fail(rules.WRONG_TYPE, "`id` needs one text", entry.value, self.found)
            else:
                unknown_field(entry.key, FIELDS | JOB_KEYS, self.found)
        own = Inherited()
        if parts.vars is not None:
            add_variables(parts.vars, own, self.found)
            scope = scope.with_values(own.variables)
        faults = (*faults, *errors_among(self.found[before:]))
        draft = Draft(node=node, inherited=inherited, parts=parts, faults=faults)
        if parts.rows is None or is_null(parts.rows):
            yield from self._jobs_of(draft, scope)
        else:
            columns = Columns()
            yield from self._rows_jobs(self._rows(parts.rows), draft, scope, columns)
            self.found.extend(columns.unused(scope.used))
        self._unused(own.names, scope)

    def _rows_jobs(
        self, rows: Iterable[Mapping], draft: Draft, scope: Scope, columns: Columns
    ) -> Iterator[Job]:
        """The jobs of the rows of a table, each over what the draft says."""
        header: frozenset[str] = frozenset()
        for row in rows:
            if not header and row.entries and row.entries[0].key.style == "plain":
                # Cells that are empty are left out; what they are called stands in the header.
                header = _header_of(row)
            entries = Parts(row.entries, row=True)
            columns.add(entries.others)
            variables = _row_variables(entries.others)
            faults = (*draft.faults, *errors_in(row, self.found))
            one = Draft(row, draft.inherited, draft.parts, entries, variables, faults)
            names = header or [entry.key.text for entry in entries.others]
            yield from self._jobs_of(one, scope.of_row(variables, names, row.location))

    def _rows(self, node: Node) -> Iterator[Mapping]:
        """The rows of the table that a job names."""
        from mjspec.spec.tables import TABLES

        if not isinstance(node, Scalar):
            message = "`rows` needs the path of a .csv or .jsonl file"
            _fail(rules.WRONG_TYPE, message, node, self.found)
            return
        path = named_file(self.place, node, self.found)
        if path is None:
            return
        read = TABLES.get(path.suffix.lower())
        if read is None:
            message = f"`{node.text}` is no table; `rows` takes the path of a .csv or .jsonl file"
            _fail(rules.INVALID_EXTENDS, message, node, self.found)
            return
        try:
            source = read_source(path)
        except FileError as error:
            message = f"`{node.text}` cannot be read: {error}"
            _fail(rules.INVALID_EXTENDS, message, node, self.found)
            return
        yield from read(source, self.found)

    def _jobs_of(self, draft: Draft, scope: Scope) -> Iterator[Job]:
        """The jobs of a draft: one, or those of its matrix."""
        node = draft.parts.matrix
        if node is None or is_null(node):
            made = self._make.job(draft, {}, scope)
            if made is not None:
                yield made
            return
        matrix = self._matrix(node)
        if matrix is None:
            return
        if matrix.faults:
            draft = draft._replace(faults=(*draft.faults, *matrix.faults))
        for choice in matrix.combinations():
            made = self._make.job(draft, choice, scope.with_values(choice_variables(choice)))
            if made is not None:
                yield made
        self._unused(matrix.variables, scope)

    def _matrix(self, node: Node) -> Matrix | None:
        """The matrix of a job, read once for all rows; None where it cannot be expanded."""
        if id(node) in self._matrices:
            return self._matrices[id(node)][1]
        matrix = None
        if isinstance(node, Mapping):
            matrix = Matrix(node, self.found)
            problem = matrix.too_large(self.most)
            if problem is not None:
                self.found.append(problem)
                self._make.lost, matrix = True, None
        else:
            message = "`matrix` needs a mapping of names and lists"
            _fail(rules.WRONG_TYPE, message, node, self.found)
        self._matrices[id(node)] = (node, matrix)
        return matrix

    def _unused(self, names: dict[str, Scalar], scope: Scope) -> None:
        """Variables of this file that no job uses; nothing is known if a job could not be made."""
        for name, key in names.items():
            if name in scope.used or key.source is not self.source or self._make.lost:
                continue
            if self._unused_keys.setdefault(id(key), key) is not key:
                continue
            rule = rules.UNUSED_VARIABLE
            message = f"the variable `{name}` is never used; `${{{name}}}` would use it"
            self.found.append(Diagnostic(rule, rule.severity, message, key.location))


def _header_of(row: Mapping) -> frozenset[str]:
    """The columns of the CSV file that a row is of."""
    from mjspec.spec.tables import csv_header

    source = row.entries[0].key.location.source
    return frozenset(name.text for name in csv_header(source))


def _row_variables(entries: Iterable[Entry]) -> dict[str, Excerpt]:
    """The variables of a row; null leaves one unset, as an empty cell does.

    Cells of CSV have no types, so that `null` is a word there; keys of JSON stand in quotes.
    """
    return {
        entry.key.text: entry.value.excerpt
        for entry in entries
        if isinstance(entry.value, Scalar)
        and not (entry.key.style == "double" and is_null(entry.value))
    }


def _own_job(root: Mapping) -> Mapping:
    """What a document without ``jobs`` says of its one job besides its fields."""
    own = [e for e in root.entries if e.key.text in JOB_KEYS and e.key.text != "vars"]
    return Mapping(tuple(own), root.location)


def _within(root: Mapping, found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings of the YAML reader that lie in a document."""
    span = root.location.span
    return [d for d in found if span.start <= d.location.span.start <= span.end]


def _stray(root: Mapping, found: list[Diagnostic]) -> None:
    """Keys of a job that stand beside ``jobs`` say nothing."""
    for entry in _own_job(root).entries:
        message = f"`{entry.key.text}` belongs to one job; write it into an entry of `jobs`"
        _fail(rules.UNKNOWN_FIELD, message, entry.key, found)


def _fail(rule: rules.Rule, message: str, node: Node, found: list[Diagnostic]) -> None:
    found.append(Diagnostic(rule, rule.severity, message, node.location))
