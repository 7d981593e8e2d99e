from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mjspec.source import Source, Span
from mjspec.spec import excerpts
from mjspec.spec.nodes import Mapping, Scalar, Sequence
from mjspec.spec.read import Documents, comment_after, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.spec.nodes import Node


def checked_finish(self: excerpts._Decoder, span: Span) -> Any:
    """Lets a test fail where a scalar's characters were not all found in the file."""
    assert not self.wrong
    assert self.length == len(self.value)
    return FINISH(self, span)


FINISH = excerpts._Decoder.finish


def read(text: str) -> Documents:
    """What both parsers make of a text, which must be the same."""
    found, pure = read_twice(text)
    assert pure == found
    return found


def read_twice(text: str) -> tuple[Documents, Documents]:
    """What the parser in C and the one in Python make of a text."""
    source = Source("a.yaml", text)
    read_yaml.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(excerpts._Decoder, "finish", checked_finish)
        return read_yaml(source), read_yaml(source, pure=True)


def root(text: str) -> Node:
    found = read(text)
    assert not found.diagnostics
    (node,) = found.roots
    return node


def value(text: str, key: str = "p") -> Scalar:
    mapping = root(text)
    assert isinstance(mapping, Mapping)
    node = mapping.get(key)
    assert isinstance(node, Scalar)
    return node


