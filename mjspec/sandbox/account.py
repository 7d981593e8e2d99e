"""The account: what is left, what was charged, what will be refunded."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

__all__ = ["Account"]

_UNIT = 1_000_000


class Account:
    """A balance in whole millionths of a dollar, so that sums stay exact.

    Not safe for threads by itself: the service holds its lock around every call.
    """

    def __init__(self, balance: float | None) -> None:
        self._limited = balance is not None
        self._left = _units(balance or 0.0)
        self._used = 0
        self._refunds: list[tuple[float, int]] = []

    def charge(self, price: float, now: float) -> bool:
        """Takes the price; False, with nothing taken, where the balance does not cover it."""
        self._settle(now)
        units = _units(price)
        if self._limited and units > self._left:
            return False
        self._left -= units
        self._used += units
        return True

    def refund_at(self, price: float, moment: float) -> None:
        """Gives the price back when the clock has reached the moment."""
        heappush(self._refunds, (moment, _units(price)))

    def balance(self, now: float) -> float | None:
        """US dollars left; None for an account without a limit."""
        self._settle(now)
        return self._left / _UNIT if self._limited else None

    def used(self, now: float) -> float:
        """US dollars charged and not refunded."""
        self._settle(now)
        return self._used / _UNIT

    def statement(self, now: float) -> dict[str, Any]:
        """The documented answer of the balance endpoints."""
        left, used = self.balance(now), self.used(now)
        return {
            "success": True,
            "remain_balance": -1 if left is None else left,
            "used_balance": used,
            "remain_credits": -1 if left is None else left * 10,
            "used_credits": used * 10,
            "unlimited_quota": left is None,
        }

    def _settle(self, now: float) -> None:
        while self._refunds and self._refunds[0][0] <= now:
            units = heappop(self._refunds)[1]
            self._left += units
            self._used -= units


def _units(dollars: float) -> int:
    return round(dollars * _UNIT)
