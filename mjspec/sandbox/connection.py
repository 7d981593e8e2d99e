"""One connection: reading requests, and sending answers as well or as badly as asked."""

from __future__ import annotations

import socket
import struct
import sys
import time
import traceback
from http.client import responses
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from mjspec.sandbox.replies import Delivery, Reply, refusal
from mjspec.sandbox.service import Request

if TYPE_CHECKING:
    from mjspec.sandbox.listener import Listener

__all__ = ["Connection"]

_LONGEST_LINE = 65_536
_SMALL = 65_536
_DIGITS = 15
_IDLE_SECONDS = 60
_LINGER_SECONDS = 2.0
_PIECES = 20
_RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_NO_HTTP = b"\x15\x03\x01\x00\x02\x02\x46 this is no HTTP\r\n\r\n"


class _BodyError(Exception):
    """A body that is not read; carries the answer."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


class Connection(BaseHTTPRequestHandler):
    """Answers the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    server_version = "mjspec-sandbox"
    sys_version = ""
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Listener

    def handle_one_request(self) -> None:
        """Answers one request; whatever the client breaks ends only its connection."""
        self.close_connection = True
        self._number = self.server.next_number()
        self._unread: int | None = None
        try:
            self.raw_requestline = self.rfile.readline(_LONGEST_LINE + 1)
            if len(self.raw_requestline) > _LONGEST_LINE:
                self.requestline = self.request_version = self.command = ""
                self.send_error(414)
            elif self.raw_requestline and self.parse_request():
                self._serve()
        except OSError as error:
            self.close_connection = True
            self.server.log(f"connection lost: {error}")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuses what is no proper HTTP, in the API's own dialect."""
        del explain
        self.close_connection = True
        self.server.log(f"no proper request: {code}")
        self._send(refusal(int(code), message or ""))
        self._linger()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is inherited)
        """Passes a line of the standard library on."""
        self.server.log(format % args)

    def _serve(self) -> None:
        server = self.server
        server.closing.wait(server.options.latency)
        reply = self._reply()
        server.log(f"{self.command} {ascii(self.path)[1:-1]} {reply.status} {reply.delivery.name}")
        whole = reply.delivery in (Delivery.WHOLE, Delivery.DRIBBLE)
        rest = self._unread
        if whole and rest and rest <= _SMALL:
            self.rfile.read(rest)
            rest = 0
        if not whole or rest != 0 or self.request_version != "HTTP/1.1" or server.closing.is_set():
            self.close_connection = True
        self._send(reply)
        if whole and rest != 0:
            self._linger()

    def _reply(self) -> Reply:
        key = self.headers.get("Authorization", "")
        request = Request(self.command, self.path, key, self._number, self._body)
        try:
            self._unread = self._length()
            return self.server.service.answer(request)
        except _BodyError as error:
            return error.reply
        except OSError:
            raise
        except Exception:  # noqa: BLE001 (a defect is kept and shown, the run goes on)
            self.server.defects.append(traceback.format_exc())
            self.server.log(self.server.defects[-1])
            return refusal(500, "the sandbox itself has a defect")

    def _length(self) -> int:
        if "Transfer-Encoding" in self.headers:
            raise _BodyError(refusal(411))
        lengths = {text.strip() for text in self.headers.get_all("Content-Length", ["0"])}
        length = lengths.pop()
        if lengths or not (length.isascii() and length.isdigit()) or len(length) > _DIGITS:
            raise _BodyError(refusal(400, "invalid Content-Length"))
        return int(length)

    def _body(self) -> bytes:
        length = self._unread or 0
        if length > self.server.options.max_body:
            raise _BodyError(refusal(413))
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the client left in the middle of a body")
        self._unread = 0
        return body

    def _send(self, reply: Reply) -> None:
        dribbles = reply.delivery is Delivery.DRIBBLE
        if reply.delay and not dribbles:
            self.server.closing.wait(reply.delay)
        head = self._head(reply)
        body = b"" if self.command == "HEAD" else reply.body
        match reply.delivery:
            case Delivery.WHOLE:
                self.wfile.write(head + body)
            case Delivery.DRIBBLE:
                self._dribble(head + body, reply.delay)
            case Delivery.HALF_STATUS:
                self.wfile.write(head[: len("HTTP/1.1 200")])
            case Delivery.HALF_HEADERS:
                self.wfile.write(head[: len(head) * 2 // 3])
            case Delivery.HALF_BODY:
                self.wfile.write(head + body[: len(body) // 2])
            case Delivery.GARBAGE:
                self.wfile.write(_NO_HTTP)
            case Delivery.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                self.rfile.close()
                self.connection.close()
            case Delivery.CLOSE:
                pass

    def _head(self, reply: Reply) -> bytes:
        lines = [
            f"HTTP/1.1 {reply.status} {responses.get(reply.status, '')}",
            f"Server: {self.server_version}",
            f"Date: {self.date_time_string()}",
            f"X-Oneapi-Request-Id: {self._number}",
            f"Content-Type: {reply.content_type}",
            f"Content-Length: {len(reply.body)}",
            *(f"{name}: {value}" for name, value in reply.headers),
        ]
        if self.close_connection:
            lines.append("Connection: close")
        return "\r\n".join((*lines, "\r\n")).encode("latin-1")

    def _dribble(self, content: bytes, seconds: float) -> None:
        step = len(content) // _PIECES + 1
        for start in range(0, len(content), step):
            self.server.closing.wait(seconds / _PIECES)
            self.wfile.write(content[start : start + step])

    def _linger(self) -> None:
        # A connection that is closed with unread data is reset, and the answer may be lost with it:
        # so what the client still sends is read for a moment and thrown away.
        self.connection.shutdown(socket.SHUT_WR)
        end = time.monotonic() + _LINGER_SECONDS
        self.connection.settimeout(_LINGER_SECONDS)
        while time.monotonic() < end and self.connection.recv(_SMALL):
            pass
