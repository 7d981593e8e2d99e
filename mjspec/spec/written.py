"""The prompts of a file as they are written, before anything is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Severity
from mjspec.spec.nodes import Mapping, Scalar, Sequence
from mjspec.spec.read import read_yaml
from mjspec.spec.tables import read_csv, read_jsonl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from mjspec.diagnostics import Diagnostic
    from mjspec.source import Source
    from mjspec.spec.nodes import Entry, Node

__all__ = ["Written", "table_prompts", "yaml_prompts"]

_SYNTAX = (rules.INVALID_YAML, rules.INVALID_JSON, rules.INVALID_ROW)


@dataclass(frozen=True, slots=True)
class Written:
    """What may be edited in a file, and what must stay.

    Attributes:
        prompts: The prompts, in the order of the file.
        others: Every other text in it.
        faults: What is wrong with its syntax; a file that has any is not edited.
        flowing: Where prompts begin that stand in brackets, and so end at a comma.
    """

    prompts: tuple[Scalar, ...]
    others: tuple[str, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    flowing: frozenset[int] = frozenset()


def yaml_prompts(source: Source) -> Written:
    """The values of ``prompt`` in a document, its defaults and its jobs.

    A text that is a variable or the value of a matrix too, by an alias, is none of them.
    """
    documents = read_yaml(source)
    prompts: dict[int, Scalar] = {}
    others: dict[int, Scalar] = {}
    flowing: set[int] = set()
    for root in documents.roots:
        own: set[int] = set()
        for entry, prompt, flow in _own(root):
            own.add(id(entry))
            prompts[prompt.start] = prompt
            flowing |= {prompt.start} if flow else set()
        others |= {node.start: node for node in _scalars(root, own)}
    return Written(
        tuple(node for start, node in sorted(prompts.items()) if start not in others),
        tuple(node.text for _, node in sorted(others.items())),
        _syntax(documents.diagnostics),
        frozenset(flowing),
    )


def table_prompts(source: Source, kind: str) -> Written:
    """The cells of the column ``prompt``; ``kind`` is the ending of the file's name."""
    found: list[Diagnostic] = []
    prompts: list[Scalar] = []
    others: list[str] = []
    for row in (read_csv if kind == ".csv" else read_jsonl)(source, found):
        own = row.entry("prompt")
        if own is not None and isinstance(own.value, Scalar):
            prompts.append(own.value)
        others += [node.text for node in _scalars(row, {id(own)})]
    return Written(tuple(prompts), tuple(others), _syntax(found))


def _own(root: Node) -> Iterator[tuple[Entry, Scalar, bool]]:
    """The entries of a document that are prompts, and whether they stand in brackets."""
    if not isinstance(root, Mapping):
        return
    jobs = root.get("jobs")
    items = jobs.items if isinstance(jobs, Sequence) else ()
    outer = _bracketed(root) or (isinstance(jobs, Sequence) and _bracketed(jobs))
    for node in (root, root.get("defaults"), *items):
        entry = node.entry("prompt") if isinstance(node, Mapping) else None
        if entry is not None and isinstance(entry.value, Scalar):
            yield entry, entry.value, outer or (isinstance(node, Mapping) and _bracketed(node))


def _bracketed(node: Mapping | Sequence) -> bool:
    start = node.location.span.start
    return node.location.source.text[start : start + 1] in ("{", "[")


def _scalars(root: Node, own: Collection[int]) -> Iterator[Scalar]:
    """Every text in a node but the values of some entries."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            yield node
        elif isinstance(node, Sequence):
            waiting += reversed(node.items)
        else:
            for entry in reversed(node.entries):
                waiting += [entry.key] if id(entry) in own else [entry.value, entry.key]


def _syntax(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(d for d in found if d.rule in _SYNTAX and d.severity is Severity.ERROR)
