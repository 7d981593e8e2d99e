"""The kinds of values that parameters take: how each is read, described, checked and written."""

from __future__ import annotations

from mjspec.domains.base import Arity, Domain, Value, intersection, number_text
from mjspec.domains.numbers import Number, Ratio, reduce_ratio
from mjspec.domains.references import References
from mjspec.domains.words import Choice, Selector, Switch, Terms

__all__ = [
    "Arity",
    "Choice",
    "Domain",
    "Number",
    "Ratio",
    "References",
    "Selector",
    "Switch",
    "Terms",
    "Value",
    "intersection",
    "number_text",
    "reduce_ratio",
]
