"""The provider's API over HTTP: submit, poll, download, balance. Each is usable alone.

A `Client` keeps no state between calls and may be used from many threads. The key stands in no
repr, no error and no log, and goes to the base address only.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from mjspec._version import __version__
from mjspec.dispatch.address import checked_address, is_loopback
from mjspec.dispatch.answers import (
    Balance,
    Submission,
    Task,
    read_balance,
    read_submission,
    read_task,
)
from mjspec.dispatch.errors import ClientConfigurationError, ProviderError
from mjspec.dispatch.shapes import compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mjspec.dispatch.download import Download
    from mjspec.dispatch.job import JSON
    from mjspec.dispatch.shapes import Answer
    from mjspec.dispatch.wire import Wire

__all__ = ["DEFAULT_BASE_URL", "Client", "is_loopback"]

DEFAULT_BASE_URL = "https://api.apimart.ai"
SUBMIT_PATH = "/midjourney/generations"
_SHORTEST_KEY = 8
LARGEST_IMAGE = 100 * 1024 * 1024


class Client:
    """Speaks to APIMart, a mirror of it, or the sandbox.

    It remembers nothing: what was paid for is yours to note. `Runner` does that for batches.

        >>> from pathlib import Path
        >>> from mjspec import Client, compile
        >>> from mjspec.sandbox import Sandbox
        >>> (job,) = compile("a fox --ar 16:9 --v 7")
        >>> with Sandbox() as sandbox:
        ...     client = Client(sandbox.url, "any-key")
        ...     sent = client.submit(job.request.body)
        ...     task = client.poll(sent.task_id, every=0.1)
        ...     image = client.download(task.images[0], Path("fox"))
        ...     left = client.balance()
        >>> task.phase, len(task.images), image.suffix, left.unlimited
        ('completed', 4, '.png', False)

    Args:
        base_url: Address with or without ``/v1``; https, or http to this machine.
        api_key: The key, sent as a bearer token.
        connect_timeout: Seconds until a connection must stand.
        read_timeout: Seconds that the provider may keep silent; at most 30 where nothing is paid.
    """

    def __init__(
        self,
        base_url: str = DEFAULT_BASE_URL,
        api_key: str = "",
        *,
        connect_timeout: float = 10.0,
        read_timeout: float = 120.0,
    ) -> None:
        self.base_url = checked_address(base_url)
        self.local = is_loopback(urlsplit(self.base_url).hostname)
        self._key = _Secret(api_key)
        self._timeouts = (connect_timeout, read_timeout)

    def __repr__(self) -> str:
        return f"Client({self.base_url!r})"

    def submit(
        self,
        body: Mapping[str, JSON],
        *,
        path: str = SUBMIT_PATH,
        on_connected: Callable[[], None] | None = None,
    ) -> Submission:
        """Sends a paid request, exactly once.

        Args:
            body: The request's body.
            path: The endpoint under the base address.
            on_connected: Called when the connection stands and before the first byte. If it raises,
                nothing is sent, and what it raised comes out here.

        Raises:
            NotSentError: No connection stood; nothing left this machine.
            RetryLaterError: The provider is busy; nothing was charged.
            AuthError: The key is not accepted; nothing was charged.
            MoneyError: The account is empty; nothing was charged.
            RejectedError: The request is refused for what it says; nothing was charged.
            MisdirectedError: The address points elsewhere; nothing was charged.
            OutcomeUnknownError: Anything else. It may have been charged: never send it again
                without looking.
        """
        content = compact(body)
        headers = {
            **self._headers(),
            "Content-Type": "application/json",
            "Connection": "close",
        }
        note = on_connected or _nothing
        answer = self._wire.post(path, content.encode("utf-8", "replace"), headers, note)
        with self._redacted():
            found = read_submission(answer)
        return replace(found, raw=self._key.hide(found.raw))

    def task(self, task_id: str) -> Task:
        """Asks how a task is doing; costs nothing.

        Raises:
            AuthError: The key is not accepted, or the task belongs to somebody else.
            MoneyError: The account is empty, which the provider may say to any question.
            NotFoundError: The task is not known, too new, or older than three days.
            UnavailableError: No usable answer; ask again.
        """
        return self._task(f"/tasks/{quote(task_id, safe='')}", task_id)

    def poll(self, task_id: str, *, every: float = 4.0, patience: float = 3600.0) -> Task:
        """Asks until a task has ended, well or not; costs nothing.

        Args:
            task_id: What `submit` gave.
            every: Seconds between two questions.
            patience: Seconds after which it gives up. The task goes on; ask again.

        Raises:
            UnavailableError: The patience is over.
            ProviderError: What `task` raises, but for answers that may come right by themselves.
        """
        from mjspec.dispatch.polling import poll

        return poll(self, task_id, every=every, patience=patience)

    def midjourney_task(self, task_id: str) -> Task:
        """The same question to the Midjourney endpoint, which also tells the final prompt."""
        return self._task(f"/midjourney/{quote(task_id, safe='')}", task_id)

    def balance(self) -> Balance:
        """Asks what the key has left."""
        answer = self._get("/balance")
        with self._redacted():
            return read_balance(answer)

    def download(self, url: str, path: Path, *, limit: int = LARGEST_IMAGE) -> Download:
        """Fetches an image into a file that is then safely on the disk.

        Args:
            url: An https link; http only while the base address is this machine.
            path: The file to write; it is overwritten, and removed on failure.
            limit: The largest size in bytes.

        Raises:
            DownloadError: The link is refused, or what it gives is no image or too large.
        """
        from mjspec.dispatch.download import fetch

        return fetch(self._wire, url, path, limit=limit, local=self.local)

    @cached_property
    def _wire(self) -> Wire:
        from mjspec.dispatch.wire import Wire

        return Wire(self.base_url, local=self.local, timeouts=self._timeouts, hide=self._key.hide)

    def _task(self, path: str, task_id: str) -> Task:
        answer = self._get(path)
        with self._redacted():
            task = read_task(answer, task_id)
        return replace(task, error=self._key.hide(task.error)) if task.error else task

    @contextmanager
    def _redacted(self) -> Iterator[None]:
        # Only what people see is redacted: what is read must stay as it came.
        try:
            yield
        except ProviderError as error:
            error.redact(self._key.hide)
            raise

    def _get(self, path: str) -> Answer:
        return self._wire.get(path, self._headers())

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._key.reveal()}",
            "Accept": "application/json",
            "User-Agent": f"mjspec/{__version__}",
        }


class _Secret:
    """A text that does not show itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        text = text.strip()
        if not text.isascii() or not text.isprintable() or " " in text:
            raise ClientConfigurationError(
                "the key holds characters that no key has (spaces, line ends, or non-ASCII)"
            )
        self._text = text

    def __repr__(self) -> str:
        return "<secret>"

    def reveal(self) -> str:
        """The text itself, for the header and for nothing else."""
        return self._text

    def hide(self, text: str) -> str:
        """A text in which the secret, should somebody have echoed it, is blacked out."""
        # A made-up key of a few letters, as for the sandbox, stands in every other word.
        return text.replace(self._text, "***") if len(self._text) >= _SHORTEST_KEY else text


def _nothing() -> None:
    return None
