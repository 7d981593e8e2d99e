"""Every way in which a submission's transport can fail, and how the job then stands.

The client is the real one; the other end is a socket that does what no HTTP server would.
"""

from __future__ import annotations

import shutil
import socket
import sqlite3
import ssl
import subprocess
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch.client import Client
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.runner import Runner
from mjspec.dispatch.status import status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mjspec.dispatch.outcome import Outcome

KEY = "sk-very-secret-key-0123456789"


def submit(url: str, out: Path, jobs: Any) -> Outcome:
    """One job, one attempt, or as many as fit into a moment where nothing can be sent."""
    client = Client(url, KEY, connect_timeout=0.5, read_timeout=0.5)
    return Runner(out, client, RunOptions(rate=60_000, connect_patience=0.0)).run(jobs)


def state(out: Path) -> str:
    found: str = status(out)["jobs"][0]["state"]
    return found


def attempts(out: Path) -> list[tuple[str, bool]]:
    """The attempts of the ledger, and whether each was marked as connected."""
    with closing(sqlite3.connect(out / "mjspec.db")) as connection:
        return connection.execute(
            "SELECT state, connected_at IS NOT NULL FROM attempt ORDER BY intent_at"
        ).fetchall()


def response(status: int, body: str = "{}", *headers: str) -> bytes:
    content = body.encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(content)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


