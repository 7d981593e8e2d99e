from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from mjspec.source import Excerpt, Piece, Source, Span
from mjspec.spec.nodes import (
    Entry,
    Mapping,
    Scalar,
    Style,
    core_value,
    yaml11_reading,
    yaml11_value,
)


def scalar(text: str, style: Style = "plain", tag: str | None = None) -> Scalar:
    return Scalar(text, style, tag, Source("a.yaml", text), 0, len(text))


CORE = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "nULL": "nULL",
    "true": True,
    "FALSE": False,
    "tRUE": "tRUE",
    "yes": "yes",
    "no": "no",
    "on": "on",
    "off": "off",
    "0": 0,
    "-7": -7,
    "+7": 7,
    "0123": 123,
    "0089": 89,
    "0o17": 15,
    "0x1F": 31,
    "0b101": "0b101",
    "0o": "0o",
    "-0x1F": "-0x1F",
    "1_000": "1_000",
    "16:9": "16:9",
    "6.1": 6.1,
    "6.10": 6.1,
    "5.": 5.0,
    ".5": 0.5,
    ".": ".",
    "-": "-",
    "1e3": 1000.0,
    "1e5": 100000.0,
    "1.0e+3": 1000.0,
    ".inf": math.inf,
    "-.INF": -math.inf,
    "+.Inf": math.inf,
    "inf": "inf",
    "2024-01-01": "2024-01-01",
    "١٢": "١٢",
    "a cat": "a cat",
    "5\n": "5\n",
}


@pytest.mark.parametrize("text", CORE)
def test_core_value_of_plain_text(text: str) -> None:
    value = core_value(scalar(text))
    assert value == CORE[text]
    assert type(value) is type(CORE[text])


def test_core_value_not_a_number() -> None:
    value = core_value(scalar(".NaN"))
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize("style", [style for style in get_args(Style) if style != "plain"])
@pytest.mark.parametrize("text", ["7", "true", "", "~", "16:9", "no"])
def test_quoted_and_block_scalars_are_text(text: str, style: Style) -> None:
    assert core_value(scalar(text, style)) == text
    assert yaml11_value(scalar(text, style)) == text
    assert yaml11_reading(scalar(text, style)) is None


@pytest.mark.parametrize(
    "text, tag, value",
    [
        ("7", "str", "7"),
        ("7", "int", 7),
        ("7", "float", 7.0),
        ("0x10", "float", 16.0),
        ("0o10", "float", 8.0),
        ("1" + "0" * 400, "float", math.inf),
        ("1.5", "float", 1.5),
        ("true", "bool", True),
        ("", "null", None),
        ("x", "int", "x"),
    ],
)
def test_a_tag_decides(text: str, tag: str, value: Any) -> None:
    found = core_value(scalar(text, "double", tag))
    assert found == value
    assert type(found) is type(value)


def test_numbers_too_long_for_python_stay_text() -> None:
    digits = "9" * 5000
    assert core_value(scalar(digits)) == digits
    assert yaml11_value(scalar(digits)) == digits
    sixties = "1" + ":59" * 3000
    assert yaml11_value(scalar(sixties)) == sixties


