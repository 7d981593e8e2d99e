from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import requests

from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

    Start = Callable[..., Sandbox]

SUBMIT = b"POST /v1/midjourney/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"


def _connect(sandbox: Sandbox) -> socket.socket:
    host, _, port = sandbox.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def _exchange(sandbox: Sandbox, sent: bytes) -> bytes:
    with closing(_connect(sandbox)) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    return received


def _submission(prompt: str) -> bytes:
    body = json.dumps({"prompt": prompt}).encode()
    return SUBMIT + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "header, status",
    [
        (b"Content-Length: five", 400),
        (b"Content-Length: -5", 400),
        (b"Content-Length: +5", 400),
        (b"Content-Length: 5, 5", 400),
        (b"Content-Length: " + b"9" * 5000, 400),
        (b"Content-Length: 5\r\nContent-Length: 6", 400),
        (b"Content-Length: 99999999999999", 413),
        (b"Transfer-Encoding: chunked", 411),
        (b"X: y", 400),
    ],
)
def test_bad_lengths_are_refused_and_end_in_order(start: Start, header: bytes, status: int) -> None:
    answer = _exchange(start(), SUBMIT + header + b"\r\n\r\nhello")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b'{"error":{' in answer


@pytest.mark.parametrize(
    "sent, status",
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET\r\n\r\n", 400),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 200 + b"\r\n", 431),
    ],
)
def test_what_is_no_http_is_refused_in_json(start: Start, sent: bytes, status: int) -> None:
    answer = _exchange(start(), sent)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b'{"error":{"code":%d' % status in answer


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n",
        b"POST",
        SUBMIT,
        SUBMIT + b"Content-Length: 500\r\n\r\n{",
        b"\0" * 1000,
    ],
)
def test_clients_that_vanish_leave_no_trace(
    start: Start, capfd: pytest.CaptureFixture[str], sent: bytes
) -> None:
    sandbox = start()
    for _ in range(5):
        with closing(_connect(sandbox)) as connection:
            connection.sendall(sent)
    assert requests.get(f"{sandbox.url}/_sandbox/log", timeout=20).json()["accepted"] == []
    sandbox.close()
    assert capfd.readouterr() == ("", "")


def test_requests_may_be_sent_ahead_of_their_answers(start: Start) -> None:
    sandbox = start()
    unread = b"POST /nowhere HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"
    answer = _exchange(sandbox, _submission("one") + unread + _submission("two"))
    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.count(b"HTTP/1.1 404 ") == 1
    assert [submission.body["prompt"] for submission in sandbox.accepted] == ["one", "two"]


def test_a_connection_is_kept_alive_until_asked_otherwise(start: Start) -> None:
    sandbox = start()
    poll = b"GET /v1/tasks/x HTTP/%s\r\nAuthorization: Bearer k\r\n%s\r\n"
    assert _exchange(sandbox, (poll % (b"1.1", b"")) * 3).count(b"HTTP/1.1 404 ") == 3
    closing_poll = poll % (b"1.1", b"Connection: close\r\n")
    assert _exchange(sandbox, closing_poll * 3).count(b"HTTP/1.1 404 ") == 1
    assert _exchange(sandbox, (poll % (b"1.0", b"")) * 3).count(b"HTTP/1.1 404 ") == 1


def test_an_expected_continue_is_given(start: Start) -> None:
    sandbox = start()
    body = b'{"prompt":"a cat"}'
    head = SUBMIT + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(body)
    with closing(_connect(sandbox)) as connection:
        connection.sendall(head)
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_closing_waits_for_nobody(start: Start) -> None:
    sandbox = start(slow_seconds=600, latency=0)
    sandbox.plan("slow")
    idle = [_connect(sandbox) for _ in range(20)]
    busy = _connect(sandbox)
    busy.sendall(_submission("a cat"))
    while not sandbox.accepted:
        time.sleep(0.01)
    begun = time.monotonic()
    sandbox.close()
    assert time.monotonic() - begun < 3
    for connection in (*idle, busy):
        connection.close()
    sandbox.close()


def test_what_was_accepted_can_be_seen_after_the_end() -> None:
    with Sandbox() as sandbox:
        _exchange(sandbox, _submission("a cat"))
    assert [submission.body["prompt"] for submission in sandbox.accepted] == ["a cat"]
    with pytest.raises(OSError, match=r"."):
        _connect(sandbox)


def test_a_taken_port_is_an_error() -> None:
    with Sandbox() as sandbox, pytest.raises(OSError, match="in use"):
        Sandbox(port=int(sandbox.url.rpartition(":")[2]))


def test_a_sandbox_that_never_began_can_be_closed() -> None:
    sandbox = Sandbox()
    sandbox.close()
    sandbox.close()


def test_latency_comes_before_every_answer(start: Start) -> None:
    sandbox = start(latency=0.2)
    begun = time.monotonic()
    _exchange(sandbox, b"GET / HTTP/1.1\r\n\r\n")
    assert time.monotonic() - begun >= 0.2


def test_the_log_has_a_line_for_each_request_and_no_key() -> None:
    lines: list[str] = []
    with Sandbox(Options(log=lines.append)) as sandbox:
        _exchange(sandbox, _submission("a cat"))
        _exchange(sandbox, b"GET /\x1b[31m HTTP/1.1\r\nAuthorization: Bearer secret\r\n\r\n")
    assert lines == [
        "POST /v1/midjourney/generations 200 WHOLE",
        "GET /\\x1b[31m 404 WHOLE",
    ]


def test_a_defect_of_the_sandbox_is_answered_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as sandbox:
        monkeypatch.setattr(sandbox._listener, "service", None)
        answer = _exchange(sandbox, b"GET / HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert len(sandbox.defects) == 1


def test_many_clients_at_once_get_tasks_of_their_own(start: Start) -> None:
    sandbox = start(seconds=0, image_side=32)
    failures: list[object] = []

    def work(number: int) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = "Bearer k"
            for step in range(20):
                prompt = f"{number}-{step}"
                url = f"{sandbox.url}/v1/midjourney/generations"
                answer = session.post(url, json={"prompt": prompt}, timeout=20).json()
                task_id = answer["data"][0]["task_id"]
                url = f"{sandbox.url}/v1/midjourney/{task_id}"
                if session.get(url, timeout=20).json()["prompt_en"] != prompt:
                    failures.append(prompt)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({submission.task_id for submission in sandbox.accepted}) == 160
    assert [submission.number for submission in sandbox.accepted] == list(range(1, 161))


def test_serve_ends_with_an_interrupt() -> None:
    code = (
        "import _thread, threading\n"
        "from mjspec.sandbox import serve\n"
        "def ready(sandbox):\n"
        "    print(sandbox.url, flush=True)\n"
        "    threading.Timer(0.2, _thread.interrupt_main).start()\n"
        "serve(ready=ready)\n"
        "print('done')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("http://127.0.0.1:")
    assert run.stdout.endswith("done\n")
    assert run.stderr == ""


def test_importing_the_sandbox_costs_no_library_and_no_server() -> None:
    code = (
        "import sys, mjspec.sandbox\n"
        "print(sorted({'jsonschema', 'requests', 'yaml', 'lark', 'click', 'http.server'} & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout == "[]\n"
