"""The documents that are open in the editor, as it has them, not as the disk has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lsprotocol.types import TextDocumentContentChangePartial
from pygls.uris import to_fs_path

from mjspec.lsp.positions import Lines
from mjspec.reading.discovery import mentions_prompts
from mjspec.reading.inputs import SUFFIXES, Input
from mjspec.reading.place import Place
from mjspec.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol.types import Range, TextDocumentContentChangeEvent

    from mjspec.lsp.positions import Encoding

__all__ = ["Document", "edited"]

_OWN = frozenset({"mj", "midjourney"})
_BY_LANGUAGE = {"yaml": ".yaml", "markdown": ".md"}
_PLAIN = "plaintext"
_MUST_MENTION = frozenset({".yaml", ".yml", ".md"})


@dataclass(frozen=True)
class Document:
    """One state of an open document.

    Attributes:
        uri: Its name in the protocol.
        language: What the editor takes it for.
        version: The number of the state.
        text: All of it.
        encoding: What the client counts columns in.
        root: The folder of the workspace, which holds for what is in no file yet.
    """

    uri: str
    language: str
    version: int
    text: str
    encoding: Encoding
    root: Path | None = None

    @cached_property
    def path(self) -> Path | None:
        """Its file; None for one that is not saved yet."""
        name = to_fs_path(self.uri)
        return Path(name) if name and "\0" not in name else None

    @cached_property
    def folder(self) -> Path | None:
        """Where its configuration is looked for, and what its paths are relative to."""
        return self.path.parent if self.path else self.root

    @cached_property
    def source(self) -> Source:
        """Its text, named as findings name it."""
        return Source(str(self.path) if self.path else self.uri, self.text)

    @cached_property
    def lines(self) -> Lines:
        """Its lines, in the client's units."""
        return Lines(self.text, self.encoding)

    def range(self, start: int, end: int) -> Range:
        """The positions of a range of offsets."""
        return self.lines.range(Span(start, end))

    @cached_property
    def kind(self) -> str | None:
        """How it is read, as the ending of a file; None for what is not meant for mjspec.

        YAML and Markdown are many other things too, so they must mention prompts.
        """
        kind = self._kind()
        if kind in _MUST_MENTION and not mentions_prompts(kind, self.text):
            return None
        return kind

    def _kind(self) -> str | None:
        if self.language in _OWN:
            return ".mj"
        ending = PurePosixPath(unquote(urlsplit(self.uri).path)).suffix.lower()
        if ending in SUFFIXES:
            return ending
        if self.language == _PLAIN and self.path is None:
            return ".mj"
        return _BY_LANGUAGE.get(self.language)

    def input(self, text: str | None = None) -> Input:
        """What the command line would read; with another text, the document with that one."""
        source = self.source if text is None else Source(self.source.name, text)
        chain = (self.path.resolve(),) if self.path else ()
        return Input(source, self.kind or ".mj", Place(self.folder, self.folder, chain=chain))


def edited(
    document: Document, version: int, changes: Iterable[TextDocumentContentChangeEvent]
) -> Document:
    """The document after the changes that the client tells, one after the other."""
    text = document.text
    for change in changes:
        if not isinstance(change, TextDocumentContentChangePartial):
            text = change.text
            continue
        lines = Lines(text, document.encoding)
        start, end = lines.offset(change.range.start), lines.offset(change.range.end)
        text = "".join((text[:start], change.text, text[max(start, end) :]))
    return replace(document, version=version, text=text)
