"""Which prompts have the same findings though numbers in them differ: their parameters have one shape.

Seeds, strengths and words that are not wanted seldom recur, and no rule asks more of them than to be
in their range. Two prompts whose parameters are spelled alike but for these, in whatever order, have
the same findings at the same parameters. `tests/language/test_memory.py` holds it against what a
full examination finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.domains import Number, Terms
from mjspec.parser import cut_plain, flag_of, parse
from mjspec.readings import read_flag

if TYPE_CHECKING:
    from mjspec.domains import Value
    from mjspec.parameters import Parameter
    from mjspec.prompt import Flag

__all__ = ["Part", "Shape", "is_free", "shape_of"]

_MOST = 1 << 14
_LONGEST = 200
_DIGITS = 10
"""A whole number of more digits is beyond every range."""


class Part(NamedTuple):
    """A parameter as typed.

    Attributes:
        spelling: How it is spelled, without a value that no rule looks at; that ends it with NUL.
        name: Its key; what was typed if there is no such parameter.
        value: The value that is not in the spelling.
    """

    spelling: str
    name: str
    value: Value | None


class Shape(NamedTuple):
    """The parameters of a prompt.

    Attributes:
        key: How they are spelled; their order does not matter.
        parts: The parameters in the order typed.
        lengths: How many characters each has, from its dashes to the next one.
    """

    key: frozenset[str]
    parts: list[Part]
    lengths: list[int]

    @property
    def free(self) -> tuple[tuple[str, Value], ...]:
        """The values that no rule looks at, with their parameters' keys, sorted."""
        return tuple(sorted([(p.name, p.value) for p in self.parts if p.value is not None]))

    def starts(self) -> dict[str, int]:
        """Where each begins, by its spelling, from the dashes of the first one."""
        starts, at = {}, 0
        for part, length in zip(self.parts, self.lengths, strict=True):
            starts[part.spelling] = at
            at += length
        return starts


class _Range(NamedTuple):
    """What follows a name as typed if it is a number that no rule looks at."""

    part: Part
    low: int
    high: int


_parts: dict[str, Part] = {}
_ranges: dict[str, _Range] = {}


def shape_of(text: str) -> Shape | None:
    """The shape of parameters; None where they have to be looked at together.

    Args:
        text: Parameters, from the first one's dashes to the end of the prompt.
    """
    pieces = cut_plain(text)
    free = pieces is not None and not pieces[0]
    raws = [f"--{piece}" for piece in pieces[1:]] if pieces and free else _cut(text)
    parts = [_parts.get(raw) or _part(raw) for raw in raws]
    key = frozenset([part.spelling for part in parts])
    if not parts or len(key) < len(parts):
        return None
    return Shape(key, parts, [len(raw) for raw in raws])


def is_free(parameter: Parameter) -> bool:
    """Whether no rule looks at more of a value than its range; what costs money has a mode."""
    return isinstance(parameter.domain, Number | Terms) and not (parameter.mode or parameter.dead)


def _cut(text: str) -> list[str]:
    """Parameters with other dashes than ``--``, each as typed; none where it is not sure."""
    # What stands before a dash takes part in what it is.
    prompt = parse(f" {text}")
    sure = prompt.flags and prompt.flags[0][0] == 1 and not prompt.doubts
    return [flag.raw for _, flag in prompt.flags] if sure else []


def _part(raw: str) -> Part:
    """A parameter that was not met before."""
    part = _numbered(raw)
    if part is None:
        part = _read(flag_of(raw))
        if len(raw) <= _LONGEST:
            if len(_parts) >= _MOST:
                _parts.clear()
            _parts[raw] = part
    return part


def _numbered(raw: str) -> Part | None:
    """A number behind a name as typed, if one was read before: ``--seed 17``."""
    name, _, rest = raw.partition(" ")
    known = _ranges.get(name)
    number = rest.rstrip(" ")
    if known is None or len(number) > _DIGITS or not (number.isascii() and number.isdecimal()):
        return None
    value = int(number)
    return known.part._replace(value=value) if known.low <= value <= known.high else None


def _read(flag: Flag) -> Part:
    reading = read_flag(flag)
    parameter, value, raw = reading.parameter, reading.value, flag.raw
    if parameter is None or reading.findings:
        return Part(raw, parameter.key if parameter else raw, None)
    if value is not None and is_free(parameter):
        part = Part(f"{raw[: flag.name_end]}\0", parameter.key, value)
        if isinstance(parameter.domain, Terms):
            return part
        low, high = _range(parameter)
        if type(value) is int and low <= value <= high:
            _ranges[raw[: flag.name_end]] = _Range(part, low, high)
            return part
    return Part(raw.rstrip(), parameter.key, None)


def _range(parameter: Parameter) -> tuple[int, int]:
    """Numbers that are legal in every version that has the parameter."""
    domains = [parameter.domain, *(limit.domain for limit in parameter.limits if limit.domain)]
    numbers = [domain for domain in domains if isinstance(domain, Number)]
    if len(numbers) < len(domains):
        return 1, 0
    return int(max(n.low for n in numbers)), int(min(n.high for n in numbers))
