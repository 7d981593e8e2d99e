"""Sources on the command line: which files there are, and the jobs in each of them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.diagnostics import Diagnostic, MjspecError
from mjspec.files import decode, read_source, read_stream
from mjspec.jobs.job import Job
from mjspec.reading.fences import blocks
from mjspec.reading.place import Place
from mjspec.source import Excerpt, Piece, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.language.settings import Layer
    from mjspec.reading.stretch import Stretch
    from mjspec.spec.columns import Portion
    from mjspec.spec.overlay import Overlay

__all__ = [
    "LINES",
    "ROWS",
    "SUFFIXES",
    "Input",
    "UsageError",
    "open_input",
    "open_parts",
    "open_prompt",
    "open_rows",
]

LINES = frozenset({".mj", ".txt"})
"""Endings of files with a prompt in each line."""
_YAML = frozenset({".yaml", ".yml"})
_TABLES = frozenset({".csv", ".jsonl"})
SUFFIXES = LINES | _YAML | _TABLES | {".md"}
"""Endings of the files that hold prompts."""
ROWS = ".parquet"
"""The ending of files whose rows are read, never written; folders do not give them."""

_AT_ONCE = 1 << 16
"""About how many characters are cut into lines at once."""


class UsageError(MjspecError):
    """A path or an option that cannot be used; exit code 2."""


@dataclass(slots=True)
class Input:
    """One source of jobs.

    Attributes:
        source: Its text.
        kind: How it is read: the ending of its name.
        place: Where it stands.
        overlay: What the command line lays over its jobs.
        keep_permutations: Whether braces are left to Midjourney.
        most_jobs: How many jobs there may be; None where that is not looked at.
        column: The column of a table that holds the prompts.
        portion: Which part of a table this is; None for all of it.
        stretch: Where the text stands in its file, if other processes can read it there.
        found: What is wrong with the file itself; complete after `jobs` has ended.
    """

    source: Source
    kind: str
    place: Place
    overlay: Overlay | None = None
    keep_permutations: bool = False
    most_jobs: int | None = None
    column: str = "prompt"
    portion: Portion | None = None
    stretch: Stretch | None = None
    found: list[Diagnostic] = field(default_factory=list)

    def jobs(self) -> Iterator[Job]:
        """The jobs as written, permutations unexpanded, in their order."""
        jobs = self._read()
        if self.keep_permutations:
            return (replace(job, keep_permutations=True) for job in jobs)
        return jobs

    def lines(self) -> Iterator[tuple[int, str]] | None:
        """The offset and the text of each prompt, where every line is one; None for other kinds."""
        if self.kind in LINES:
            return _lines(self.source)
        if self.kind == ROWS:
            return _rows(self.source)
        return _blocks(self.source) if self.kind == ".md" else None

    def line_jobs(self, lines: Iterable[tuple[int, str]]) -> Iterator[Job]:
        """The jobs of lines; they have no fields of their own."""
        layers, faults = self._layers()
        for start, line in lines:
            text = Excerpt(line, (Piece(0, len(line), self.source, start, len(line)),))
            yield Job(
                prompt=self._replaced(text),
                layers=layers,
                origin=text.location,
                folder=self.place.folder,
                faults=faults,
                keep_permutations=self.keep_permutations,
            )

    def _read(self) -> Iterator[Job]:
        lines = self.lines()
        if lines is not None:
            return self.line_jobs(lines)
        from mjspec.spec.load import Spec
        from mjspec.spec.overlay import Overlay

        spec = Spec(self.source, self.place, self.overlay or Overlay(), self.found, self.most_jobs)
        spec.column = self.column
        spec.portion = self.portion or spec.portion
        return spec.yaml_jobs() if self.kind in _YAML else spec.table_jobs(self.kind[1:])

    def _layers(self) -> tuple[tuple[Layer, ...], tuple[Diagnostic, ...]]:
        if self.overlay is None:
            return (), ()
        from mjspec.spec.overlay import overlay_layers

        return overlay_layers(self.overlay, self.source, self.place.folder)

    def _replaced(self, text: Excerpt) -> Excerpt:
        if self.overlay is None:
            return text
        from mjspec.spec.overlay import overlay_prompt

        return overlay_prompt(self.overlay, text)


def _lines(source: Source, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    """Each line that is a prompt: neither blank nor a comment (`#` and a space, or `#` alone)."""
    text = source.text
    begin = start + (1 if start == 0 and source.first_line == 1 and text[:1] == "\ufeff" else 0)
    for at, line in _written_lines(text, begin, len(text) if end is None else end):
        if not ("#" in line and is_comment(line)):
            yield at, line


def _rows(source: Source) -> Iterator[tuple[int, str]]:
    """Each line that is not blank: rows of a table have no comments."""
    return _written_lines(source.text, 0, len(source.text))


def _written_lines(text: str, at: int, end: int) -> Iterator[tuple[int, str]]:
    """Offset and text of each line of a range that is not blank."""
    while at < end:
        # All lines at once would take the room of the whole text once more.
        cut = text.find("\n", at + _AT_ONCE, end)
        for line in text[at : end if cut < 0 else cut].split("\n"):
            if "\r" in line:
                for part in line.split("\r"):
                    if part and not part.isspace():
                        yield at, part
                    at += len(part) + 1
                continue
            if line and not line.isspace():
                yield at, line
            at += len(line) + 1


def is_comment(line: str) -> bool:
    """Whether a line of prompts is a comment; ``#FF0000 dress`` is a prompt."""
    text = line.lstrip()
    return text.startswith("#") and (len(text) == 1 or text[1].isspace())


