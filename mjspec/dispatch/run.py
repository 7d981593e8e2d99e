"""What the parts of one run share: the queue, the counts of open work, and why it stops."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from mjspec.dispatch.database import LedgerError
from mjspec.dispatch.hearing import Hearing, clock_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.dispatch.client import Client
    from mjspec.dispatch.journal import Journal
    from mjspec.dispatch.ledger import Ledger
    from mjspec.dispatch.options import RunOptions
    from mjspec.dispatch.pace import Pace

__all__ = ["Run", "Stop"]


_LONG_PAUSE = 3.0


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run sends nothing more.

    Attributes:
        reason: One word: ``auth``, ``money``, ``budget``, ``unknown``, ``interrupted``, ``busy``,
            ``offline``, ``misdirected``, ``ledger``, ``disk``, ``error``.
        message: The same for people.
    """

    reason: str
    message: str


class Run:
    """The shared state of a run; `changed` guards all of it.

    Attributes:
        queue: Keys of jobs to send.
        posting: Requests on their way.
        following: Tasks that the provider works on.
        fetching: Attempts whose images are being fetched.
        unknown: Outcomes of this run that are not known.
        stop: Why nothing more is sent, if so.
        halted: Whether polls end as well.
        messages: What a person must hear at the end.
        hearing: Whether the provider answers.
    """

    def __init__(
        self,
        *,
        name: str,
        ledger: Ledger,
        client: Client,
        options: RunOptions,
        journal: Journal,
        pace: Pace,
        cap: int | None,
    ) -> None:
        self.id = name
        self.ledger = ledger
        self.client = client
        self.options = options
        self.journal = journal
        self.pace = pace
        self.cap = cap
        self.changed = threading.Condition()
        self.queue: deque[str] = deque()
        self.posting = 0
        self.following = 0
        self.fetching = 0
        self.unknown = 0
        self.stop: Stop | None = None
        self.halted = False
        self.messages: list[str] = []
        self.hearing = Hearing()
        self._silent = False

    def enqueue(self, keys: Iterable[str]) -> None:
        """Adds jobs to send."""
        with self.changed:
            self.queue.extend(keys)
            self.changed.notify_all()

    def take(self) -> str | None:
        """Waits for the next job that may be sent; ``None`` when there will be none."""
        with self.changed:
            while self.stop is None and (self.queue or self.posting):
                now = monotonic()
                under_way = self.posting + self.following
                delay = self.pace.delay(now, under_way) if self.queue else None
                if delay == 0:
                    self.posting += 1
                    self.pace.sent(now)
                    return self.queue.popleft()
                self.changed.wait(delay)
            self.changed.notify_all()
            return None

    def posted(self, *, again: str | None = None, follow: bool = False) -> None:
        """A request came to its end: its job is sent again, followed, or neither."""
        with self.changed:
            self.posting -= 1
            self.following += follow
            if again is not None:
                # Behind the others: what is refused for its own sake must not keep them waiting.
                self.queue.append(again)
            self.changed.notify_all()

    def followed(self, *, fetch: bool) -> None:
        """A task is not followed any more; its images are fetched, or not."""
        with self.changed:
            self.following -= 1
            self.fetching += fetch
            self.changed.notify_all()

    def fetched(self) -> None:
        """The images of an attempt are not fetched any more."""
        with self.changed:
            self.fetching -= 1
            self.changed.notify_all()

    def finished(self) -> bool:
        """Whether nothing is under way and nothing will be sent; asked under `changed`."""
        sending = self.queue and self.stop is None
        following = self.following and not self.halted
        return not (sending or self.posting or following or self.fetching)

    def trouble(self) -> str | None:
        """Why the run waits at present, if it waits for something that a person should know of."""
        silence = self.hearing.trouble()
        if silence is not None:
            return (
                f"no usable answer from {self.client.base_url} {silence};"
                " it is tried again, and nothing is sent twice"
            )
        now = monotonic()
        with self.changed:
            wait, why = self.pace.pause(now)
            waiting = bool(self.queue) and self.stop is None
        if not waiting or wait < _LONG_PAUSE:
            return None
        return f"nothing is sent until {clock_time(wait)} ({why})"

    def note_silence(self) -> None:
        """Writes down when the provider falls silent and when it is heard again."""
        silence = self.hearing.trouble()
        if (silence is not None) == self._silent:
            return
        self._silent = silence is not None
        if silence is None:
            self.journal.write("heard")
        else:
            self.journal.write("unheard", error=silence)

    def stop_sending(self, reason: str, message: str, *, halt: bool = False) -> None:
        """Nothing more is sent; with ``halt`` nothing more is asked either. The first reason stays."""
        with self.changed:
            first = self.stop is None
            if first:
                self.stop = Stop(reason, message)
                self.messages.append(message)
            self.halted = self.halted or halt
            self.changed.notify_all()
        if first:
            self.journal.write("stopping", reason=reason, error=message)

    def surprised(self, error: BaseException) -> None:
        """Something broke in a thread: stop in order rather than go on with a hole in the memory."""
        reason = "ledger" if isinstance(error, LedgerError) else "error"
        self.stop_sending(reason, f"stopped: {str(error) or type(error).__name__}", halt=True)
