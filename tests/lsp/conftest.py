"""A client that speaks the protocol with a real server, as an editor does."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = dict[str, Any]
Apply = Callable[[str, list[JSON]], str]
ROOT = Path(__file__).parents[2]
WAIT = 20.0


class Client:
    """Starts a server and keeps what it sends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.transcript: list[tuple[str, JSON]] = []
        self.notes: list[JSON] = []
        self.capabilities: JSON = {}
        self.opened: set[str] = set()
        self._number = 0
        self._arrived: queue.Queue[JSON | None] = queue.Queue()
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mjspec", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
        )
        threading.Thread(target=self._read, daemon=True).start()

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def initialize(self, **capabilities: Any) -> JSON:
        params = {
            "processId": os.getpid(),
            "rootUri": self.folder.as_uri(),
            "capabilities": capabilities,
        }
        result: JSON = self.request("initialize", params)
        self.notify("initialized", {})
        self.capabilities = result["capabilities"]
        return result

    def request(self, method: str, params: Any) -> Any:
        answer = self.answer(method, params)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def answer(self, method: str, params: Any) -> JSON:
        """The whole answer to a request, what arrives before it kept for later."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        return self._until(lambda message: message.get("id") == number and "method" not in message)

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def wait(self, method: str, fits: Callable[[JSON], bool] = lambda _: True) -> JSON:
        """The parameters of a message from the server, also of one that came earlier."""
        for note in self.notes:
            if note["method"] == method and fits(note["params"]):
                self.notes.remove(note)
                params: JSON = note["params"]
                return params
        found = self._until(lambda m: m.get("method") == method and fits(m["params"]))
        self.notes.remove(found)
        result: JSON = found["params"]
        return result

    def open(self, name: str, text: str, language: str = "midjourney") -> list[JSON]:
        """Open a document under a name or URI, and wait for what is found in it."""
        uri = name if ":" in name else self.uri(name)
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.opened.add(uri)
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.found(name, 1)

    def reset(self) -> None:
        """Close all documents, and forget what was said about them."""
        for name in sorted(self.opened):
            self.shut(name)
            self.found(name)
        self.notes.clear()

    def shut(self, name: str) -> None:
        uri = name if ":" in name else self.uri(name)
        self.opened.discard(uri)
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def methods(self) -> list[str]:
        """What the server has sent and nobody has waited for."""
        return [note["method"] for note in self.notes]

    def change(self, name: str, version: int, *changes: JSON) -> None:
        uri = name if ":" in name else self.uri(name)
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": [*changes]}
        self.notify("textDocument/didChange", params)

    def found(self, name: str, version: int | None = None) -> list[JSON]:
        uri = name if ":" in name else self.uri(name)
        params = self.wait(
            "textDocument/publishDiagnostics",
            lambda p: p["uri"] == uri and (version is None or p.get("version") == version),
        )
        result: list[JSON] = params["diagnostics"]
        return result

    def ask(self, method: str, name: str, line: int, character: int, **more: Any) -> Any:
        uri = name if ":" in name else self.uri(name)
        position = {"line": line, "character": character}
        params = {"textDocument": {"uri": uri}, "position": position, **more}
        return self.request(f"textDocument/{method}", params)

    def labels(self, name: str, line: int, character: int) -> list[str]:
        found = self.ask("completion", name, line, character)
        items = sorted(found["items"], key=lambda item: item.get("sortText", item["label"]))
        return [item["label"] for item in items]

    def actions(self, name: str, place: JSON, only: list[str] | None = None) -> list[JSON]:
        uri = name if ":" in name else self.uri(name)
        context = {"diagnostics": [], **({"only": only} if only else {})}
        params = {"textDocument": {"uri": uri}, "range": place, "context": context}
        result: list[JSON] = self.request("textDocument/codeAction", params)
        return result

    def leave(self) -> int:
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(WAIT)

    def close(self) -> str:
        """End the server, however it is, and give what it wrote to its error output."""
        streams = (self.process.stdin, self.process.stdout, self.process.stderr)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        errors = streams[2].read().decode() if streams[2] and not streams[2].closed else ""
        for stream in streams:
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        return errors

    def _send(self, message: JSON) -> None:
        self.transcript.append(("client", message))
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _until(self, fits: Callable[[JSON], bool]) -> JSON:
        while True:
            message = self._arrived.get(timeout=WAIT)
            assert message is not None, "the server has ended"
            self.transcript.append(("server", message))
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            if "method" in message:
                self.notes.append(message)
            if fits(message):
                return message

    def _read(self) -> None:
        """Everything on standard output has to be a message; anything else ends the reading."""
        output = self.process.stdout
        assert output
        while True:
            length = 0
            while (line := output.readline().strip()) or not length:
                if not line:
                    self._arrived.put(None)
                    return
                name, _, value = line.partition(b":")
                assert name in (b"Content-Length", b"Content-Type"), line
                length = int(value) if name == b"Content-Length" else length
            self._arrived.put(json.loads(output.read(length)))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A server of one's own, to which nothing was said."""
    client = Client(tmp_path)
    yield client
    client.close()


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = Client(tmp_path_factory.mktemp("shared"))
    client.initialize(
        workspace={"didChangeWatchedFiles": {"dynamicRegistration": True}},
        textDocument={"codeAction": {"resolveSupport": {"properties": ["edit"]}}},
    )
    client.wait("client/registerCapability")
    yield client
    assert client.leave() == 0
    assert "Traceback" not in client.close()


@pytest.fixture
def editor(_shared: Client, tmp_path: Path) -> Iterator[Client]:
    """A client that has said hello, with a folder of its own for each test."""
    _shared.folder = tmp_path
    yield _shared
    _shared.reset()


def _apply(text: str, edits: list[JSON]) -> str:
    """A text after edits, columns counted in UTF-16."""
    lines = text.splitlines(keepends=True) or [""]
    if lines[-1].endswith("\n"):
        lines.append("")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-16-le")))
    data = text.encode("utf-16-le")
    for edit in sorted(
        edits, key=lambda e: (-e["range"]["start"]["line"], -e["range"]["start"]["character"])
    ):
        start, end = (
            starts[edit["range"][which]["line"]] + 2 * edit["range"][which]["character"]
            for which in ("start", "end")
        )
        data = data[:start] + edit["newText"].encode("utf-16-le") + data[end:]
    return data.decode("utf-16-le")


@pytest.fixture
def apply() -> Apply:
    """Makes the edits that the server asks for."""
    return _apply
