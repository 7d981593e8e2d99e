"""Answers as values: what is said, and how badly the connection treats it on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

__all__ = ["Delivery", "Reply", "json_reply", "old_refusal", "refusal", "unauthorized"]

_REFUSALS: dict[int, tuple[str, str]] = {
    400: ("invalid_request_error", "Invalid request parameters"),
    401: ("authentication_error", "Authentication failed: check the API key"),
    402: ("payment_required", "insufficient balance"),
    403: ("permission_error", "Access denied"),
    404: ("not_found_error", "Not found"),
    405: ("invalid_request_error", "Method not allowed"),
    408: ("invalid_request_error", "Request timed out"),
    411: ("invalid_request_error", "Content-Length required"),
    413: ("invalid_request_error", "Request body too large"),
    422: ("invalid_request_error", "The image or prompt did not pass moderation; refunded"),
    429: ("rate_limit_error", "Too many requests, please try again later"),
    500: ("server_error", "Internal server error, please try again later"),
    502: ("bad_gateway", "Bad gateway, please try again later"),
    503: ("service_unavailable", "Service temporarily unavailable"),
    504: ("gateway_timeout", "Gateway timeout"),
}


class Delivery(Enum):
    """How much of an answer reaches the client, and in which manner."""

    WHOLE = auto()
    CLOSE = auto()
    """Nothing; the connection is closed in good order."""
    RESET = auto()
    """Nothing; the connection is reset."""
    HALF_STATUS = auto()
    HALF_HEADERS = auto()
    HALF_BODY = auto()
    """All headers, then less than they promise."""
    GARBAGE = auto()
    """Bytes that are no HTTP."""
    DRIBBLE = auto()
    """All of it, in small pieces spread over the delay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer.

    Attributes:
        status: The HTTP status.
        body: The bytes behind the headers.
        content_type: What the body claims to be.
        headers: More headers, such as ``Retry-After``.
        delivery: How it reaches the client.
        delay: Seconds to wait before it, or while it dribbles.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE
    delay: float = 0.0


def json_reply(content: Any, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """An answer that carries JSON."""
    body = json.dumps(content, separators=(",", ":")).encode("ascii")
    return Reply(status=status, body=body, headers=headers)


def refusal(status: int, message: str = "", *headers: tuple[str, str]) -> Reply:
    """An error in the documented dialect; without a message it says the documented one."""
    kind, text = _REFUSALS.get(status, ("server_error", f"HTTP {status}"))
    error = {"code": status, "message": message or text, "type": kind}
    return json_reply({"error": error}, status, *headers)


def unauthorized(request_id: str) -> Reply:
    """The error for a missing key as it was seen live: an empty code and a generic type."""
    message = f"API key is required (request id: {request_id})"
    error = {"code": "", "message": message, "param": "", "type": "apimart_error"}
    return json_reply({"error": error}, 401)


def old_refusal(code: int, description: str, status: int) -> Reply:
    """An error in the older dialect of the same documentation."""
    return json_reply({"code": code, "description": description}, status)
