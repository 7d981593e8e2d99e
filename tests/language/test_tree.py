"""Every text parses, renders back, and takes linear time."""

from __future__ import annotations

import itertools
import time
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mjspec.jobs.compiler import examine
from mjspec.jobs.expansion import expand_job, permutation_findings
from mjspec.jobs.job import Job
from mjspec.language import parser
from mjspec.language.grammar import grammar_of, run_pattern
from mjspec.language.parser import parse
from mjspec.language.permutations import count, expand
from mjspec.language.prompt import Flag, Image, Text, Weight, render
from mjspec.language.readings import read_flag
from mjspec.language.resolve import resolve
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable

PIECES = st.sampled_from(
    [
        "a fox",
        " ",
        "--",
        "—",
        "–",
        "-",
        "ar",
        "v",
        "16:9",
        "::",
        "2",
        "{",
        "}",
        ",",
        "\\",
        "\n",
        "https://a.b/c.png",
        "<",
        ">",
        "--no",
        "--sref",
        "：",
        "，",
        "\xa0",
        "猫",
        "🎉",
        "(",
        '"',
        "#",
        "--ar 1:1",
        "--niji 6",
        "--{v 5, niji}",
        "{a, {b\\,c, d}}",
        "0",
        ".",
        "--s",
        "--tile",
    ]
)
PROMPTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join))


@given(PROMPTS)
@settings(max_examples=400, deadline=None)
def test_any_text_renders_back(text: str) -> None:
    assert render(parse(text)) == text


@given(PROMPTS)
@settings(max_examples=300, deadline=None)
def test_spans_name_their_text(text: str) -> None:
    prompt = parse(text)
    for part in prompt.parts:
        assert text[part.span.start : part.span.end] == part.raw
    for use in prompt.parameters:
        assert text[use.start : use.start + len(use.flag.raw)] == use.flag.raw
        for word in use.flag.words:
            start = use.start + word.start
            assert text[start : start + len(word.text)] == word.text


@given(PROMPTS)
@settings(max_examples=300, deadline=None)
def test_findings_stay_inside_the_text(text: str) -> None:
    prompt = parse(text)
    for use in prompt.parameters:
        if use.flag.name:
            for finding in read_flag(use.flag).findings:
                assert 0 <= finding.span.start <= finding.span.end <= len(use.flag.raw)
    for finding in resolve(prompt).findings:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)


@given(PROMPTS)
@settings(max_examples=200, deadline=None)
def test_count_is_the_number_of_expansions(text: str) -> None:
    prompt = parse(text)
    number = count(prompt)
    if number > 200:
        return
    expanded = list(expand(prompt, Source("x", text).excerpt()))
    assert len(expanded) == number
    for one in expanded:
        assert sum(piece.length for piece in one.pieces) == len(one.text)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a {red, green} cat", ["a red cat", "a green cat"]),
        ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]),
        ("{a, {b, c} d}", ["a", "b d", "c d"]),
        (r"{red, pastel \, yellow} x", ["red x", "pastel , yellow x"]),
        (r"\{a, b\}", [r"\{a, b\}"]),
        ("a {, --p custom}", ["a ", "a --p custom"]),
        ("a --{v 5, niji, test}", ["a --v 5", "a --niji", "a --test"]),
        ("a --ar {3:2, 1:1}", ["a --ar 3:2", "a --ar 1:1"]),
        ("{a {b", ["{a {b"]),
    ],
)
def test_permutations(text: str, expected: list[str]) -> None:
    expanded = expand(parse(text), Source("x", text).excerpt())
    assert [one.text for one in expanded] == expected


def test_expansion_keeps_places() -> None:
    text = "a {red, green} cat"
    second = list(expand(parse(text), Source("x", text).excerpt()))[1]
    place = second.locate(second.location.span)
    assert place.source.text == text
    start = second.text.index("green")
    from mjspec.source import Span

    assert second.locate(Span(start, start + 5)).text == "green"


@given(st.lists(PIECES, max_size=20).map("".join))
@settings(max_examples=150, deadline=None)
def test_head_is_cut_as_the_grammar_says(text: str) -> None:
    from mjspec.language.parser import _parts

    parts = _parts(text)
    kinds = {Text: "TEXT", Image: "LINK", Weight: "WEIGHT"}
    tokens = list(grammar_of("head").lex(text)) if text else []
    assert [(kinds[type(p)], p.raw) for p in parts if not hasattr(p, "group")] == [
        (token.type, str(token)) for token in tokens
    ]


@given(
    st.sampled_from(["--", "-- ", "—", "— ", "–", "- -", "---", "－－", "--\u200b"]),
    st.sampled_from(["ar", "no", "style-raw", "ärt", "s_p", "a猫", "\0\0", "V"]),
    st.text(max_size=30),
)
def test_flags_are_cut_as_the_grammar_says(dash: str, name: str, rest: str) -> None:
    raw = f"{dash}{name}{rest}"
    flag = parser._flag(raw)
    tree = grammar_of("flag").parse(raw)
    tokens = {token.type: str(token) for token in tree.scan_values(bool)}
    assert (flag.dash, flag.gap, flag.name) == (
        tokens["DASH"],
        tokens.get("SPACE", ""),
        tokens["NAME"],
    )
    assert raw[flag.name_end :] == tokens.get("REST", "")