def plain_data(node: Node) -> Any:
    if isinstance(node, Mapping):
        return [(entry.key.text, plain_data(entry.value)) for entry in node.entries]
    if isinstance(node, Sequence):
        return [plain_data(item) for item in node.items]
    return node.text


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield entry.key
            yield from scalars(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        yield node


def written(node: Scalar) -> list[tuple[str, str]]:
    """Each piece of a text with what stands for it in the file."""
    excerpt = node.excerpt
    return [
        (
            excerpt.text[piece.start : piece.start + piece.length],
            piece.source.text[piece.offset : piece.offset + piece.source_length],
        )
        for piece in excerpt.pieces
    ]


def errors(text: str) -> list[tuple[str, str, str]]:
    return [(each.name, each.location.text, each.message) for each in read(text).diagnostics]


def error(text: str) -> tuple[str, str]:
    """The only finding: its place and its message."""
    ((name, place, message),) = errors(text)
    assert name == "invalid-yaml"
    return place, message


# Where the characters of a scalar stand


STYLES = {
    "plain": ("p: a cat\n", "a cat", [("a cat", "a cat")], "a cat"),
    "plain over lines": (
        "p: a cat \n   on\n\n   a mat\n",
        "a cat on\na mat",
        [("a cat", "a cat"), (" ", " \n   "), ("on", "on"), ("\n", "\n\n   "), ("a mat", "a mat")],
        "a cat \n   on\n\n   a mat",
    ),
    "plain with tabs": (
        "p:\ta\tcat\t\n \ton\n",
        "a\tcat on",
        [("a\tcat", "a\tcat"), (" ", "\t\n \t"), ("on", "on")],
        "a\tcat\t\n \ton",
    ),
    "single": ("p: 'a cat'", "a cat", [("a cat", "a cat")], "'a cat'"),
    "single with quote": (
        "p: 'it''s'",
        "it's",
        [("it", "it"), ("'", "''"), ("s", "s")],
        "'it''s'",
    ),
    "single over lines": (
        "p: 'a  \n\n  b '",
        "a\nb ",
        [("a", "a"), ("\n", "  \n\n  "), ("b ", "b ")],
        "'a  \n\n  b '",
    ),
    "single empty": ("p: ''", "", [("", "")], "''"),
    "double": ('p: "a cat"', "a cat", [("a cat", "a cat")], '"a cat"'),
    "double with escapes": (
        r'p: "a\n\x41\u263A\U0001F600\"\\\/\_\0b"',
        'a\nA☺😀"\\/\xa0\0b',
        [
            ("a", "a"),
            ("\n", r"\n"),
            ("A", r"\x41"),
            ("☺", r"\u263A"),
            ("😀", r"\U0001F600"),
            ('"', r"\""),
            ("\\", r"\\"),
            ("/", r"\/"),
            ("\xa0", r"\_"),
            ("\0", r"\0"),
            ("b", "b"),
        ],
        r'"a\n\x41\u263A\U0001F600\"\\\/\_\0b"',
    ),
    "double continued": (
        'p: "a \\\n   b\\\n\n  \\ c"',
        "a b\n c",
        [("a ", "a "), ("b", "b"), ("\n", "\\\n\n  "), (" ", "\\ "), ("c", "c")],
        '"a \\\n   b\\\n\n  \\ c"',
    ),
    "double folded at its ends": (
        'p: "\n  a\n  "',
        " a ",
        [(" ", "\n  "), ("a", "a"), (" ", "\n  ")],
        '"\n  a\n  "',
    ),
    "literal": ("p: |\n  a\n   b\n", "a\n b\n", [("a\n", "a\n"), (" b\n", " b\n")], "a\n   b"),
    "literal stripped": ("p: |-\n  a\n\n\nq: 1", "a", [("a", "a")], "a"),
    "literal kept": ("p: |+\n  a\n\n\nq: 1", "a\n\n\n", [("a\n\n\n", "a\n\n\n")], "a"),
    "literal kept with blanks": (
        "p: |+\n  a\n \n",
        "a\n\n",
        [("a\n", "a\n"), ("\n", "\n")],
        "a",
    ),
    "literal at the end of the file": ("p: |\n  a", "a", [("a", "a")], "a"),
    "literal with comment and no text": ("p: | # c\nq: 1", "", [("", "")], "|"),
    "literal with indentation indicator": (
        "p: |2-\n\n    a\n   b\n",
        "\n  a\n b",
        [("\n", "\n"), ("  a\n", "  a\n"), (" b", " b")],
        "  a\n   b",
    ),
    "literal of blanks": ("p: |2+\n   \n  \n", " \n\n", [(" \n", " \n"), ("\n", "\n")], " "),
    "literal with tabs": (
        "p: |\n a\tb\t\n \tc",
        "a\tb\t\n\tc",
        [("a\tb\t\n", "a\tb\t\n"), ("\tc", "\tc")],
        "a\tb\t\n \tc",
    ),
    "folded": (
        "p: >- # c\n\n  a # b\n  c\n\n\n  d\n",
        "\na # b c\n\nd",
        [("\n", "\n"), ("a # b ", "a # b\n"), ("c", "c"), ("\n\n", "\n\n"), ("d", "d")],
        "a # b\n  c\n\n\n  d",
    ),
    "folded with indented lines": (
        "p: >\n  a\n   b\n\n  c\n",
        "a\n b\n\nc\n",
        [("a\n", "a\n"), (" b\n\n", " b\n\n"), ("c\n", "c\n")],
        "a\n   b\n\n  c",
    ),
    "folded before a comment": ("p: >\n  a\n # c\nq: 1", "a\n", [("a\n", "a\n")], "a"),
    "windows lines": (
        "p: >\r\n  a\r\n  b\r\nq: 1\r\n",
        "a b\n",
        [("a", "a"), (" ", "\r\n"), ("b", "b"), ("\n", "\r\n")],
        "a\r\n  b",
    ),
    "old lines are text": (
        "p: a\u2028b\x85\u2029c\n",
        "a\u2028b\x85\u2029c",
        [("a\u2028b\x85\u2029c",) * 2],
        "a\u2028b\x85\u2029c",
    ),
    "after properties": ("p: !!str &a # c\n  cat", "cat", [("cat", "cat")], "cat"),
    "block after properties": ("p: &a !!str |-\n  cat", "cat", [("cat", "cat")], "cat"),
    "nothing": ("p: # c\n", "", [("", "")], ""),
    "wide characters": ("p: '😀 é' # c", "😀 é", [("😀 é", "😀 é")], "'😀 é'"),
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("before", ["", "\ufeff", "# c\n", "---\n", "%YAML 1.2\n---\n"])
def test_each_character_has_its_place(style: str, before: str) -> None:
    text, expected, pieces, location = STYLES[style]
    node = value(before + text)
    assert node.text == expected
    assert written(node) == pieces
    assert node.location.text == location
    assert node.excerpt.text == expected


@pytest.mark.parametrize("text", ["p: 'it''s'", "p: |\n  it\n  is"])
def test_if_the_places_are_not_found_the_text_is_still_that_of_pyyaml(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = value(text)
    monkeypatch.setattr(excerpts._Decoder, "add", lambda *_: None)
    read_yaml.cache_clear()
    (node,) = read_yaml(expected.source).roots
    assert isinstance(node, Mapping)
    found = node.entries[0].value
    assert isinstance(found, Scalar)
    assert found.text == expected.text
    assert len(found.excerpt.pieces) == 1
    assert found.excerpt.locate(Span(1, 2)).span.start >= found.start


def test_locations_of_collections() -> None:
    mapping = root("a: &x\n  - b\n  - [c, {d: e}] # c\n\nf: !!map\n  g: h\n\n# c\n")
    assert isinstance(mapping, Mapping)
    first, second = mapping.get("a"), mapping.get("f")
    assert isinstance(first, Sequence)
    assert isinstance(second, Mapping)
    assert first.location.text == "- b\n  - [c, {d: e}]"
    assert first.items[1].location.text == "[c, {d: e}]"
    assert second.location.text == "g: h"
    assert mapping.location.text.endswith("g: h")


def test_styles_and_tags() -> None:
    node = root("- a\n- 'b'\n- \"c\"\n- |\n  d\n- >\n  e\n- !!str 7\n- ! 7\n- !!int '7'\n- ''\n")
    assert isinstance(node, Sequence)
    found = [(item.style, item.tag) for item in node.items if isinstance(item, Scalar)]
    assert found == [
        ("plain", None),
        ("single", None),
        ("double", None),
        ("literal", None),
        ("folded", None),
        ("plain", "str"),
        ("plain", "str"),
        ("single", "int"),
        ("single", None),
    ]


def test_several_documents() -> None:
    found = read("a: 1\n---\n- b\n...\n---\n")
    assert [plain_data(node) for node in found.roots] == [[("a", "1")], ["b"], ""]


@pytest.mark.parametrize("text", ["", "\ufeff", "# only a comment\n", "\n\n"])
def test_no_documents(text: str) -> None:
    assert read(text).roots == ()
    assert read(text).diagnostics == ()


def test_text_stays_as_it_was_typed() -> None:
    node = root("size: 16:9\nversion: 6.10\nno: off\nseed: 0123\n7: ~\n")
    assert plain_data(node) == [
        ("size", "16:9"),
        ("version", "6.10"),
        ("no", "off"),
        ("seed", "0123"),
        ("7", "~"),
    ]


# Anchors, merges and keys


def test_aliases_share_nodes() -> None:
    node = root("a: &x [1, 2]\nb: *x\n")
    assert isinstance(node, Mapping)
    assert node.get("a") is node.get("b")


def test_merge_keys() -> None:
    node = root("- &a {x: 1, y: 1}\n- &b {y: 2, z: 2}\n- {z: 3, <<: [*a, *b], w: 3}\n")
    assert isinstance(node, Sequence)
    assert plain_data(node.items[2]) == [("x", "1"), ("y", "1"), ("z", "3"), ("w", "3")]


def test_a_merge_into_a_merge() -> None:
    node = root("- &a {x: 1}\n- &b\n  <<: *a\n  y: 2\n- <<: *b\n")
    assert isinstance(node, Sequence)
    assert plain_data(node.items[2]) == [("x", "1"), ("y", "2")]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert plain_data(root("'<<': a\n")) == [("<<", "a")]


@pytest.mark.parametrize("merge", ["1", "[1]", "[[{a: b}]]", ""])
def test_only_mappings_are_merged(merge: str) -> None:
    _, message = error(f"<<: {merge}\na: 1\n")
    assert message == "`<<` merges mappings, and this is none"


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: 2\na: 3\n",
        "{a: 1, b: 2, a: 3}",
        "a: 1\n'a': 3\n",
        "- &x {a: 0}\n- a: 1\n  <<: *x\n  a: 3\n",
    ],
)
def test_duplicate_keys(text: str) -> None:
    (found,) = read(text).diagnostics
    assert found.name == "duplicate-key"
    assert found.message == "the key `a` stands twice in this mapping"
    (note,) = found.notes
    assert note.location is not None
    assert note.location.text == "a"
    assert note.location.span < found.location.span
    assert len(read(text).roots) == 1


def test_of_equal_keys_the_first_is_kept() -> None:
    assert plain_data(read("a: 1\na: 2\n").roots[0]) == [("a", "1")]


def test_findings_stand_in_the_order_of_the_file() -> None:
    found = read("a: 1\na: {b: 1, b: 2}\n").diagnostics
    assert [each.location.text for each in found] == ["a", "b"]


def test_two_merge_keys_are_duplicates() -> None:
    ((name, place, _),) = errors("- &a {x: 1}\n- &b {y: 1}\n- <<: *a\n  <<: *b\n")
    assert (name, place) == ("duplicate-key", "<<")


def test_an_explicit_key_over_a_merged_one_is_no_duplicate() -> None:
    node = root("- &a {x: 1}\n- <<: *a\n  x: 2\n- x: 3\n  <<: *a\n")
    assert plain_data(node) == [[("x", "1")], [("x", "2")], [("x", "3")]]


# What is refused


REFUSED = {
    "prompt: a cat: on a mat": (
        ":",
        "the value `a cat: on a mat` holds `: `, which YAML takes for another key",
    ),
    "  - prompt: cat:: 2 dog:: 1": (
        "::",
        "the value `cat:: 2 dog:: 1` holds `: `, which YAML takes for another key",
    ),
    "prompt: a cat:\nsize: 1:1": (
        ":",
        "the value `a cat:` ends in `:`, which YAML takes for another key",
    ),
    "- a cat: on a: mat": (
        ":",
        "the value `on a: mat` holds `: `, which YAML takes for another key",
    ),
    "a: 1\n b: 2\n": (
        "b: 2",
        "a key cannot begin here, because the value above it goes on in this line",
    ),
    "prompt: *bold* cat": (
        "*bold* cat",
        "a value without quotes cannot begin with `*`, which repeats an anchor in YAML",
    ),
    "prompt: *bold cat": (
        "*bold cat",
        "a value without quotes cannot begin with `*`, which repeats an anchor in YAML",
    ),
    "prompt: *bold": ("*bold", "`*bold` refers to an anchor `&bold`, and there is none above it"),
    "prompt: & cat": (
        "& cat",
        "a value without quotes cannot begin with `&`, which names an anchor in YAML",
    ),
    "prompt: !cat meow": ("!cat", "the tag `!cat` is not supported here"),
    "prompt: !a!b meow": (
        "!a!b meow",
        "a value without quotes cannot begin with `!`, which begins a tag in YAML",
    ),
    "prompt: @user": ("@user", "a value without quotes cannot begin with `@`"),
    "prompt: `x`": ("`x`", "a value without quotes cannot begin with a backtick"),
    "prompt: %x": ("%x", "a value without quotes cannot begin with `%`"),
    "prompt: ? x": ("? x", "a value without quotes cannot begin with `?`"),
    "prompt: ]x": ("]x", "a value without quotes cannot begin with `]`"),
    "prompt: ,x": (",x", "a value without quotes cannot begin with `,`"),
    "prompt: - x": ("- x", "a list cannot begin behind a key in the same line"),
    "prompt: | x": (
        "| x",
        "a value without quotes cannot begin with `|` and go on in the same line: YAML wants its text indented below",
    ),
    "prompt: {red, green} car": (
        "car",
        "`car` follows `}`, which ends a list or mapping of YAML",
    ),
    "prompt: [red] car": ("car", "`car` follows `]`, which ends a list or mapping of YAML"),
    "prompt: [red]]": ("]", "`]` closes nothing"),
    'prompt: "neon "glow" sign"': (
        'glow" sign"',
        '`glow" sign"` follows the closing quote, which ends the value',
    ),
    "prompt: 'it's a cat'": (
        "s a cat'",
        "`s a cat'` follows the closing quote, which ends the value",
    ),
    'a: 1\nprompt: "a cat\nb: 2\n': ('"a cat', 'the quote `"` is never closed'),
    "prompt: 'a cat\n---\n": ("'a cat", "the quote `'` is never closed"),
    r'prompt: "a\d"': (r"\d", r"`\d` is no character in double quotes"),
    r'prompt: "\n\u12"': (r"\u12", r"`\u12` is no character in double quotes"),
    r'prompt: "\ud83dx\ude00"': (r"\ud83d", r"`\ud83d` is no character in double quotes"),
    r'prompt: "\ud83d\ude00\ude00"': (r"\ude00", r"`\ude00` is no character in double quotes"),
    r'prompt: "\U00110000"': (r"\U00110000", r"`\U00110000` is no character in double quotes"),
    "prompt: [a, b\nsize: 3\n": ("[", "the bracket `[` is never closed"),
    "prompt: [a, {b": ("{", "the bracket `{` is never closed"),
    "prompt: [b,": ("[", "the bracket `[` is never closed"),
    "prompt: {b: [c}": ("}", "YAML wants `,` or `]` before `}`"),
    "prompt: [1,,2]": (",", "a value is missing before this comma"),
    "prompt: [a:, b]": (":", "inside brackets, `:` without a space behind it needs quotes"),
    "prompt: a\non a mat\nsize: 1:1\n": (
        "on a mat",
        "`on a mat` is no key and not part of the value above it",
    ),
    "prompt: a cat #blue\n  on a mat\n": (
        "on a mat",
        "`on a mat` cannot go on with the value above, which ends before its ` #`",
    ),
    "jobs:\n  - prompt: x\n   size: 2\n": (
        "size: 2",
        "`size: 2` is indented like no line that it could belong to",
    ),
    "a:\n\tb: 1\n": ("\t", "a tab stands where YAML wants spaces"),
    "a: |\n\tb\n": ("\t", "a tab stands where YAML wants spaces"),
    "a: \x1b[0m\n": ("\x1b", "YAML does not allow the character U+001B"),
    "\ufeffa: \ud83d\n": ("\ud83d", "YAML does not allow the character U+D83D"),
    "{a: b}: c": ("{a: b}", "`{a: b}` is a mapping and cannot be a key"),
    "prompt: {{subject}}": ("{subject}", "`{subject}` is a mapping and cannot be a key"),
    "[a, b]: c": ("[a, b]", "`[a, b]` is a list and cannot be a key"),
    "a: !!python/object:os.system x": (
        "!!python/object:os.system",
        "the tag `!!python/object:os.system` is not supported here",
    ),
    "a: !!set {x, y}": ("!!set", "the tag `!!set` is not supported here"),
    "a: !!str {x, y}": ("!!str", "the tag `!!str` is not supported here"),
    "a: !!map x": ("!!map", "the tag `!!map` is not supported here"),
    "a: &b !<tag:example.com,2000:c> x": (
        "!<tag:example.com,2000:c>",
        "the tag `tag:example.com,2000:c` is not supported here",
    ),
    "a: !!int x": ("x", "`x` is no value for the tag `!!int`"),
    "a: &a [*a]": ("*a", "`*a` stands inside the value that it refers to"),
    "%FOO bar\n---\na: b\n": (
        "%FOO bar",
        "a line that begins with `%` is a directive of YAML, and there is none like this",
    ),
    "%YAML 3.0\n---\na: b\n": (
        "%YAML 3.0",
        "a line that begins with `%` is a directive of YAML, and there is none like this",
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    assert error(text) == REFUSED[text]
    assert read(text).roots == ()


@pytest.mark.parametrize("text", REFUSED)
def test_refused_with_windows_lines(text: str) -> None:
    assert error(text.replace("\n", "\r\n")) == REFUSED[text]


@pytest.mark.parametrize("before", ["", "é"])
@pytest.mark.parametrize("code", range(0x80))
def test_control_characters_are_refused_whatever_stands_before_them(code: int, before: str) -> None:
    text = f"# {before}{chr(code)}\na: b\n"
    refused = any("does not allow" in one.message for one in read(text).diagnostics)
    assert refused is (code == 0x7F or (code < 0x20 and chr(code) not in "\t\n\r"))


def test_advice_names_the_key() -> None:
    (found,) = read("jobs:\n  - negative_prompt: a cat: on a mat\n").diagnostics
    assert found.help == (
        "put the value in quotes, or write it indented below `negative_prompt: >-`"
    )


def test_documents_before_a_fault_are_kept() -> None:
    found = read("a: 1\n---\nb: !x 2\n---\nc: 3\n---\nd: e: f\n")
    assert [plain_data(node) for node in found.roots] == [[("a", "1")], [("c", "3")]]
    assert [each.location.start.line for each in found.diagnostics] == [3, 7]


def test_anchors_do_not_reach_into_the_next_document() -> None:
    assert error("a: &x 1\n---\nb: *x\n")[0] == "*x"


def test_an_anchor_may_be_given_again() -> None:
    node = root("- &x 1\n- *x\n- &x [2]\n- *x\n")
    assert plain_data(node) == ["1", "1", ["2"], ["2"]]


# Limits


LAUGHS = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "- &a '" + "x" * 1_000_000 + "'\n" + "- *a\n" * 100,
        "- &m {" + ", ".join(f"k{n}: 1" for n in range(1000)) + "}\n"
        "- {<<: [" + ", ".join(["*m"] * 2000) + "]}\n",
    ],
)
def test_alias_bombs(text: str) -> None:
    start = time.process_time()
    place, message = error(text)
    assert time.process_time() - start < 2
    assert place.startswith("*")
    assert message == "aliases within aliases make this file larger than 1,000,000 values"


def test_many_aliases_of_something_small_are_no_bomb() -> None:
    found = read_yaml(Source("a", "- &d {speed: fast, version: 7}\n" + "- <<: *d\n" * 30_000))
    assert not found.diagnostics


DEEP = {
    "[" * 100_000: "[",
    "{a: " * 100_000: "{",
    "- " * 100_000: "-",
    "? " * 100_000: "?",
    "\n".join("  " * depth + "a:" for depth in range(1000)): "a",
    "a: " + "{" * 100_000 + "}" * 100_000: "{",
}


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_depth(text: str) -> None:
    assert error(text) == (DEEP[text], "this is nested more than 100 levels deep")


def test_depth_that_is_allowed() -> None:
    assert not read("[" * 100 + "]" * 100).diagnostics


@pytest.mark.parametrize(
    "text",
    [
        "p: " + "a cat " * 100_000,
        "p: 'a" + " " * 500_000 + "'",
        "p: a" + " " * 500_000 + ": b",
        "a" + " " * 500_000 + " b\nc: d\n",
        "p: 'a" + "\n" * 500_000 + "'",
        'p: "' + "\\n" * 100_000 + '"',
        'p: "' + "\\" * 500_001,
        "p: |\n" + "  a\n" * 100_000,
        "p: >\n" + "\n" * 200_000 + " a",
        "#\n" * 100_000,
        "&a" + " # c\n" * 100_000 + "x",
        "{a: " + "# x\n" * 100_000 + "}",
        "{a" + " # x" * 100_000 + "\n, b: }",
        "- # " + "x " * 100_000 + "\n-\n",
        "\u2028" * 500_000,
        "*" * 100_000,
        "!" * 100_000,
        "-" * 500_000,
        "a: 1\n" * 20_000,
        "'" * 500_001,
    ],
    ids=lambda text: repr(text[:10]),
)
def test_time_is_linear(text: str) -> None:
    start = time.process_time()
    read_yaml(Source("a.yaml", text))
    assert time.process_time() - start < 5


# Comments


def test_comments() -> None:
    text = (
        "# one\n"
        "a: 'b # c' # two\n"
        "d: e#f # three\n"
        "g: | # four\n"
        "  # text\n"
        "# five\n"
        'h: "#" #six\n'
        "i: [j, # seven\n"
        "  'k' #eight\r\n"
        "]\n"
        "l: # nine\n"
        "  >-\n"
        "  # text\n"
        "m: &n # ten\n"
        "  o\n"
        "--- # eleven"
    )
    numbers = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
    ]
    found = [each.text.lstrip("# ") for each in read(text).comments]
    assert found == numbers


