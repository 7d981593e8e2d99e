"""The network goes away in the middle of a run, and comes back."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from mjspec.dispatch.client import Client
from mjspec.dispatch.errors import RejectedError, UnavailableError
from mjspec.dispatch.hearing import Hearing
from mjspec.dispatch.pace import Pace
from mjspec.dispatch.status import status
from mjspec.sandbox import Options, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Cable:
    """A line to a server that can be pulled out and put in again, at one address."""

    def __init__(self, url: str) -> None:
        self._target = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        self._lock = threading.Lock()
        self._ends: list[socket.socket] = []
        self._plugged = False
        self._port = 0
        self.plug()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def plug(self) -> None:
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self._plugged = True
        self._ends = [listening]
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def pull(self) -> None:
        with self._lock:
            self._plugged = False
            ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                peer = listening.accept()[0]
            except OSError:
                return
            try:
                other = socket.create_connection(self._target)
            except OSError:
                peer.close()
                return
            with self._lock:
                if not self._plugged:
                    peer.close()
                    other.close()
                    return
                self._ends += (peer, other)
            for source, sink in ((peer, other), (other, peer)):
                threading.Thread(target=_pour, args=(source, sink), daemon=True).start()


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def slow() -> Iterator[Sandbox]:
    with Sandbox(Options(seconds=0.6, image_side=16)) as server:
        yield server


@pytest.fixture
def cable(slow: Sandbox) -> Iterator[Cable]:
    line = Cable(slow.url)
    yield line
    line.pull()


@pytest.fixture
def quick_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Minutes of a real outage in seconds."""
    monkeypatch.setattr("mjspec.dispatch.hearing._FAILING", 0.3)
    for module in ("pace", "following", "fetching"):
        monkeypatch.setattr(f"mjspec.dispatch.{module}.backoff", lambda *_: 0.1)


def wait_for(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + 15
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def kinds(out: Path) -> list[str]:
    lines = (out / "events.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["type"] for line in lines]


@pytest.mark.usefixtures("quick_ears")
def test_a_run_outlasts_a_network_that_goes_away(
    *, slow: Sandbox, cable: Cable, make_runner: Any, make_jobs: Any, out: Path
) -> None:
    told: list[str] = []

    def look() -> None:
        progress = runner.progress()
        if progress is not None and progress.trouble is not None:
            told.append(progress.trouble)

    # Far longer than this an address is waited for that has answered before.
    runner = make_runner(url=cable.url, connect_patience=0.2, concurrency=4)
    runner._on_tick = look
    outcomes: list[Any] = []
    thread = threading.Thread(target=lambda: outcomes.append(runner.run(make_jobs(12))))
    thread.start()
    wait_for(lambda: len(slow.accepted) >= 5)
    cable.pull()
    wait_for(lambda: told)
    time.sleep(0.5)
    cable.plug()
    thread.join(20)
    (outcome,) = outcomes
    unknown = outcome.summary["unknown"]
    assert outcome.summary["done"] == 12 - unknown
    assert unknown <= 4, "no more than what was on its way"
    assert len(slow.accepted) <= 12, "nothing is bought twice"
    assert kinds(out).count("unheard") == kinds(out).count("heard") == 1
    assert all(text.startswith(f"no usable answer from {cable.url}/v1 since ") for text in told)
    assert all(text.endswith("it is tried again, and nothing is sent twice") for text in told)


@pytest.mark.usefixtures("quick_ears")
def test_images_wait_for_the_network_as_well(
    *,
    slow: Sandbox,
    cable: Cable,
    make_runner: Any,
    make_jobs: Any,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Links point where the request came from at the provider; here they have to lead through it.
    monkeypatch.setattr(slow._listener.service, "_base", cable.url)
    runner = make_runner(url=cable.url, download_tries=1)
    outcomes: list[Any] = []
    jobs = make_jobs(6)
    thread = threading.Thread(target=lambda: outcomes.append(runner.run(jobs)))
    thread.start()
    wait_for(lambda: slow.counts.get("downloads"))
    cable.pull()
    wait_for(lambda: "unheard" in kinds(out) or not thread.is_alive())
    cable.plug()
    thread.join(20)
    # What had its one try before the silence was noticed is left for the next run.
    left = outcomes[0].summary["downloading"]
    assert outcomes[0].summary["done"] + left + outcomes[0].summary["unknown"] == 6
    make_runner(url=cable.url).resume()
    assert {job["state"] for job in status(out)["jobs"]} <= {"done", "unknown"}


def test_an_address_that_never_answered_is_given_up(
    closed_url: str, make_runner: Any, make_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mjspec.dispatch.pace.backoff", lambda *_: 0.02)
    outcome = make_runner(url=closed_url, connect_patience=0.2).run(make_jobs(1))
    assert (outcome.exit_code, outcome.stopped) == (3, "offline")


def test_silence_is_told_with_its_first_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mjspec.dispatch.hearing._FAILING", 0.0)
    hearing = Hearing()
    assert hearing.trouble() is None
    for why in ("no connection", "another reason"):
        with pytest.raises(UnavailableError), hearing.asking():
            raise UnavailableError(why)
        assert str(hearing.trouble()).endswith("(no connection)")
        assert not hearing.ever
    # A refusal is an answer.
    with pytest.raises(RejectedError), hearing.asking():
        raise RejectedError("no")
    assert (hearing.trouble(), hearing.ever) == (None, True)


def test_a_request_without_any_answer_is_silence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mjspec.dispatch.hearing._SILENT", 0.05)
    hearing = Hearing()
    with hearing.asking():
        time.sleep(0.1)
        assert str(hearing.trouble()).endswith("(the connection stands, nothing comes)")
    assert hearing.trouble() is None


def test_a_question_is_not_waited_for_as_long_as_a_payment(
    raw_server: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mjspec.dispatch.wire._QUESTION_SECONDS", 0.2)
    begin = time.monotonic()
    with pytest.raises(UnavailableError, match=r"^no answer in time, 0.2 s$"):
        Client(raw_server("silence").url, key).task("task_1")
    assert time.monotonic() - begin < 1


def test_many_unknown_outcomes_in_a_row_slow_a_run_down() -> None:
    pace = Pace(16, 1e6)
    for _ in range(12):
        pace.accepted()
    assert pace.window == 16
    assert [pace.doubtful(float(n), "HTTP 502") for n in range(19)] == [0.0] * 19
    assert pace.window == 16, "a few may have any reason"
    for n in range(19, 24):
        assert 0 <= pace.doubtful(float(n), "HTTP 502") <= 30
    assert pace.window == 1
    # The longest of the pauses so far, which need not be the last one, says why.
    assert re.fullmatch(
        r"the last 2\d requests had no usable answer, lately: HTTP 502", pace.pause(0.0)[1]
    )
    pace.accepted()
    assert pace.doubtful(30.0, "HTTP 502") == 0.0


def test_a_long_pause_is_told_and_ends(
    make_runner: Any, make_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mjspec.dispatch.run._LONG_PAUSE", 0.5)
    told: set[str | None] = set()
    with Sandbox(Options(seconds=0.1, image_side=16, retry_after=1)) as sandbox:
        sandbox.plan(None, "429-retry-after")
        runner = make_runner(url=sandbox.url, concurrency=1)
        runner._on_tick = lambda: told.add(runner.progress().trouble)
        assert runner.run(make_jobs(3)).exit_code == 0
    told.discard(None)
    (text,) = told
    assert str(text).startswith("nothing is sent until ")
    assert "(the provider is busy: HTTP 429: " in str(text)
