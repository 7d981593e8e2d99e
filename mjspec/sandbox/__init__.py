"""A local server of the provider's API, to try things out without a key or a bill.

It answers as the documentation says, takes as long as it is told, and fails in every way that it is
asked to.
"""

from __future__ import annotations

from mjspec.sandbox.chance import FaultError, Faults
from mjspec.sandbox.faults import CATALOGUE, GROUPS, Fault
from mjspec.sandbox.options import PRICES, Options
from mjspec.sandbox.prompts import final_prompt
from mjspec.sandbox.server import Sandbox, serve
from mjspec.sandbox.tasks import Submission

__all__ = [
    "CATALOGUE",
    "GROUPS",
    "PRICES",
    "Fault",
    "FaultError",
    "Faults",
    "Options",
    "Sandbox",
    "Submission",
    "final_prompt",
    "serve",
]