@pytest.mark.parametrize(
    "text, comment",
    [
        ("p: a cat, #FF0000 dress\n", "#FF0000 dress"),
        ("p: a cat # a note\r\n", "# a note"),
        ("p: a\n  cat\t#x\n", "#x"),
        ("p: #FF0000\n", "#FF0000"),
        ("p: a cat#x\n", None),
        ("p: a cat\n# x\n", None),
        ("p: 'a cat' # x\n", None),
        ("p: |\n  a cat # x\n# y\n", None),
    ],
)
def test_comment_after(text: str, comment: str | None) -> None:
    node = value(text)
    found = comment_after(node, node.source)
    assert (found and found.text) == comment


# Properties of all texts


WORDS = st.one_of(
    st.sampled_from("#[{-|]}&*!%@\\?,~'\"\t\u2028\x85é😀"),
    st.sampled_from(["cat", "a b", " ", "  ", "# x", ": ", "::", "--ar 16:9", ""]),
)
LINES = st.lists(st.lists(WORDS, max_size=4).map("".join), max_size=6)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
CONTEXTS = st.sampled_from(
    [
        ("", ""),
        ("p: ", "{end}q: 1"),
        ("p:{end}  ", " # c"),
        ("p:\t", "\t# c{end}"),
        ("- ", "{end}- 2"),
        ("- &a ", "{end}- *a"),
        ("[", ", b]"),
        ("{{a: ", "}}"),
        ("? ", "{end}: x"),
    ]
)


