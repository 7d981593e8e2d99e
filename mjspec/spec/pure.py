"""PyYAML's parser in Python, made to read tabs and question marks as its parser in C does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import ScalarToken

if TYPE_CHECKING:
    from typing import Any

__all__ = ["PureParser"]

_BLANK = " \t"
_BREAK = "\r\n"
_ENDS = "\0 \t\r\n"
_SURROGATES = ("\ud800", "\udfff")


class PureParser(Reader, Scanner, Parser):
    """The parser that is used where PyYAML was built without libyaml.

    Where the two differ in what they accept, this one follows libyaml 0.2.5, which is closer to
    YAML 1.2.
    """

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        """Skips blanks, line ends and comments; a tab is a blank where no key can begin."""
        while True:
            # A mark of the byte order may stand where files were put together.
            if self.column == 0 and self.peek() == "\ufeff":
                self.forward()
                self.column += 1
            while (blank := self.peek()) == " " or (
                blank == "\t" and (self.flow_level or not self.allow_simple_key)
            ):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in "\0\r\n":
                    self.forward()
            if not self._line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> ScalarToken:
        """A scalar without quotes; tabs and question marks inside are text."""
        start = end = self.get_mark()
        indent = self.indent + 1
        chunks: list[str] = []
        spaces = ""
        while not self._at_document_marker() and self.peek() != "#":
            length = self._plain_length(start)
            if not length:
                break
            self.allow_simple_key = False
            chunks += (spaces, self.prefix(length))
            self.forward(length)
            end = self.get_mark()
            folded = self._plain_spaces(indent, start)
            if not folded or (not self.flow_level and self.column < indent):
                break
            spaces = folded
        return ScalarToken("".join(chunks), True, start, end)

    def _plain_length(self, start: Any) -> int:
        length = 0
        while (character := self.peek(length)) not in _ENDS:
            if character == ":":
                following = self.peek(length + 1)
                if following in _ENDS:
                    break
                if self.flow_level and following in ",?[]{}":
                    self.forward(length)
                    raise ScannerError(
                        "while scanning a plain scalar",
                        start,
                        "found unexpected ':'",
                        self.get_mark(),
                    )
            elif self.flow_level and character in ",[]{}":
                break
            length += 1
        return length

    def _plain_spaces(self, indent: int, start: Any) -> str:
        """Blanks inside a line as they are, line ends folded; nothing at the end of the scalar."""
        blanks = ""
        breaks: list[str] = []
        while (character := self.peek()) in _BLANK + _BREAK:
            if character in _BREAK:
                breaks.append(self._line_break())
                self.allow_simple_key = True
            elif not breaks:
                blanks += character
                self.forward()
            elif character == "\t" and self.column < indent:
                problem = "found a tab character that violates indentation"
                raise ScannerError("while scanning a plain scalar", start, problem, self.get_mark())
            else:
                self.forward()
        if breaks:
            return "\n" * (len(breaks) - 1) or " "
        return blanks

    def _line_break(self) -> str:
        return str(self.scan_line_break())  # type: ignore[no-untyped-call]

    def _at_document_marker(self) -> bool:
        marker = self.prefix(3) if self.column == 0 else ""
        return marker in {"---", "..."} and self.peek(3) in _ENDS

    def scan_block_scalar_indicators(
        self,
        start_mark: Any,  # noqa: ARG002 - the signature is PyYAML's.
    ) -> tuple[bool | None, int | None]:
        """How a block ends and how far it is indented; a comment may follow at once."""
        chomping = increment = None
        for _ in range(2):
            mark = self.peek()
            if mark in "+-" and chomping is None:
                chomping = mark == "+"
            elif mark in "123456789" and increment is None:
                increment = int(mark)
            else:
                break
            self.forward()
        return chomping, increment

    def scan_block_scalar_ignored_line(self, start_mark: Any) -> None:
        """The rest of a block's header."""
        while self.peek() in _BLANK:
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    def scan_block_scalar_indentation(self) -> tuple[list[Any], int, Any]:
        """How far the first line of a block is indented, which a tab leaves open."""
        found = super().scan_block_scalar_indentation()
        self._refuse_tab()
        return found

    def scan_block_scalar_breaks(self, indent: int) -> tuple[list[Any], Any]:
        """Blank lines in a block, and the indentation of the next line."""
        found = super().scan_block_scalar_breaks(indent)
        if self.column < indent:
            self._refuse_tab()
        return found

    def _refuse_tab(self) -> None:
        if self.peek() == "\t":
            problem = "found a tab character where an indentation space is expected"
            context = "while scanning a block scalar"
            raise ScannerError(context, self.get_mark(), problem, self.get_mark())

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> list[Any]:
        """The text of a quoted scalar; escapes that are no character are refused, not raised."""
        problem = "found invalid Unicode character escape code"
        context = "while scanning a double-quoted scalar"
        try:
            chunks: list[Any] = super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):
            raise ScannerError(context, start_mark, problem, self.get_mark()) from None
        low, high = _SURROGATES
        if double and any(low <= chunk <= high for chunk in chunks if len(chunk) == 1):
            raise ScannerError(context, start_mark, problem, self.get_mark())
        return chunks

    def scan_directive_name(self, start_mark: Any) -> Any:
        """The name of a directive, of which there are two."""
        name = super().scan_directive_name(start_mark)  # type: ignore[no-untyped-call]
        if name not in {"YAML", "TAG"}:
            problem = "found unknown directive name"
            raise ScannerError("while scanning a directive", start_mark, problem, self.get_mark())
        return name

    def scan_yaml_directive_value(self, start_mark: Any) -> tuple[int, int]:
        """The version of YAML, of which libyaml knows two."""
        version = super().scan_yaml_directive_value(start_mark)
        if version not in {(1, 1), (1, 2)}:
            raise ScannerError(None, None, "found incompatible YAML document", start_mark)
        return version
