"""Whether the provider is heard, and since when it is not, so that a person need not guess."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from time import localtime, monotonic, strftime, time
from typing import TYPE_CHECKING

from mjspec.dispatch.errors import (
    NotSentError,
    OutcomeUnknownError,
    ProviderError,
    UnavailableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Hearing", "clock_time"]

_FAILING = 5.0
_SILENT = 20.0
_UNHEARD = (NotSentError, OutcomeUnknownError, UnavailableError)


class Hearing:
    """Remembers since when no request has had a usable answer; safe to use from many threads.

    Attributes:
        ever: Whether the provider has answered in this run: the address is right.
    """

    def __init__(self) -> None:
        self.ever = False
        self._lock = Lock()
        self._asking = 0
        self._since: float | None = None
        self._why: str | None = None

    @contextmanager
    def asking(self) -> Iterator[None]:
        """A request; whatever refuses it in words is an answer as well."""
        with self._lock:
            self._asking += 1
            if self._since is None:
                self._since = monotonic()
        try:
            yield
        except _UNHEARD as error:
            self._ended(str(error))
            raise
        except ProviderError:
            self._ended(None)
            raise
        except BaseException:
            with self._lock:
                self._asking -= 1
            raise
        self._ended(None)

    def trouble(self) -> str | None:
        """Since when and why there is no usable answer; ``None`` while there are some.

        The text does not change while the trouble is the same, so that a log has it once.
        """
        now = monotonic()
        with self._lock:
            since, why = self._since, self._why
        if since is None or now - since < (_SILENT if why is None else _FAILING):
            return None
        return f"since {clock_time(since - now)} ({why or 'the connection stands, nothing comes'})"

    def _ended(self, why: str | None) -> None:
        with self._lock:
            self._asking -= 1
            # The first reason stays: the others change from one try to the next.
            self._why = why and (self._why or why)
            if why is None:
                self.ever = True
                # The others may still be waiting in vain, but not for longer than from now on.
                self._since = monotonic() if self._asking else None


def clock_time(seconds: float) -> str:
    """The time of day so many seconds from now."""
    return strftime("%H:%M:%S", localtime(time() + seconds))