@st.composite
def blocks(draw: st.DrawFn) -> str:
    end = draw(LINE_ENDS)
    before = draw(st.sampled_from(["p: ", "- ", "- - ", "? ", "- p: ", "p: &a ", "p: !!str "]))
    header = draw(st.sampled_from("|>"))
    header += draw(st.sampled_from(["", "-", "+", "1", "2", "3-", "+1", "-2"]))
    header += draw(st.sampled_from(["", " ", " # c", "\t"]))
    indent = draw(st.integers(1, 6))
    lines = [
        " " * max(0, indent + draw(st.sampled_from([0, 0, 0, 2, -1]))) + line
        for line in draw(LINES)
    ]
    after = ["", end, end * 2, f"{end}  {end}", f"{end}# c{end}", f"{end} # c", f"{end}z: 1"]
    after += [f"{end}...{end}", f"{end}---{end}b", f"{end}- 2", f"{end}   "]
    return before + header + end + end.join(lines) + draw(st.sampled_from(after))


@st.composite
def flows(draw: st.DrawFn, quote: str, parts: list[str]) -> str:
    end = draw(LINE_ENDS)
    before, after = draw(CONTEXTS)
    pieces = st.sampled_from(["a", " ", "\t", "END", "END  ", "ENDEND ", "END \tEND  ", *parts])
    text = "".join(draw(st.lists(pieces, max_size=9)))
    scalar = f"{quote}{text}{quote}" if quote else f"x{text}"
    return (before.format(end=end) + scalar + after.format(end=end)).replace("END", end)