@pytest.mark.parametrize(
    "text, value",
    [
        ("16:9", 969),
        ("1:1", 61),
        ("21:9", 1269),
        ("-1:30", -90),
        ("16:9.5", 969.5),
        ("1.91:1", "1.91:1"),
        ("239:100", "239:100"),
        ("0:1", "0:1"),
        ("12:30:45", 45045),
        ("0123", 83),
        ("0089", "0089"),
        ("1_000", 1000),
        ("12_34", 1234),
        ("1e3", "1e3"),
        ("1.0e+3", 1000.0),
        ("0b101", 5),
        ("0x1F", 31),
        ("0o17", "0o17"),
        ("on", True),
        ("Off", False),
        ("NO", False),
        ("y", "y"),
        ("2024-01-01", date(2024, 1, 1)),
        ("2024-13-01", "2024-13-01"),
        ("2024-01-01T10:20:30Z", datetime(2024, 1, 1, 10, 20, 30, tzinfo=UTC)),
    ],
)
def test_yaml11_value(text: str, value: Any) -> None:
    found = yaml11_value(scalar(text))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text, reading",
    [
        ("16:9", "the number 969"),
        ("0123", "the number 83"),
        ("16:9.5", "the number 969.5"),
        ("no", "false"),
        ("On", "true"),
        ("1e5", "text"),
        ("089", "text"),
        ("2024-01-01", "the date 2024-01-01"),
        ("2024-01-01 10:20:30", "the time 2024-01-01 10:20:30"),
        ("6.10", None),
        ("7", None),
        ("007", None),
        ("true", None),
        ("null", None),
        ("", None),
        (".nan", None),
        ("a cat", None),
        ("--ar 16:9", None),
        ("1.91:1", None),
    ],
)
def test_what_readers_of_yaml_1_1_see(text: str, reading: str | None) -> None:
    assert yaml11_reading(scalar(text)) == reading


def test_a_tagged_scalar_is_the_same_to_every_reader() -> None:
    assert yaml11_reading(scalar("16:9", tag="str")) is None


LIKE_NUMBERS = st.one_of(
    st.text("0123456789_:.-+eExXobaf", max_size=9),
    st.from_regex(r"[-+]?[1-9][0-9_]{0,3}(:[0-6]?[0-9]){1,3}(\.[0-9_]*)?", fullmatch=True),
    st.from_regex(
        r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
        r"([Tt ][0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,7})?( ?(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?)?",
        fullmatch=True,
    ),
    st.sampled_from(
        ["yes", "Yes", "yEs", "off", "OFF", "on", "true", "~", "null", "NULL", "", "y"]
    ),
    st.from_regex(r"[-+]?\.(inf|Inf|nan|NaN|iNF)", fullmatch=True),
)


@given(LIKE_NUMBERS)
@example("0_")
def test_yaml11_value_is_that_of_pyyaml(text: str) -> None:
    found = yaml11_value(scalar(text))
    loader: Any = yaml.SafeLoader("")
    node = yaml.ScalarNode(loader.resolve(yaml.ScalarNode, text, (True, False)), text)
    try:
        expected = loader.construct_object(node)
    except (ValueError, yaml.YAMLError):
        expected = text
    assert type(found) is type(expected)
    # Not-a-number differs from itself.
    assert repr(found) == repr(expected)


@given(st.text(max_size=12))
def test_values_of_any_text(text: str) -> None:
    core_value(scalar(text))
    yaml11_reading(scalar(text))


def test_a_scalar_gives_its_excerpt_and_location() -> None:
    source = Source("a.yaml", "p: 'cat'")
    node = Scalar("cat", "single", None, source, 3, 8)
    assert node.location.text == "'cat'"
    assert node.excerpt == Excerpt("cat", (Piece(0, 3, source, 4, 3),))
    assert node.excerpt.locate(Span(1, 2)).text == "a"


def test_a_scalar_of_an_excerpt() -> None:
    source = Source("a.csv", "id,cat")
    node = Scalar.of(source.excerpt(3))
    assert (node.text, node.style, node.location.text) == ("cat", "plain", "cat")
    assert node.excerpt == source.excerpt(3)


def test_look_up_of_keys() -> None:
    source = Source("a.yaml", "a: b")
    key, value = (
        Scalar(text, "plain", None, source, at, at + 1) for text, at in (("a", 0), ("b", 3))
    )
    mapping = Mapping((Entry(key, value),), source.excerpt().location)
    assert "a" in mapping
    assert "b" not in mapping
    assert mapping.get("a") is value
    assert mapping.get("b") is None
    assert mapping.entry("a") == Entry(key, value)
    assert list(mapping.keys()) == ["a"]
