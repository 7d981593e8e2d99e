"""Tables: CSV and JSON Lines, each row a mapping whose values know their places.

The standard library's readers give values without places, so cells are found here by pattern; JSON
itself is judged by `json`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Diagnostic
from mjspec.source import Excerpt, Location, Piece, Span
from mjspec.spec.nodes import Entry, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.source import Source
    from mjspec.spec.nodes import Node

_new = tuple.__new__

__all__ = [
    "TABLES",
    "column_names",
    "csv_end",
    "csv_header",
    "csv_rows",
    "named_prompt",
    "read_csv",
    "read_jsonl",
]

_CELL = re.compile(
    r'(?:"(?P<quoted>[^"]*(?:""[^"]*)*)"|(?P<bare>(?!")[^,\r\n]*))'
    r"(?P<end>,|\r\n|\n|\r|\Z|(?P<junk>.))"
)
_BYTES_CELL = re.compile(_CELL.pattern.encode())
_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s\[\]{},:"]+')
_JSON_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)


def read_csv(
    source: Source, found: list[Diagnostic], header: tuple[Scalar, ...] | None = None
) -> Iterator[Mapping]:
    """Each row under the header line; an empty cell is left out.

    Args:
        source: The table.
        found: Where findings go.
        header: The names of the columns, if this is a later part of a table.
    """
    rows = csv_rows(source, found)
    names = _names(rows) if header is None else header
    repeated = _named_twice(names)
    if repeated:
        found += repeated if header is None else ()
        return
    for row in rows:
        if len(row) == 1 and _is_blank(row[0].text):
            continue
        if len(row) > len(names):
            message = f"this row has {len(row)} cells; the header names {len(names)}"
            place = row[len(names)].location
            found.append(_invalid(rules.INVALID_ROW, message, place))
            continue
        entries = [
            _new(Entry, named)
            for named in zip(names, row, strict=False)
            if not _is_blank(named[1].text)
        ]
        yield Mapping(tuple(entries), Location(source, Span(row[0].start, row[-1].end)))


def csv_header(source: Source) -> tuple[Scalar, ...]:
    """The names of the columns of a CSV file."""
    return _names(csv_rows(source, []))


def _names(rows: Iterator[list[Scalar]]) -> tuple[Scalar, ...]:
    return tuple(Scalar.of(_stripped(cell.excerpt)) for cell in next(rows, ()))


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


def _named_twice(names: tuple[Scalar, ...]) -> list[Diagnostic]:
    """The errors about columns of one name, where nothing says which of the cells counts."""
    known: set[str] = set()
    found = []
    for name in names:
        if name.text and name.text in known:
            message = f"the column `{name.text}` stands twice in the header"
            found.append(_invalid(rules.DUPLICATE_KEY, message, name.location))
        known.add(name.text)
    return found


def column_names(source: Source, kind: str) -> list[str]:
    """The columns of a table: its header, or the keys of its first line.

    Args:
        source: The table.
        kind: ``.csv`` or ``.jsonl``.
    """
    if kind == ".csv":
        return [name.text for name in csv_header(source)]
    first = next(read_jsonl(source, []), None)
    return [entry.key.text for entry in first.entries] if first else []


def named_prompt(rows: Iterator[Mapping], column: str) -> Iterator[Mapping]:
    """Rows whose prompt stands in another column; a column ``prompt`` beside it is not read."""
    if column == "prompt":
        yield from rows
        return
    for row in rows:
        entries = [
            Entry(key._replace(text="prompt"), value) if key.text == column else Entry(key, value)
            for key, value in row.entries
            if key.text != "prompt"
        ]
        yield Mapping(tuple(entries), row.location)


def csv_rows(source: Source, found: list[Diagnostic]) -> Iterator[list[Scalar]]:
    """The cells of each row, the header's among them, as the scalars that they would be in YAML."""
    text = source.text
    at = _start(source)
    row: list[Scalar] = []
    cell = _CELL.match
    while at < len(text) or row:
        match = cell(text, at)
        if match is None or match["junk"]:
            line = text.find("\n", at)
            end = line if line >= 0 else len(text)
            message = "this cell has a quote in the wrong place; quotes inside quotes are doubled"
            found.append(_invalid(rules.INVALID_ROW, message, Location(source, Span(at, end))))
            row, at = [], end + 1
            continue
        row.append(_cell(source, match))
        at = match.end()
        if match["end"] != ",":
            yield row
            row = []


def csv_end(data: bytes) -> int:
    """Where the last row ends that is surely whole in the beginning of a table; 0 if none is."""
    at = end = 0
    while at < len(data):
        match = _BYTES_CELL.match(data, at)
        if match is None or match["junk"] == b'"':
            # A quote is open, and may be closed by what follows.
            break
        if match["junk"]:
            at = end = data.find(b"\n", at) + 1
            if not end:
                break
            continue
        at = match.end()
        if match["end"] != b"," and at < len(data):
            end = at
    return end


def _cell(source: Source, match: re.Match[str]) -> Scalar:
    start, end = match.span("bare")
    if start < 0:
        start, end = match.span("quoted")
        if '""' in match["quoted"]:
            return Scalar.of(_with_quotes(source, start, end))
    return _new(Scalar, (source.text[start:end], "plain", None, source, start, end, None))


