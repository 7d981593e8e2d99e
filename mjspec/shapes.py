"""Which prompts have the same findings though numbers in them differ: their parameters have one shape.

Seeds, strengths and words that are not wanted seldom recur, and no rule asks more of them than to be
in their range. Two prompts whose parameters are spelled alike but for these, in whatever order, have
the same findings at the same parameters. `tests/language/test_memory.py` holds it against what a
full examination finds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mjspec.domains import Number, Terms
from mjspec.readings import read_flag

if TYPE_CHECKING:
    from mjspec.domains import Value
    from mjspec.parameters import Parameter
    from mjspec.prompt import Flag, Prompt

__all__ = ["Shape", "is_free", "shape_of"]


class Shape(NamedTuple):
    """The parameters of a prompt, in an order of their own.

    Attributes:
        key: How each is spelled, without the values that no rule looks at.
        starts: Where each begins in the prompt.
        free: Those values with their parameters' names.
    """

    key: tuple[str, ...]
    starts: tuple[int, ...]
    free: tuple[tuple[str, Value], ...]


class _Part(NamedTuple):
    spelling: str
    name: str
    value: Value | None


def shape_of(prompt: Prompt) -> Shape | None:
    """The shape of a prompt's parameters; None where their order matters."""
    parts = sorted([(*_part(flag), start) for start, flag in prompt.flags])
    if len({part[1] for part in parts}) < len(parts):
        return None
    return Shape(
        tuple([part[0] for part in parts]),
        tuple([part[3] for part in parts]),
        tuple([(part[1], part[2]) for part in parts if part[2] is not None]),
    )


def is_free(parameter: Parameter) -> bool:
    """Whether no rule looks at more of a value than its range; what costs money has a mode."""
    return isinstance(parameter.domain, Number | Terms) and not (parameter.mode or parameter.dead)


@lru_cache(maxsize=1 << 14)
def _part(flag: Flag) -> _Part:
    reading = read_flag(flag)
    parameter, value = reading.parameter, reading.value
    if parameter is None:
        return _Part(flag.raw, flag.raw, None)
    if reading.findings or not is_free(parameter) or not _in_range(parameter, value):
        spelling = flag.raw if reading.findings else flag.raw.rstrip()
        return _Part(spelling, parameter.key, None)
    return _Part(f"{flag.raw[: flag.name_end]}\0", parameter.key, value)


def _in_range(parameter: Parameter, value: Value | None) -> bool:
    """Whether a value is legal in every version that has the parameter."""
    if isinstance(parameter.domain, Terms):
        return bool(value)
    domains = [parameter.domain, *(limit.domain for limit in parameter.limits if limit.domain)]
    return type(value) is int and all(
        isinstance(domain, Number) and domain.low <= value <= domain.high for domain in domains
    )
