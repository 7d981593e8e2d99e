"""The fields of a file where they are written, and how each is edited without touching the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mjspec.diagnostics import Edit
from mjspec.source import Location, Span
from mjspec.spec.nodes import Mapping, Scalar, Sequence
from mjspec.spec.read import read_yaml
from mjspec.spec.tables import read_csv, read_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.language.settings import Setting
    from mjspec.reading.inputs import Input
    from mjspec.source import Source
    from mjspec.spec.nodes import Entry, Node

__all__ = ["Entries", "read_entries"]

_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=(\r\n|\n|\r|\Z))")
_BLANK_REST = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)")
_GAP = re.compile(r"\s*,\s*")


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a file's mappings.

    Attributes:
        source: The file.
        kind: How it is read: the ending of its name.
        owners: The mapping and the entry for the offset where the key's text begins.
        listed: Where texts begin that stand in a list beside others, as the values of a matrix.
    """

    source: Source
    kind: str
    owners: dict[int, tuple[Mapping, Entry]]
    listed: frozenset[int]

    def valued(self, setting: Setting, text: str) -> tuple[Edit, ...]:
        """The edits that give a field another value; none where it is one of a list."""
        origin = setting.origin
        place = origin.value.verbatim(origin.value_span)
        if place is None or place.source is not self.source or place.span.start in self.listed:
            return ()
        return (Edit(place, text),)

    def removed(self, setting: Setting) -> tuple[Edit, ...]:
        """The edits that unset a field; none where it is no entry with a value of its own."""
        mapping, entry = self.owner(setting) or (None, None)
        if mapping is None or entry is None or not isinstance(entry.value, Scalar):
            return ()
        if self.kind == ".csv":
            return self._edit(*entry.value.excerpt.location.span, "")
        others = [one for one in mapping.entries if one is not entry]
        span = self._whole(mapping, entry) if others else None
        if span is not None:
            return self._edit(*span, "")
        return self._edit(*entry.value.location.span, "null")

    def renamed(
        self, setting: Setting, key: str, value: str | None, before: str
    ) -> tuple[Edit, ...]:
        """The edits that give an entry another key, and a value or a beginning of it.

        Args:
            setting: The field.
            key: Its new name.
            value: Its new value, quotes included; None keeps what is there.
            before: What is put in front of the value that is there.
        """
        mapping, entry = self.owner(setting) or (None, None)
        name = setting.origin.name.verbatim(setting.origin.name_span)
        if mapping is None or entry is None or name is None or self.kind == ".csv":
            return ()
        if not isinstance(entry.value, Scalar) or key in mapping:
            return ()
        edits = [Edit(name, key)]
        if value is not None:
            edits.append(Edit(entry.value.location, value))
        else:
            start = entry.value.excerpt.location.span.start
            edits += self._edit(start, start, before)
        return tuple(edits)

    def lengthened(self, setting: Setting, beside: Setting, text: str) -> tuple[Edit, ...]:
        """The edits that put a text behind a value; none if another field stands elsewhere."""
        one, other = self.owner(setting), self.owner(beside)
        if one is None or other is None or one[0] is not other[0]:
            return ()
        if self.kind == ".csv" or not isinstance(one[1].value, Scalar):
            return ()
        end = one[1].value.excerpt.location.span.end
        return self._edit(end, end, text)

    def joined(self, setting: Setting, key: str, value: str) -> tuple[Edit, ...]:
        """The edits that put another entry behind one; none in tables and lists."""
        mapping, entry = self.owner(setting) or (None, None)
        if mapping is None or entry is None or self.kind == ".csv" or key in mapping:
            return ()
        if not isinstance(entry.value, Scalar):
            return ()
        text, end = self.source.text, entry.value.end
        start = entry.key.start
        if self._flows(mapping):
            quote = '"' if text[start] == '"' else ""
            return self._edit(end, end, f", {quote}{key}{quote}: {value}")
        rest = _REST.match(text, end)
        if rest is None or "\n" in text[start:end]:
            return ()
        column = self.source.position(start).column
        line_end = rest[1] or "\n"
        return self._edit(rest.end(), rest.end(), f"{line_end}{' ' * (column - 1)}{key}: {value}")

    def owner(self, setting: Setting) -> tuple[Mapping, Entry] | None:
        """The mapping and the entry of a field; None where it is written elsewhere."""
        place = setting.origin.name_location
        return self.owners.get(place.span.start) if place.source is self.source else None

    def _whole(self, mapping: Mapping, entry: Entry) -> Span | None:
        """All of an entry, where nothing else would go with it."""
        text, start = self.source.text, entry.key.start
        end = entry.value.location.span.end
        if self._flows(mapping):
            after = _GAP.match(text, end)
            if after:
                return Span(start, after.end())
            comma = text.rfind(",", 0, start)
            return Span(comma, end) if comma >= 0 and text[comma + 1 : start].isspace() else None
        line = start + 1 - self.source.position(start).column
        rest = _BLANK_REST.match(text, end)
        if rest is None or text[line:start].strip(" ") or "\n" in text[start:end]:
            return None
        return Span(line, rest.end())

    def _flows(self, mapping: Mapping) -> bool:
        return self.source.text.startswith("{", mapping.location.span.start)

    def _edit(self, start: int, end: int, text: str) -> tuple[Edit, ...]:
        return (Edit(Location(self.source, Span(start, end)), text),)


def read_entries(source: Input) -> Entries:
    """The entries of a file's mappings; of a file with a prompt a line there are none."""
    owners: dict[int, tuple[Mapping, Entry]] = {}
    listed: set[int] = set()
    for node in _nodes(_roots(source)):
        if isinstance(node, Mapping):
            for entry in node.entries:
                owners[entry.key.excerpt.location.span.start] = (node, entry)
        elif isinstance(node, Sequence) and len(node.items) > 1:
            texts = (item for item in node.items if isinstance(item, Scalar))
            listed |= {item.excerpt.location.span.start for item in texts}
    return Entries(source.source, source.kind, owners, frozenset(listed))


def _roots(source: Input) -> Iterable[Node]:
    if source.lines() is not None:
        return ()
    if source.kind in (".csv", ".jsonl"):
        return (read_csv if source.kind == ".csv" else read_jsonl)(source.source, [])
    return read_yaml(source.source).roots


def _nodes(roots: Iterable[Node]) -> Iterator[Node]:
    """Every mapping and list, without recursion."""
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar):
            continue
        yield node
        waiting += node.items if isinstance(node, Sequence) else [e.value for e in node.entries]