SINGLE = flows("'", ["''", "é", "😀", "# x", ": ", "\x85", '"', "\\", "]"])
LONG_ESCAPES = [r"\x41", r"\u263A", r"\U0001F600", "\\END", "\\END  ", "\\ENDEND "]
DOUBLE = flows(
    '"', ["'", "é", "# x", "\u2029", *LONG_ESCAPES, *(f"\\{one}" for one in '\\" \tN_LP0e/n')]
)
PLAIN = flows("", ["é", "😀", "#x", " # x", ":x", "--ar", *"'\"{?|-&\x85"])


@settings(max_examples=400)
@given(st.one_of(blocks(), SINGLE, DOUBLE, PLAIN))
def test_scalars_of_every_style(text: str) -> None:
    found, pure = read_twice(text)
    if found.diagnostics:
        # What is broken twice over is refused by both, though not always for the same reason.
        assert pure.diagnostics
        return
    assert pure == found
    if yaml.__with_libyaml__ and not set("\x85\u2028\u2029") & set(text):
        assert [plain_data(node) for node in found.roots] == compose(text)
    for node in found.roots:
        for each in scalars(node):
            check_places(each)


def compose(text: str) -> list[Any]:
    """What PyYAML's own composer makes of a text."""

    def data(node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return [(data(key), data(value)) for key, value in node.value]
        if isinstance(node, yaml.SequenceNode):
            return [data(item) for item in node.value]
        return node.value

    return [data(node) for node in yaml.compose_all(text, Loader=yaml.CSafeLoader)]


def check_places(node: Scalar) -> None:
    """The pieces cover the text; what is mapped character by character is the same character."""
    excerpt = node.excerpt
    at = 0
    for piece in excerpt.pieces:
        assert piece.start == at
        at += piece.length
        if piece.length == piece.source_length:
            text = excerpt.text[piece.start : at]
            source = piece.source.text[piece.offset : piece.offset + piece.source_length]
            for here, there in zip(text, source, strict=True):
                assert here == there or (here in " \n" and there in "\r\n")
    assert at == len(node.text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r'"a \ud83e\udd8a fox"', "a 🦊 fox"),
        (r'"\uD83E\uDD8A\ud83d\ude00\ud83e\udd8a"', "🦊😀🦊"),
        (r'"\ue000\ud83e\udd8a\U0000e001"', "\ue000🦊\ue001"),
        ('"\ue000\\ud83e\\udd8a\u2028"', "\ue000🦊\u2028"),
        (r'"\\ud83e\\udd8a \\\ud83e\udd8a"', r"\ud83e\udd8a \🦊"),
        (r"'\ud83e\udd8a'", r"\ud83e\udd8a"),
        (r"x\ud83e\udd8a \\ud83e\\udd8a # \ud83e\udd8a", r"x\ud83e\udd8a \\ud83e\\udd8a"),
        ("|-\n  \\ud83e\\udd8a", r"\ud83e\udd8a"),
    ],
)
def test_a_surrogate_pair_is_read_as_json_reads_it(text: str, meant: str) -> None:
    node = value(f"p: {text}\n")

    assert node.text == meant
    check_places(node)


