"""The faults that can be asked for, one row each.

A fault strikes at one of four places: the answer to a submission, the life of a task, the answer
to a poll, or the answer to a download. Nothing in a request can ask for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from mjspec.sandbox.replies import Delivery, Reply, json_reply, old_refusal, refusal

if TYPE_CHECKING:
    from mjspec.sandbox.options import Options

__all__ = ["CATALOGUE", "FAULTS", "GROUPS", "SUBMIT_PATH", "Fault", "Stage", "Twist"]

SUBMIT_PATH = "/v1/midjourney/generations"

Stage = Literal["submit", "task", "poll", "download"]
Twist = Callable[[Reply, "Options"], Reply]

_PAGE = b"<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body></body></html>\n"
_BUSY = "Please wait and try again later. Thank you for your patience!"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of misfortune.

    Attributes:
        name: How it is asked for.
        stage: Where it strikes.
        summary: What happens, for help texts.
        twist: Turns the honest answer into the faulty one; None for a fault in a task's life.
        accepted: For a submission, whether the task exists and is charged all the same.
        unread: Whether the connection ends before the body of the request was read.
    """

    name: str
    stage: Stage
    summary: str
    twist: Twist | None = None
    accepted: bool = False
    unread: bool = False


def _refuse(status: int, *, wait: Literal["", "seconds", "date"] = "") -> Twist:
    def twist(_reply: Reply, options: Options) -> Reply:
        headers = (("Retry-After", options.retry_after_header(wait)),) if wait else ()
        return refusal(status, "", *headers)

    return twist


def _deliver(delivery: Delivery) -> Twist:
    return lambda reply, _options: replace(reply, delivery=delivery)


def _slow(delivery: Delivery = Delivery.WHOLE) -> Twist:
    return lambda reply, options: replace(reply, delay=options.slow_seconds, delivery=delivery)


def _say(answer: Reply) -> Twist:
    return lambda _reply, _options: answer


def _page(status: int = 200) -> Reply:
    return Reply(status=status, body=_PAGE, content_type="text/html; charset=utf-8")


def _queued(reply: Reply, _options: Options) -> Reply:
    # The newer response version names the task in another place; the id itself stays the same.
    task_id = reply.body.partition(b'"task_id":"')[2].partition(b'"')[0].decode("ascii")
    return json_reply({"code": 202, "data": {"id": task_id, "status": "queued"}}, 202)


_CHANNEL = {"error": {"message": _BUSY, "type": "apimart_error", "code": "get_channel_failed"}}
_NAMELESS = {"code": 200, "data": [{"status": "submitted"}]}
_ELSEWHERE = ("Location", f"{SUBMIT_PATH}/imagine")

_REFUSED = (
    *(
        Fault(str(status), "submit", f"refused with {status}", _refuse(status))
        for status in (400, 401, 402, 403, 404, 422, 429, 503)
    ),
    Fault("429-retry-after", "submit", "429 with seconds to wait", _refuse(429, wait="seconds")),
    Fault("429-retry-date", "submit", "429 with a date to wait for", _refuse(429, wait="date")),
    Fault("503-retry-after", "submit", "503 with seconds to wait", _refuse(503, wait="seconds")),
    Fault("no-channel", "submit", "busy, dressed as a 400", _say(json_reply(_CHANNEL, 400))),
    Fault("code-3", "submit", "busy, older dialect", _say(old_refusal(3, "NOT_FOUND", 404))),
    Fault("code-4", "submit", "bad request, older dialect", _say(old_refusal(4, "invalid", 400))),
    Fault(
        "code-24", "submit", "banned, with HTTP 200", _say(old_refusal(24, "BANNED_PROMPT", 200))
    ),
    Fault("redirect", "submit", "sent elsewhere with 307", _say(refusal(307, "", _ELSEWHERE))),
)
_LOST = (
    *(
        Fault(str(status), "submit", f"{status}, nothing was accepted", _refuse(status))
        for status in (500, 502, 504)
    ),
    Fault("code-9", "submit", "502 in the older dialect", _say(old_refusal(9, "FAILURE", 502))),
    Fault("drop-before-read", "submit", "closed unread", _deliver(Delivery.CLOSE), unread=True),
    Fault("drop", "submit", "closed, nothing was accepted", _deliver(Delivery.CLOSE)),
    Fault("reset", "submit", "reset, nothing was accepted", _deliver(Delivery.RESET)),
)