def _blocks(source: Source) -> Iterator[tuple[int, str]]:
    """The prompts in the fenced blocks ``mj`` and ``midjourney`` of a Markdown file."""
    for block in blocks(source.text):
        if block.prompts:
            yield from _lines(source, block.start, block.end)


def open_prompt(text: str, number: int, overlay: Overlay | None, folder: Path) -> Input:
    """A prompt given on the command line; it is one prompt, whatever lines it has."""
    name = "--prompt" if number == 0 else f"--prompt {number + 1}"
    return _Inline(Source(name, text), "prompt", Place(folder, folder), overlay)


class _Inline(Input):
    """Text that is one prompt as a whole."""

    __slots__ = ()

    def lines(self) -> Iterator[tuple[int, str]]:
        return iter([(0, self.source.text)])


def open_input(
    path: str,
    overlay: Overlay | None,
    *,
    outside: bool = False,
    stdin_name: str | None = None,
    column: str = "prompt",
) -> Input:
    """A file, or standard input for ``-``.

    Raises:
        FileError: It cannot be read.
        UsageError: Its ending says nothing about what it holds, or it has no such column.
    """
    kind, place = _place(path, outside=outside, stdin_name=stdin_name)
    if path == "-":
        name = stdin_name or "-"
        data = b"".join(read_stream(sys.stdin.buffer, name))
        source = Source(name, decode(data, name))
    else:
        source = read_source(Path(path), path)
    if column != "prompt" and kind in _TABLES:
        _check_column(source, kind, column)
    return Input(source, kind, place, overlay, column=column)


def _check_column(source: Source, kind: str, column: str) -> None:
    from mjspec.spec.tables import column_names

    names = column_names(source, kind)
    if column not in names:
        known = ", ".join(names) or "none at all"
        raise UsageError(f"{source.name}: there is no column `{column}`; there are {known}")


def open_parts(
    path: str,
    overlay: Overlay | None,
    *,
    outside: bool = False,
    stdin_name: str | None = None,
    column: str = "prompt",
    sharers: int = 1,
) -> Iterator[Input]:
    """The same, lines and tables in parts, so that they may be of any length.

    Raises:
        FileError: It cannot be read.
        UsageError: Its ending says nothing about what it holds, or it has no such column.
    """
    kind, place = _place(path, outside=outside, stdin_name=stdin_name)
    shown = stdin_name or path if path == "-" else path
    if kind in LINES:
        from mjspec.reading.parts import read_parts

        for source, _, stretch in read_parts(path, shown, sharers):
            yield Input(source, kind, place, overlay, stretch=stretch)
    elif kind in _TABLES:
        from mjspec.reading.portions import read_portions

        for (source, _, stretch), portion in read_portions(path, shown, kind, sharers):
            if source.first_line == 1 and column != "prompt":
                _check_column(source, kind, column)
            yield Input(
                source, kind, place, overlay, column=column, portion=portion, stretch=stretch
            )
    else:
        yield open_input(path, overlay, outside=outside, stdin_name=stdin_name, column=column)


def open_rows(
    path: str,
    overlay: Overlay | None,
    *,
    outside: bool = False,
    column: str = "prompt",
    whole: bool = False,
) -> Iterator[Input]:
    """The rows of a Parquet file, some at a time or all at once; a line is the number of a row.

    Raises:
        FileError: It cannot be read, or has no such column of texts.
    """
    from mjspec.reading.parquet import read_rows

    file = Path(path)
    place = Place(file.parent, file.parent, outside, (Path(os.path.realpath(path)),))
    sources = read_rows(path, column)
    if whole:
        sources = iter([Source(path, "\n".join(source.text for source in sources))])
    for source in sources:
        yield Input(source, ROWS, place, overlay)


def _place(path: str, *, outside: bool, stdin_name: str | None) -> tuple[str, Place]:
    """How a file is read, and where it stands."""
    file = Path(stdin_name or ".mj") if path == "-" else Path(path)
    kind = ".mj" if path == "-" and not stdin_name else file.suffix.lower()
    if kind not in SUFFIXES:
        endings = ", ".join(sorted(SUFFIXES))
        raise UsageError(f"{path}: what it holds is told by its ending; there are {endings}")
    return kind, Place(file.parent, file.parent, outside, (Path(os.path.realpath(path)),))
