"""What the provider keeps: the tasks that it accepted, and the account that pays for them."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from mjspec.sandbox.account import Account
from mjspec.sandbox.chance import Hand
from mjspec.sandbox.checks import upstream_reason
from mjspec.sandbox.faults import FAULTS
from mjspec.sandbox.options import PRICES
from mjspec.sandbox.prompts import final_prompt, settings
from mjspec.sandbox.tasks import Submission, Task, task_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.sandbox.memory import Memory
    from mjspec.sandbox.options import Options

__all__ = ["Book"]

_LONGEST_KEPT = 2000


class Book:
    """Tasks and money of one sandbox, safe to use from many threads.

    Args:
        options: The settings of the sandbox.
        memory: What an earlier sandbox accepted; it is told what this one accepts.
    """

    def __init__(self, options: Options, memory: Memory) -> None:
        self._options = options
        self._account = Account(options.balance)
        self._tasks: dict[str, Task] = {}
        self._prompts: Counter[int] = Counter()
        self._counts: Counter[str] = Counter()
        self._lock = Lock()
        for entry in memory.submissions:
            names = tuple(entry["faults"])
            self._account.charge(entry["cost"], entry["time"])
            number = len(self._tasks) + 1
            submission = Submission(**{**entry, "faults": names, "number": number})
            self._begin(submission, Hand(*(FAULTS[name] for name in names if name in FAULTS)))
        self._memory = memory

    @property
    def accepted(self) -> tuple[Submission, ...]:
        """Every accepted submission, in order."""
        with self._lock:
            return tuple(task.submission for task in self._tasks.values())

    @property
    def counts(self) -> dict[str, int]:
        """How many ``submissions``, ``polls`` and ``downloads`` came."""
        with self._lock:
            return dict(self._counts)

    @property
    def balance(self) -> float | None:
        """US dollars left; None for an account without a limit."""
        with self._lock:
            return self._account.balance(self._options.clock())

    @property
    def charged(self) -> float:
        """US dollars charged and not refunded."""
        with self._lock:
            return self._account.used(self._options.clock())

    def statement(self) -> dict[str, Any]:
        """The documented answer of the balance endpoints."""
        with self._lock:
            return self._account.statement(self._options.clock())

    def find(self, task_id: str) -> Task | None:
        """The task of this id."""
        return self._tasks.get(task_id)

    def count(self, kind: Literal["submissions", "polls", "downloads"]) -> None:
        """Counts a request."""
        with self._lock:
            self._counts[kind] += 1

    def polled(self, task: Task) -> int:
        """Counts a poll of a task; gives how many it had."""
        with self._lock:
            self._counts["polls"] += 1
            task.polls += 1
            return task.polls

    def downloaded(self, task: Task) -> int:
        """Counts a download from a task; gives how many it had."""
        with self._lock:
            self._counts["downloads"] += 1
            task.downloads += 1
            return task.downloads

    def accept(self, body: Mapping[str, Any], hand: Hand) -> Task | None:
        """Charges for a body and begins its task; None, and no charge, on an empty account."""
        cost, seed = self._cost(body), self._options.seed
        with self._lock:
            now = self._options.clock()
            if not self._account.charge(cost, now):
                return None
            number = len(self._tasks) + 1
            submission = Submission(
                number=number,
                task_id=task_id(seed, number, now),
                time=now,
                body=_shortened(body),
                cost=cost,
                faults=hand.names,
            )
            self._memory.note(submission)
            return self._begin(submission, hand)

    def _begin(self, submission: Submission, hand: Hand) -> Task:
        shown = hash(final_prompt(submission.body))
        task = Task(
            submission=submission,
            hand=hand,
            seconds=self._duration(submission.number, hand),
            estimate=self._options.seconds,
            reason=upstream_reason(submission.body),
            variant=self._prompts[shown],
        )
        self._prompts[shown] += 1
        self._tasks[submission.task_id] = task
        if task.doomed:
            self._account.refund_at(submission.cost, task.ends_at)
        return task

    def _cost(self, body: Mapping[str, Any]) -> float:
        wish = settings(body)
        prices = {**PRICES, **self._options.prices}
        price = prices.get(str(wish.get("speed")), prices["relax"])
        copies = wish.get("repeat", 1)
        return price * copies if isinstance(copies, int) else price

    def _duration(self, number: int, hand: Hand) -> float:
        fault = hand.get("task")
        if fault and fault.name == "never-ends":
            return self._options.task_timeout
        digest = blake2b(f"{self._options.seed}:seconds:{number}".encode(), digest_size=4).digest()
        swing = int.from_bytes(digest, "big") / 2**31 - 1
        return self._options.seconds * (1 + self._options.spread * swing)


def _shortened(body: Mapping[str, Any]) -> Mapping[str, Any]:
    # Inline images are megabytes each; a sandbox that keeps thousands of tasks cannot keep those.
    links = body.get("image_urls")
    if not isinstance(links, list):
        return body
    kept = [
        link if len(link) <= _LONGEST_KEPT else f"{link[:64]}... ({len(link)} characters)"
        for link in links
    ]
    return {**body, "image_urls": kept}
