from __future__ import annotations

from typing import Any

import pytest

from mjspec.sandbox.prompts import Model, final_prompt, model, read_flags, settings


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"prompt": "a cat"}, "a cat"),
        ({"prompt": "a cat --ar 1:1", "size": "16:9"}, "a cat --ar 16:9"),
        ({"prompt": "a cat --ar 1:1 --v 7"}, "a cat --ar 1:1 --v 7"),
        ({"prompt": "a cat", "niji": True, "version": "7"}, "a cat --niji 7"),
        ({"prompt": "a cat", "niji": True}, "a cat --niji"),
        ({"prompt": "a cat --v 6", "niji": True}, "a cat --niji 6"),
        ({"prompt": "a cat --niji 6", "version": "7"}, "a cat --v 7"),
        ({"prompt": "a cat --niji 6", "niji": False}, "a cat"),
        ({"prompt": "a cat", "hd": True}, "a cat --v 8.1 --hd"),
        ({"prompt": "a cat --ar 1:1 --hd"}, "a cat --ar 1:1 --v 8.1 --hd"),
        ({"prompt": "a cat --tile", "tile": False}, "a cat"),
        ({"prompt": "a cat --fast --s 5", "speed": "relax"}, "a cat --s 5"),
        (
            {"prompt": "a cat", "iw": 0.5, "dw": 100.0, "stylize": 0},
            "a cat --s 0 --iw 0.5 --dw 100",
        ),
        ({"prompt": "a cat", "extra": "--exp 10", "chaos": 3}, "a cat --c 3 --exp 10"),
        ({"prompt": "a cat", "image_urls": ["https://a/b.png", "AAAA"]}, "https://a/b.png a cat"),
        (
            {"prompt": "https://a/b.png cat", "image_urls": ["https://a/b.png"]},
            "https://a/b.png cat",
        ),
        ({"prompt": "2--3 is -- no flag —v 7"}, "2--3 is -- no flag —v 7"),
        ({"prompt": "a cat", "seed": None}, "a cat"),
    ],
)
def test_final_prompt_is_text_then_flags_with_fields_over_flags(
    body: dict[str, Any], expected: str
) -> None:
    assert final_prompt(body) == expected


def test_final_prompt_appends_every_field_in_the_documented_order() -> None:
    body = {
        "prompt": "a cat",
        "stop": 50,
        "draft": True,
        "repeat": 2,
        "dw": 1,
        "dref": "https://d",
        "cw": 1,
        "cref": "https://c",
        "sw": 1,
        "sref": "7",
        "iw": 1,
        "tile": True,
        "seed": 1,
        "negative_prompt": "ugly, blurry",
        "quality": "1",
        "weird": 1,
        "chaos": 1,
        "stylize": 1,
        "raw": True,
        "style": "raw",
        "version": "6.1",
        "size": "1:1",
    }
    assert final_prompt(body) == (
        "a cat --ar 1:1 --v 6.1 --style raw --raw --s 1 --c 1 --w 1 --q 1 --no ugly, blurry"
        " --seed 1 --tile --iw 1 --sref 7 --sw 1 --cref https://c --cw 1 --dref https://d --dw 1"
        " --r 2 --draft --stop 50"
    )


def test_flags_are_read_with_their_values_and_spelling() -> None:
    text, flags = read_flags("  a cat --AR 16:9 --no red, blue --tile")
    assert text == "a cat"
    assert [(flag.name, flag.value, flag.text) for flag in flags] == [
        ("ar", "16:9", "--AR 16:9"),
        ("no", "red, blue", "--no red, blue"),
        ("tile", "", "--tile"),
    ]


def test_settings_take_the_body_over_the_prompt_and_both_over_extra() -> None:
    body = {"prompt": "a --s 1 --turbo --r 3", "stylize": 2, "extra": "--c 4 --s 9 --v 5.2"}
    assert settings(body) == {
        "prompt": "a --s 1 --turbo --r 3",
        "extra": "--c 4 --s 9 --v 5.2",
        "stylize": 2,
        "chaos": 4,
        "speed": "turbo",
        "repeat": 3,
        "niji": False,
        "version": "5.2",
    }


def test_a_bare_model_has_no_number() -> None:
    assert model({"prompt": "a cat"}) == Model("", niji=False)
    assert model({"prompt": "a cat --niji"}) == Model("", niji=True)


def test_a_long_prompt_is_read_in_linear_time() -> None:
    assert len(read_flags("--s 1 " * 200_000)[1]) == 200_000
