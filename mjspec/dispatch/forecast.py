"""What submitting a spec would do and cost; nothing is sent and nothing is written."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.belonging import Kinship, check_memory
from mjspec.dispatch.database import (
    LEDGER_NAME,
    LedgerError,
    LedgerMissingError,
    open_for_reading,
    translated,
)
from mjspec.dispatch.ledger import SPENT
from mjspec.dispatch.prices import PRICES, Prices, dollars

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mjspec.dispatch.job import PaidJob

__all__ = ["Comparison", "Forecast", "PriceLine", "plan"]

_ATTEMPT = "SELECT 1 FROM attempt WHERE id = ?"
_GROUPS = {
    "planned": "new",
    "cancelled": "new",
    "intent": "running",
    "submitted": "running",
    "running": "running",
    "downloading": "running",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """What the new jobs under one billing key cost, in micro-dollars.

    Attributes:
        billing_key: What the provider calls it.
        jobs: How many new jobs.
        calls: How many charges: a job with ``repeat`` is several.
        each: The price of one call.
        total: The price of all.
    """

    billing_key: str
    jobs: int
    calls: int
    each: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What `plan` tells.

    Attributes:
        counts: Jobs by ``new``, ``done``, ``running``, ``unknown``, ``failed``, ``rejected``.
        duplicates: Jobs of the spec that are equal to another one and not sent.
        cancelled: Ids of planned jobs that the spec no longer has.
        changed: Ids that were sent with another prompt before; their new prompt is bought as well.
        lines: What the new jobs cost, by billing key.
        total: What all of them cost, in micro-dollars.
        under_way: Jobs of the folder, in the spec or not, that are paid for and not yet home.
        spent: What the folder has cost so far, reservations included.
        price_date: When the prices were true.
    """

    counts: Mapping[str, int]
    duplicates: int
    cancelled: tuple[str, ...]
    changed: tuple[str, ...]
    lines: tuple[PriceLine, ...]
    total: int
    under_way: int
    spent: int
    price_date: str

    def as_json(self) -> dict[str, Any]:
        """The forecast with dollars, for ``--format json``."""
        return {
            "version": 1,
            "jobs": dict(self.counts),
            "duplicates": self.duplicates,
            "cancelled": list(self.cancelled),
            "changed": list(self.changed),
            "cost": {
                "currency": "USD",
                "prices_of": self.price_date,
                "new": dollars(self.total),
                "spent": dollars(self.spent),
                "by_billing_key": {
                    line.billing_key: {
                        "jobs": line.jobs,
                        "calls": line.calls,
                        "each": dollars(line.each),
                        "total": dollars(line.total),
                    }
                    for line in self.lines
                },
            },
        }


def plan(out: Path, jobs: Iterable[PaidJob], prices: Prices = PRICES) -> Forecast:
    """Compares the jobs of a spec with what the folder holds.

    Raises:
        LedgerError: The folder holds another batch, or its ledger cannot be used.
    """
    comparison = Comparison(out)
    for job in jobs:
        comparison.add(job)
    return comparison.forecast(prices)


class Comparison:
    """The jobs of a spec, one after the other, beside what the folder holds; none of them is kept.

    Args:
        out: The output folder, which is read now; what is wrong with it is told at the end.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._problem: LedgerError | None = None
        self._rows: list[sqlite3.Row] = []
        self._spent = 0
        try:
            self._rows, self._spent = _known(out)
        except LedgerError as error:
            self._problem = error
        self._kinship = Kinship(self._rows)
        self._states = {row["key"]: row["state"] for row in self._rows}
        self._bought = {row["id"] for row in self._rows if _group(row["state"]) != "new"}
        # Shorter than the keys are as texts.
        self._wanted: set[bytes] = set()
        self._jobs = 0
        self._counts = Counter[str]()
        self._changed: list[str] = []
        self._number, self._calls = Counter[str](), Counter[str]()

    def add(self, job: PaidJob) -> None:
        """Take in a job of the spec."""
        self._jobs += 1
        key = job.key
        self._kinship.shows(job, key)
        short = key.encode()
        if short in self._wanted:
            return
        self._wanted.add(short)
        group = _group(self._states.get(key, "planned"))
        self._counts[group] += 1
        if group == "new":
            self._number[job.billing_key] += 1
            self._calls[job.billing_key] += max(1, job.repeat)
            if job.id in self._bought and key not in self._states:
                self._changed.append(job.id)

    def forecast(self, prices: Prices) -> Forecast:
        """What submitting the jobs would do and cost.

        Raises:
            LedgerError: The folder holds another batch, or its ledger cannot be used.
        """
        if self._problem is not None:
            raise self._problem
        self._kinship.check(self._out)
        lines = self._lines(prices)
        gone = (row for row in self._rows if row["state"] == "planned")
        return Forecast(
            counts={
                name: self._counts[name]
                for name in ("new", "done", "running", "unknown", "failed", "rejected")
            },
            duplicates=self._jobs - len(self._wanted),
            cancelled=tuple(row["id"] for row in gone if row["key"].encode() not in self._wanted),
            changed=tuple(self._changed),
            lines=lines,
            total=sum(line.total for line in lines),
            under_way=sum(_group(row["state"]) == "running" for row in self._rows),
            spent=self._spent,
            price_date=prices.date,
        )

    def _lines(self, prices: Prices) -> tuple[PriceLine, ...]:
        return tuple(
            PriceLine(
                billing_key=key,
                jobs=self._number[key],
                calls=self._calls[key],
                each=prices.of(key),
                total=prices.of(key) * self._calls[key],
            )
            for key in sorted(self._number)
        )


def _known(out: Path) -> tuple[list[sqlite3.Row], int]:
    try:
        ledger = open_for_reading(out)
    except LedgerMissingError:
        check_memory(out, lambda _: False)
        return [], 0
    with closing(ledger) as connection, translated(out / LEDGER_NAME):
        check_memory(out, lambda attempt: connection.execute(_ATTEMPT, (attempt,)).fetchone())
        rows = connection.execute(
            "SELECT key, id, written, origin, state FROM job_state ORDER BY position"
        )
        return rows.fetchall(), connection.execute(SPENT).fetchone()[0]


def _group(state: str) -> str:
    return _GROUPS.get(state, state)
