"""Which refusal an answer is, and what it means for the money.

The HTTP status decides first, because the provider's own codes are empty, numbers or words; a few
texts then tell an empty account or a busy provider that hide behind another status.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from time import time
from typing import Any

from mjspec.dispatch.errors import (
    AuthError,
    MisdirectedError,
    MoneyError,
    NotFoundError,
    OutcomeUnknownError,
    ProviderError,
    RejectedError,
    RetryLaterError,
    UnavailableError,
)
from mjspec.dispatch.shapes import LONGEST_MESSAGE, LONGEST_RAW, Answer, number

__all__ = ["error_of", "query_error", "submission_error"]

# Text in which a refusal under another status says that the account is empty.
_EMPTY_ACCOUNT = re.compile(
    r"(?i)insufficient[ _](account[ _])?(balance|funds?|credits?|quota)|not[ _]enough[ _]balance"
    r"|balance (is )?(not enough|too low|insufficient)|payment[ _]required|余额不足"
)
_EMPTY_ACCOUNT_CODES = frozenset({"402", "605"})
_BUSY_CODES = frozenset({"get_channel_failed"})
# The older dialect's own numbers, as far as they prove that nothing was accepted.
_DIALECT_REJECTED = frozenset({"4", "24", "400", "404", "413", "422"})
_DIALECT_BUSY = frozenset({"3", "23", "429"})
_DIALECT_AUTH = frozenset({"401", "403"})
_AUTH = frozenset({401, 403})
_MOVED = frozenset({300, 301, 302, 305, 307, 308})
_LONGEST_WAIT = 3600.0


def submission_error(answer: Answer, payload: Any) -> ProviderError:
    """What an answer without a task means for the request that it answers."""
    status = answer.status
    code, message = _complaint(answer, payload)
    kind: type[ProviderError]
    if answer.ok:
        kind = _dialect_kind(code, message)
    elif status in _MOVED:
        kind = MisdirectedError
    elif status == HTTPStatus.PAYMENT_REQUIRED or (
        _refuses(status) and _empty_account(code, message)
    ):
        kind = MoneyError
    elif status in _AUTH:
        kind = AuthError
    elif _busy(answer, code):
        kind = RetryLaterError
    elif _refuses(status):
        kind = RejectedError
    else:
        kind = OutcomeUnknownError
    return error_of(kind, answer, payload)


def query_error(answer: Answer, payload: Any) -> ProviderError:
    """What a refused question means; questions cost nothing."""
    kind: type[ProviderError] = UnavailableError
    if answer.status in _AUTH:
        kind = AuthError
    elif answer.status == HTTPStatus.PAYMENT_REQUIRED:
        kind = MoneyError
    elif answer.status == HTTPStatus.NOT_FOUND and isinstance(payload, dict):
        # A page of a proxy says nothing about the task.
        kind = NotFoundError
    return error_of(kind, answer, payload)


def error_of(
    kind: type[ProviderError], answer: Answer, payload: Any, what: str | None = None
) -> ProviderError:
    """An error that tells what the answer said, with ``what`` we make of it in front."""
    code, message = _complaint(answer, payload)
    said = f"HTTP {answer.status}" + (f": {message}" if message else "")
    if kind is OutcomeUnknownError and answer.ok:
        what = what or "the answer holds no task id"
        if not message and answer.text.strip():
            said += f": {_beginning(answer.text)}"
    return kind(
        f"{what} ({said})" if what else said,
        status=answer.status,
        code=code,
        retry_after=_retry_after(answer, payload),
        raw=answer.text[:LONGEST_RAW],
    )


def _refuses(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def _busy(answer: Answer, code: str) -> bool:
    if answer.status == HTTPStatus.BAD_REQUEST:
        return code in _BUSY_CODES
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return "retry-after" in answer.headers
    return answer.status == HTTPStatus.TOO_MANY_REQUESTS


def _dialect_kind(code: str, message: str) -> type[ProviderError]:
    # The numbers of the older dialect come under status 200. Only those that prove a refusal count
    # as one; an answer without an id and without such a number may hide an accepted request.
    if _empty_account(code, message):
        return MoneyError
    if code in _DIALECT_AUTH:
        return AuthError
    if code in _DIALECT_BUSY or code in _BUSY_CODES:
        return RetryLaterError
    if code in _DIALECT_REJECTED:
        return RejectedError
    return OutcomeUnknownError


def _empty_account(code: str, message: str) -> bool:
    return code in _EMPTY_ACCOUNT_CODES or bool(_EMPTY_ACCOUNT.search(f"{code} {message}"))


def _complaint(answer: Answer, payload: Any) -> tuple[str, str]:
    """Code and message of either error dialect, or the beginning of what is neither."""
    code: Any = None
    message: Any = None
    if isinstance(payload, dict):
        inner = payload.get("error")
        if isinstance(inner, dict):
            code, message = inner.get("code"), inner.get("message") or inner.get("type")
        elif inner:
            message = inner
        if code in (None, ""):
            code = payload.get("code")
        for name in ("description", "message", "detail", "fail_reason"):
            message = message or payload.get(name)
    elif payload is None:
        message = _beginning(answer.text)
    spelled = "" if code is None or isinstance(code, bool) else str(code)
    return spelled, str(message or "")[:LONGEST_MESSAGE]


def _beginning(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text[:LONGEST_RAW]).split())[:120]


def _retry_after(answer: Answer, payload: Any) -> float | None:
    text = answer.headers.get("retry-after", "").strip()
    seconds = number(text)
    if seconds is None and text:
        from email.utils import parsedate_to_datetime

        try:
            seconds = parsedate_to_datetime(text).timestamp() - time()
        except (TypeError, ValueError):
            seconds = None
    if seconds is None and isinstance(payload, dict):
        seconds = number(payload.get("retry_after"))
    return None if seconds is None else min(max(seconds, 0.0), _LONGEST_WAIT)