@given(st.lists(st.sampled_from(["a", ",", " ", "\\\\", "\\,", "\\{", "ü", "\n"])).map("".join))
def test_runs_are_cut_as_the_grammar_says(text: str) -> None:
    tree = grammar_of("run").parse(text)
    cut = [(match.lastgroup, match[0]) for match in run_pattern().finditer(text)]
    assert cut == [(token.type, str(token)) for token in tree.scan_values(bool)]


@given(PROMPTS.filter(lambda text: "{" not in text and "}" not in text))
@settings(max_examples=400, deadline=None)
def test_the_short_cut_says_the_same(text: str) -> None:
    short, whole = parser._parse_plain(text), parser._parse_cut(text)
    assert short is None or (short == whole and short.doubts == whole.doubts)


@given(PROMPTS)
@settings(max_examples=100, deadline=None)
def test_what_was_remembered_changes_nothing(text: str) -> None:
    before = parse(text)
    parser._flags.clear()
    parser._group.cache_clear()
    after = parse(text)
    assert (before.parts, before.flags, before.doubts) == (after.parts, after.flags, after.doubts)


@given(PROMPTS)
@settings(max_examples=150, deadline=None)
def test_every_expansion_is_examined(text: str) -> None:
    excerpt = Source("x", text).excerpt()
    job = Job(prompt=excerpt, origin=excerpt.location)
    permutation_findings(job)
    for one in islice(expand_job(job), 20):
        assert render(parse(one.prompt.text)) == one.prompt.text
        examine(one)


def test_expansion_is_lazy() -> None:
    text = "{a,b,c,d}" * 19
    expanded = expand(parse(text), Source("x", text).excerpt())
    assert next(expanded).text == "a" * 19
    assert next(expanded).text == "a" * 18 + "b"


def test_deep_nesting_is_compared_and_shown() -> None:
    text = "{" * 20_000 + "a" + "}" * 20_000
    assert parse(text) == parse(text)
    assert len(repr(parse(text))) < 1_000_000
    (expanded,) = expand(parse(text), Source("x", text).excerpt())
    assert expanded.text == "a"


def test_equal_flags_are_one_object() -> None:
    (_, first), (_, second) = parse("a --ar 16:9").flags[0], parse("b c --ar 16:9").flags[0]
    assert isinstance(first, Flag)
    assert first is second


NUMBERS = itertools.count()
SHAPES: dict[str, Callable[[int], str]] = {
    "text": lambda n: "a fox, " * n,
    "open braces": lambda n: "{" * n,
    "close braces": lambda n: "}" * n,
    "nested braces": lambda n: "{" * n + "}" * n,
    "pairs": lambda n: "{a,b}" * n,
    "flags": lambda n: "a" + " --ar 16:9" * n,
    # Never the same twice, so that nothing is remembered.
    "distinct flags": lambda n: "a" + "".join(f" --seed {next(NUMBERS)}" for _ in range(n)),
    "dashes": lambda n: "-" * n * 5,
    "spaced dashes": lambda n: "- " * n,
    "em dashes": lambda n: "— " * n,
    "colons": lambda n: "a::" * n,
    "links": lambda n: "https://a.b/c " * n,
    "words behind a flag": lambda n: "a --no " + "x, " * n,
    "escapes": lambda n: "\\{" * n,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_long_prompts_do_not_recurse(shape: str) -> None:
    text = SHAPES[shape](8_000)
    prompt = parse(text)
    assert render(prompt) == text
    assert count(prompt) >= 1
    resolve(prompt)


FULL = {
    "5 MB of text": lambda: "a fox, " * 750_000,
    "a line of 50 MB": lambda: "x" * 50_000_000,
    "nested braces": lambda: "{" * 100_000 + "}" * 100_000,
    "open braces": lambda: "{" * 100_000,
    "flags": lambda: "a" + " --ar 16:9" * 100_000,
    "distinct flags": lambda: "a" + "".join(f" --seed {i}" for i in range(100_000)),
    "commas": lambda: "{" + "," * 1_000_000 + "}",
    "permuted names": lambda: " --{a}" * 50_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", FULL)
def test_full_sizes_take_seconds(shape: str) -> None:
    text = FULL[shape]()
    start = time.process_time()
    prompt = parse(text)
    assert time.process_time() - start < 15
    assert render(prompt) == text


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_no_faster_than_the_text(shape: str) -> None:
    def seconds(size: int) -> float:
        best = float("inf")
        for _ in range(2):
            text = SHAPES[shape](size)
            start = time.process_time()
            parse(text)
            best = min(best, time.process_time() - start)
        return best

    parse(SHAPES[shape](10))
    small, large = seconds(2_000), seconds(16_000)
    # Eight times the text; a quadratic step would take 64 times as long.
    assert large < 24 * small + 0.05


def test_real_prompts_render_back() -> None:
    import json
    from pathlib import Path

    sample = Path(__file__).parent.parent / "data" / "prompts.jsonl"
    for line in sample.read_text(encoding="utf-8").splitlines():
        prompt = json.loads(line)["prompt"]
        assert render(parse(prompt)) == prompt
