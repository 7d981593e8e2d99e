from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import requests

from mjspec.sandbox import CATALOGUE, Faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.sandbox import Sandbox

    Start = Callable[..., Sandbox]
    Call = Callable[..., requests.Response]
    Accept = Callable[..., str]

BROKEN = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


def _names(stage: str) -> list[str]:
    return [fault.name for fault in CATALOGUE if fault.stage == stage]


def _outcome(ask: Callable[[], requests.Response]) -> requests.Response | None:
    try:
        return ask()
    except BROKEN:
        return None


@pytest.mark.parametrize("name", _names("submit"))
def test_a_submission_fault_strikes_once_and_charges_only_where_it_says(
    start: Start, submit: Call, name: str
) -> None:
    sandbox = start(slow_seconds=0.05, balance=1.0)
    sandbox.plan(name)
    fault = next(fault for fault in CATALOGUE if fault.name == name)
    answer = _outcome(lambda: submit(sandbox, prompt="a cat", allow_redirects=False))
    assert len(sandbox.accepted) == fault.accepted
    assert (sandbox.balance == 1.0) is not fault.accepted
    if answer is not None and name not in ("slow", "202"):
        assert "task_id" not in answer.text
    assert sandbox.counts["submissions"] == 1
    assert submit(sandbox, prompt="a cat").status_code == 200


@pytest.fixture
def submit(call: Call) -> Call:
    """Submits a body without following redirects."""

    def send(sandbox: Sandbox, *, allow_redirects: bool = False, **body: Any) -> requests.Response:
        url = f"{sandbox.url}/v1/midjourney/generations"
        return call("POST", url, json=body, allow_redirects=allow_redirects)

    return send


@pytest.mark.parametrize(
    "name, status, text",
    [
        ("400", 400, '"type":"invalid_request_error"'),
        ("401", 401, '"type":"authentication_error"'),
        ("402", 402, "insufficient balance"),
        ("403", 403, '"type":"permission_error"'),
        ("404", 404, '"type":"not_found_error"'),
        ("422", 422, "moderation"),
        ("429", 429, '"type":"rate_limit_error"'),
        ("503", 503, '"type":"service_unavailable"'),
        ("500", 500, '"type":"server_error"'),
        ("502-accepted", 502, '"type":"bad_gateway"'),
        ("504-accepted", 504, '"code":504'),
        ("no-channel", 400, '"type":"apimart_error","code":"get_channel_failed"'),
        ("code-3", 404, '{"code":3,"description":"NOT_FOUND"}'),
        ("code-4", 400, '{"code":4,"description":'),
        ("code-9", 502, '{"code":9,"description":'),
        ("code-24", 200, '{"code":24,"description":"BANNED_PROMPT"}'),
        ("html", 200, "<!DOCTYPE html>"),
        ("empty", 200, ""),
        ("no-task-id", 200, '{"code":200,"data":[{"status":"submitted"}]}'),
    ],
)
def test_a_submission_fault_answers_as_documented(
    start: Start, submit: Call, name: str, status: int, text: str
) -> None:
    sandbox = start()
    sandbox.plan(name)
    answer = submit(sandbox, prompt="a cat")
    assert answer.status_code == status
    assert text in answer.text
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("name", ["429-retry-after", "503-retry-after", "429-retry-date"])
def test_some_refusals_say_how_long_to_wait(
    start: Start, submit: Call, clock: Any, name: str
) -> None:
    sandbox = start(retry_after=7, clock=clock)
    sandbox.plan(name)
    answer = submit(sandbox, prompt="a cat")
    dated = name.endswith("date")
    assert answer.headers["Retry-After"] == ("Fri, 15 Jan 2027 08:00:07 GMT" if dated else "7")


def test_202_names_the_task_in_an_object(start: Start, submit: Call) -> None:
    sandbox = start()
    sandbox.plan("202")
    answer = submit(sandbox, prompt="a cat")
    task_id = sandbox.accepted[0].task_id
    assert answer.status_code == 202
    assert answer.json() == {"code": 202, "data": {"id": task_id, "status": "queued"}}


