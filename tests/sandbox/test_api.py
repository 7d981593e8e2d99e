from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.sandbox import Sandbox

    Start = Callable[..., Sandbox]
    Call = Callable[..., requests.Response]
    Accept = Callable[..., str]

KINDS = {404: "not_found_error", 405: "invalid_request_error"}


def _unified(call: Call, sandbox: Sandbox, task_id: str) -> dict[str, Any]:
    answer = call("GET", f"{sandbox.url}/v1/tasks/{task_id}?language=en")
    assert answer.status_code == 200
    envelope: dict[str, Any] = answer.json()
    assert envelope["code"] == 200
    inner: dict[str, Any] = envelope["data"]
    return inner


def _midjourney(call: Call, sandbox: Sandbox, task_id: str) -> dict[str, Any]:
    answer = call("GET", f"{sandbox.url}/v1/midjourney/{task_id}")
    assert answer.status_code == 200
    bare: dict[str, Any] = answer.json()
    return bare


@pytest.mark.parametrize(
    "path", ["/v1/midjourney/generations", "/v1/midjourney/generations/imagine"]
)
def test_submit_answers_with_a_list_and_a_task_id(start: Start, call: Call, path: str) -> None:
    sandbox = start()
    answer = call("POST", sandbox.url + path, json={"prompt": "a cat", "metadata": {"a": 1}})
    (submission,) = sandbox.accepted
    assert answer.json() == {
        "code": 200,
        "data": [{"status": "submitted", "task_id": submission.task_id}],
    }
    assert submission.body == {"prompt": "a cat", "metadata": {"a": 1}}
    assert submission.metadata == {"a": 1}
    assert submission.cost == 0.04504


def test_unified_query_of_a_running_and_a_finished_task(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    sandbox = start(seconds=60, clock=clock)
    task_id = accept(sandbox)
    clock.now += 30
    assert _unified(call, sandbox, task_id) == {
        "id": task_id,
        "status": "processing",
        "progress": 50,
        "created": 1_800_000_000,
        "estimated_time": 60,
    }
    clock.now += 30
    done = _unified(call, sandbox, task_id)
    (image,) = done.pop("result")["images"]
    assert done == {
        "id": task_id,
        "status": "completed",
        "progress": 100,
        "created": 1_800_000_000,
        "completed": 1_800_000_060,
        "estimated_time": 60,
        "actual_time": 60,
        "cost": 0.04504,
        "credits_cost": 0.04504 * 10,
    }
    assert image["expires_at"] == 1_800_000_060 + 86_400
    assert len(image["url"]) == 4
    assert all(url.startswith(f"{sandbox.url}/f/image/") for url in image["url"])


def test_midjourney_query_of_a_queued_and_a_finished_task(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    sandbox = start(seconds=60, clock=clock)
    task_id = accept(sandbox, prompt="a cat --ar 1:1", size="16:9", version="7")
    queued = {
        "id": task_id,
        "status": "NOT_START",
        "action": "IMAGINE",
        "progress": "0%",
        "prompt_en": "a cat --ar 16:9 --v 7",
        "created_at": 1_800_000_000,
    }
    assert _midjourney(call, sandbox, task_id) == queued
    clock.now += 60
    done = _midjourney(call, sandbox, task_id)
    images, buttons, grid = (done.pop(k) for k in ("image_urls", "buttons", "grid_image_url"))
    assert done == queued | {
        "status": "SUCCESS",
        "progress": "100%",
        "finished_at": 1_800_000_060,
    }
    assert images == _unified(call, sandbox, task_id)["result"]["images"][0]["url"]
    assert len(buttons) == 15
    assert buttons[0]["label"] == "U1"
    assert call("GET", grid).content.startswith(b"\x89PNG")


def test_images_are_served_without_a_key_once_the_task_is_done(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    sandbox = start(seconds=60, clock=clock, image_side=64)
    task_id = accept(sandbox)
    clock.now += 60
    urls = _unified(call, sandbox, task_id)["result"]["images"][0]["url"]
    answers = [requests.get(url, timeout=20) for url in urls]
    assert [answer.headers["Content-Type"] for answer in answers] == ["image/png"] * 4
    assert len({answer.content for answer in answers}) == 4
    clock.now -= 1
    assert call("GET", urls[0]).status_code == 404
    clock.now += 86_402
    assert call("GET", urls[0]).status_code == 403
    assert call("GET", urls[0].replace("_0.png", "_7.png")).status_code == 404
    assert call("GET", urls[0].replace("image/9998", "image/1111")).status_code == 404


def test_head_has_the_headers_of_get(start: Start, call: Call, accept: Accept) -> None:
    sandbox = start(seconds=0, image_side=64)
    url = _unified(call, sandbox, accept(sandbox))["result"]["images"][0]["url"][0]
    head, get = call("HEAD", url), call("GET", url)
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(get.content))


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Basic abc", "a-key-without-a-scheme"]
)
@pytest.mark.parametrize(
    "method, path",
    [
        ("POST", "/v1/midjourney/generations"),
        ("GET", "/v1/tasks/task_x"),
        ("GET", "/v1/midjourney/task_x"),
        ("GET", "/v1/balance"),
        ("GET", "/balance"),
    ],
)
def test_a_key_is_required(start: Start, method: str, path: str, authorization: str | None) -> None:
    sandbox = start()
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=20)
    headers = {} if authorization is None else {"Authorization": authorization}
    connection.request(method, path, b"{}", headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 401
    assert text.startswith('{"error":{"code":"","message":"API key is required (request id: 20')
    assert text.endswith('"param":"","type":"apimart_error"}}')
    assert answer.headers["X-Oneapi-Request-Id"] in text
    assert sandbox.accepted == ()


@pytest.mark.parametrize(
    "method, path, status",
    [
        ("GET", "/", 404),
        ("GET", "/v1/tasks/task_unknown", 404),
        ("GET", "/v1/midjourney/task_unknown", 404),
        ("POST", "/v1/midjourney/generations/upscale", 404),
        ("GET", "/v1/midjourney/generations", 405),
        ("POST", "/v1/tasks/task_unknown", 405),
        ("DELETE", "/v1/balance", 405),
        ("BREW", "/v1/balance", 405),
        ("GET", "/f/image/nothing.png", 404),
    ],
)
def test_unknown_places_and_methods_are_refused(
    start: Start, call: Call, method: str, path: str, status: int
) -> None:
    answer = call(method, start().url + path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["code"], error["type"]) == (status, KINDS[status])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"prompt": NaN}',
        b'{"prompt": "a", "iw": 1e999}',
        b"\xff\xfe\xff",
        b'"a"',
        b"[" * 100_000,
        b'{"prompt": ""}',
    ],
)
def test_what_is_no_proper_body_is_refused_with_400(
    start: Start, call: Call, content: bytes
) -> None:
    sandbox = start()
    answer = call("POST", f"{sandbox.url}/v1/midjourney/generations", data=content)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert sandbox.accepted == ()


