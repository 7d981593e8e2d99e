"""What a person may choose about a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mjspec.diagnostics import MjspecError
from mjspec.dispatch.client import LARGEST_IMAGE
from mjspec.dispatch.prices import PRICES
from mjspec.dispatch.template import check_template

if TYPE_CHECKING:
    from mjspec.dispatch.prices import Prices

__all__ = ["OptionsError", "RunOptions"]


class OptionsError(MjspecError):
    """An option has a value that makes no sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run behaves.

    Attributes:
        concurrency: The most tasks at a time.
        rate: The most submissions a minute.
        max_cost: The most that the whole output folder may cost, in micro-dollars, over all of its
            runs. `Runner.resume` keeps the last run's if none is given.
        max_unknown: After how many unknown outcomes of this run nothing more is sent.
        poll_first: Seconds until a task is asked for, instead of what the estimate suggests.
        poll_every: Seconds between two questions about a task, instead of 3 to 5.
        template: File name of an image without its ending, such as ``{id}-{index}``; slashes make
            folders. Without one, the folder's last one holds.
        prices: What calls cost.
        image_limit: The largest image in bytes.
        connect_patience: Seconds after which a run stops that never had an answer; one that had
            waits as long as for a task.
        refusal_patience: Seconds of nothing but refusals after which a run stops.
        task_patience: Seconds that a run waits for one task; another run goes on with it.
        download_tries: How often a run asks for one image.
        resume_with: What `mjspec resume` needs besides the folder to go on, such as ``--sandbox``.
        handle_signals: Whether Ctrl-C and SIGTERM end the run in order, if it runs in the main
            thread.
    """

    concurrency: int = 16
    rate: float = 60.0
    max_cost: int | None = None
    max_unknown: int | None = None
    poll_first: float | None = None
    poll_every: float | None = None
    template: str | None = None
    prices: Prices = PRICES
    image_limit: int = LARGEST_IMAGE
    connect_patience: float = 120.0
    refusal_patience: float = 1800.0
    task_patience: float = 3600.0
    download_tries: int = 6
    resume_with: str = ""
    handle_signals: bool = True

    def __post_init__(self) -> None:
        if self.template is not None:
            check_template(self.template)
        if self.concurrency < 1:
            raise OptionsError(f"the concurrency is {self.concurrency}; it is at least 1")
        if not self.rate > 0:
            raise OptionsError(f"the rate is {self.rate}; it is more than 0 a minute")
        for name in ("max_cost", "max_unknown", "poll_first", "poll_every"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise OptionsError(f"{name} is {value}; it cannot be negative")
