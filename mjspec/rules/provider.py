"""MJ6: what the provider says beyond Midjourney."""

from __future__ import annotations

from mjspec.rules.rule import WARNING, define

UNVERIFIED_VERSION = define(
    "MJ601",
    "unverified-version",
    WARNING,
    "The provider has not verified a model version.",
    why=(
        "The endpoint page lists the versions that were tried: 8.1, 7, 6.1, 5.2, 5.1, niji 7 and"
        " niji 6. Others are passed on, and may be refused or billed otherwise."
    ),
    bad="a fox in the snow --v 5",
    good="a fox in the snow --v 5.2",
)
