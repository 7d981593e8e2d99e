"""The entries of a mapping: keys that are texts, each once, and what ``<<`` merges in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from mjspec.diagnostics import Diagnostic, Note
from mjspec.rules import DUPLICATE_KEY, INVALID_YAML
from mjspec.spec.nodes import Entry, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.source import Location
    from mjspec.spec.nodes import Node

__all__ = ["invalid", "mapping_entries", "shortened"]

_LONGEST_QUOTE = 40

# As `Entry._make`, without a call in Python for each of many.
_entry = cast("Callable[[tuple[Scalar, Node]], Entry]", partial(tuple.__new__, Entry))


def mapping_entries(nodes: list[Node], diagnostics: list[Diagnostic]) -> tuple[Entry, ...]:
    """Entries from keys and values in turn; of equal keys the first is kept and each is reported.

    What an explicit key overrides in a merged mapping is no duplicate.
    """
    values = nodes[1::2]
    keys = [key for key in nodes[::2] if isinstance(key, Scalar)]
    names = {key.text for key in keys}
    if len(names) == len(values) and "<<" not in names:
        return tuple(map(_entry, zip(keys, values, strict=True)))
    entries: dict[str, Entry] = {}
    merge: Entry | None = None
    for key, value in zip(nodes[::2], values, strict=True):
        if not isinstance(key, Scalar):
            diagnostics.append(_no_key(key))
            continue
        name = key.text
        first = entries.get(name)
        if name == "<<" and key.style == "plain":
            first = merge
            merge = merge or Entry(key, value)
        elif first is None:
            entries[name] = Entry(key, value)
        if first:
            diagnostics.append(_duplicate(first.key, key))
    if merge:
        entries = _merged(merge, diagnostics) | entries
    return tuple(entries.values())


def invalid(message: str, location: Location, help_: str | None = None) -> Diagnostic:
    """The finding that something is no YAML for us."""
    rule = INVALID_YAML
    return Diagnostic(
        rule=rule, severity=rule.severity, message=message, location=location, help=help_
    )


def shortened(text: str) -> str:
    """A text in one line, short enough to be quoted in a message."""
    line = " ".join(text[: _LONGEST_QUOTE * 4].split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"


def _merged(merge: Entry, diagnostics: list[Diagnostic]) -> dict[str, Entry]:
    """What stands behind ``<<``; of several mappings the first that has a key gives it."""
    value = merge.value
    merged: dict[str, Entry] = {}
    for item in value.items if isinstance(value, Sequence) else (value,):
        if not isinstance(item, Mapping):
            diagnostics.append(
                invalid(
                    "`<<` merges mappings, and this is none",
                    item.location,
                    'write `<<: *name` or `<<: [*one, *other]`, or quote the key: `"<<"`',
                )
            )
            continue
        for entry in item.entries:
            merged.setdefault(entry.key.text, entry)
    return merged


def _no_key(node: Node) -> Diagnostic:
    kind = "a mapping" if isinstance(node, Mapping) else "a list"
    written = shortened(node.location.text)
    return invalid(
        f"`{written}` is {kind} and cannot be a key",
        node.location,
        "quote the value if the brackets are text; a variable is written `${name}`",
    )


def _duplicate(first: Scalar, second: Scalar) -> Diagnostic:
    name = shortened(second.text)
    help_ = "keep one of the two"
    if name == "<<":
        help_ = "merge several mappings with one key: `<<: [*one, *other]`"
    return Diagnostic(
        rule=DUPLICATE_KEY,
        severity=DUPLICATE_KEY.severity,
        message=f"the key `{name}` stands twice in this mapping",
        location=second.location,
        notes=(Note("it is first written here", first.location),),
        help=help_,
    )
