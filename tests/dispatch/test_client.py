from __future__ import annotations

import gc
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch import errors
from mjspec.dispatch.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "sk-very-secret-key-0123456789"
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n{"code":200,"data":[{"status":"x","task_id":"t-1"}]}'


def response(status: int, body: str = "{}", *headers: str) -> bytes:
    content = body.encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def quick(url: str) -> Client:
    return Client(url, KEY, connect_timeout=1, read_timeout=0.7)


@pytest.mark.parametrize(
    "url, shown",
    [
        ("https://api.apimart.ai", "https://api.apimart.ai/v1"),
        ("https://api.apimart.ai/v1/", "https://api.apimart.ai/v1"),
        ("https://mirror.example/api", "https://mirror.example/api/v1"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("http://[::1]:8000", "http://[::1]:8000/v1"),
    ],
)
def test_base_url_with_or_without_version(url: str, shown: str) -> None:
    assert Client(url, KEY).base_url == shown


@pytest.mark.parametrize(
    "url",
    [
        "http://api.apimart.ai",
        "http://127.0.0.1.example.com",
        "ftp://x",
        "api.apimart.ai",
        "https://user:pass@x",
        "https://x?y=1",
        "",
    ],
)
def test_base_url_that_would_leak_the_key_is_refused(url: str) -> None:
    with pytest.raises(errors.ClientConfigurationError):
        Client(url, KEY)


@pytest.mark.parametrize("key", ["a b", "a\nb", "ключ", "a\tb"])
def test_key_with_odd_characters_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(errors.ClientConfigurationError) as caught:
        Client("https://x", key)
    assert key not in str(caught.value)


def test_importing_the_client_loads_no_requests() -> None:
    code = "import sys, mjspec.dispatch.client; print('requests' in sys.modules)"
    root = str(Path(errors.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    "act",
    [
        "reset",
        "silence",
        b"",
        b"HTTP/1.1 20",
        b"HTTP/1.1 200 OK\r\nContent-",
        b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"code":200,"data":[{"task_',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{",
        b"\x00\xff garbage \r\n\r\n",
        response(200, "<html>hello</html>"),
        response(200, '{"code":200,"data":[{"status":"submitted"}]}'),
        response(200, ""),
        response(200, "[" * 100_000),
        response(500, '{"error":{"message":"x"}}'),
        response(502),
        response(503),
        response(504),
        response(524),
        response(303, "", "Location: /elsewhere"),
    ],
)
def test_what_may_have_been_charged_is_unknown(act: bytes | str, raw_server: Any) -> None:
    server = raw_server(act)
    with pytest.raises(errors.OutcomeUnknownError):
        quick(server.url).submit({"prompt": "x"})
    assert len(server.received) == 1


def test_reset_before_the_whole_request_is_read_is_unknown(raw_server: Any) -> None:
    server = raw_server("reset-early")
    with pytest.raises(errors.OutcomeUnknownError):
        quick(server.url).submit({"prompt": "x" * 100_000})


def test_refused_connection_is_not_sent(closed_url: str) -> None:
    with pytest.raises(errors.NotSentError):
        quick(closed_url).submit({"prompt": "x"})


def test_unknown_host_is_not_sent() -> None:
    with pytest.raises(errors.NotSentError):
        Client("https://nowhere.invalid", KEY, connect_timeout=2).submit({"prompt": "x"})


# Python's own TLS socket is not closed when the reset comes before the handshake.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_failed_tls_handshake_is_not_sent(raw_server: Any) -> None:
    server = raw_server("reset-at-once")
    with pytest.raises(errors.NotSentError):
        quick(server.url.replace("http:", "https:")).submit({"prompt": "x"})
    gc.collect()


def test_silent_tls_handshake_is_not_sent(raw_server: Any) -> None:
    server = raw_server("silence")
    with pytest.raises(errors.NotSentError):
        quick(server.url.replace("http:", "https:")).submit({"prompt": "x"})


@pytest.mark.parametrize(
    "act, kind",
    [
        (response(429), errors.RetryLaterError),
        (response(503, "{}", "Retry-After: 3"), errors.RetryLaterError),
        (
            response(400, '{"error":{"message":"wait","code":"get_channel_failed"}}'),
            errors.RetryLaterError,
        ),
        (response(401), errors.AuthError),
        (response(403), errors.AuthError),
        (response(402), errors.MoneyError),
        (response(403, '{"error":{"message":"Insufficient balance"}}'), errors.MoneyError),
        (response(429, '{"error":{"message":"账户余额不足"}}'), errors.MoneyError),
        (response(400, '{"code":605,"description":"NOT_ENOUGH_BALANCE"}'), errors.MoneyError),
        (response(400), errors.RejectedError),
        (response(404), errors.RejectedError),
        (response(413), errors.RejectedError),
        (response(422, '{"error":"no"}'), errors.RejectedError),
        (response(200, '{"code":4,"description":"prompt is required"}'), errors.RejectedError),
        (response(200, '{"code":24,"description":"BANNED_PROMPT"}'), errors.RejectedError),
        (response(307, "", "Location: /other"), errors.MisdirectedError),
        (response(302, "", "Location: https://login.example"), errors.MisdirectedError),
    ],
)
def test_refusals_are_told_apart(
    act: bytes, kind: type[errors.ProviderError], raw_server: Any
) -> None:
    server = raw_server(act)
    with pytest.raises(kind) as caught:
        quick(server.url).submit({"prompt": "x"})
    assert type(caught.value) is kind
    assert len(server.received) == 1, "one request, whatever the answer"


def test_retry_after_is_read_as_seconds_and_date(raw_server: Any) -> None:
    from email.utils import formatdate
    from time import time

    server = raw_server(
        response(429, "{}", "Retry-After: 7"),
        response(429, "{}", f"Retry-After: {formatdate(time() + 20, usegmt=True)}"),
        response(429, '{"detail":"x","retry_after":4}'),
        response(429, "{}", "Retry-After: 99999999"),
    )
    waits = []
    for _ in range(4):
        with pytest.raises(errors.RetryLaterError) as caught:
            quick(server.url).submit({})
        waits.append(caught.value.retry_after)
    assert waits[0] == 7
    assert waits[1] is not None
    assert 15 < waits[1] <= 20
    assert waits[2:] == [4, 3600]


def test_every_submission_has_a_connection_of_its_own(raw_server: Any) -> None:
    server = raw_server(OK)
    client = quick(server.url)
    assert [client.submit({}).task_id for _ in range(3)] == ["t-1"] * 3
    assert len(server.received) == 3
    assert all(b"Connection: close" in request for request in server.received)


def test_the_mark_comes_before_the_first_byte(raw_server: Any) -> None:
    server = raw_server(OK)
    seen: list[int] = []
    quick(server.url).submit({}, on_connected=lambda: seen.append(len(server.received)))
    assert seen == [0]


def test_a_mark_that_fails_keeps_the_request_here(raw_server: Any) -> None:
    server = raw_server(OK)

    def fail() -> None:
        raise LookupError("the disk is full")

    with pytest.raises(LookupError):
        quick(server.url).submit({"prompt": "x"}, on_connected=fail)
    assert server.received in ([], [b""])


def test_the_key_is_in_no_text(raw_server: Any, closed_url: str) -> None:
    echo = response(401, f'{{"error":{{"message":"invalid API key {KEY}"}}}}')
    server = raw_server(echo)
    calls: list[Callable[[], object]] = [
        lambda: quick(server.url).submit({}),
        lambda: quick(server.url).task("t"),
        lambda: quick(closed_url).submit({}),
        lambda: quick(closed_url).balance(),
    ]
    for call in calls:
        with pytest.raises(errors.ProviderError) as caught:
            call()
        text = "".join(traceback.format_exception(caught.value))
        assert KEY not in text + repr(caught.value) + caught.value.raw
    client = quick(server.url)
    assert KEY not in repr(client) + repr(vars(client))


@pytest.mark.parametrize("key", ["k", "task", "sandbox", "data-data", "submitted"])
def test_a_key_that_is_a_common_word_spoils_no_answer(key: str, raw_server: Any) -> None:
    server = raw_server(
        response(200, '{"data":[{"status":"submitted","task_id":"task_data-data"}]}')
    )
    assert Client(server.url, key).submit({}).task_id == "task_data-data"


def test_netrc_does_not_replace_the_key(
    raw_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    server = raw_server(OK)
    quick(server.url).submit({})
    assert f"Authorization: Bearer {KEY}".encode() in server.received[0]


def test_proxies_are_not_asked_for_this_machine(
    raw_server: Any, closed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", closed_url)
    server = raw_server(OK)
    assert quick(server.url).submit({}).task_id == "t-1"


def test_a_proxy_that_refuses_means_not_sent(
    closed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", closed_url)
    with pytest.raises(errors.NotSentError):
        Client("https://api.example", KEY, connect_timeout=1).submit({})


def test_connect_proxy_that_breaks_off_means_not_sent(
    raw_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = raw_server(response(502))
    monkeypatch.setenv("https_proxy", proxy.url)
    with pytest.raises(errors.NotSentError):
        Client("https://api.example", KEY, connect_timeout=1).submit({"prompt": "x"})
    assert b"Bearer" not in b"".join(proxy.received)


def test_endless_answer_does_not_keep_us(raw_server: Any) -> None:
    server = raw_server(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (9 * 1024 * 1024))
    with pytest.raises(errors.OutcomeUnknownError):
        quick(server.url).submit({})


def test_task_id_cannot_leave_its_place_in_the_address(raw_server: Any) -> None:
    server = raw_server(response(404, '{"error":{"message":"x"}}'))
    with pytest.raises(errors.NotFoundError):
        quick(server.url).task("../balance?x=1#y")
    assert server.received[0].startswith(b"GET /v1/tasks/..%2Fbalance%3Fx%3D1%23y HTTP")
