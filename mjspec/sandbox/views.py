"""The JSON of the two query forms."""

from __future__ import annotations

from typing import Any

from mjspec.sandbox.prompts import final_prompt
from mjspec.sandbox.tasks import Moment, State, Submission, Task

__all__ = ["image_path", "log_entry", "midjourney", "unified"]

_TIMEOUT = "Task timeout"
_REASONS = {
    "fail": "No available upstream",
    "fail-text-code": "Banned prompt detected",
    "fail-text": "upstream code=9: Prompt图片未通过审核",
    "fail-reason": "Banned prompt detected",
    "fail-outside": "No available upstream",
    "cancelled": "Cancelled by user",
    "never-ends": _TIMEOUT,
    "few-images": "moderation removed some of the images",
}
_ACTIONS = (
    *((f"MJ::JOB::upsample::{n}", f"U{n}") for n in range(1, 5)),
    *((f"MJ::JOB::variation::{n}", f"V{n}") for n in range(1, 5)),
    ("MJ::JOB::reroll::0", "Reroll"),
    *((f"MJ::JOB::pan_{side}::1", side) for side in ("left", "right", "up", "down")),
    ("MJ::Outpaint::1", "Zoom Out 1.5x"),
    ("MJ::Inpaint::1", "Vary (Region)"),
)


def unified(task: Task, moment: Moment, base: str, link_seconds: float) -> dict[str, Any]:
    """The answer of ``GET /v1/tasks/{id}``."""
    created = int(task.submission.time)
    state = moment.state
    inner: dict[str, Any] = {
        "id": task.submission.task_id,
        "status": _status(task, state, unified=True),
        "progress": moment.progress,
        "created": created,
        "estimated_time": max(1, round(task.estimate)),
    }
    answer = {"code": 200, "data": inner}
    if state.ended:
        inner |= _ending(task, created)
    if moment.images:
        inner["result"] = {"images": _images(task, moment, base, link_seconds)}
    if state in (State.FAILURE, State.CANCEL):
        _explain(task, answer, inner)
    return answer


def midjourney(task: Task, moment: Moment, base: str) -> dict[str, Any]:
    """The answer of ``GET /v1/midjourney/{id}``, which has no envelope."""
    state = moment.state
    answer: dict[str, Any] = {
        "id": task.submission.task_id,
        "status": _status(task, state, unified=False),
        "action": "IMAGINE",
        "progress": f"{moment.progress}%",
        "prompt_en": final_prompt(task.submission.body),
        "created_at": int(task.submission.time),
    }
    if state.ended:
        answer["finished_at"] = int(task.ends_at)
    if moment.images:
        answer["image_urls"] = _urls(task, moment, base)
    if state is State.SUCCESS:
        answer["grid_image_url"] = base + image_path(task, "grid")
        answer["buttons"] = _buttons(task)
    if state is State.FAILURE:
        answer["quota"] = 0
    if state.ended and task.fate != "fail-silent" and (reason := _reason(task)):
        answer["fail_reason"] = reason
    return answer


def image_path(task: Task, index: int | str) -> str:
    """Where an image of the task is served."""
    task_id = task.submission.task_id
    # The digits and letters in front only look like the provider's.
    return f"/f/image/9998{task.submission.number:012}-{task_id[-8:].lower()}-image_{task_id}_{index}.png"


def log_entry(submission: Submission) -> dict[str, Any]:
    """An accepted submission as the audit endpoint lists it."""
    return {
        "number": submission.number,
        "task_id": submission.task_id,
        "time": submission.time,
        "body": submission.body,
        "metadata": submission.metadata,
        "cost": submission.cost,
        "faults": submission.faults,
    }


def _status(task: Task, state: State, *, unified: bool) -> str:
    if task.fate == "odd-status" and not state.ended:
        return "moderating" if unified else "MODERATING"
    return state.value[1 if unified else 0]


def _ending(task: Task, created: int) -> dict[str, Any]:
    completed = int(task.ends_at)
    cost = 0 if task.doomed else task.submission.cost
    return {
        "completed": completed,
        "actual_time": completed - created,
        "cost": cost,
        "credits_cost": cost * 10,
    }


def _images(task: Task, moment: Moment, base: str, link_seconds: float) -> list[dict[str, Any]]:
    urls = _urls(task, moment, base)
    expires = int(task.ends_at) + int(link_seconds)
    if task.fate == "url-string":
        return [{"url": url, "expires_at": expires} for url in urls]
    return [{"url": urls, "expires_at": expires}]


def _urls(task: Task, moment: Moment, base: str) -> list[str]:
    return [base + image_path(task, index) for index in range(moment.images)]


def _explain(task: Task, answer: dict[str, Any], inner: dict[str, Any]) -> None:
    reason, fate = _reason(task), task.fate
    if fate == "fail-silent":
        return
    if fate == "fail-reason":
        inner["fail_reason"] = reason
    elif fate == "fail-text":
        inner["error"] = reason
    elif fate == "fail-text-code":
        inner["error"] = {"code": "content_rejected", "message": reason, "type": "invalid_request"}
    elif fate == "fail-outside":
        answer["error"] = {"code": 503, "message": reason, "type": "server_error"}
    else:
        inner["error"] = {"code": 500, "message": reason, "type": "server_error"}


def _reason(task: Task) -> str:
    return task.reason or _REASONS.get(task.fate, "")


def _buttons(task: Task) -> list[dict[str, str]]:
    job = task.submission.task_id[-12:].lower()
    return [{"customId": f"{action}::{job}", "label": label} for action, label in _ACTIONS]
