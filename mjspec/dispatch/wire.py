"""HTTP as paid work needs it: one request, one answer, and what a broken one means."""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import requests
import requests.adapters
import requests.utils
from urllib3.exceptions import NewConnectionError

from mjspec.dispatch.connection import FreshAdapter, Mark, marked
from mjspec.dispatch.errors import NotSentError, OutcomeUnknownError, UnavailableError
from mjspec.dispatch.shapes import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Wire"]

_LONGEST_ANSWER = 8 * 1024 * 1024
_CHUNK = 64 * 1024
_IDLE_WORDS = re.compile(r"^Failed to establish a new connection: |\[Errno -?\d+\] ")
# A question may be asked again, so that a dead connection is given up sooner than a paid request is.
_QUESTION_SECONDS = 30.0


class Wire:
    """Sessions towards one base address.

    Args:
        base_url: Address with its version, without a slash at its end.
        local: Whether the address is this machine; no proxy stands between us then.
        timeouts: Seconds to connect, and to wait for bytes.
        hide: Blacks out the key in what goes wrong.
    """

    def __init__(
        self,
        base_url: str,
        *,
        local: bool,
        timeouts: tuple[float, float],
        hide: Callable[[str], str],
    ) -> None:
        self._hide = hide
        self._base_url = base_url
        self._local = local
        self._timeouts = timeouts
        self._sessions = threading.local()
        # Read once: asked for at every request, the environment costs a third of its time, and a
        # netrc entry would replace the key.
        self._verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str], connected: Callable[[], None]
    ) -> Answer:
        """Sends a body once; raises `NotSentError` or `OutcomeUnknownError` without an answer."""
        mark = Mark(connected)
        try:
            with marked(mark), self._session(FreshAdapter()) as session:
                return self._request(session, "POST", path, headers, body=body)
        except Exception as error:  # noqa: BLE001
            if mark.failure is not None:
                raise mark.failure from None
            raise _classified(error, self._hide(_reason(error)), sent=mark.made) from None

    def get(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Asks something that costs nothing; raises `UnavailableError` without an answer."""
        try:
            return self._request(self._kept_session(), "GET", path, headers)
        except (requests.RequestException, OSError, ValueError, _TooSlowError) as error:
            raise UnavailableError(self._hide(_reason(error))) from None

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """A response whose body is still to be read, from any host, without the key."""
        session = self._kept_session()
        with self._sent(session, "GET", url, headers, self._timeouts) as response:
            yield response

    def _request(
        self,
        session: requests.Session,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer:
        url = self._base_url + path
        connect, silence = self._timeouts
        if body is None:
            silence = min(silence, _QUESTION_SECONDS)
        with self._sent(session, method, url, headers, (connect, silence), body) as response:
            content = _read(response, monotonic() + 2 * silence)
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, names, content.decode("utf-8", "replace"))

    def _sent(
        self,
        session: requests.Session,
        method: str,
        url: str,
        headers: Mapping[str, str],
        timeouts: tuple[float, float],
        body: bytes | None = None,
    ) -> requests.Response:
        # What a session would add to a request is not wanted, and adding it is a third of the work.
        request = requests.Request(method, url, headers=dict(headers), data=body).prepare()
        return session.send(
            request,
            timeout=timeouts,
            allow_redirects=False,
            stream=True,
            verify=self._verify or True,
            proxies=self._proxies(url),
        )

    def _session(self, adapter: requests.adapters.BaseAdapter) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session

    def _kept_session(self) -> requests.Session:
        # One for each thread: sharing one is not promised to be safe and saves nothing.
        session: requests.Session | None = getattr(self._sessions, "session", None)
        if session is None:
            adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=1)
            session = self._sessions.session = self._session(adapter)
        return session

    def _proxies(self, url: str) -> dict[str, str]:
        if self._local:
            return {}
        return requests.utils.get_environ_proxies(url)


class _TooSlowError(Exception):
    """An answer was still coming in after its time."""


def _read(response: requests.Response, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_content(_CHUNK):
        content += chunk
        if len(content) > _LONGEST_ANSWER or monotonic() > deadline:
            raise _TooSlowError("the answer does not end")
    return bytes(content)


def _classified(error: Exception, reason: str, *, sent: bool) -> Exception:
    if sent:
        return OutcomeUnknownError(f"the request was sent, then: {reason}")
    return NotSentError(reason, hopeless=isinstance(error, requests.exceptions.SSLError))


def _reason(error: BaseException) -> str:
    """The innermost cause, in words; exceptions of requests wrap each other several times."""
    words = {
        requests.exceptions.ConnectTimeout: "no connection in time",
        requests.exceptions.ReadTimeout: "no answer in time",
        requests.exceptions.SSLError: "the certificate or the TLS handshake failed",
        requests.exceptions.ProxyError: "the proxy refused",
        requests.exceptions.ChunkedEncodingError: "the answer broke off",
    }
    said = next((text for kind, text in words.items() if isinstance(error, kind)), None)
    seconds = re.search(r"timeout=([\d.]+)", str(error))
    if said and seconds:
        # What else urllib3 tells of it are names of its own objects.
        return f"{said}, {float(seconds[1]):g} s"
    inner: BaseException = error
    for _ in range(8):
        deeper = getattr(inner, "reason", None)
        if not isinstance(deeper, BaseException):
            arguments = [item for item in inner.args if isinstance(item, BaseException)]
            deeper = arguments[-1] if arguments else None
        if deeper is None:
            break
        inner = deeper
    # urllib3 names its own connection object in front; that tells nobody anything.
    told = re.sub(r"^\S+\(host=[^)]*\):\s*", "", str(inner))
    if isinstance(inner, NewConnectionError):
        return f"no connection: {_IDLE_WORDS.sub('', told)}"[:200]
    detail = f"{type(inner).__name__}: {told}".rstrip(": ")[:200]
    return f"{said} ({detail})" if said else detail
