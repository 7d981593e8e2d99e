"""Sources on the command line: which files there are, and the jobs in each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mjspec.diagnostics import Diagnostic, MjspecError
from mjspec.discovery import holds_prompts
from mjspec.files import decode, read_source
from mjspec.job import Job
from mjspec.source import Excerpt, Piece, Source
from mjspec.spec.inherit import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mjspec.settings import Layer
    from mjspec.spec.overlay import Overlay

__all__ = ["SUFFIXES", "Input", "UsageError", "find_files", "open_input", "open_prompt"]

_LINES = frozenset({".mj", ".txt"})
_YAML = frozenset({".yaml", ".yml"})
_TABLES = frozenset({".csv", ".jsonl"})
SUFFIXES = _LINES | _YAML | _TABLES | {".md"}
"""Endings of the files that hold prompts."""

_LINE = re.compile(r"[^\r\n]+")
_FENCE = re.compile(
    r"\s*(?P<fence>`{3,}|~{3,})(?P<rest>[ \t]*(?:\{?\.?(?P<language>[\w-]*))[^`]*)\Z"
)
_LANGUAGES = frozenset({"mj", "midjourney"})


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
        found: What is wrong with the file itself; complete after `jobs` has ended.
    """

    source: Source
    kind: str
    place: Place
    overlay: Overlay | None = None
    keep_permutations: bool = False
    most_jobs: int | None = None
    found: list[Diagnostic] = field(default_factory=list)

    def jobs(self) -> Iterator[Job]:
        """The jobs as written, permutations unexpanded, in their order."""
        jobs = self._read()
        if self.keep_permutations:
            return (replace(job, keep_permutations=True) for job in jobs)
        return jobs

    def _read(self) -> Iterator[Job]:
        if self.kind in _YAML | _TABLES:
            from mjspec.spec.load import Spec
            from mjspec.spec.overlay import Overlay

            spec = Spec(
                self.source, self.place, self.overlay or Overlay(), self.found, self.most_jobs
            )
            return spec.yaml_jobs() if self.kind in _YAML else spec.table_jobs(self.kind[1:])
        texts = _blocks(self.source) if self.kind == ".md" else _lines(self.source)
        return self._plain(texts)

    def _plain(self, texts: Iterable[Excerpt]) -> Iterator[Job]:
        """Prompts without fields of their own."""
        layers, faults = self._layers()
        for text in texts:
            yield Job(
                prompt=self._replaced(text),
                layers=layers,
                origin=text.location,
                folder=self.place.folder,
                faults=faults,
            )

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


def _lines(source: Source, start: int = 0, end: int | None = None) -> Iterator[Excerpt]:
    """Each line that is a prompt: neither blank nor a comment (`#` and a space, or `#` alone)."""
    text = source.text
    begin = start + (1 if start == 0 and text.startswith("\ufeff") else 0)
    for match in _LINE.finditer(text, begin, len(text) if end is None else end):
        line = match[0]
        if not line.isspace() and not is_comment(line):
            yield Excerpt(line, (Piece(0, len(line), source, match.start(), len(line)),))


def is_comment(line: str) -> bool:
    """Whether a line of prompts is a comment; ``#FF0000 dress`` is a prompt."""
    text = line.lstrip()
    return text.startswith("#") and (len(text) == 1 or text[1].isspace())


def _blocks(source: Source) -> Iterator[Excerpt]:
    """The prompts in the fenced blocks ``mj`` and ``midjourney`` of a Markdown file.

    A block ends at a fence of the same sign that is at least as long and says nothing else, or with
    the file. Fences may be indented, as in lists.
    """
    fence = ""
    begin: int | None = None
    for line in _LINE.finditer(source.text):
        match = _FENCE.match(line[0])
        if match is None:
            continue
        if not fence:
            fence = match["fence"]
            begin = line.end() if match["language"].lower() in _LANGUAGES else None
        elif match["fence"].startswith(fence) and not match["rest"].strip():
            if begin is not None:
                yield from _lines(source, begin, line.start())
            fence, begin = "", None
    if begin is not None:
        yield from _lines(source, begin)


def open_prompt(text: str, number: int, overlay: Overlay | None, folder: Path) -> Input:
    """A prompt given on the command line; it is one prompt, whatever lines it has."""
    name = "--prompt" if number == 0 else f"--prompt {number + 1}"
    return _Inline(Source(name, text), "prompt", Place(folder, folder), overlay)


class _Inline(Input):
    """Text that is one prompt as a whole."""

    __slots__ = ()

    def _read(self) -> Iterator[Job]:
        return self._plain([self.source.excerpt()])


def open_input(
    path: str, overlay: Overlay | None, *, outside: bool = False, stdin_name: str | None = None
) -> Input:
    """A file, or standard input for ``-``.

    Raises:
        FileError: It cannot be read.
        UsageError: Its ending says nothing about what it holds.
    """
    if path == "-":
        import sys

        name = stdin_name or "-"
        text = decode(sys.stdin.buffer.read(), name)
        kind = Path(name).suffix.lower() if stdin_name else ".mj"
        folder = Path(name).parent if stdin_name else Path()
        source = Source(name, text)
    else:
        file = Path(path)
        source = read_source(file, path)
        kind, folder = file.suffix.lower(), file.parent
    if kind not in SUFFIXES:
        endings = ", ".join(sorted(SUFFIXES))
        raise UsageError(f"{path}: what it holds is told by its ending; there are {endings}")
    place = Place(folder, folder, outside, (Path(path).resolve(),))
    return Input(source, kind, place, overlay)


def find_files(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """The files that paths, folders and globs name, sorted within each, and what is wrong.

    A file that is named is taken whatever its ending; folders give the files with a known one.
    """
    files: list[str] = []
    problems: list[str] = []
    for path in paths:
        if path == "-" or Path(path).is_file():
            files.append(path)
        elif Path(path).is_dir():
            files += _in_folder(Path(path))
        elif any(sign in path for sign in "*?["):
            matches = sorted(str(p) for p in _glob(path))
            files += [match for match in matches if Path(match).is_file()]
            if not matches:
                problems.append(f"{path}: no file matches")
        elif Path(path).exists():
            files.append(path)
        else:
            problems.append(f"{path}: no such file or folder")
    return list(dict.fromkeys(files)), problems


def _glob(pattern: str) -> Iterable[Path]:
    from glob import glob

    # `Path.glob` takes no absolute patterns.
    return (Path(match) for match in glob(pattern, recursive=True))  # noqa: PTH207 (see above)


def _in_folder(folder: Path) -> list[str]:
    """The files under a folder whose ending says that they hold prompts, hidden ones left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if any(part.startswith(".") for part in parts) or not path.is_file():
            continue
        if path.suffix.lower() in SUFFIXES and holds_prompts(path):
            found.append(str(path))
    return found
