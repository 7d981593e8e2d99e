"""The provider's side of the API: requests in, answers out, no sockets.

What is checked when is written in `checks`; which fault strikes where in `faults`.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from mjspec.sandbox.book import Book
from mjspec.sandbox.chance import Dealer, FaultError
from mjspec.sandbox.checks import body_errors
from mjspec.sandbox.faults import SUBMIT_PATH, Fault
from mjspec.sandbox.picture import Picture, render
from mjspec.sandbox.prompts import final_prompt
from mjspec.sandbox.replies import Reply, json_reply, refusal, unauthorized
from mjspec.sandbox.tasks import State, Task
from mjspec.sandbox.views import image_path, log_entry, midjourney, unified

if TYPE_CHECKING:
    from collections.abc import Callable

    from mjspec.sandbox.memory import Memory
    from mjspec.sandbox.options import Options

__all__ = ["Request", "Service"]

_IMAGE = re.compile(r"image_(task_[0-9A-Z]{26})_([0-3]|grid)\.png\Z")
_SUBMIT = (SUBMIT_PATH, f"{SUBMIT_PATH}/imagine")
_BALANCE = ("/v1/balance", "/v1/user/balance", "/balance", "/user/balance")
_TASKS = "/v1/tasks/"
_MIDJOURNEY = "/v1/midjourney/"
_IMAGES = "/f/image/"
_LOG = "/_sandbox/log"
_PLAN = "/_sandbox/plan"


class Request(NamedTuple):
    """What is needed of an HTTP request; the body is only read when it is asked for."""

    method: str
    path: str
    authorization: str
    number: str
    read: Callable[[], bytes]


class Service:
    """The API with its account and tasks.

    Attributes:
        book: Its tasks and its account.
    """

    def __init__(self, options: Options, base: str, memory: Memory) -> None:
        self.book = Book(options, memory)
        self._base = base
        self._options = options
        self._dealer = Dealer(options.faults, options.seed)

    def answer(self, request: Request) -> Reply:
        """The answer to a request."""
        path = request.path.partition("?")[0]
        route, method = self._route(path)
        if route is None:
            return refusal(404, f"Invalid URL ({request.method} {path})")
        if request.method not in (method, "HEAD" if method == "GET" else method):
            return refusal(405, "", ("Allow", method))
        if path.startswith("/v1/") or path in _BALANCE:
            scheme, _, key = request.authorization.partition(" ")
            if scheme.lower() != "bearer" or not key.strip():
                return unauthorized(request.number)
        return route(request)

    def plan(self, *steps: str | None) -> None:
        """Appends faults for the next submissions, see `Dealer.plan`."""
        self._dealer.plan(*steps)

    def _route(self, path: str) -> tuple[Callable[[Request], Reply] | None, str]:
        if path.startswith(_TASKS):
            return self._query_unified, "GET"
        if path in _SUBMIT:
            return self._submit, "POST"
        if path.startswith(_IMAGES):
            return self._image, "GET"
        if path.startswith(_MIDJOURNEY) and "/" not in path[len(_MIDJOURNEY) :]:
            return self._query_midjourney, "GET"
        if path in _BALANCE:
            return self._statement, "GET"
        if path == _LOG:
            return self._audit, "GET"
        return (self._planned, "POST") if path == _PLAN else (None, "")

    def _submit(self, request: Request) -> Reply:
        hand = self._dealer.deal()
        self.book.count("submissions")
        fault = hand.get("submit")
        if fault and fault.unread:
            return self._struck(fault, Reply())
        sent = request.read()
        if fault and not fault.accepted:
            return self._struck(fault, Reply())
        try:
            body = _parsed(sent)
        except (ValueError, RecursionError):
            return refusal(400, "invalid request body: malformed JSON")
        errors = body_errors(body)
        if errors:
            return refusal(400, errors[0])
        task = self.book.accept(body, hand)
        if task is None:
            return refusal(402)
        said = {"status": "submitted", "task_id": task.submission.task_id}
        return self._struck(fault, json_reply({"code": 200, "data": [said]}))

    def _query_unified(self, request: Request) -> Reply:
        task = self._find(request)
        if task is None:
            return refusal(404, "Task does not exist")
        options = self._options
        view = unified(task, task.at(options.clock()), self._base, options.link_seconds)
        return self._polled(task, json_reply(view))

    def _query_midjourney(self, request: Request) -> Reply:
        task = self._find(request)
        if task is None:
            return refusal(404, "Task does not exist")
        view = midjourney(task, task.at(self._options.clock()), self._base)
        return self._polled(task, json_reply(view))

    def _find(self, request: Request) -> Task | None:
        return self.book.find(request.path.partition("?")[0].rpartition("/")[2])

    def _polled(self, task: Task, reply: Reply) -> Reply:
        polls = self.book.polled(task)
        planned = task.hand.get("poll") if polls == 1 else None
        number = task.submission.number
        return self._struck(planned or self._dealer.draw("poll", number, polls), reply)

    def _image(self, request: Request) -> Reply:
        path = request.path.partition("?")[0]
        match = _IMAGE.search(path)
        task = self.book.find(match[1]) if match else None
        if match is None or task is None or path != image_path(task, match[2]):
            return refusal(404, "File does not exist")
        now = self._options.clock()
        moment = task.at(now)
        index = int(match[2]) if match[2] != "grid" else None
        shown = moment.state is State.SUCCESS if index is None else index < moment.images
        if not shown:
            return refusal(404, "File does not exist")
        if now > task.ends_at + self._options.link_seconds:
            return refusal(403, "The link has expired")
        return self._downloaded(task, index)

    def _downloaded(self, task: Task, index: int | None) -> Reply:
        downloads = self.book.downloaded(task)
        prompt = final_prompt(task.submission.body)
        image = render(Picture(prompt, index, task.variant, self._options.image_side))
        planned = task.hand.get("download") if downloads == 1 else None
        fault = planned or self._dealer.draw("download", task.submission.number, downloads)
        return self._struck(fault, Reply(body=image, content_type="image/png"))

    def _statement(self, _request: Request) -> Reply:
        return json_reply(self.book.statement())

    def _audit(self, _request: Request) -> Reply:
        book = self.book
        entries = [log_entry(submission) for submission in book.accepted]
        return json_reply({"accepted": entries, "counts": book.counts, "charged": book.charged})

    def _planned(self, request: Request) -> Reply:
        try:
            steps = _parsed(request.read())
            if not isinstance(steps, list) or not all(isinstance(s, str | None) for s in steps):
                return refusal(400, "a plan is a list of names and nulls")
            self.plan(*steps)
        except (FaultError, ValueError, RecursionError) as error:
            return refusal(400, str(error))
        return json_reply({"planned": len(steps)})

    def _struck(self, fault: Fault | None, reply: Reply) -> Reply:
        return fault.twist(reply, self._options) if fault and fault.twist else reply


def _parsed(content: bytes) -> Any:
    return json.loads(content, parse_constant=_no_constant, parse_float=_finite)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _no_constant(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
