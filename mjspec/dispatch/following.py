"""Asks the provider how accepted tasks are doing, until each has an end."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic, time
from typing import TYPE_CHECKING

from mjspec.dispatch.agenda import Agenda
from mjspec.dispatch.errors import AuthError, MoneyError, NotFoundError, ProviderError
from mjspec.dispatch.pace import backoff, jitter
from mjspec.dispatch.prices import dollars

if TYPE_CHECKING:
    from mjspec.dispatch.answers import Task
    from mjspec.dispatch.fetching import Fetcher
    from mjspec.dispatch.rows import Attempt
    from mjspec.dispatch.run import Run

__all__ = ["Follower", "interval"]

_THREADS = 14
_FIRST = 10.0
_EVERY = (3.0, 5.0)
# More questions a second than this buy nothing; with many tasks the time between two grows.
_A_SECOND = 334.0
_LONGEST_WAIT = 30.0
_POOR_WAIT = 30.0
# A task may be unknown to the provider right after it was accepted.
_SETTLING = 60.0
_MISSES = 3
_DENIALS = 5
_EMPTY_ANSWERS = 5
_HTTP_UNAUTHORIZED = 401


def interval(following: int, chosen: float | None) -> float:
    """Seconds between two questions about a task, stretched when many tasks are followed.

    Args:
        following: How many tasks are followed.
        chosen: What a person wants, if anything.
    """
    every = jitter(*_EVERY) if chosen is None else chosen
    return max(every, following / _A_SECOND)


class _Watch:
    """One attempt that is followed; its tasks are asked for one after the other."""

    __slots__ = ("attempt", "cost", "empty", "expires_at", "failures", "images", "place", "since")

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.place = 0
        self.images: list[tuple[str, str]] = []
        self.cost: int | None = None
        self.expires_at: float | None = None
        self.failures = 0
        self.empty = 0
        self.since = monotonic()

    @property
    def task(self) -> str:
        return self.attempt.tasks[self.place]

    @property
    def facts(self) -> dict[str, str]:
        attempt = self.attempt
        return {
            "job": attempt.name,
            "key": attempt.job,
            "attempt": attempt.id,
            "task_id": self.task,
        }


class Follower:
    """Follows tasks; what is complete goes to the fetcher."""

    def __init__(self, run: Run, fetcher: Fetcher) -> None:
        self._run = run
        self._fetcher = fetcher
        self._agenda = Agenda("mjspec-poll", _THREADS, run.surprised)
        self._estimate: float | None = None

    def close(self) -> None:
        """Asks nothing more."""
        self._agenda.close()

    def follow(self, attempt: Attempt, estimate: float | None) -> None:
        """Follows a task that was just accepted; the run has counted it."""
        options = self._run.options
        known = estimate or self._estimate
        first = _FIRST if known is None else min(_FIRST, known / 2)
        wait = first if options.poll_first is None else options.poll_first
        self._later(_Watch(attempt), wait)

    def take_up(self, attempt: Attempt) -> None:
        """Follows a task of an earlier run."""
        with self._run.changed:
            self._run.following += 1
        self._later(_Watch(attempt), jitter(0.0, self._interval() / 2))

    def _later(self, watch: _Watch, seconds: float) -> None:
        self._agenda.after(seconds, lambda: self._ask(watch))

    def _interval(self) -> float:
        return interval(self._run.following, self._run.options.poll_every)

    def _ask(self, watch: _Watch) -> None:
        run = self._run
        if run.halted:
            self._leave(watch)
            return
        try:
            with run.hearing.asking():
                task = run.client.task(watch.task)
        except ProviderError as error:
            self._unanswered(watch, error)
        else:
            watch.failures = 0
            self._estimate = task.estimated_time or self._estimate
            self._judge(watch, task)

    def _judge(self, watch: _Watch, task: Task) -> None:
        if task.phase == "failed":
            self._task_failed(watch, task)
        elif task.phase == "completed":
            self._task_completed(watch, task)
        else:
            self._task_running(watch)

    def _task_running(self, watch: _Watch) -> None:
        attempt, run = watch.attempt, self._run
        if attempt.state == "submitted":
            watch.attempt = attempt = replace(attempt, state="running")
            run.ledger.running(attempt.id)
            run.journal.write("running", **watch.facts)
        if monotonic() - watch.since > run.options.task_patience:
            self._give_up(watch, "no result yet; `mjspec resume` goes on with it")
        else:
            self._later(watch, self._interval())

    def _task_completed(self, watch: _Watch, task: Task) -> None:
        if not task.images and watch.empty < _EMPTY_ANSWERS:
            watch.empty += 1
            self._later(watch, self._interval())
            return
        watch.images += [(watch.task, url) for url in task.images]
        watch.expires_at = watch.expires_at or task.expires_at
        self._task_ended(watch, task.cost, "the task was completed without an image")

    def _task_failed(self, watch: _Watch, task: Task) -> None:
        # Failed tasks are refunded; an answer without a price means that.
        why = f"the provider ended the task: {task.error}"
        self._task_ended(watch, task.cost or 0, why)

    def _task_ended(self, watch: _Watch, cost: int | None, why: str) -> None:
        if cost is not None:
            watch.cost = (watch.cost or 0) + cost
        if watch.place + 1 < len(watch.attempt.tasks):
            watch.place += 1
            watch.failures = watch.empty = 0
            self._later(watch, 0.0)
        elif watch.images:
            self._completed(watch)
        else:
            self._failed(watch, why)

    def _completed(self, watch: _Watch) -> None:
        run, attempt = self._run, watch.attempt
        run.ledger.completed(attempt.id, watch.images, watch.cost, watch.expires_at)
        cost = None if watch.cost is None else dollars(watch.cost)
        run.journal.write("completed", **watch.facts, images=len(watch.images), cost_usd=cost)
        run.followed(fetch=True)
        self._fetcher.fetch(replace(attempt, expires_at=watch.expires_at))

    def _failed(self, watch: _Watch, why: str) -> None:
        run = self._run
        run.ledger.failed(watch.attempt.id, why, watch.cost)
        cost = None if watch.cost is None else dollars(watch.cost)
        run.journal.write("failed", **watch.facts, error=why, cost_usd=cost)
        self._leave(watch)

    def _unanswered(self, watch: _Watch, error: ProviderError) -> None:
        run = self._run
        watch.failures += 1
        every = self._interval()
        # Who chose a short time between two questions wants no long waits either.
        wait = max(error.retry_after or 0.0, every / 2)
        wait += backoff(watch.failures, _LONGEST_WAIT, min(1.0, every))
        if isinstance(error, AuthError) and error.status == _HTTP_UNAUTHORIZED:
            message = f"stopped: the provider does not accept the key ({error})"
            run.stop_sending("auth", message, halt=True)
            self._leave(watch)
            return
        if isinstance(error, AuthError) and watch.failures >= _DENIALS:
            self._give_up(watch, f"the provider does not show the task: {error}")
            return
        if isinstance(error, MoneyError):
            run.stop_sending("money", f"stopped: the account is empty ({error})")
            wait = max(wait, _POOR_WAIT if run.options.poll_every is None else 0.0)
        if isinstance(error, NotFoundError) and self._missing(watch, error):
            return
        if monotonic() - watch.since > run.options.task_patience:
            self._give_up(watch, f"no answer about the task: {error}")
            return
        self._later(watch, wait)

    def _missing(self, watch: _Watch, error: NotFoundError) -> bool:
        age = time() - watch.attempt.submitted_at
        if age < _SETTLING or watch.failures < _MISSES:
            return False
        # What it cost is not known any more, so the estimate stays on the bill.
        self._failed(watch, f"the provider does not know the task any more ({error})")
        return True

    def _give_up(self, watch: _Watch, why: str) -> None:
        self._run.ledger.troubled(watch.attempt.id, why)
        self._run.journal.write("troubled", **watch.facts, error=why)
        self._leave(watch)

    def _leave(self, watch: _Watch) -> None:
        watch.images.clear()
        self._run.followed(fetch=False)