def test_a_refused_body_costs_nothing(start: Start, submit: Call) -> None:
    sandbox = start(balance=1.0)
    answer = submit(sandbox, prompt="a cat", stylize=5000)
    assert answer.json()["error"]["message"].startswith("invalid stylize: 5000")
    assert sandbox.balance == 1.0


def test_a_body_over_the_limit_is_refused_with_413(start: Start, submit: Call) -> None:
    sandbox = start(max_body=1000)
    assert submit(sandbox, prompt="a cat").status_code == 200
    assert submit(sandbox, prompt="x" * 5_000_000).status_code == 413
    assert submit(sandbox, prompt="a cat").status_code == 200


@pytest.mark.parametrize(
    "body, cost",
    [
        ({}, 0.04504),
        ({"speed": "relax"}, 0.04504),
        ({"speed": "fast"}, 0.05504),
        ({"speed": "turbo"}, 0.10),
        ({"prompt": "a cat --turbo"}, 0.10),
        ({"prompt": "a cat --turbo", "speed": "fast"}, 0.05504),
        ({"speed": "turbo", "repeat": 3}, 0.30),
        ({"prompt": "a cat --fast --repeat 10"}, 0.5504),
    ],
)
def test_the_charge_follows_speed_and_repeat(
    start: Start, accept: Accept, body: dict[str, Any], cost: float
) -> None:
    sandbox = start(balance=10.0)
    accept(sandbox, **body)
    assert sandbox.charged == pytest.approx(cost)
    assert sandbox.balance == pytest.approx(10.0 - cost)


def test_prices_can_be_set(start: Start, accept: Accept) -> None:
    sandbox = start(prices={"fast": 2.0})
    accept(sandbox, speed="fast")
    accept(sandbox, speed="turbo")
    assert sandbox.charged == 2.1


