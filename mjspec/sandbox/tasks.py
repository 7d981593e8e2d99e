"""Tasks: what was accepted, and where each one stands at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.sandbox.chance import Hand

__all__ = ["Moment", "State", "Submission", "Task", "task_id"]

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_IMAGES = 4
_QUEUED = 0.05
_SUBMITTED = 0.15
_STUCK = 61


class State(Enum):
    """The states of a task, each with its names in the two query forms."""

    NOT_START = ("NOT_START", "pending")
    SUBMITTED = ("SUBMITTED", "pending")
    IN_PROGRESS = ("IN_PROGRESS", "processing")
    SUCCESS = ("SUCCESS", "completed")
    FAILURE = ("FAILURE", "failed")
    CANCEL = ("CANCEL", "cancelled")

    @property
    def ended(self) -> bool:
        """Whether nothing comes after it."""
        return self in (State.SUCCESS, State.FAILURE, State.CANCEL)


class Moment(NamedTuple):
    """Where a task stands: its state, its progress from 0 to 100, and how many images it shows."""

    state: State
    progress: int
    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submission that was accepted and charged.

    Attributes:
        number: Its place among the accepted ones, from 1.
        task_id: The id that was given out, whether or not the client ever saw it.
        time: When it was accepted, seconds since the epoch.
        body: What was sent, very long texts such as inline images shortened.
        cost: US dollars charged; a failed task is refunded when it ends.
        faults: The names of the faults that struck it.
    """

    number: int
    task_id: str
    time: float
    body: Mapping[str, Any]
    cost: float
    faults: tuple[str, ...] = ()

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The metadata of the body."""
        found = self.body.get("metadata")
        return found if isinstance(found, dict) else {}


@dataclass(slots=True, kw_only=True)
class Task:
    """An accepted task.

    Attributes:
        submission: What it came from.
        hand: The faults dealt to it.
        seconds: How long it takes.
        estimate: How long it is said to take.
        reason: Why the upstream refuses it in the end; empty if it does not.
        variant: How often the same prompt came before, so that its pictures differ.
        polls: How often it was asked for.
        downloads: How often one of its images was asked for.
    """

    submission: Submission
    hand: Hand
    seconds: float
    estimate: float = 1.0
    reason: str = ""
    variant: int = 0
    polls: int = 0
    downloads: int = 0

    @property
    def fate(self) -> str:
        """The fault in its life; empty for a good one."""
        fault = self.hand.get("task")
        return "fail" if self.reason else fault.name if fault else ""

    @property
    def doomed(self) -> bool:
        """Whether it will end without images, and be refunded."""
        return self.fate.startswith(("fail", "cancelled", "never-ends"))

    @property
    def ends_at(self) -> float:
        """When it ends, seconds since the epoch."""
        return self.submission.time + self.seconds

    def at(self, now: float) -> Moment:
        """Where it stands."""
        done = (now - self.submission.time) / self.seconds if self.seconds > 0 else 1.0
        if done >= 1:
            return self._end()
        if self.fate == "never-ends":
            return Moment(State.IN_PROGRESS, _STUCK, 0)
        if done < _SUBMITTED:
            return Moment(State.NOT_START if done < _QUEUED else State.SUBMITTED, 0, 0)
        progress = min(99, int(done * 100))
        shown = progress // 25 if self.fate == "partial-images" else 0
        return Moment(State.IN_PROGRESS, progress, shown)

    def _end(self) -> Moment:
        if self.doomed:
            return Moment(State.CANCEL if self.fate == "cancelled" else State.FAILURE, 0, 0)
        return Moment(State.SUCCESS, 100, _IMAGES - (self.fate == "few-images"))


def task_id(seed: int, number: int, now: float) -> str:
    """An id as the provider gives them: ``task_`` and a ULID, the same tail for the same seed."""
    tail = blake2b(f"{seed}:{number}".encode(), digest_size=10).digest()
    value = (int(now * 1000) << 80) | int.from_bytes(tail, "big")
    digits = (_BASE32[(value >> shift) & 31] for shift in range(125, -1, -5))
    return f"task_{''.join(digits)}"