ACCEPTED = '{"code":200,"data":[{"status":"submitted","task_id":"t-1"}]}'
LOST = {
    "closed": b"",
    "reset": "reset",
    "reset in the middle of the request": "reset-early",
    "no answer in time": "silence",
    "status line cut": b"HTTP/1.1 20",
    "headers cut": b"HTTP/1.1 200 OK\r\nContent-",
    "body cut": f"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{ACCEPTED}".encode(),
    "chunks cut": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{",
    "no HTTP": b"\x00\xff garbage \r\n\r\n",
    "a page": response(200, "<html>Just a moment...</html>"),
    "empty": response(200, ""),
    "no id": response(200, '{"code":200,"data":[{"status":"submitted"}]}'),
    "busy without an id": response(200, '{"code":9,"description":"FAILURE"}'),
    "500": response(500, '{"error":{"message":"x"}}'),
    "502": response(502, "<html>Bad Gateway</html>"),
    "503 without Retry-After": response(503),
    "504": response(504),
    "520": response(520),
    "524": response(524),
    "303": response(303, "", "Location: /elsewhere"),
}


@pytest.mark.parametrize("act", LOST.values(), ids=LOST)
def test_what_may_have_arrived_is_unknown_and_sent_once(
    act: bytes | str, raw_server: Any, make_jobs: Any, out: Path
) -> None:
    server = raw_server(act)
    jobs = make_jobs(1, body={"prompt": "x" * 100_000} if act == "reset-early" else {"prompt": "x"})
    for _ in range(2):
        outcome = submit(server.url, out, jobs)
        assert (outcome.exit_code, outcome.stopped) == (1, None)
        assert (state(out), attempts(out)) == ("unknown", [("unknown", True)])
    assert status(out)["cost"]["reserved"] == 0.05504
    assert len(server.received) == 1


REFUSED = {
    "400": (response(400, '{"error":{"message":"no"}}'), "rejected", None, 1),
    "404": (response(404), "rejected", None, 1),
    "405": (response(405), "rejected", None, 1),
    "413": (response(413), "rejected", None, 1),
    "415": (response(415), "rejected", None, 1),
    "422": (response(422), "rejected", None, 1),
    "code 4 under 200": (response(200, '{"code":4,"description":"x"}'), "rejected", None, 1),
    "code 24 under 200": (response(200, '{"code":24,"description":"x"}'), "rejected", None, 1),
    "401": (response(401), "planned", "auth", 3),
    "403": (response(403), "planned", "auth", 3),
    "402": (response(402), "planned", "money", 3),
    "balance under 403": (
        response(403, '{"error":{"message":"Insufficient balance"}}'), "planned", "money", 3,
    ),
    "balance under 429": (
        response(429, '{"error":{"message":"insufficient quota"}}'), "planned", "money", 3,
    ),
    "307": (response(307, "", "Location: /other"), "planned", "misdirected", 3),
    "302": (response(302, "", "Location: https://login.example"), "planned", "misdirected", 3),
}  # fmt: skip


@pytest.mark.parametrize("act, end, stopped, code", REFUSED.values(), ids=REFUSED)
def test_what_was_refused_cost_nothing(
    *,
    act: bytes,
    end: str,
    stopped: str | None,
    code: int,
    raw_server: Any,
    make_jobs: Any,
    out: Path,
) -> None:
    server = raw_server(act)
    outcome = submit(server.url, out, make_jobs(1))
    assert (outcome.exit_code, outcome.stopped) == (code, stopped)
    assert state(out) == end
    assert attempts(out) == [("rejected" if end == "rejected" else "refused", True)]
    assert status(out)["cost"]["reserved"] == 0
    assert len(server.received) == 1


def not_sent(url: str, jobs: Any, out: Path) -> None:
    """The job is still planned, no attempt was connected, and the run says that it is offline."""
    outcome = submit(url, out, jobs)
    assert (outcome.exit_code, outcome.stopped) == (3, "offline")
    assert state(out) == "planned"
    assert set(attempts(out)) == {("not_sent", False)}
    assert status(out)["cost"]["reserved"] == 0
    assert "resume" in outcome.messages[-1]


def test_a_refused_connection_is_not_sent(closed_url: str, make_jobs: Any, out: Path) -> None:
    not_sent(closed_url, make_jobs(1), out)


def test_an_unknown_host_is_not_sent(make_jobs: Any, out: Path) -> None:
    not_sent("https://nowhere.invalid", make_jobs(1), out)


def test_a_connection_that_does_not_come_is_not_sent(make_jobs: Any, out: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        address = server.getsockname()
        waiting = []
        # Nobody accepts: when the queue is full, the next one gets no answer.
        for _ in range(8):
            visitor = socket.socket()
            visitor.settimeout(0.1)
            waiting.append(visitor)
            with suppress(OSError):
                visitor.connect(address)
        try:
            not_sent(f"http://127.0.0.1:{address[1]}", make_jobs(1), out)
        finally:
            for visitor in waiting:
                visitor.close()


@pytest.mark.parametrize("act", ["reset-at-once", "silence", b"HTTP/1.1 400 X\r\n\r\n"])
# Python's own TLS socket is not closed when the reset comes before the handshake.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_failed_handshake_is_not_sent(
    act: bytes | str, raw_server: Any, make_jobs: Any, out: Path
) -> None:
    import gc

    not_sent(raw_server(act).url.replace("http:", "https:"), make_jobs(1), out)
    gc.collect()


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A TLS server whose certificate nobody signed, and what it was sent."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with suppress(OSError), peer, context.wrap_socket(peer, server_side=True) as safe:
                    received.append(safe.recv(65536))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}", received
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_a_certificate_that_nobody_trusts_is_not_sent_anything(
    untrusted: tuple[str, list[bytes]], make_jobs: Any, out: Path
) -> None:
    url, received = untrusted
    not_sent(url, make_jobs(1), out)
    assert attempts(out) == [("not_sent", False)], "trying again cannot help"
    assert received == []


@pytest.mark.parametrize("act", [None, response(502), response(407), "reset", "silence"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_proxy_that_lets_nobody_through_is_not_sent_the_request(
    *,
    act: bytes | str | None,
    raw_server: Any,
    closed_url: str,
    make_jobs: Any,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = raw_server(act) if act is not None else None
    monkeypatch.setenv("https_proxy", proxy.url if proxy else closed_url)
    not_sent("https://api.example", make_jobs(1), out)
    assert b"Bearer" not in b"".join(proxy.received if proxy else [])
