from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjspec._resources import schema
from mjspec.jobs.acceptance import accepts, refuses
from mjspec.jobs.validate import _validator_class
from mjspec.schemas import file_name
from mjspec.versions import VERSIONS

TEXTS = [
    "",
    "raw",
    "16:9",
    "0:1",
    "1:20",
    "20:1",
    "4:1",
    "a, b",
    "1",
    "6",
    "random",
    "scenic",
    "low",
]
NUMBERS = [-1, 0, 0.5, 1, 2, 4, 10, 40, 100, 101, 1000, 1001, 3000, 4294967295, 4294967296, 1.0]


def properties() -> list[dict[str, Any]]:
    found = []
    for version in (None, *VERSIONS):
        document = schema(file_name(version))
        parts = [document, *document.get("$defs", {}).values()]
        found += [one for part in parts for one in part.get("properties", {}).values()]
    return [
        one for one in found if not {"$ref", "anyOf"} & set(one) and _is_plain(one.get("type", ""))
    ]


def _is_plain(kind: Any) -> bool:
    return isinstance(kind, str) and kind not in ("array", "object")


PROPERTIES = properties()


def agrees(one: dict[str, Any], value: Any) -> None:
    valid = _validator_class()(one).is_valid(value)
    assert accepts(one, value) == valid, one


@pytest.mark.parametrize("value", [*TEXTS, *NUMBERS, True, False], ids=repr)
def test_known_values(value: Any) -> None:
    for one in PROPERTIES:
        if not (isinstance(value, float) and value.is_integer()):
            agrees(one, value)
        elif accepts(one, value):
            # JSON Schema takes 1.0 for an integer, which no reading gives.
            assert _validator_class()(one).is_valid(value)


@given(st.sampled_from(PROPERTIES), st.integers(-5, 5000) | st.booleans() | st.text(max_size=6))
def test_any_value(one: dict[str, Any], value: Any) -> None:
    agrees(one, value)


def test_what_a_version_lacks_is_refused_whatever_its_value_is() -> None:
    lacking = [one for one in PROPERTIES if refuses(one)]
    assert lacking
    for one in lacking:
        for value in (*TEXTS, *NUMBERS, True, False):
            errors = [error.validator for error in _validator_class()(one).iter_errors(value)]
            assert errors == ["not"]
    assert not any(refuses(one) for one in ({"not": {"type": "string"}}, {"type": "string"}))


def test_an_unknown_keyword_is_not_obvious() -> None:
    assert accepts({"type": "integer", "description": "a seed"}, 1)
    assert not accepts({"type": "integer", "multipleOf": 1}, 1)
    assert not accepts({"not": {}}, 1)
