"""What can be set about a sandbox."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING

from mjspec.sandbox.chance import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["PRICES", "Options"]

PRICES: Mapping[str, float] = MappingProxyType({"relax": 0.04504, "fast": 0.05504, "turbo": 0.10})
"""US dollars a call by speed, as of September 2026."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The settings of one sandbox.

    Attributes:
        seconds: How long a task takes.
        spread: How much tasks differ in that: 0.5 means between half and one and a half of it.
        latency: Seconds before any answer.
        balance: US dollars to begin with; None for an account without a limit.
        prices: US dollars a call by speed, as far as they differ from `PRICES`.
        faults: How often which fault strikes.
        seed: Repeats the same faults, durations and pictures.
        slow_seconds: How long the slow faults take.
        retry_after: Seconds that refusals with ``Retry-After`` ask to wait.
        task_timeout: Seconds after which a task that never ends is failed and refunded.
        link_seconds: How long links to images work.
        image_side: Pixels on the long side of an image.
        max_body: Bytes of the largest request that is read.
        memory: A file that keeps what was accepted for the next sandbox; None to keep nothing.
        clock: The time in seconds since the epoch.
        log: Called with one line for each request; None to be silent.
    """

    seconds: float = 0.4
    spread: float = 0.0
    latency: float = 0.0
    balance: float | None = 1000.0
    prices: Mapping[str, float] = field(default_factory=lambda: PRICES)
    faults: Faults = field(default_factory=Faults)
    seed: int = 0
    slow_seconds: float = 2.0
    retry_after: int = 1
    task_timeout: float = 1800.0
    link_seconds: float = 86_400.0
    image_side: int = 512
    max_body: int = 64 * 2**20
    memory: Path | None = None
    clock: Callable[[], float] = time.time
    log: Callable[[str], None] | None = None

    def retry_after_header(self, form: str) -> str:
        """The value of a ``Retry-After`` header: seconds, or a date when ``form`` is ``date``."""
        if form == "date":
            from email.utils import formatdate

            return formatdate(ceil(self.clock() + self.retry_after), usegmt=True)
        return str(self.retry_after)
