"""The schemas say what the table says, for every version and every parameter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.domains import Choice, Number, Ratio, Selector, Switch, reduce_ratio
from mjspec.jobs.model import Assumptions, Model
from mjspec.jobs.validate import validate
from mjspec.language.settings import Origin, Setting
from mjspec.limits import advised, allowed
from mjspec.parameters import PARAMETERS
from mjspec.source import Source, Span
from mjspec.versions import VERSIONS, Version, find_version

if TYPE_CHECKING:
    from mjspec.domains import Domain
    from mjspec.parameters import Parameter
    from tests.compiler.conftest import Build

CANDIDATES: dict[type, tuple[Any, ...]] = {
    Number: (-1, 0, 0.2, 0.5, 1, 2, 3, 4, 6, 7, 9, 10, 40, 41, 100, 101, 625, 1000, 3001, 60001),
    Ratio: ("1:1", "2:1", "3:2", "5:2", "1:3", "4:1", "14:1", "1:15", "300:100"),
    Choice: (
        "0.25",
        "0.5",
        "1",
        "2",
        "4",
        "5",
        "raw",
        "4a",
        "4d",
        "cute",
        "random",
        "low",
        "abcd12",
    ),
    Switch: (True,),
}
TYPED = [
    p
    for p in PARAMETERS
    if not isinstance(p.domain, Selector)
    and type(p.domain) in CANDIDATES
    and not (p.dead or p.speed)
]


def holds(domain: Domain | None, value: Any) -> bool:
    """Whether a domain has a value, read off the domain and not off its schema."""
    if domain is None:
        return False
    if isinstance(domain, Number):
        return domain.low <= value <= domain.high and (domain.decimal or isinstance(value, int))
    if isinstance(domain, Ratio):
        long, short = sorted(reduce_ratio(value), reverse=True)
        return domain.most is None or long <= domain.most * short
    if isinstance(domain, Choice) and domain.pattern:
        import re

        return value in domain.values or re.fullmatch(domain.pattern, value) is not None
    return not isinstance(domain, Choice) or value in domain.values


def verdict(parameter: Parameter, value: Any, version: Version) -> str:
    """What validation says."""
    text = Source("x", "value").excerpt()
    span = Span(0, 5)
    origin = Origin("field", parameter.key, text, span, text, span)
    model = Model(version.number, version.niji, version, named=True)
    found = validate({parameter.key: Setting(parameter.key, value, origin)}, model)
    assert len(found) <= 1
    return str(found[0].severity) if found else "ok"


@pytest.mark.parametrize("parameter", TYPED, ids=lambda parameter: parameter.key)
def test_schemas_and_table_agree(parameter: Parameter) -> None:
    for version in VERSIONS:
        for value in CANDIDATES[type(parameter.domain)]:
            sure = holds(parameter.domain, value) and holds(allowed(parameter, version), value)
            expected = "ok" if holds(advised(parameter, version), value) else "warning"
            if not sure:
                expected = "error"
            assert verdict(parameter, value, version) == expected, (version, value)


@pytest.mark.parametrize(
    ("prompt", "message"),
    [
        (
            "a --stop 50 --v 7",
            "`--stop` is not available in version 7; it is in 5 to 6.1 and niji 5 and 6",
        ),
        ("a --hd --v 7", "`--hd` is not available in version 7; it is in 8 and 8.1"),
        ("a --draft --v 6.1", "`--draft` is not available in version 6.1; it is in 7 to 8.2"),
        (
            "a --raw --v 5",
            "`--raw` is not available in version 5; it is in 5.1 to 8.2 and niji 6 and 7",
        ),
        (
            "a --q 4 --v 8.1",
            "`--q` is not available in version 8.1; it is in 1 to 7 and niji 4 to 6",
        ),
        ("a --s 1001", "`--s 1001` is out of range; it takes a whole number from 0 to 1000"),
    ],
)
def test_messages_say_what_is_wrong_then_what_is_allowed(
    prompt: str, message: str, build: Build
) -> None:
    assert [
        d.message for d in build(f"prompt: {prompt}\n").found if str(d.severity) == "error"
    ] == [message]


def test_without_a_version_a_rule_of_versions_is_a_warning_that_says_so(build: Build) -> None:
    built = build("prompt: a --stop 50\n")
    assert [(d.name, str(d.severity)) for d in built.found] == [
        ("unsupported-in-version", "warning")
    ]
    said = f"{built.found[0].message} {built.found[0].help}"
    assert "no version is given, so this is checked against version 8.1" in said
    assert len(built.jobs) == 1


def test_an_unknown_version_is_one_finding(build: Build) -> None:
    assert build("prompt: 'a:: b --v 9 --stop 50 --cref https://a.b/c.png --q 2'\n").names == [
        "unknown-version"
    ]


@pytest.mark.parametrize("number", ["1", "5", "6", "8", "8.2"])
def test_versions_that_the_provider_has_not_verified(number: str, build: Build) -> None:
    built = build(f"prompt: a cat --v {number}\n")
    assert (built.names, len(built.jobs)) == (["unverified-version"], 1)


def test_declared_versions_behave_like_known_ones(build: Build) -> None:
    like = find_version("8.1")
    assert like is not None
    assumptions = Assumptions(declared={"8.2": like, "9": like})
    for number in ("8.2", "9"):
        built = build(f"prompt: a cat --hd --v {number}\n", assumptions=assumptions)
        assert built.names == []
        assert built.only.billing_key == f"midjourney@imagine-v{number}"
        assert built.only.final_prompt == f"a cat --v {number} --hd"
        stopped = build(f"prompt: a cat --stop 50 --v {number}\n", assumptions=assumptions)
        assert stopped.errors == ["unsupported-in-version"]


def test_the_schema_for_editors_agrees_with_the_loader(build: Build) -> None:
    """Draft-07 knows types, names and which version has which field.

    It does not know limits of ratios, variables, what a prompt holds, nor what stands in other files.
    """
    from jsonschema import Draft7Validator

    from mjspec.spec_schema import spec_schema

    validator = Draft7Validator(spec_schema())
    for parameter in PARAMETERS:
        if parameter.field in (None, "version", "niji", "iw", "sw", "cw", "dw"):
            continue
        values = [*CANDIDATES.get(type(parameter.domain), ("https://a.b/c.png",)), None, [1]]
        for version in VERSIONS:
            for value in values:
                spec = {"prompt": "a", "version": version.number, parameter.field: value}
                if version.niji:
                    spec["niji"] = True
                built = build(json.dumps(spec))
                if parameter.field == "size" and "out-of-range" in built.errors:
                    continue
                assert validator.is_valid(spec) == (not built.errors), (spec, built.found)


@pytest.mark.parametrize(
    ("spec", "valid"),
    [
        ({"prompt": "a", "siz": "1:1"}, False),
        ({"prompt": "a", "version": 6.1, "niji": False}, True),
        ({"prompt": "a", "version": "9"}, False),
        ({"prompt": "a", "seed": "5"}, False),
        ({"prompt": "a ${x}", "vars": {"x": 1}, "seed": "${x}"}, True),
        ({"jobs": [{"prompt": "a", "version": 7, "stop": 50}]}, False),
        ({"jobs": [{"prompt": "a", "matrix": {"seed": [1]}, "copies": 2}]}, True),
        ({"jobs": [{"prompt": "a", "matrix": {"seed": 1}}]}, False),
        ({"prompt": "a", "copies": 0}, False),
        ({"mjspec": 2, "prompt": "a"}, False),
        ({"mjspec": "1", "prompt": "a"}, True),
        ({"prompt": "a", "copies": "2"}, False),
        ({"prompt": "a", "copies": 10_001}, False),
        ({"jobs": [{"prompt": "a", "copies": None}]}, True),
        ({"prompt": "a", "niji": True, "version": "7"}, True),
        ({"prompt": "a", "niji": True, "version": "6.1"}, False),
        ({"prompt": "a", "version": "5", "quality": 2}, False),
        ({"prompt": "a", "version": "5", "quality": 0.5}, True),
        ({"prompt": "a", "version": "3", "stylize": 100}, False),
        ({"prompt": "a", "hd": True, "stop": 50}, False),
        ({"prompt": "a", "image_urls": "https://a.b/c.png"}, True),
        ({"prompt": "a", "image_urls": ["https://a.b/c.png"], "version": "8"}, False),
        ({"prompt": 5, "extra": 7}, True),
        ({"prompt": "a", "cref": "123", "version": "6.1"}, False),
        ({"prompt": "a", "sref": 123}, True),
        ({"prompt": "a", "sref": ["123"]}, False),
    ],
)
def test_the_schema_for_editors(spec: dict[str, Any], valid: bool, build: Build) -> None:
    from jsonschema import Draft7Validator

    from mjspec.spec_schema import spec_schema

    assert Draft7Validator(spec_schema()).is_valid(spec) == valid
    assert (not build(json.dumps(spec)).errors) == valid
