"""How fast to submit: how many tasks at a time, how many requests a minute, how long to wait."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass

__all__ = ["Pace", "backoff", "jitter"]

_FIRST_WINDOW = 4
_LONGEST_BACKOFF = 60.0
# Refusals that come within this time of another are answers to the same crowding.
_ONE_CROWDING = 1.0
# So many requests in a row without a usable answer are no accident. Each may have cost money, so that
# the next ones go out slowly, one at a time in the end.
_UNANSWERED = 20
_LONGEST_DOUBT = 30.0


def backoff(failures: int, longest: float = _LONGEST_BACKOFF, base: float = 1.0) -> float:
    """Seconds to wait after so many failures in a row: full jitter under a doubling bound."""
    return jitter(0.0, min(longest, base * 2 ** min(failures, 16)))


def jitter(low: float, high: float) -> float:
    """A time between two others, so that many who wait do not come back together."""
    return random.uniform(low, high)  # noqa: S311 - no secret depends on it.


@dataclass(slots=True)
class _Streak:
    """Failures in a row, and when the first of them was."""

    count: int = 0
    since: float = 0.0

    def grow(self, now: float) -> int:
        if not self.count:
            self.since = now
        self.count += 1
        return self.count


class Pace:
    """Decides when the next request may go; times are of a monotonic clock.

    The number of tasks at a time begins small, doubles while all goes well, is halved when the
    provider is crowded and then grows slowly. The rate is kept over every span of a minute, so a
    small batch goes out at once. It is a plain object; whoever shares it locks it.

    Args:
        concurrency: The most tasks at a time.
        rate: The most requests a minute.
        history: When requests of the last minute went out, also those of an earlier run.
    """

    def __init__(self, concurrency: int, rate: float, history: tuple[float, ...] = ()) -> None:
        self.concurrency = max(1, concurrency)
        self._window = float(min(_FIRST_WINDOW, self.concurrency))
        self._doubling = True
        self._burst = max(1, int(rate))
        self._span = 60.0 * self._burst / max(rate, 1e-6)
        self._sent = deque(sorted(history), maxlen=self._burst)
        self._paused_until = 0.0
        self._pause_reason = ""
        self._halved_at = float("-inf")
        self.refusals = _Streak()
        self.disconnections = _Streak()
        self.doubts = _Streak()

    @property
    def window(self) -> int:
        """How many tasks may be under way at present."""
        return int(self._window)

    def delay(self, now: float, under_way: int) -> float | None:
        """Seconds until the next request may go, ``None`` while too many tasks are under way."""
        if under_way >= self.window:
            return None
        wait = self._paused_until - now
        if len(self._sent) == self._burst:
            wait = max(wait, self._sent[0] + self._span - now)
        return max(0.0, wait)

    def sent(self, now: float) -> None:
        """A request goes out."""
        self._sent.append(now)

    def accepted(self) -> None:
        """A request was accepted."""
        self.refusals.count = self.disconnections.count = self.doubts.count = 0
        step = 1.0 if self._doubling else 1.0 / self._window
        self._window = min(float(self.concurrency), self._window + step)

    def answered(self) -> None:
        """The provider spoke, whatever it said."""
        self.disconnections.count = self.doubts.count = 0

    def doubtful(self, now: float, why: str) -> float:
        """A request may have been lost or charged; gives the seconds for which nothing is sent."""
        self.disconnections.count = 0
        over = self.doubts.grow(now) - _UNANSWERED
        if over < 0:
            return 0.0
        self._window = max(1.0, self._window / 2)
        reason = f"the last {self.doubts.count} requests had no usable answer, lately: {why}"
        return self._pause(now, backoff(over, _LONGEST_DOUBT), reason)

    def refused(self, now: float, retry_after: float | None, why: str = "") -> float:
        """The provider is busy; gives the seconds for which nothing is sent."""
        self.answered()
        failures = self.refusals.grow(now)
        if now - self._halved_at > _ONE_CROWDING:
            self._window = max(1.0, self._window / 2)
            self._halved_at = now
        self._doubling = False
        wait = backoff(failures - 1)
        if retry_after is not None:
            # The jitter keeps those who were told the same second from coming back together.
            wait = retry_after + min(wait, 1.0)
        return self._pause(now, wait, f"the provider is busy: {why}")

    def unconnected(self, now: float) -> float:
        """No connection stood; gives the seconds for which nothing is sent."""
        return self._pause(now, backoff(self.disconnections.grow(now) - 1, 30.0), "no connection")

    def pause(self, now: float) -> tuple[float, str]:
        """For how many more seconds nothing is sent, and why."""
        return self._paused_until - now, self._pause_reason

    def _pause(self, now: float, seconds: float, why: str) -> float:
        if now + seconds > self._paused_until:
            self._paused_until, self._pause_reason = now + seconds, why
        return seconds
