from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.dispatch.client import Client
from mjspec.dispatch.job import Origin, PaidJob
from mjspec.dispatch.options import RunOptions
from mjspec.dispatch.runner import Runner
from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from pathlib import Path

KEY = "sk-very-secret-key-0123456789"

JobMaker = Callable[..., list[PaidJob]]
RunnerMaker = Callable[..., Runner]
ServerMaker = Callable[..., "RawServer"]


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keeps proxies out and rescue files of other runs away."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture
def key() -> str:
    return KEY


@pytest.fixture
def make_jobs() -> JobMaker:
    def make(number: int, **changes: Any) -> list[PaidJob]:
        return [
            replace(
                PaidJob(
                    id=f"fox-{n}",
                    fingerprint=f"1:sha256:{n:064x}",
                    body={"prompt": f"a fox {n}", "size": "16:9", "speed": "fast"},
                    final_prompt=f"a fox {n} --ar 16:9",
                    billing_key="midjourney@imagine-fast",
                    origin=Origin("batch.yaml", n + 1, 1),
                ),
                **changes,
            )
            for n in range(number)
        ]

    return make


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Options(seconds=0.15, image_side=64, slow_seconds=1.5)) as server:
        yield server


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def make_runner(sandbox: Sandbox, out: Path) -> RunnerMaker:
    def make(
        *, url: str | None = None, client: dict[str, Any] | None = None, **options: Any
    ) -> Runner:
        chosen = {"rate": 60_000.0, "poll_first": 0.05, "poll_every": 0.1, **options}
        return Runner(out, Client(url or sandbox.url, KEY, **(client or {})), RunOptions(**chosen))

    return make


class RawServer:
    """Answers connections with bytes, or in other ways that no HTTP server would.

    Attributes:
        received: What each connection sent.
    """

    def __init__(self, *acts: bytes | str) -> None:
        self._acts = list(acts)
        self.received: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            act = self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]
            with peer, suppress(OSError):
                self._answer(peer, act)

    def _answer(self, peer: socket.socket, act: bytes | str) -> None:
        peer.settimeout(3)
        received = b""
        if act == "reset-early":
            received = peer.recv(10)
        elif act != "reset-at-once":
            received = _request(peer)
        self.received.append(received)
        if act == "silence":
            peer.settimeout(1.5)
            try:
                peer.recv(1)
            except OSError:
                return
        elif act in ("reset", "reset-early", "reset-at-once"):
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif isinstance(act, bytes):
            peer.sendall(act)


def _request(peer: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        chunk = peer.recv(65536)
        if not chunk:
            return received
        received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += peer.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def raw_server() -> Iterator[ServerMaker]:
    servers: list[RawServer] = []

    def make(*acts: bytes | str) -> RawServer:
        server = RawServer(*acts)
        servers.append(server)
        return server

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def closed_url() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"
