"""Every example of the provider's page, and what it documents in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.compiler.conftest import Build

EXAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "curl": (
        {
            "prompt": "a beautiful sunset over mountains",
            "size": "16:9",
            "version": "6.1",
            "speed": "fast",
        },
        {
            "prompt": "a beautiful sunset over mountains",
            "size": "16:9",
            "version": "6.1",
            "speed": "fast",
        },
        "a beautiful sunset over mountains --ar 16:9 --v 6.1",
        "midjourney@imagine-v6.1-fast",
    ),
    "all flags in prompt": (
        {"prompt": "a beautiful sunset over mountains --ar 16:9 --v 6.1 --style raw --s 750"},
        {
            "prompt": "a beautiful sunset over mountains",
            "size": "16:9",
            "version": "6.1",
            "style": "raw",
            "stylize": 750,
        },
        "a beautiful sunset over mountains --ar 16:9 --v 6.1 --style raw --s 750",
        "midjourney@imagine-v6.1",
    ),
    "niji": (
        {"prompt": "anime girl in a moonlit garden", "niji": True, "version": "7", "size": "9:16"},
        {"prompt": "anime girl in a moonlit garden", "size": "9:16", "version": "7", "niji": True},
        "anime girl in a moonlit garden --ar 9:16 --niji 7",
        "midjourney@imagine-niji7",
    ),
    "mixed": (
        {"prompt": "a beautiful sunset --ar 1:1", "size": "16:9"},
        {"prompt": "a beautiful sunset", "size": "16:9"},
        "a beautiful sunset --ar 16:9",
        "midjourney@imagine",
    ),
    "image-guided": (
        {
            "prompt": "turn this product into a luxury studio photo",
            "image_urls": ["https://example.com/product.png"],
            "size": "1:1",
            "iw": 1.2,
        },
        {
            "prompt": "turn this product into a luxury studio photo",
            "image_urls": ["https://example.com/product.png"],
            "size": "1:1",
            "iw": 1.2,
        },
        "https://example.com/product.png turn this product into a luxury studio photo --ar 1:1 --iw 1.2",
        "midjourney@imagine",
    ),
    "fast mode": (
        {"prompt": "a cute cat", "speed": "fast"},
        {"prompt": "a cute cat", "speed": "fast"},
        "a cute cat",
        "midjourney@imagine-fast",
    ),
}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_examples_compile_to_the_documented_body(name: str, build: Build) -> None:
    given, body, final_prompt, billing_key = EXAMPLES[name]
    job = build(json.dumps(given)).only
    assert job.request.body == body
    assert job.final_prompt == final_prompt
    assert job.billing_key == billing_key
    assert job.request.method == "POST"
    assert job.request.url == "https://api.apimart.ai/v1/midjourney/generations"


def test_flags_and_structured_body_are_one_job(build: Build) -> None:
    flags = build(json.dumps(EXAMPLES["all flags in prompt"][0])).only
    fields = build(json.dumps(EXAMPLES["all flags in prompt"][1])).only
    assert flags.fingerprint == fields.fingerprint
    assert flags.request == fields.request


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_both_spellings_have_one_final_prompt_and_fingerprint(name: str, build: Build) -> None:
    given = json.dumps(EXAMPLES[name][0])
    structured, flat = build(given).only, build(given, emit="flat").only
    assert structured.fingerprint == flat.fingerprint
    assert structured.final_prompt == flat.final_prompt
    assert set(flat.request.body) <= {"prompt", "speed", "image_urls", "metadata"}


EVERY_FIELD = {
    "size": ("16:9", "--ar 16:9"),
    "style": ("raw", "--style raw"),
    "stylize": (750, "--s 750"),
    "chaos": (10, "--c 10"),
    "weird": (100, "--w 100"),
    "quality": ("0.5", "--q 0.5"),
    "negative_prompt": ("ugly, blurry", "--no ugly, blurry"),
    "seed": (7, "--seed 7"),
    "tile": (True, "--tile"),
    "iw": (1.2, "--iw 1.2"),
    "sref": ("https://a.b/s.png", "--sref https://a.b/s.png"),
    "sw": (200, "--sw 200"),
    "cref": ("https://a.b/c.png", "--cref https://a.b/c.png"),
    "cw": (50, "--cw 50"),
    "repeat": (2, "--r 2"),
    "stop": (50, "--stop 50"),
}


def test_every_field_has_its_flag_in_the_order_of_the_contract(build: Build) -> None:
    fields = {name: value for name, (value, _) in EVERY_FIELD.items()}
    images = ["https://a.b/i.png"]
    spec = {"prompt": "a cat", "version": "6.1", "image_urls": images, **fields}
    job = build(json.dumps(spec)).only
    assert job.request.body == spec
    flags = [flag for _, flag in EVERY_FIELD.values()]
    assert job.final_prompt == " ".join(
        ["https://a.b/i.png a cat", flags[0], "--v 6.1", *flags[1:]]
    )
