"""Which fault strikes next: rates for whole runs, a plan for the next submissions."""

from __future__ import annotations

from collections import deque
from difflib import get_close_matches
from hashlib import blake2b
from http import HTTPStatus
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING

from mjspec.diagnostics import MjspecError
from mjspec.sandbox.faults import CATALOGUE, FAULTS, GROUPS, Fault, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Dealer", "FaultError", "Faults", "Hand"]

_NUMBERS = {
    status.phrase.lower().replace(" ", "-"): str(status.value)
    for status in HTTPStatus
    if status >= HTTPStatus.BAD_REQUEST
}


class FaultError(MjspecError, ValueError):
    """A fault was asked for that does not exist, or with an impossible rate."""


class Faults:
    """How often each fault strikes, as shares of the requests it can strike.

    ``Faults({"429": 0.05})``, ``Faults(drop_after_accept=0.03, bad_gateway_accepted=0.1)``, or
    ``Faults.parse("drop-after-accept=3%,429=0.05")``. A group such as ``poll-error`` is spread
    evenly over its members.

    Attributes:
        rates: The share of each fault by its own name, groups resolved.
    """

    __slots__ = ("rates",)

    def __init__(self, rates: Mapping[str, float] | None = None, /, **named: float) -> None:
        total: dict[str, float] = {}
        for name, rate in {**(rates or {}), **named}.items():
            members = _members(name)
            for member in members:
                total[member] = total.get(member, 0.0) + _checked(name, rate) / len(members)
        self.rates: Mapping[str, float] = total
        for stage in ("submit", "task", "poll", "download"):
            share = sum(rate for name, rate in total.items() if FAULTS[name].stage == stage)
            if share > 1 + 1e-9:
                raise FaultError(f"the rates of the {stage} faults add up to {share:g}, above 1")

    @classmethod
    def parse(cls, text: str) -> Faults:
        """Reads ``name=rate`` pairs with commas between them; a name alone means always.

        Raises:
            FaultError: A name or a rate is not known.
        """
        rates: dict[str, float] = {}
        for pair in filter(None, (part.strip() for part in text.split(","))):
            name, equals, rate = pair.partition("=")
            rates[name.strip()] = _number(name, rate.strip()) if equals else 1.0
        return cls(rates)

    def __repr__(self) -> str:
        return f"Faults({dict(self.rates)!r})"

    def __eq__(self, other: object) -> bool:
        return self.rates == other.rates if isinstance(other, Faults) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self.rates.items()))

    def ladder(self, stage: Stage) -> tuple[tuple[float, Fault], ...]:
        """The faults of one stage with running sums of their shares."""
        faults = [fault for fault in CATALOGUE if fault.stage == stage and fault.name in self.rates]
        sums = accumulate(self.rates[fault.name] for fault in faults)
        return tuple(zip(sums, faults, strict=True))


def _canonical(name: str) -> str:
    name = name.strip().lower().replace("_", "-")
    for phrase, number in _NUMBERS.items():
        if name == phrase or name.startswith(f"{phrase}-"):
            return number + name[len(phrase) :]
    return name


def _members(name: str) -> tuple[str, ...]:
    canonical = _canonical(name)
    if canonical in FAULTS:
        return (canonical,)
    if canonical in GROUPS:
        return GROUPS[canonical]
    near = get_close_matches(canonical, [*FAULTS, *GROUPS], n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join([*FAULTS, *GROUPS])}"
    raise FaultError(f"there is no fault {name!r}; {hint}")


def _number(name: str, text: str) -> float:
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise FaultError(f"the rate of {name!r} is no number: {text!r}") from None


def _checked(name: str, rate: float) -> float:
    if not 0 <= rate <= 1:
        raise FaultError(f"the rate of {name!r} must be between 0 and 1, not {rate:g}")
    return rate


class Hand:
    """The faults dealt to one submission, at most one for each place."""

    __slots__ = ("_by_stage",)

    def __init__(self, *faults: Fault | None) -> None:
        self._by_stage = {fault.stage: fault for fault in faults if fault is not None}

    def get(self, stage: Stage) -> Fault | None:
        """The fault that strikes at this place, if there is one."""
        return self._by_stage.get(stage)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all of them."""
        return tuple(fault.name for fault in self._by_stage.values())


class Dealer:
    """Draws faults, the same ones for the same seed.

    A draw depends on the number of the submission or on the task and its count of polls, never on
    which of several requests came a moment earlier, so runs with many threads repeat too.
    """

    def __init__(self, faults: Faults, seed: int) -> None:
        self._seed = seed
        self._ladders = {
            stage: faults.ladder(stage) for stage in ("submit", "task", "poll", "download")
        }
        self._plan: deque[Hand] = deque()
        self._dealt = 0
        self._lock = Lock()

    def plan(self, *steps: str | None) -> None:
        """Appends to the plan: each step is for one submission, None for an honest one.

        A step may join faults of different places with a plus: ``502-accepted+fail``. Poll and
        download faults strike the first poll and the first download of the task.

        Raises:
            FaultError: A name is not known.
        """
        hands = [Hand(*map(_single, step.split("+") if step else ())) for step in steps]
        with self._lock:
            self._plan.extend(hands)

    def deal(self) -> Hand:
        """The faults of the next submission."""
        with self._lock:
            self._dealt += 1
            number = self._dealt
            if self._plan:
                return self._plan.popleft()
        return Hand(self.draw("submit", number), self.draw("task", number))

    def draw(self, stage: Stage, *circumstances: object) -> Fault | None:
        """One draw by the rates; the same circumstances draw the same."""
        ladder = self._ladders[stage]
        if not ladder:
            return None
        text = ":".join(map(str, (self._seed, stage, *circumstances)))
        point = int.from_bytes(blake2b(text.encode(), digest_size=7).digest(), "big") / 2**56
        return next((fault for limit, fault in ladder if point < limit), None)


def _single(name: str) -> Fault:
    members = _members(name)
    if len(members) > 1:
        raise FaultError(f"{name!r} is a group of faults; a plan names one of {', '.join(members)}")
    return FAULTS[members[0]]
