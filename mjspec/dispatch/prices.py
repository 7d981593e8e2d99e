"""What a call costs: one dated table, in whole micro-dollars."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PRICES", "Prices", "dollars", "micros", "usd"]

_MICROS = 1_000_000
_SPEEDS = ("fast", "turbo")


def micros(amount: object) -> int | None:
    """An amount in dollars, number or text, as whole micro-dollars; ``None`` if it is none."""
    if amount is None or isinstance(amount, bool):
        return None
    try:
        value = Decimal(str(amount).strip())
    except InvalidOperation:
        return None
    return round(value * _MICROS) if value.is_finite() else None


def dollars(amount: int) -> float:
    """Micro-dollars as a number for JSON."""
    return round(amount / _MICROS, 6)


def usd(amount: int) -> str:
    """Micro-dollars for people: ``$0.05504``, ``$1.20``."""
    text = f"{Decimal(amount) / _MICROS:f}"
    whole, _, rest = text.partition(".")
    return f"${whole}.{rest.rstrip('0'):0<2}"


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of one call.

    Attributes:
        date: When the speeds' prices were true, for people.
        speeds: Micro-dollars by speed: ``relax``, ``fast``, ``turbo``.
        keys: Micro-dollars by whole billing key; they win over the speed's price.
    """

    date: str
    speeds: Mapping[str, int]
    keys: Mapping[str, int] = field(default_factory=dict)

    def of(self, billing_key: str, repeat: int = 1) -> int:
        """The price of a job in micro-dollars."""
        price = self.keys.get(billing_key)
        if price is None:
            price = self.speeds[_speed(billing_key)]
        return price * max(1, repeat)

    def overridden(self, prices: Mapping[str, object], date: str | None = None) -> Prices:
        """The table with other prices in dollars, by speed or by billing key."""
        speeds, keys = dict(self.speeds), dict(self.keys)
        for name, amount in prices.items():
            value = micros(amount)
            if value is None or value < 0:
                raise ValueError(f"the price of {name!r} is {amount!r}; it must be dollars")
            (speeds if name in self.speeds else keys)[name] = value
        return Prices(date or self.date, MappingProxyType(speeds), MappingProxyType(keys))


PRICES = Prices(
    date="September 2026",
    speeds=MappingProxyType({"relax": 45_040, "fast": 55_040, "turbo": 100_000}),
)


def _speed(billing_key: str) -> str:
    last = billing_key.rpartition("-")[2]
    return last if last in _SPEEDS else "relax"