def _kept(name: str, summary: str, twist: Twist) -> Fault:
    return Fault(name, "submit", summary, twist, accepted=True)


_ACCEPTED = (
    *(
        _kept(f"{status}-accepted", f"{status}, but the task runs", _refuse(status))
        for status in (500, 502, 503, 504)
    ),
    _kept("drop-after-accept", "closed without an answer", _deliver(Delivery.CLOSE)),
    _kept("reset-after-accept", "reset without an answer", _deliver(Delivery.RESET)),
    _kept("half-status", "closed within the status line", _deliver(Delivery.HALF_STATUS)),
    _kept("half-headers", "closed within the headers", _deliver(Delivery.HALF_HEADERS)),
    _kept("half-body", "closed within the body", _deliver(Delivery.HALF_BODY)),
    _kept("garbage", "an answer that is no HTTP", _deliver(Delivery.GARBAGE)),
    _kept("html", "HTML with 200", _say(_page())),
    _kept("empty", "an empty body with 200", _say(Reply())),
    _kept("no-task-id", "200 without a task id", _say(json_reply(_NAMELESS))),
    _kept("202", "202, data as an object with an id", _queued),
    _kept("slow", "the answer comes late", _slow()),
)


def _fate(name: str, summary: str) -> Fault:
    return Fault(name, "task", summary)


_FATES = (
    _fate("fail", "fails, error with a number as code"),
    _fate("fail-text-code", "fails, error with a text as code"),
    _fate("fail-text", "fails, error is a text"),
    _fate("fail-reason", "fails, with fail_reason only"),
    _fate("fail-outside", "fails, error beside data"),
    _fate("fail-silent", "fails without a reason"),
    _fate("cancelled", "is cancelled"),
    _fate("never-ends", "runs until the provider's time limit"),
    _fate("odd-status", "runs under a status that nobody documented"),
    _fate("partial-images", "shows images while it runs"),
    _fate("few-images", "ends with three images"),
    _fate("url-string", "ends with one image element for each URL"),
)


def _on(stage: Stage, *rows: tuple[str, str, Twist]) -> tuple[Fault, ...]:
    return tuple(Fault(f"{stage}-{name}", stage, summary, twist) for name, summary, twist in rows)


_QUERIES = _on(
    "poll",
    *((str(n), f"polled, {n}", _refuse(n)) for n in (401, 402, 403, 404, 429, 500, 502, 503)),
    ("429-retry-after", "polled, 429 with seconds to wait", _refuse(429, wait="seconds")),
    ("html", "polled, HTML with 200", _say(_page())),
    ("garbage", "polled, no HTTP", _deliver(Delivery.GARBAGE)),
    ("drop", "polled, closed without an answer", _deliver(Delivery.CLOSE)),
    ("reset", "polled, reset", _deliver(Delivery.RESET)),
    ("half-body", "polled, closed within the body", _deliver(Delivery.HALF_BODY)),
    ("slow", "polled, the answer comes late", _slow()),
)
_DOWNLOADS = _on(
    "download",
    *((str(n), f"downloaded, {n}", _refuse(n)) for n in (403, 404, 429, 500)),
    ("html", "downloaded, HTML with 200", _say(_page())),
    ("drop", "downloaded, closed without an answer", _deliver(Delivery.CLOSE)),
    ("half-body", "downloaded, closed within the image", _deliver(Delivery.HALF_BODY)),
    ("slow", "downloaded, byte by byte", _slow(Delivery.DRIBBLE)),
)

CATALOGUE: tuple[Fault, ...] = (
    *_REFUSED,
    *_LOST,
    *_ACCEPTED,
    *_FATES,
    *_QUERIES,
    *_DOWNLOADS,
)
"""Every fault, by the place where it strikes."""

FAULTS: dict[str, Fault] = {fault.name: fault for fault in CATALOGUE}

GROUPS: dict[str, tuple[str, ...]] = {
    "refused": ("429", "429-retry-after", "503-retry-after", "no-channel"),
    "lost": tuple(fault.name for fault in _LOST),
    "accepted": tuple(fault.name for fault in _ACCEPTED if fault.name not in ("202", "slow")),
    "failed-task": tuple(fault.name for fault in _FATES if fault.name.startswith("fail")),
    "poll-error": tuple(f"poll-{kind}" for kind in ("429", "500", "html", "drop")),
    "download-error": tuple(f"download-{kind}" for kind in ("403", "500", "half-body", "html")),
}
"""Names that stand for several faults, each with an equal share."""
