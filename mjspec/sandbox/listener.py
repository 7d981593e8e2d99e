"""The listening socket: a thread for each connection, and an end that waits for all of them."""

from __future__ import annotations

import socket
import sys
import time
import traceback
from contextlib import suppress
from http.server import ThreadingHTTPServer
from itertools import count
from socketserver import TCPServer
from threading import Condition, Event
from typing import TYPE_CHECKING, Any

from mjspec.sandbox.connection import Connection
from mjspec.sandbox.service import Service

if TYPE_CHECKING:
    from mjspec.sandbox.memory import Memory
    from mjspec.sandbox.options import Options

__all__ = ["Listener"]

_FAREWELL_SECONDS = 5


class Listener(ThreadingHTTPServer):
    """A server of one service, a thread for each connection.

    Attributes:
        service: Who answers.
        closing: Set when the server ends; slow answers stop waiting for it.
        defects: Tracebacks of errors in the sandbox itself.
    """

    daemon_threads = True
    request_queue_size = 1024
    # Elsewhere this only skips the wait for old connections; on Windows it would share the port.
    allow_reuse_address = sys.platform != "win32"
    allow_reuse_port = False

    def __init__(self, options: Options, host: str, port: int, memory: Memory) -> None:
        # The base class closes the server when it cannot listen, so all that needs stands first.
        self.options = options
        self.closing = Event()
        self.defects: list[str] = []
        self._open: set[socket.socket] = set()
        self._changed = Condition()
        self._numbers = count(1)
        super().__init__((host, port), Connection)
        shown = "127.0.0.1" if host in ("", "0.0.0.0") else host  # noqa: S104 (it is compared)
        self.url = f"http://{shown}:{self.server_port}"
        memory.serve_at(self.server_port)
        self.service = Service(options, self.url, memory)

    def server_bind(self) -> None:
        """Binds without asking name servers how the host is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def server_close(self) -> None:
        """Ends the listening socket and every connection, and waits a moment for their threads."""
        self.closing.set()
        super().server_close()
        with self._changed:
            for connection in self._open:
                _hang_up(connection)
            self._changed.wait_for(lambda: not self._open, timeout=_FAREWELL_SECONDS)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing about a connection that broke, unless there is a log."""
        del request
        self.log(f"{client_address}: {traceback.format_exc(limit=1)}")

    def process_request(self, request: Any, client_address: Any) -> None:
        """Starts the thread of a connection, and remembers it: it must end with the server."""
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection and forgets it."""
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def log(self, line: str) -> None:
        """Passes a line to whoever wants to know."""
        if self.options.log:
            self.options.log(line)

    def next_number(self) -> str:
        """A request id in the provider's form: the time and something unique."""
        return f"{time.strftime('%Y%m%d%H%M%S')}{next(self._numbers):09}mjspec"


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