def _with_quotes(source: Source, start: int, end: int) -> Excerpt:
    """The text of a cell in which quotes stand, each of them doubled."""
    parts = []
    at = start
    for double in re.finditer('""', source.text[start:end]):
        quote = start + double.start()
        # One unit, so that no edit takes half of it.
        parts += [source.excerpt(at, quote), Excerpt('"', (Piece(0, 1, source, quote, 2),))]
        at = quote + 2
    parts.append(source.excerpt(at, end))
    return Excerpt.join([part for part in parts if part.text] or parts)


def _stripped(cell: Excerpt) -> Excerpt:
    text = cell.text
    start = len(text) - len(text.lstrip())
    return cell.slice(start, max(start, len(text.rstrip())))


def _start(source: Source) -> int:
    """Where a table begins, behind its byte order mark."""
    return 1 if source.first_line == 1 and source.text.startswith("\ufeff") else 0


def read_jsonl(source: Source, found: list[Diagnostic], header: object = None) -> Iterator[Mapping]:  # noqa: ARG001
    """Each line that holds a JSON object; there is no header."""
    start = _start(source)
    for line in source.text[start:].split("\n"):
        if line.strip():
            mapping = _json_line(source, line, start, found)
            if mapping is not None:
                yield mapping
        start += len(line) + 1


def _json_line(source: Source, line: str, start: int, found: list[Diagnostic]) -> Mapping | None:
    try:
        value = _decode(line)
        if "\\u" in line and "\\ud" in line.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        place = Location(source, Span(start, start + len(line.rstrip())))
        message = "this line holds half a surrogate pair, which is no character"
        found.append(_invalid(rules.INVALID_JSON, message, place))
        return None
    except (ValueError, RecursionError) as error:
        at = start + min(getattr(error, "pos", 0), max(len(line) - 1, 0))
        text = getattr(error, "msg", "it is nested too deeply")
        message = f"this line is no JSON: {text[:1].lower()}{text[1:]}"
        place = Location(source, Span(at, min(at + 1, start + len(line))))
        found.append(_invalid(rules.INVALID_JSON, message, place))
        return None
    if not isinstance(value, dict):
        place = Location(source, Span(start, start + len(line.rstrip())))
        message = 'this line holds no JSON object; write `{"prompt": "..."}`'
        found.append(_invalid(rules.INVALID_JSON, message, place))
        return None
    node = _nodes(source, line, start, found)
    return node if isinstance(node, Mapping) else None


def _nodes(source: Source, line: str, start: int, found: list[Diagnostic]) -> Node | None:
    """The nodes of a line that is known to be JSON, with a stack instead of recursion."""
    stack: list[tuple[str, int, list[Node]]] = [("root", start, [])]
    for match in _JSON_TOKEN.finditer(line):
        word, at = match[0], start + match.start()
        if word in "{[":
            stack.append((word, at, []))
        elif word in "}]":
            kind, begin, items = stack.pop()
            place = Location(source, Span(begin, at + 1))
            stack[-1][2].append(_closed(kind, items, place, found))
        elif word not in ",:":
            stack[-1][2].append(_json_scalar(source, word, at))
    return stack[0][2][0] if stack[0][2] else None


def _closed(kind: str, items: list[Node], place: Location, found: list[Diagnostic]) -> Node:
    if kind == "[":
        return Sequence(tuple(items), place)
    entries: dict[str, Entry] = {}
    for key, value in zip(items[::2], items[1::2], strict=False):
        if not isinstance(key, Scalar):
            continue
        if key.text in entries:
            message = f"`{key.text}` stands twice in one object"
            found.append(_invalid(rules.DUPLICATE_KEY, message, key.location))
        else:
            entries[key.text] = _new(Entry, (key, value))
    return Mapping(tuple(entries.values()), place)


def _json_scalar(source: Source, token: str, at: int) -> Scalar:
    end = at + len(token)
    if not token.startswith('"'):
        return _new(Scalar, (token, "plain", None, source, at, end, None))
    if "\\" not in token:
        return _new(Scalar, (token[1:-1], "double", None, source, at, end, None))
    text = ""
    pieces: list[Piece] = []
    inside = 1
    for match in _JSON_ESCAPE.finditer(token, 1, len(token) - 1):
        plain = token[inside : match.start()]
        if plain:
            pieces.append(Piece(len(text), len(plain), source, at + inside, len(plain)))
            text += plain
        escaped = json.loads(f'"{match[0]}"')
        pieces.append(Piece(len(text), len(escaped), source, at + match.start(), len(match[0])))
        text += escaped
        inside = match.end()
    plain = token[inside:-1]
    if plain or not pieces:
        pieces.append(Piece(len(text), len(plain), source, at + inside, len(plain)))
    return Scalar(text + plain, "double", None, source, at, end, tuple(pieces))


def _invalid(rule: rules.Rule, message: str, place: Location) -> Diagnostic:
    return Diagnostic(rule, rule.severity, message, place)


# Numbers are judged by their fields; Python refuses to convert very long ones. `json.loads` would make
# a decoder for each of many lines.
_decode = json.JSONDecoder(parse_int=len).decode

TABLES = {".csv": read_csv, ".jsonl": read_jsonl}
"""How the rows of a file are read, by its ending."""
