"""Fingerprints that were given once stay for ever: a changed one makes a paid job look new."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.compiler.conftest import Build

GOLDEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "data" / "fingerprints.json").read_text(encoding="utf-8")
)["jobs"]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: str(golden["spec"]["prompt"])[:30])
def test_fingerprints_never_change(golden: dict[str, Any], build: Build) -> None:
    text = json.dumps(golden["spec"], ensure_ascii=False)
    assert build(text).only.fingerprint == golden["fingerprint"]
    assert build(text, emit="flat").only.fingerprint == golden["fingerprint"]


def test_all_are_different() -> None:
    assert len({golden["fingerprint"] for golden in GOLDEN}) == len(GOLDEN) == 20


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"prompt": "a  cat\n--v 7"}, {"prompt": "a cat", "version": "7"}),
        ({"prompt": "a cat --s 5 --ar 1:1"}, {"prompt": "a cat --aspect 1:1 --stylize 05"}),
        ({"prompt": "a cat --hd"}, {"prompt": "a cat --hd --v 8.1"}),
        ({"prompt": "a cat --no a,b"}, {"prompt": "a cat --no a --no b"}),
        ({"prompt": "a", "metadata": {"k": 1}, "id": "x", "copies": 2}, {"prompt": "a"}),
        ({"prompt": "a cat --fast"}, {"prompt": "a cat", "speed": "fast"}),
        ({"prompt": "a cat", "tile": False}, {"prompt": "a cat"}),
        (
            {"prompt": "https://a.b/c.png a cat --iw 1.0"},
            {"prompt": "https://a.b/c.png a cat --iw 1"},
        ),
    ],
)
def test_what_means_the_same_is_the_same(
    one: dict[str, Any], two: dict[str, Any], build: Build
) -> None:
    first, second = build(json.dumps(one)).only, build(json.dumps(two)).only
    assert first.fingerprint == second.fingerprint


def test_what_differs_differs(build: Build) -> None:
    specs = [
        {"prompt": "a cat"},
        {"prompt": "A cat"},
        {"prompt": "a cat --relax"},
        {"prompt": "a cat --fast"},
        {"prompt": "a cat --raw"},
        {"prompt": "a cat --style raw"},
        {"prompt": "a cat --v 7"},
        {"prompt": "a cat --niji 7"},
        {"prompt": "a cat", "extra": "--foo"},
        {"prompt": "a cat", "image_urls": ["https://a.b/c.png"]},
        {"prompt": "https://a.b/c.png::1 a cat"},
    ]
    prints = {build(json.dumps(spec)).only.fingerprint for spec in specs}
    assert len(prints) == len(specs)