def test_a_redirect_that_is_followed_pays(start: Start, submit: Call) -> None:
    sandbox = start()
    sandbox.plan("redirect")
    answer = submit(sandbox, prompt="a cat", allow_redirects=True)
    assert [step.status_code for step in answer.history] == [307]
    assert len(sandbox.accepted) == 1


def test_a_slow_answer_takes_its_time(start: Start, submit: Call) -> None:
    sandbox = start(slow_seconds=0.3)
    sandbox.plan("slow")
    begun = time.monotonic()
    assert submit(sandbox, prompt="a cat").status_code == 200
    assert time.monotonic() - begun >= 0.3


def test_half_a_status_line_looks_like_an_empty_200_to_requests(start: Start, submit: Call) -> None:
    sandbox = start()
    sandbox.plan("half-status")
    answer = submit(sandbox, prompt="a cat")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_missing_key_takes_no_step_of_the_plan(start: Start, submit: Call) -> None:
    sandbox = start()
    sandbox.plan("429")
    url = f"{sandbox.url}/v1/midjourney/generations"
    assert requests.post(url, json={"prompt": "a cat"}, timeout=20).status_code == 401
    assert submit(sandbox, prompt="a cat").status_code == 429


@pytest.mark.parametrize(
    "name, said",
    [
        (
            "fail",
            {"error": {"code": 500, "message": "No available upstream", "type": "server_error"}},
        ),
        (
            "fail-text-code",
            {
                "error": {
                    "code": "content_rejected",
                    "message": "Banned prompt detected",
                    "type": "invalid_request",
                }
            },
        ),
        ("fail-text", {"error": "upstream code=9: Prompt图片未通过审核"}),
        ("fail-reason", {"fail_reason": "Banned prompt detected"}),
        ("fail-silent", {}),
    ],
)
def test_a_failed_task_gives_its_reason_in_every_known_shape(
    start: Start, call: Call, accept: Accept, name: str, said: dict[str, object]
) -> None:
    sandbox = start(seconds=0, balance=1.0)
    sandbox.plan(name)
    answer = call("GET", f"{sandbox.url}/v1/tasks/{accept(sandbox)}").json()["data"]
    assert answer["status"] == "failed"
    assert {k: v for k, v in answer.items() if k in ("error", "fail_reason")} == said
    assert (answer["cost"], answer["progress"], "result" in answer) == (0, 0, False)
    assert sandbox.balance == 1.0


def test_a_failed_task_may_have_its_error_beside_the_data(
    start: Start, call: Call, accept: Accept
) -> None:
    sandbox = start(seconds=0)
    sandbox.plan("fail-outside")
    answer = call("GET", f"{sandbox.url}/v1/tasks/{accept(sandbox)}").json()
    assert "error" not in answer["data"]
    assert answer["error"]["message"] == "No available upstream"


@pytest.mark.parametrize(
    "name, reason",
    [("fail", "No available upstream"), ("fail-silent", None), ("cancelled", "Cancelled by user")],
)
def test_the_midjourney_form_has_a_fail_reason(
    start: Start, call: Call, accept: Accept, name: str, reason: str | None
) -> None:
    sandbox = start(seconds=0)
    sandbox.plan(name)
    answer = call("GET", f"{sandbox.url}/v1/midjourney/{accept(sandbox)}").json()
    assert answer["status"] == ("CANCEL" if name == "cancelled" else "FAILURE")
    assert answer.get("fail_reason") == reason


