"""Says what the YAML parser refused in the words of someone who writes prompts.

The parsers in C and in Python word and sometimes place the same fault differently, so only the
kind of a fault is taken from them; what is said comes from the user's own line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mjspec.source import Location, Span
from mjspec.spec.entries import invalid, shortened
from mjspec.spec.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.diagnostics import Diagnostic
    from mjspec.source import Source
    from mjspec.spec.events import Fault

__all__ = ["explain"]

_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|x[0-9A-Fa-f]{2}|u(?![dD][89A-Fa-f])[0-9A-Fa-f]{4}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}"
    r"|[0abt\tnvfre \"/\\N_LP\r\n])"
)
_WRITTEN_ESCAPE = re.compile(r"\\(?:[xuU][0-9A-Fa-f]{0,8}|[^\r\n]?)")
_CLOSERS: Final = {"[": "]", "{": "}"}
_MEANINGS: Final = {
    "*": ", which repeats an anchor in YAML",
    "&": ", which names an anchor in YAML",
    "!": ", which begins a tag in YAML",
    "|": " and go on in the same line: YAML wants its text indented below",
    ">": " and go on in the same line: YAML wants its text indented below",
}


def explain(source: Source, fault: Fault, innermost: int | None) -> Diagnostic:
    """The diagnostic for what the parser refused.

    Args:
        source: The file.
        fault: What the parser said.
        innermost: Where the innermost collection begins that is still open.
    """
    opened = fault.offset if fault.opened is None else fault.opened
    scene = Scene(source, fault.offset, opened, innermost)
    for words, explanation in _EXPLANATIONS.items():
        if words in fault.problem:
            return explanation(scene)
    return _misplaced(scene)


def _control_character(scene: Scene) -> Diagnostic:
    code = ord(scene.character)
    help_ = "remove it"
    if code < 0x100:  # noqa: PLR2004 - what two hexadecimal digits can write.
        help_ += f", or write it as `\\x{code:02x}` in a value in double quotes"
    return invalid(f"YAML does not allow the character U+{code:04X}", scene.at(scene.offset), help_)


def _too_deep(scene: Scene) -> Diagnostic:
    message = "this is nested more than 100 levels deep"
    return invalid(message, scene.at(scene.offset), "quote the value if its brackets are text")


def _alias_bomb(scene: Scene) -> Diagnostic:
    message = "aliases within aliases make this file larger than 1,000,000 values"
    return invalid(message, scene.at(scene.offset, scene.opened - scene.offset))


def _second_colon(scene: Scene) -> Diagnostic:
    key, colon, start = scene.entry(scene.offset)
    if colon is None or colon == scene.offset:
        return invalid(
            "a key cannot begin here, because the value above it goes on in this line",
            scene.rest(key),
            "indent it like the keys above; if it is text, put all of the value in quotes or write "
            "it indented below `prompt: >-`",
        )
    value = scene.rest(start)
    # Both colons of `cat:: 2` are shown.
    first = start + len(scene.text[start : scene.offset].rstrip(":"))
    what = "ends in `:`" if scene.offset + 1 == value.span.end else "holds `: `"
    return invalid(
        f"the value `{shortened(value.text)}` {what}, which YAML takes for another key",
        Location(scene.source, Span(first, scene.offset + 1)),
        scene.advice(scene.offset),
    )


def _colon_in_brackets(scene: Scene) -> Diagnostic:
    message = "inside brackets, `:` without a space behind it needs quotes"
    return invalid(message, scene.at(scene.offset), scene.advice(scene.offset))


def _no_key(scene: Scene) -> Diagnostic:
    place = scene.rest(scene.opened)
    return invalid(
        f"`{shortened(place.text)}` is no key and not part of the value above it",
        place,
        "indent it further than the key above if it goes on with its value, or write `key: value`",
    )


def _reserved(scene: Scene) -> Diagnostic:
    return _tab(scene) if scene.character == "\t" else _reserved_at(scene, scene.offset)


def _reserved_opening(scene: Scene) -> Diagnostic:
    return _reserved_at(scene, scene.opened)


def _reserved_at(scene: Scene, start: int) -> Diagnostic:
    sign = scene.text[start : start + 1]
    shown = "a backtick" if sign == "`" else f"`{sign}`"
    message = f"a value without quotes cannot begin with {shown}{_MEANINGS.get(sign, '')}"
    return invalid(message, scene.rest(start), scene.advice(start))


def _tab(scene: Scene) -> Diagnostic:
    message = "a tab stands where YAML wants spaces"
    return invalid(message, scene.at(scene.offset), "indent with spaces")


def _directive(scene: Scene) -> Diagnostic:
    message = "a line that begins with `%` is a directive of YAML, and there is none like this"
    return invalid(message, scene.rest(scene.line_start), "put the line in quotes if it is text")


def _list_in_line(scene: Scene) -> Diagnostic:
    return invalid(
        "a list cannot begin behind a key in the same line",
        scene.rest(scene.offset),
        f"{scene.advice(scene.offset)}; a list begins in the next line",
    )


def _unclosed_quote(scene: Scene) -> Diagnostic:
    quote = scene.text[scene.opened : scene.opened + 1]
    help_ = f"end the value with `{quote}`"
    if quote == "'":
        help_ += "; an apostrophe inside single quotes is written twice: `''`"
    return invalid(f"the quote `{quote}` is never closed", scene.rest(scene.opened), help_)


def _bad_escape(scene: Scene) -> Diagnostic:
    at = scene.text.find("\\", scene.opened)
    while match := _ESCAPE.match(scene.text, at):
        at = scene.text.find("\\", match.end())
    match = _WRITTEN_ESCAPE.match(scene.text, at)
    written = match[0] if match else ""
    help_ = "write `\\\\` for a backslash, or use single quotes, in which a backslash is text"
    if written[1:2] in {"u", "U"}:
        help_ = "write the character itself"
    message = f"`{written}` is no character in double quotes"
    return invalid(message, scene.at(at, len(written)), help_)


def _no_value(scene: Scene) -> Diagnostic:
    if not scene.character:
        return _unclosed_bracket(scene)
    if scene.character != ",":
        return _reserved_at(scene, scene.offset)
    message = "a value is missing before this comma"
    return invalid(message, scene.at(scene.offset), scene.advice(scene.offset))


def _unclosed_bracket(scene: Scene) -> Diagnostic:
    opened = scene.opened if scene.innermost is None else scene.innermost
    bracket = scene.text[opened : opened + 1]
    advice = f"{scene.advice(opened)} if the bracket is text"
    between = scene.text[opened : scene.offset]
    if "\n" in between or "\r" in between or not scene.character:
        return invalid(f"the bracket `{bracket}` is never closed", scene.at(opened), advice)
    place = scene.rest(scene.offset)
    closer = _CLOSERS.get(bracket, bracket)
    message = f"YAML wants `,` or `{closer}` before `{shortened(place.text)}`"
    return invalid(message, place, advice)


def _misplaced(scene: Scene) -> Diagnostic:
    """Text behind a value that is complete, or a line that fits to none above."""
    place = scene.rest(scene.offset)
    written = shortened(place.text)
    before = scene.text[scene.line_start : scene.offset].rstrip(" \t")
    advice = scene.advice(scene.offset)
    if scene.character in {"]", "}"}:
        message = f"`{scene.character}` closes nothing"
        return invalid(message, scene.at(scene.offset), advice)
    if before.endswith(("'", '"')):
        doubled = "`'` as `''`" if before.endswith("'") else '`"` as `\\"`'
        message = f"`{written}` follows the closing quote, which ends the value"
        return invalid(message, place, f"{advice}; inside the quotes write {doubled}")
    if before.endswith(("]", "}")):
        message = f"`{written}` follows `{before[-1]}`, which ends a list or mapping of YAML"
        return invalid(message, place, advice)
    word = before.rsplit(maxsplit=1)[-1] if before else ""
    if word.startswith(("*", "&", "!")):
        return _reserved_at(scene, scene.line_start + len(before) - len(word))
    if not before and " #" in scene.line_above:
        message = f"`{written}` cannot go on with the value above, which ends before its ` #`"
        help_ = "put the value in quotes if `#` is text; a comment can only stand behind all of it"
        return invalid(message, place, help_)
    return invalid(
        f"`{written}` is indented like no line that it could belong to",
        place,
        "indent the keys of a mapping alike, and what goes on with a value further than its key",
    )


_EXPLANATIONS: Final[dict[str, Callable[[Scene], Diagnostic]]] = {
    "control character": _control_character,
    "nested too deeply": _too_deep,
    "alias bomb": _alias_bomb,
    "mapping values are not allowed": _second_colon,
    "unexpected ':'": _colon_in_brackets,
    "could not find expected ':'": _no_key,
    "tab character": _tab,
    "cannot start any token": _reserved,
    "scanning an alias": _reserved_opening,
    "scanning an anchor": _reserved_opening,
    "a tag": _reserved_opening,
    "tag handle": _reserved,
    "block scalar": _reserved_opening,
    "sequence entries are not allowed": _list_in_line,
    "mapping keys are not allowed": _reserved,
    "unexpected end of stream": _unclosed_quote,
    "unexpected document": _unclosed_quote,
    "escape": _bad_escape,
    "hexdec": _bad_escape,
    "block node": _reserved,
    "flow node": _no_value,
    "expected ',' or": _unclosed_bracket,
    "directive": _directive,
    "incompatible": _directive,
}
