"""What submitting a spec would do and cost; nothing is sent and nothing is written."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mjspec.dispatch.belonging import check_batch, check_memory
from mjspec.dispatch.database import LEDGER_NAME, LedgerMissingError, open_for_reading, translated
from mjspec.dispatch.ledger import SPENT
from mjspec.dispatch.prices import PRICES, Prices, dollars

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from mjspec.dispatch.job import PaidJob

__all__ = ["Forecast", "PriceLine", "plan"]

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
    jobs = list(jobs)
    rows, spent = _known(out)
    check_batch(out, rows, jobs)
    known = {row["key"]: row["state"] for row in rows}
    wanted: dict[str, PaidJob] = {}
    for job in jobs:
        wanted.setdefault(job.key, job)
    counts = Counter(_group(known.get(key, "planned")) for key in wanted)
    new = [job for key, job in wanted.items() if _group(known.get(key, "planned")) == "new"]
    bought = {row["id"] for row in rows if _group(row["state"]) != "new"}
    lines = _lines(new, prices)
    return Forecast(
        counts={
            name: counts[name]
            for name in ("new", "done", "running", "unknown", "failed", "rejected")
        },
        duplicates=len(jobs) - len(wanted),
        cancelled=tuple(
            row["id"] for row in rows if row["state"] == "planned" and row["key"] not in wanted
        ),
        changed=tuple(job.id for job in new if job.id in bought and job.key not in known),
        lines=lines,
        total=sum(line.total for line in lines),
        under_way=sum(_group(row["state"]) == "running" for row in rows),
        spent=spent,
        price_date=prices.date,
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


def _lines(jobs: list[PaidJob], prices: Prices) -> tuple[PriceLine, ...]:
    number, calls = Counter[str](), Counter[str]()
    for job in jobs:
        number[job.billing_key] += 1
        calls[job.billing_key] += max(1, job.repeat)
    return tuple(
        PriceLine(
            billing_key=key,
            jobs=number[key],
            calls=calls[key],
            each=prices.of(key),
            total=prices.of(key) * calls[key],
        )
        for key in sorted(number)
    )