@pytest.mark.parametrize("path", ["/v1/balance", "/v1/user/balance"])
def test_the_balance_is_told_in_dollars_and_credits(
    start: Start, call: Call, accept: Accept, path: str
) -> None:
    sandbox = start(balance=1.0)
    accept(sandbox, speed="turbo")
    assert call("GET", sandbox.url + path).json() == {
        "success": True,
        "remain_balance": 0.9,
        "used_balance": 0.1,
        "remain_credits": 9.0,
        "used_credits": 1.0,
        "unlimited_quota": False,
    }


def test_an_empty_account_answers_402(start: Start, submit: Call) -> None:
    sandbox = start(balance=0.2)
    statuses = [submit(sandbox, prompt="a cat", speed="turbo").status_code for _ in range(3)]
    assert statuses == [200, 200, 402]
    answer = submit(sandbox, prompt="a cat")
    assert answer.json()["error"] == {
        "code": 402,
        "message": "insufficient balance",
        "type": "payment_required",
    }
    assert len(sandbox.accepted) == 2


def test_an_unknown_version_is_accepted_then_fails_and_is_refunded(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    sandbox = start(seconds=60, balance=1.0, clock=clock)
    task_id = accept(sandbox, version="9.9", speed="turbo")
    assert sandbox.balance == 0.9
    clock.now += 60
    assert sandbox.balance == 1.0
    reason = "upstream code=4: --v 必须是 ['5','5.1','5.2','6','6.1','7','8','8.1','8.2'] 之一"
    unified = _unified(call, sandbox, task_id)
    assert unified["status"] == "failed"
    assert unified["cost"] == 0
    assert unified["error"] == {"code": 500, "message": reason, "type": "server_error"}
    assert "result" not in unified
    bare = _midjourney(call, sandbox, task_id)
    assert (bare["status"], bare["fail_reason"], bare["quota"]) == ("FAILURE", reason, 0)
    assert "image_urls" not in bare


def test_inline_images_are_shortened_in_what_is_kept(start: Start, accept: Accept) -> None:
    sandbox = start()
    inline = "data:image/png;base64," + "A" * 3_000_000
    accept(sandbox, image_urls=["https://a.example/b.png", inline])
    first, second = sandbox.accepted[0].body["image_urls"]
    assert first == "https://a.example/b.png"
    assert second == f"{inline[:64]}... (3000022 characters)"


def test_durations_spread_around_the_mean_and_repeat_with_the_seed(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    times = []
    for seed in (1, 1, 2):
        sandbox = start(seconds=1000, spread=0.5, seed=seed, clock=clock)
        ids = [accept(sandbox) for _ in range(5)]
        clock.now += 10_000
        times.append([_unified(call, sandbox, task_id)["actual_time"] for task_id in ids])
    assert times[0] == times[1] != times[2]
    assert all(500 <= seconds <= 1500 for seconds in times[0])


def test_the_log_lists_every_accepted_submission(start: Start, call: Call, accept: Accept) -> None:
    sandbox = start(seconds=0)
    sandbox.plan("fail")
    task_id = accept(sandbox, metadata={"mjspec": "x"})
    _unified(call, sandbox, task_id)
    log = requests.get(f"{sandbox.url}/_sandbox/log", timeout=20).json()
    (entry,) = log["accepted"]
    assert entry.pop("time") == sandbox.accepted[0].time
    assert entry == {
        "number": 1,
        "task_id": task_id,
        "body": {"prompt": "a cat", "metadata": {"mjspec": "x"}},
        "metadata": {"mjspec": "x"},
        "cost": 0.04504,
        "faults": ["fail"],
    }
    assert log["counts"] == {"submissions": 1, "polls": 1}
    assert log["charged"] == 0
    assert "a-key" not in str(log)


def test_a_plan_can_be_sent_from_another_process(start: Start, call: Call, submit: Call) -> None:
    sandbox = start()
    plan = f"{sandbox.url}/_sandbox/plan"
    assert requests.post(plan, json=["429", None], timeout=20).json() == {"planned": 2}
    statuses = [submit(sandbox, prompt="a cat").status_code for _ in range(2)]
    assert statuses == [429, 200]
    assert call("POST", plan, json=["nonsense"]).status_code == 400
    assert call("POST", plan, json="429").status_code == 400
    assert call("POST", plan, data=b"{").status_code == 400