def test_a_task_that_never_ends_is_failed_at_the_time_limit(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    sandbox = start(clock=clock, balance=1.0)
    sandbox.plan("never-ends")
    url = f"{sandbox.url}/v1/tasks/{accept(sandbox)}"
    clock.now += 1799
    running = call("GET", url).json()["data"]
    assert (running["status"], running["estimated_time"]) == ("processing", 1)
    assert sandbox.balance != 1.0
    clock.now += 1
    answer = call("GET", url).json()["data"]
    assert answer["error"]["message"] == "Task timeout"
    assert sandbox.balance == 1.0


def test_partial_images_are_shown_and_served_while_the_task_runs(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    sandbox = start(clock=clock, seconds=100, image_side=64)
    sandbox.plan("partial-images")
    task_id = accept(sandbox)
    clock.now += 60
    answer = call("GET", f"{sandbox.url}/v1/tasks/{task_id}").json()["data"]
    assert answer["status"] == "processing"
    urls = answer["result"]["images"][0]["url"]
    assert [call("GET", url).status_code for url in urls] == [200, 200]
    assert call("GET", urls[0].replace("_0.png", "_2.png")).status_code == 404
    bare = call("GET", f"{sandbox.url}/v1/midjourney/{task_id}").json()
    assert (bare["status"], bare["image_urls"]) == ("IN_PROGRESS", urls)


def test_an_undocumented_status_ends_well(
    start: Start, call: Call, accept: Accept, clock: Any
) -> None:
    sandbox = start(clock=clock, seconds=100)
    sandbox.plan("odd-status")
    url = f"{sandbox.url}/v1/tasks/{accept(sandbox)}"
    assert call("GET", url).json()["data"]["status"] == "moderating"
    clock.now += 100
    assert call("GET", url).json()["data"]["status"] == "completed"


def test_urls_may_be_texts_and_images_may_be_missing(
    start: Start, call: Call, accept: Accept
) -> None:
    sandbox = start(seconds=0)
    sandbox.plan("url-string", "few-images")
    one, other = (
        call("GET", f"{sandbox.url}/v1/tasks/{accept(sandbox)}").json()["data"]["result"]["images"]
        for _ in range(2)
    )
    assert [type(image["url"]) for image in one] == [str] * 4
    assert [len(image["url"]) for image in other] == [3]


@pytest.mark.parametrize("name", _names("poll"))
@pytest.mark.parametrize("path", ["tasks", "midjourney"])
def test_a_poll_fault_strikes_the_first_poll_only(
    start: Start, call: Call, accept: Accept, name: str, path: str
) -> None:
    sandbox = start(seconds=0, slow_seconds=0.05)
    sandbox.plan(name)
    url = f"{sandbox.url}/v1/{path}/{accept(sandbox)}"
    answer = _outcome(lambda: call("GET", url))
    if name.partition("-")[2][:3].isdigit():
        assert answer is not None
        assert answer.status_code == int(name[5:8])
    elif name != "poll-slow":
        assert answer is None or answer.text.startswith("<!DOCTYPE")
    assert call("GET", url).json()
    assert sandbox.counts["polls"] == 2


@pytest.mark.parametrize("name", _names("download"))
def test_a_download_fault_strikes_the_first_download_only(
    start: Start, call: Call, accept: Accept, name: str
) -> None:
    sandbox = start(seconds=0, slow_seconds=0.1, image_side=64)
    sandbox.plan(name)
    answer = call("GET", f"{sandbox.url}/v1/tasks/{accept(sandbox)}").json()
    url = answer["data"]["result"]["images"][0]["url"][0]
    struck = _outcome(lambda: call("GET", url))
    sound = call("GET", url)
    assert sound.content.startswith(b"\x89PNG")
    if name == "download-slow":
        assert struck is not None
        assert struck.content == sound.content
    else:
        assert struck is None or not struck.content.startswith(b"\x89PNG")
    assert sandbox.counts["downloads"] == 2


def test_rates_repeat_with_the_seed(start: Start, submit: Call) -> None:
    faults = Faults.parse("429=0.3,drop-after-accept=0.2,502=0.1")
    runs = []
    for seed in (5, 5, 6):
        sandbox = start(faults=faults, seed=seed)
        ask = partial(submit, sandbox, prompt="a cat")
        answers = [_outcome(ask) for _ in range(40)]
        runs.append([None if answer is None else answer.status_code for answer in answers])
        assert len(sandbox.accepted) == runs[-1].count(200) + runs[-1].count(None)
    assert runs[0] == runs[1] != runs[2]
    assert {200, 429, None} <= set(runs[0])
