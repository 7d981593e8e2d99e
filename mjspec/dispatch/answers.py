"""Reads what the provider answers: every documented shape, and those seen in the wild.

Pure functions from a status, headers and a text to a value or to an error that says what the answer
means for the money.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from mjspec.dispatch.errors import UnavailableError
from mjspec.dispatch.prices import micros
from mjspec.dispatch.refusals import error_of, query_error, submission_error
from mjspec.dispatch.shapes import (
    LONGEST_MESSAGE,
    LONGEST_RAW,
    Answer,
    first_id,
    named,
    number,
    parse_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Balance", "Submission", "Task", "read_balance", "read_submission", "read_task"]

Phase = Literal["running", "completed", "failed"]

_COMPLETED = frozenset({"completed", "complete", "succeeded", "success"})
_FAILED = frozenset({"failed", "failure", "fail", "error", "cancelled", "canceled", "cancel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An accepted request.

    Attributes:
        task_id: Where the result can be asked for.
        task_ids: All of them, should the provider answer a repeated job with several.
        estimated_time: How many seconds the provider thinks it takes, if it says so.
        raw: The beginning of the answer.
    """

    task_id: str
    task_ids: tuple[str, ...]
    estimated_time: float | None
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What the provider says about a task.

    Attributes:
        id: The task's id.
        status: The provider's own word, in lower case.
        phase: What it means; words that are not known mean that it still runs.
        progress: Per cent, if known.
        images: Links to the images, also partial ones while the task runs.
        cost: Micro-dollars, if the answer tells.
        error: Why it failed.
        estimated_time: Seconds that the provider expects in all.
        created: When it was created, seconds since the epoch.
        completed: When it ended.
        expires_at: When the first of its links dies.
        final_prompt: The prompt that the provider sent on, if the answer tells.
    """

    id: str
    status: str
    phase: Phase
    progress: int | None = None
    images: tuple[str, ...] = ()
    cost: int | None = None
    error: str | None = None
    estimated_time: float | None = None
    created: float | None = None
    completed: float | None = None
    expires_at: float | None = None
    final_prompt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is left, in micro-dollars.

    Attributes:
        remaining: What can be spent; None where there is no limit, or the answer does not say.
        used: What was spent; None where the answer does not say.
        unlimited: Whether the account has no limit.
    """

    remaining: int | None
    used: int | None
    unlimited: bool


def read_submission(answer: Answer) -> Submission:
    """The task of an accepted request; raises what any other answer means."""
    payload = parse_json(answer.text)
    if answer.ok:
        ids = tuple(dict.fromkeys(_task_ids(payload)))
        if ids:
            return Submission(
                task_id=ids[0],
                task_ids=ids,
                estimated_time=_estimate(payload),
                raw=answer.text[:LONGEST_RAW],
            )
    raise submission_error(answer, payload)


def read_task(answer: Answer, task_id: str) -> Task:
    """The state of a task; raises what an answer without one means."""
    payload = parse_json(answer.text)
    if not answer.ok:
        raise query_error(answer, payload)
    task = _task_object(payload)
    if task is None:
        raise error_of(UnavailableError, answer, payload, "the answer holds no task")
    status = str(task.get("status") or "").strip().lower()
    result = task.get("result")
    expiries = [at for at in map(number, named(result, "expires_at")) if at is not None]
    phase = _phase(status)
    return Task(
        id=first_id(task) or task_id,
        status=status,
        phase=phase,
        progress=_progress(task.get("progress")),
        images=tuple(dict.fromkeys(_images(task))),
        cost=micros(task.get("cost")),
        error=_failure_reason(task, payload) if phase == "failed" else None,
        estimated_time=number(task.get("estimated_time")),
        created=number(task.get("created")),
        completed=number(task.get("completed")),
        expires_at=min(expiries) if expiries else None,
        final_prompt=_text(task.get("prompt_en")) or _text(task.get("prompt")),
    )


def read_balance(answer: Answer) -> Balance:
    """What is left on the account."""
    payload = parse_json(answer.text)
    if not answer.ok:
        raise query_error(answer, payload)
    if isinstance(payload, dict) and isinstance(payload.get("data"), dict):
        payload = {**payload, **payload["data"]}
    if not isinstance(payload, dict) or payload.get("success") is False:
        raise error_of(UnavailableError, answer, payload, "the answer holds no balance")
    unlimited = payload.get("unlimited_quota") is True
    remaining = None if unlimited else micros(payload.get("remain_balance"))
    if remaining is None and not unlimited:
        raise error_of(UnavailableError, answer, payload, "the answer holds no balance")
    return Balance(
        remaining=remaining, used=micros(payload.get("used_balance")), unlimited=unlimited
    )


def _task_ids(payload: Any) -> Iterator[str]:
    """The ids of an answer; what ``data`` holds wins over an id beside it, which may be another."""
    if isinstance(payload, list):
        for item in payload:
            yield from _task_ids(item)
    elif isinstance(payload, str):
        if payload.startswith("task"):
            yield payload
    elif isinstance(payload, dict) and not payload.get("error"):
        inner = list(_task_ids(payload.get("data")))
        own = first_id(payload)
        yield from inner or ([own] if own else [])


def _task_object(payload: Any) -> Mapping[str, Any] | None:
    data = payload.get("data", payload) if isinstance(payload, dict) else payload
    if isinstance(data, list):
        data = data[0] if data else None
    if isinstance(data, dict) and "status" in data:
        return data
    return None


def _phase(status: str) -> Phase:
    if status in _COMPLETED:
        return "completed"
    return "failed" if status in _FAILED else "running"


def _images(task: Mapping[str, Any]) -> Iterator[str]:
    result = task.get("result")
    for holder in (result, task):
        for name in ("images", "image_urls"):
            found = list(_links(holder.get(name))) if isinstance(holder, dict) else []
            if found:
                yield from found
                return
    yield from _links(result)


def _links(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list):
        for item in value:
            yield from _links(item)
    elif isinstance(value, dict):
        yield from _links(value.get("url") or value.get("urls") or value.get("image_url"))


def _failure_reason(task: Mapping[str, Any], payload: Any) -> str:
    outer = payload.get("error") if isinstance(payload, dict) else None
    for reason in (task.get("error"), outer, task.get("fail_reason"), task.get("message")):
        if isinstance(reason, dict):
            message = reason.get("message") or reason.get("type") or reason.get("code")
            if message:
                return str(message)[:LONGEST_MESSAGE]
        elif reason:
            return str(reason)[:LONGEST_MESSAGE]
    return "the provider gave no reason"


def _estimate(payload: Any) -> float | None:
    for value in named(payload, "estimated_time"):
        return number(value)
    return None


def _progress(value: Any) -> int | None:
    per_cent = number(value.strip().rstrip("%") if isinstance(value, str) else value)
    return None if per_cent is None else int(min(max(per_cent, 0), 100))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
