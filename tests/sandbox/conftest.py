from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def start() -> Iterator[Callable[..., Sandbox]]:
    """Starts sandboxes with the options given; at the end none of them may have a defect."""
    begun: list[Sandbox] = []

    def begin(**options: Any) -> Sandbox:
        sandbox = Sandbox(Options(**options))
        begun.append(sandbox)
        sandbox.start()
        return sandbox

    yield begin
    for sandbox in begun:
        sandbox.close()
    assert [defect for sandbox in begun for defect in sandbox.defects] == []


@pytest.fixture
def call() -> Iterator[Callable[..., requests.Response]]:
    """Sends one request with a key: ``call("GET", url, json=...)``."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = "Bearer a-key"

        def send(method: str, url: str, **more: Any) -> requests.Response:
            return session.request(method, url, timeout=20, **more)

        yield send


@pytest.fixture
def submit(call: Callable[..., requests.Response]) -> Callable[..., requests.Response]:
    """Submits a body: ``submit(sandbox, prompt="a cat", version="7")``."""

    def send(sandbox: Sandbox, **body: Any) -> requests.Response:
        return call("POST", f"{sandbox.url}/v1/midjourney/generations", json=body)

    return send


@pytest.fixture
def accept(submit: Callable[..., requests.Response]) -> Callable[..., str]:
    """Submits a body that is accepted, and gives the task id."""

    def send(sandbox: Sandbox, **body: Any) -> str:
        answer = submit(sandbox, **{"prompt": "a cat", **body})
        assert answer.status_code == 200, answer.text
        task_id: str = answer.json()["data"][0]["task_id"]
        return task_id

    return send


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()
