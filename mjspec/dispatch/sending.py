"""Sends jobs, each one once: intent, connection, answer, and every one of them written down first."""

from __future__ import annotations

import threading
import uuid
from contextlib import suppress
from time import monotonic, time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mjspec.dispatch.client import SUBMIT_PATH
from mjspec.dispatch.errors import (
    AuthError,
    MisdirectedError,
    MoneyError,
    NotSentError,
    OutcomeUnknownError,
    ProviderError,
    RejectedError,
    RetryLaterError,
)
from mjspec.dispatch.ledger import BudgetError
from mjspec.dispatch.prices import dollars, usd
from mjspec.dispatch.request import UnreadableImageError, request_body
from mjspec.dispatch.rescue import rescue
from mjspec.dispatch.rows import Attempt

if TYPE_CHECKING:
    from mjspec.dispatch.answers import Submission
    from mjspec.dispatch.following import Follower
    from mjspec.dispatch.job import PaidJob
    from mjspec.dispatch.run import Run

__all__ = ["Sender"]

_THREADS = 8
_STOPS: dict[type[ProviderError], str] = {
    AuthError: "auth",
    MoneyError: "money",
    MisdirectedError: "misdirected",
}


class Sender:
    """Sends what the run's queue holds."""

    def __init__(self, run: Run, follower: Follower) -> None:
        self._run = run
        self._follower = follower

    def start(self) -> None:
        """Begins to send, in threads of its own."""
        wanted = min(_THREADS, self._run.options.concurrency, len(self._run.queue))
        for number in range(wanted):
            name = f"mjspec-send-{number + 1}"
            threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        while (key := self._run.take()) is not None:
            again = None
            try:
                again = self._send(_Dispatch(self._run.ledger.job(key), key))
            except Exception as error:  # noqa: BLE001
                self._run.surprised(error)
            finally:
                self._run.posted(again=again)

    def _send(self, dispatch: _Dispatch) -> str | None:
        """Sends a job; gives its key if it is to be sent again."""
        run, job = self._run, dispatch.job
        # Prices may be configured, and a resumed run does not know the configuration.
        estimate = run.ledger.estimate(dispatch.key)
        try:
            run.ledger.intend(dispatch.key, dispatch.attempt, run.id, estimate, run.cap)
        except BudgetError:
            run.stop_sending(
                "budget",
                f"stopped: the next job ({usd(estimate)}) would exceed {usd(run.cap or 0)};"
                " a higher --max-cost lets it go on",
            )
            return dispatch.key
        run.journal.write("intent", **dispatch.facts, estimate_usd=dollars(estimate))
        try:
            body = request_body(job, dispatch.attempt)
            with run.hearing.asking():
                submission = run.client.submit(
                    body,
                    path=_path(job.url),
                    on_connected=lambda: run.ledger.connected(dispatch.attempt),
                )
        except UnreadableImageError as error:
            self._rejected(dispatch, None, str(error))
        except (RejectedError, OutcomeUnknownError) as error:
            self._ended(dispatch, error)
        except ProviderError as error:
            return self._withdrawn(dispatch, error)
        else:
            self._accepted(dispatch, submission)
        return None

    def _accepted(self, dispatch: _Dispatch, submission: Submission) -> None:
        run, tasks = self._run, submission.task_ids
        run.journal.write("accepted", **dispatch.facts, task_id=tasks[0], tasks=tasks)
        try:
            run.ledger.accepted(dispatch.attempt, tasks, submission.raw)
        except Exception as error:  # noqa: BLE001
            self._rescue(dispatch, tasks, error)
            return
        with run.changed:
            run.pace.accepted()
            run.following += 1
        attempt = Attempt(
            id=dispatch.attempt,
            job=dispatch.key,
            name=dispatch.job.id,
            state="submitted",
            tasks=tasks,
            submitted_at=time(),
        )
        self._follower.follow(attempt, submission.estimated_time)

    def _rescue(self, dispatch: _Dispatch, tasks: tuple[str, ...], error: Exception) -> None:
        run = self._run
        path, line = rescue(run.ledger.out, run.id, dispatch.attempt, dispatch.key, tasks)
        where = f"is saved in {path}" if path else "could be saved nowhere; keep this line"
        run.messages.append(
            f"the ledger could not take a paid task id ({error}); it {where}: {line}"
        )
        run.journal.write(
            "rescued", **dispatch.facts, task_id=tasks[0], tasks=tasks, file=path, line=line
        )
        run.stop_sending("ledger", f"stopped: {error}", halt=True)

    def _ended(self, dispatch: _Dispatch, error: ProviderError) -> None:
        run = self._run
        if isinstance(error, RejectedError):
            with run.changed:
                run.pace.answered()
            self._rejected(dispatch, error.status, str(error))
            return
        run.ledger.unknown(dispatch.attempt, error.status, str(error), error.raw)
        run.journal.write("unknown", **dispatch.facts, error=str(error), status=error.status)
        with run.changed:
            wait = run.pace.doubtful(monotonic(), str(error))
            run.unknown += 1
            enough = run.options.max_unknown is not None and run.unknown >= max(
                1, run.options.max_unknown
            )
        if wait:
            run.journal.write("paused", seconds=round(wait, 3), error=str(error))
        if enough:
            run.stop_sending(
                "unknown", f"stopped: {run.unknown} outcomes are unknown (--max-unknown)"
            )

    def _rejected(self, dispatch: _Dispatch, status: int | None, why: str) -> None:
        self._run.ledger.rejected(dispatch.attempt, status, why)
        self._run.journal.write("rejected", **dispatch.facts, error=why, status=status)

    def _withdrawn(self, dispatch: _Dispatch, error: ProviderError) -> str:
        """Nothing was charged and the job stays planned; what follows depends on the reason."""
        run, now = self._run, monotonic()
        unsent = isinstance(error, NotSentError)
        state = "not_sent" if unsent else "refused"
        run.ledger.withdrawn(dispatch.attempt, state, error.status, str(error))
        reason = next((word for kind, word in _STOPS.items() if isinstance(error, kind)), None)
        if reason is not None:
            run.stop_sending(reason, f"stopped: {_explained(reason)} ({error})")
            wait = 0.0
        elif isinstance(error, NotSentError):
            wait = self._unconnected(error, now)
        else:
            wait = self._busy(error, now)
        run.journal.write(
            state, **dispatch.facts, error=str(error), status=error.status, wait=round(wait, 3)
        )
        return dispatch.key

    def _unconnected(self, error: NotSentError, now: float) -> float:
        run = self._run
        with run.changed:
            wait = run.pace.unconnected(now)
            waited = now - run.pace.disconnections.since
        options = run.options
        # An address that has answered before comes back; one that never did may be a wrong one.
        patience = options.task_patience if run.hearing.ever else options.connect_patience
        if error.hopeless or waited > patience:
            run.stop_sending(
                "offline", f"stopped: no connection to {run.client.base_url} ({error})"
            )
        return wait

    def _busy(self, error: ProviderError, now: float) -> float:
        run = self._run
        with run.changed:
            asked = error.retry_after if isinstance(error, RetryLaterError) else None
            wait = run.pace.refused(now, asked, str(error))
            waited = now - run.pace.refusals.since
        if waited > run.options.refusal_patience:
            run.stop_sending("busy", f"stopped: the provider is busy ({error})")
        return wait


class _Dispatch:
    """A job on its way, with the attempt that is made for it."""

    __slots__ = ("attempt", "facts", "job", "key")

    def __init__(self, job: PaidJob, key: str) -> None:
        self.job = job
        self.key = key
        self.attempt = str(uuid.uuid4())
        self.facts = {"job": job.id, "key": key, "attempt": self.attempt}


def _path(url: str) -> str:
    """The endpoint under the base address; the host of a compiled address is never used."""
    path = ""
    with suppress(ValueError):
        path = urlsplit(url).path
    return path.removeprefix("/v1") or SUBMIT_PATH


def _explained(reason: str) -> str:
    return {
        "auth": "the provider does not accept the key",
        "money": "the account is empty; what is paid for is brought home",
        "misdirected": "the provider's address points elsewhere; check --base-url",
    }[reason]
