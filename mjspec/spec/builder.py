"""Makes nodes of what the YAML parser meets, with a stack of its own instead of recursion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mjspec.rules import INVALID_YAML
from mjspec.source import Location, Span
from mjspec.spec.comments import Comments
from mjspec.spec.entries import invalid, mapping_entries, shortened
from mjspec.spec.events import Fault
from mjspec.spec.nodes import Mapping, Scalar, Sequence
from mjspec.spec.values import fits_tag

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.source import Piece, Source
    from mjspec.spec.events import Kind, Properties
    from mjspec.spec.nodes import Entry, Node, Style

__all__ = ["Builder"]

_DEEPEST: Final = 100
# What aliases may add to a file, counted in nodes and in runs of text.
_MOST_ALIASED: Final = 1_000_000
_RUN_OF_TEXT: Final = 64

_STYLES: Final[dict[str, Style]] = {
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
_QUOTES: Final = frozenset({"'", '"'})
_BLOCKS: Final = frozenset({"|", ">"})
_CORE: Final = "tag:yaml.org,2002:"
_COLLECTION_TAGS: Final = {"mapping": {"!", f"{_CORE}map"}, "sequence": {"!", f"{_CORE}seq"}}
_SCALAR_TAGS: Final = frozenset({"str", "int", "float", "bool", "null"})
_TAG = re.compile(r"!<[^>]*>|![^\s,\[\]{}]*")
_PROPERTIES = re.compile(
    r"(?:&[-\w]+|!<[^>]*>|![^\s,\[\]{}]*|(?:[ \t]|[\r\n]\ufeff?)+(?:#[^\r\n]*)?)+"
)
# In `{key: }` the parsers place the missing value differently.
_COLON = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+:")


_new = tuple.__new__


class _Frame:
    """A collection that is not closed yet, with its children so far."""

    __slots__ = ("anchor", "before", "kind", "nodes", "start")

    def __init__(self, kind: Kind, start: int, before: int) -> None:
        self.kind = kind
        self.start = start
        self.anchor: str | None = None
        self.before = before
        self.nodes: list[Node] = []


class Builder:
    """A handler of the parser's events.

    Attributes:
        roots: The root of each document that is valid so far.
        diagnostics: What is wrong.
        comments: The comments.
        stray_anchors: Anchors in front of plain text that nothing repeats.
    """

    def __init__(self, source: Source) -> None:
        self.roots: list[Node] = []
        self.diagnostics: list[Diagnostic] = []
        self.comments = Comments(source)
        self.stray_anchors: list[Location] = []
        self._source = source
        self._text = source.text
        self._stack: list[_Frame] = []
        # The children of the innermost collection, or the roots.
        self._nodes = self.roots
        # What an anchor stands for and how many nodes that is; a frame while it is being read.
        self._anchors: dict[str, tuple[Node, int] | _Frame] = {}
        # Where anchors in front of plain text stand, until something repeats them.
        self._unused: dict[str, Location] = {}
        # Nodes so far, where an alias counts as all that it stands for.
        self._count = 0
        self._aliased = 0
        self._end = 0
        self._complete = 0
        self._broken = False

    def document(self) -> None:
        """Begin a document, which knows no anchors of the one before."""
        self._finish_document()
        self._anchors.clear()

    def scalar(
        self, value: str, style: str, start: int, end: int, properties: Properties | None
    ) -> None:
        """Add a scalar."""
        if not style and not properties and start < end and self._text[start:end] == value:
            # Most scalars stand there as they are, in one line and without quotes.
            if self.comments.next < end:
                self.comments.skip(start, end)
            self._count += 1 + len(value) // _RUN_OF_TEXT
            self._end = end
            node = (value, "plain", None, self._source, start, end, None)
            self._nodes.append(_new(Scalar, node))
        else:
            self._special(value, style, start, end, properties)

    def _special(
        self, value: str, style: str, start: int, end: int, properties: Properties | None
    ) -> None:
        """Add a scalar that has properties, quotes, folds or no text."""
        whole = start
        if properties:
            start = self._skip_properties(start, end)
        elif start == end and (colon := _COLON.match(self._text, self._end, end)):
            start = end = colon.end()
        kind = _STYLES[style]
        pieces: tuple[Piece, ...] | None = None
        # Many stand there as they are, in one line and without escapes.
        inside = 1 if style in _QUOTES else 0
        if self._text[start + inside : end - inside] != value or style in _BLOCKS:
            from mjspec.spec.excerpts import decode

            pieces, (start, end) = decode(self._source, kind, Span(start, end), value)
        if self.comments.next < end:
            self.comments.skip(start, end)
        node = Scalar(value, kind, None, self._source, start, end, pieces)
        count = 1 + len(value) // _RUN_OF_TEXT
        if properties:
            node = self._with_tag(node, properties.tag, whole)
            if properties.anchor:
                self._anchors[properties.anchor] = node, count
                if kind == "plain" and value:
                    self._note_anchor(properties.anchor, whole)
        self._count += count
        self._end = end
        self._nodes.append(node)

    def alias(self, anchor: str, start: int, end: int) -> None:
        """Add what an anchor stands for; it is shared, not copied."""
        known = self._anchors.get(anchor)
        self._unused.pop(anchor, None)
        self._end = end
        if isinstance(known, tuple):
            node, count = known
            self._count += count
            self._aliased += count
            if self._aliased > _MOST_ALIASED:
                raise Fault("alias bomb", start, end)
            self._nodes.append(node)
            return
        stand_in = Scalar(self._text[start:end], "plain", None, self._source, start, end)
        message = f"`*{anchor}` stands inside the value that it refers to"
        help_ = None
        if known is None:
            message = f"`*{anchor}` refers to an anchor `&{anchor}`, and there is none above it"
            help_ = "quote the value if the `*` belongs to the text"
        self._refuse(message, stand_in.location, help_)
        self._nodes.append(stand_in)

    def open(self, kind: Kind, start: int, end: int, properties: Properties | None) -> None:
        """Begin a collection."""
        if len(self._stack) >= _DEEPEST:
            raise Fault("nested too deeply", start)
        frame = _Frame(kind, start, self._count)
        if properties:
            frame.start = self._skip_properties(start, end)
            frame.anchor = properties.anchor
            if properties.tag and properties.tag not in _COLLECTION_TAGS[kind]:
                self._refuse_tag(properties.tag, start, frame.start)
        if frame.anchor:
            self._anchors[frame.anchor] = frame
        self._count += 1
        self._stack.append(frame)
        self._nodes = frame.nodes

    def close(self, start: int, end: int) -> None:
        """End the innermost collection."""
        frame = self._stack.pop()
        # In block style the parser notices the end at the next token, which may be far below.
        self._end = end if end > start else max(self._end, frame.start)
        location = Location(self._source, Span(frame.start, self._end))
        node: Node
        if frame.kind == "mapping":
            node = Mapping(self._entries(frame.nodes), location)
        else:
            node = Sequence(tuple(frame.nodes), location)
        if frame.anchor and self._anchors[frame.anchor] is frame:
            self._anchors[frame.anchor] = node, self._count - frame.before
        self._nodes = self._stack[-1].nodes if self._stack else self.roots
        self._nodes.append(node)

    def finish(self) -> None:
        """End the file."""
        self.comments.take(len(self._text))
        self._finish_document()

    @property
    def innermost(self) -> int | None:
        """Where the innermost collection begins that is still open."""
        return self._stack[-1].start if self._stack else None

    def fail(self, problem: Diagnostic) -> None:
        """End the file at what the parser does not understand.

        What was refused in the same line has the same cause.
        """
        line = problem.location.start.line
        while self.diagnostics and self.diagnostics[-1].rule is INVALID_YAML:
            if self.diagnostics[-1].location.start.line != line:
                break
            self.diagnostics.pop()
        self.diagnostics.append(problem)
        self._broken = True
        self._finish_document()

    def _note_anchor(self, name: str, start: int) -> None:
        at = self._text.find(f"&{name}", start)
        self._unused[name] = Location(self._source, Span(at, at + 1 + len(name)))

    def _finish_document(self) -> None:
        self.stray_anchors += self._unused.values()
        self._unused.clear()
        if self._broken:
            del self.roots[self._complete :]
        self._complete = len(self.roots)
        self._broken = False

    def _entries(self, nodes: list[Node]) -> tuple[Entry, ...]:
        known = len(self.diagnostics)
        entries = mapping_entries(nodes, self.diagnostics)
        if len(self.diagnostics) > known:
            self._broken |= any(d.rule is INVALID_YAML for d in self.diagnostics[known:])
        return entries

    def _skip_properties(self, start: int, end: int) -> int:
        """The offset behind anchors and tags, which belong to a node but not to its text."""
        match = _PROPERTIES.match(self._text, start, end)
        return match.end() if match else start

    def _with_tag(self, node: Scalar, tag: str | None, whole: int) -> Scalar:
        if not tag:
            return node
        name = "str" if tag == "!" else tag.removeprefix(_CORE)
        if name not in _SCALAR_TAGS or not (tag == "!" or tag.startswith(_CORE)):
            self._refuse_tag(tag, whole, node.start)
        elif not fits_tag(node.text, name):
            written = shortened(node.text)
            self._refuse(f"`{written}` is no value for the tag `!!{name}`", node.location)
        return node._replace(tag=name)

    def _refuse_tag(self, tag: str, start: int, end: int) -> None:
        match = _TAG.search(self._text, start, end)
        location = Location(self._source, Span(*(match.span() if match else (start, end))))
        written = shortened(tag.replace(_CORE, "!!"))
        self._refuse(
            f"the tag `{written}` is not supported here",
            location,
            "remove it, or quote the value if the `!` belongs to the text",
        )

    def _refuse(self, message: str, location: Location, help_: str | None = None) -> None:
        self.diagnostics.append(invalid(message, location, help_))
        self._broken = True
