from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mjspec.dispatch import errors
from mjspec.dispatch.answers import Task, read_balance, read_submission, read_task
from mjspec.dispatch.shapes import Answer


def answer(payload: Any, status: int = 200) -> Answer:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return Answer(status, {}, text)


def task(data: Any) -> Task:
    return read_task(answer({"code": 200, "data": data}), "task_1")


@pytest.mark.parametrize(
    "payload, status",
    [
        ({"code": 200, "data": [{"status": "submitted", "task_id": "task_1"}]}, 200),
        ({"code": 202, "data": {"id": "task_1", "status": "queued"}}, 202),
        ({"data": [{"taskId": "task_1"}]}, 200),
        ({"data": {"task_id": "task_1"}}, 201),
        ({"task_id": "task_1"}, 200),
        ({"id": "task_1"}, 200),
        ({"code": 200, "id": "request-9", "data": [{"task_id": "task_1"}]}, 200),
        ({"data": ["task_1"]}, 200),
        ({"code": 1, "description": "ok", "data": {"id": "task_1"}}, 200),
        ('\ufeff{"data": [{"task_id": "task_1"}]}', 200),
    ],
)
def test_every_shape_of_an_acceptance_is_read(payload: Any, status: int) -> None:
    assert read_submission(answer(payload, status)).task_ids == ("task_1",)


def test_several_tasks_of_a_repeated_job_are_all_kept() -> None:
    payload = {"data": [{"task_id": "a"}, {"task_id": "b"}, {"task_id": "a"}]}
    assert read_submission(answer(payload)).task_ids == ("a", "b")


def test_an_id_beside_an_error_is_no_acceptance() -> None:
    with pytest.raises(errors.OutcomeUnknownError):
        read_submission(answer({"id": "request-9", "error": {"message": "odd"}}))


def test_an_answer_without_an_id_is_quoted() -> None:
    """A person who has to decide may find one in it."""
    odd = {"data": {"tasks": [{"task_id": "task_1"}]}}
    with pytest.raises(errors.OutcomeUnknownError) as raised:
        read_submission(answer(odd))
    assert str(raised.value) == f"the answer holds no task id (HTTP 200: {json.dumps(odd)})"


def test_live_task_with_a_list_of_links() -> None:
    data = {
        "id": "task_1",
        "status": "completed",
        "progress": 100,
        "cost": 0.04504,
        "estimated_time": 100,
        "result": {"images": [{"expires_at": 1788355740, "url": ["https://a/0", "https://a/1"]}]},
    }
    found = task(data)
    assert found.phase == "completed"
    assert found.images == ("https://a/0", "https://a/1")
    assert found.cost == 45_040
    assert found.expires_at == 1788355740
    assert found.estimated_time == 100


@pytest.mark.parametrize(
    "result",
    [
        {"images": [{"url": "https://a/0"}]},
        {"images": [{"url": ["https://a/0"]}]},
        {"images": ["https://a/0"]},
        {"images": "https://a/0"},
        {"image_urls": ["https://a/0"]},
        {"images": [], "image_urls": [{"url": "https://a/0"}]},
        {"url": "https://a/0"},
        ["https://a/0"],
    ],
)
def test_every_shape_of_links(result: Any) -> None:
    assert task({"status": "completed", "result": result}).images == ("https://a/0",)


def test_midjourney_shape() -> None:
    bare = {
        "id": "task_1",
        "status": "SUCCESS",
        "progress": "100%",
        "grid_image_url": "https://a/grid",
        "image_urls": ["https://a/0", "https://a/1"],
        "prompt_en": "a fox --v 7",
    }
    found = read_task(answer(bare), "task_1")
    assert (found.phase, found.progress, found.final_prompt) == ("completed", 100, "a fox --v 7")
    assert found.images == ("https://a/0", "https://a/1")


@pytest.mark.parametrize(
    "status",
    ["pending", "processing", "submitted", "queued", "NOT_START", "IN_PROGRESS", "MODAL", "", "?"],
)
def test_unknown_words_mean_still_running(status: str) -> None:
    found = task({"status": status, "result": {"images": ["https://a/partial"]}})
    assert found.phase == "running"


@pytest.mark.parametrize(
    "status", ["failed", "FAILURE", "error", "cancelled", "canceled", "CANCEL"]
)
def test_words_for_a_failure(status: str) -> None:
    assert task({"status": status}).phase == "failed"


@pytest.mark.parametrize(
    "data, outer, reason",
    [
        ({"error": {"code": 503, "message": "overload"}}, {}, "overload"),
        ({"error": {"code": "content_rejected"}}, {}, "content_rejected"),
        ({"error": "text"}, {}, "text"),
        ({"fail_reason": "Banned prompt detected"}, {}, "Banned prompt detected"),
        ({}, {"error": {"message": "outside"}}, "outside"),
        ({"cost": 0}, {}, "the provider gave no reason"),
    ],
)
def test_reasons_of_a_failure(data: Any, outer: Any, reason: str) -> None:
    payload = {"code": 200, "data": {"status": "failed", **data}, **outer}
    assert read_task(answer(payload), "task_1").error == reason


@pytest.mark.parametrize(
    "payload, status, kind",
    [
        ("<html>", 200, errors.UnavailableError),
        ({}, 200, errors.UnavailableError),
        ({"error": {"message": "x"}}, 429, errors.UnavailableError),
        ({}, 500, errors.UnavailableError),
        ("<html>", 404, errors.UnavailableError),
        ({"code": 3, "description": "not found"}, 404, errors.NotFoundError),
        ({}, 401, errors.AuthError),
        ({}, 402, errors.MoneyError),
    ],
)
def test_answers_without_a_task(payload: Any, status: int, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        read_task(answer(payload, status), "task_1")


def test_balances() -> None:
    found = read_balance(answer({"success": True, "remain_balance": "99.25", "used_balance": 2.3}))
    assert (found.remaining, found.used, found.unlimited) == (99_250_000, 2_300_000, False)
    endless = read_balance(answer({"success": True, "remain_balance": -1, "unlimited_quota": True}))
    assert endless.remaining is None
    assert endless.unlimited
    with pytest.raises(errors.UnavailableError):
        read_balance(answer({"success": False, "message": "No Authorization header"}))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["data", "id", "task_id", "status", "error", "code", "result", "images", "url"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values, st.sampled_from([200, 202, 307, 400, 401, 402, 404, 429, 500, 503]))
def test_no_answer_surprises_the_readers(value: Any, status: int) -> None:
    for read in (read_submission, read_balance, lambda given: read_task(given, "t")):
        with suppress(errors.ProviderError):
            read(answer(value, status))