def test_a_surrogate_pair_is_one_character_of_its_place() -> None:
    node = value(r'{"p": "a \ud83e\udd8a fox --ar"}')

    assert node.excerpt.locate(Span(2, 3)).span == Span(9, 21)
    assert node.excerpt.locate(Span(8, 12)).text == "--ar"


@given(st.text(st.sampled_from("a🦊😀\ue000\ue001\\u'\"é \u2028"), max_size=12))
def test_what_json_writes_is_read_as_it_was(text: str) -> None:
    assert value(json.dumps({"p": text})).text == text


SOUP = st.lists(
    st.one_of(
        st.sampled_from("a1 \n\t\r:'\"\\|>[]{}!?%@`#~é😀\u2028\x85\ufeff\x00\x7f\ud800"),
        st.sampled_from(["\n  ", ": ", "- ", " # c", "|-\n ", ">+\n  ", ", ", "&a ", "*a", "\\n"]),
        st.sampled_from(["!!str ", "\r\n", "\n---\n", "\n...\n", "<<: ", "\nk: ", "- a\n"]),
    ),
    max_size=16,
).map("".join)


@settings(max_examples=400)
@example("- &a\n  - *a\n  - b: c: d\n")
@given(st.one_of(SOUP, st.text()))
def test_nothing_raises(text: str) -> None:
    source = Source("a.yaml", text)
    found = read_yaml(source)
    for node in found.roots:
        for each in scalars(node):
            check_places(each)
            comment_after(each, source)
    for diagnostic in found.diagnostics:
        span = diagnostic.location.span
        assert 0 <= span.start <= span.end <= len(text)
    for comment in found.comments:
        assert comment.text.startswith("#")
    read_yaml(source, pure=True)


def test_without_the_parser_in_c() -> None:
    code = (
        "import sys\n"
        "sys.modules['yaml._yaml'] = None\n"
        "from mjspec.source import Source\n"
        "from mjspec.spec.events import CBaseLoader\n"
        "from mjspec.spec.read import read_yaml\n"
        "assert CBaseLoader is None\n"
        "print(read_yaml(Source('a', 'a:\\tb? c\\n')).roots[0].entries[0].value.text)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.stdout == "b? c\n"
