from __future__ import annotations

from typing import Any

import pytest

from mjspec.sandbox.checks import body_errors, upstream_reason


@pytest.mark.parametrize(
    "body",
    [
        {"prompt": "a cat"},
        {"prompt": "a cat", "stop": 50},
        {"prompt": "a cat", "hd": True},
        {"prompt": "a cat", "hd": True, "version": "8"},
        {"prompt": "a cat", "niji": True, "version": "6", "stop": 50},
        {"prompt": "a cat", "version": "9.9", "stylize": 1000},
        {"prompt": "a cat", "model": "midjourney", "nsfw_check": True},
        {"prompt": "a cat", "seed": None, "image_urls": None},
        {"prompt": "a cat --s 99999"},
    ],
)
def test_submission_accepts(body: dict[str, Any]) -> None:
    assert body_errors(body) == []


@pytest.mark.parametrize(
    "body, start",
    [
        (None, "request body must be a JSON object"),
        ([], "request body must be a JSON object"),
        ({}, "prompt is required for imagine"),
        ({"prompt": None}, "prompt is required for imagine"),
        ({"prompt": " \n"}, "prompt is required for imagine"),
        ({"prompt": 5}, "prompt must be a string"),
        ({"prompt": "a", "version": 7}, "version must be a string"),
        ({"prompt": "a", "niji": "yes"}, "niji must be a boolean"),
        ({"prompt": "a", "stylize": 1001}, "invalid stylize: 1001 is greater"),
        ({"prompt": "a", "stylize": "100"}, "invalid stylize: '100' is not"),
        ({"prompt": "a", "quality": 1}, "invalid quality: 1 is not"),
        ({"prompt": "a", "speed": "slow"}, "invalid speed: 'slow' is not one of"),
        ({"prompt": "a", "repeat": 1}, "invalid repeat: 1 is less"),
        ({"prompt": "a", "tile": 1}, "invalid tile: 1 is not"),
        ({"prompt": "a", "image_urls": "u"}, "invalid image_urls: 'u' is not"),
        ({"prompt": "a", "image_urls": [1]}, "invalid image_urls.0: 1 is not"),
        ({"prompt": "a", "metadata": []}, "invalid metadata: [] is not"),
        ({"prompt": "a", "hd": True, "version": "7"}, "hd is not available for --v 7"),
        ({"prompt": "a --v 7", "stop": 50}, "stop is not available for --v 7"),
        ({"prompt": "a", "hd": True, "stop": 50}, "stop is not available for --v 8.1"),
        ({"prompt": "a", "draft": True, "version": "6.1"}, "draft is not available for --v 6.1"),
    ],
)
def test_submission_refuses(body: object, start: str) -> None:
    assert body_errors(body)[0].startswith(start)


@pytest.mark.parametrize(
    "body, reason",
    [
        ({"prompt": "a cat --v 7 --s 100 --ar 16:9 --no red, blue --fast"}, ""),
        ({"prompt": "a cat --niji"}, ""),
        ({"prompt": "a cat --unheard of"}, ""),
        (
            {"prompt": "a cat", "version": "9.9"},
            "upstream code=4: --v 必须是 ['5','5.1','5.2','6','6.1','7','8','8.1','8.2'] 之一",
        ),
        ({"prompt": "a cat --niji 3"}, "upstream code=4: --niji 必须是 ['5','6','7'] 之一"),
        ({"prompt": "a cat", "extra": "--v 4"}, "upstream code=4: --v 必须是"),
        ({"prompt": "a cat --stop 50 --v 7"}, "upstream code=4: stop is not available for --v 7"),
        ({"prompt": "a cat --s 2000"}, "upstream code=4: invalid stylize: 2000 is greater"),
        ({"prompt": "a cat --s many"}, "upstream code=4: invalid stylize: 'many' is not"),
    ],
)
def test_upstream_refuses_what_submission_does_not_look_at(
    body: dict[str, Any], reason: str
) -> None:
    assert body_errors(body) == []
    assert upstream_reason(body).startswith(reason)
    assert bool(upstream_reason(body)) is bool(reason)
