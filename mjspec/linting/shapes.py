"""What decides the findings in a run of parameters: how each is spelled, and which of them are tied.

Seeds, strengths and words that are not wanted seldom recur, and no rule asks more of them than to be
in their range, so two spellings that differ only in them are one. And most rules look at one
parameter in one model version, so it matters little beside which others it stands. Only those that
stand there and that some rule sees together, and those that choose the version, are tied.
`tests/language/test_memory.py` holds this against what a full examination finds.
"""

from __future__ import annotations

import re
import sys
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from mjspec.domains import Number, Ratio, References, Terms
from mjspec.language.parser import cut_plain, flag_of, parse
from mjspec.language.readings import read_flag
from mjspec.linting.legality import allowances, are_codes, range_around
from mjspec.parameters import BY_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.domains import Value
    from mjspec.language.prompt import Flag
    from mjspec.parameters import Parameter

__all__ = ["CHOOSERS", "Part", "Run", "is_separate", "joined_in", "run_of"]

CHOOSERS = frozenset({"version", "niji", "hd"})
"""The parameters that choose the model version."""

_MOST = 1 << 14
_LONGEST = 200
_PLAIN_LIST = re.compile(r"[A-Za-z]+(?:,? [A-Za-z]+)* ?")
_FREE = (Number, Ratio, References, Terms)
_DIGITS = 10
"""A whole number of more digits is beyond every range."""


def _ties() -> dict[str, frozenset[str]]:
    """For each key those that a rule sees together with it; its own if all others depend on it."""
    ties: dict[str, set[str]] = {key: set() for key in BY_KEY}
    speeds = [key for key, parameter in BY_KEY.items() if parameter.speed]
    for key, parameter in BY_KEY.items():
        others = {*parameter.excludes, *parameter.disputes}
        others |= {parameter.needs} if parameter.needs in BY_KEY else set()
        others |= {*speeds} if parameter.speed or parameter.mode else set()
        for other in others:
            ties[key].add(other)
            ties[other].add(key)
    for key in (*CHOOSERS, *speeds):
        ties[key].add(key)
    return {key: frozenset(others) for key, others in ties.items()}


_TIES = _ties()
_INSEPARABLE = CHOOSERS.union(key for key, parameter in BY_KEY.items() if parameter.speed)


class Part(NamedTuple):
    """A parameter as typed.

    Attributes:
        spelling: How it is spelled; NUL stands for a value of which no rule asks more than what
            allows it, and what is behind it for that.
        name: Its key; what was typed if there is no such parameter.
        ties: The keys of those that a rule looks at together with it; its own if what others mean
            depends on it.
        free: Whether its value is not in the spelling.
        seldom: Whether such a value hardly ever recurs.
        odd: Whether it ties everything beside it: a name that is unknown, or was long ago.
    """

    spelling: str
    name: str
    ties: frozenset[str] = frozenset()
    free: bool = False
    seldom: bool = False
    odd: bool = False


class Run(NamedTuple):
    """A run of parameters.

    Attributes:
        parts: The parameters in the order typed.
        values: The values of those that are free, None for the others.
        pieces: Each as typed, up to the next one.
        dashes: How many signs before each are not in its piece.
    """

    parts: tuple[Part, ...]
    values: tuple[Value | None, ...]
    pieces: list[str]
    dashes: int

    @property
    def starts(self) -> list[int]:
        """Where each begins, from the dashes of the first one, and where the last one ends."""
        lengths = [len(piece) + self.dashes for piece in self.pieces]
        return list(accumulate(lengths, initial=0))


class _Range(NamedTuple):
    """A number behind a name as typed, of which rules only ask whether it lies in a range."""

    part: Part
    low: int
    high: int
    whole: bool
    "Whether it is a number to count with, and no code."


_Met = tuple[Part, "Value | None"]
_met: dict[str, _Met] = {}
_ranges: dict[str, list[_Range]] = {}
_lists: dict[str, Part] = {}


def run_of(text: str) -> Run | None:
    """The parameters in a text; None where it has to be looked at as a whole.

    Args:
        text: Parameters, from the first one's dashes to the end of the prompt.
    """
    pieces = cut_plain(text) if text.isascii() else None
    if pieces is None or pieces[0]:
        pieces, dashes = _cut(text), 0
        met = [_met.get(raw) or _meet(raw) for raw in pieces]
    else:
        del pieces[0]
        dashes = 2
        met = [_met.get(f"--{piece}") or _meet(f"--{piece}") for piece in pieces]
    if not met:
        return None
    parts, values = zip(*met, strict=True)
    return Run(parts, values, pieces, dashes)


def joined_in(parts: Sequence[Part]) -> list[bool] | None:
    """Whether each of several parameters is tied to one of them; None where one stands twice."""
    names = {part.name for part in parts}
    if len(names) < len(parts):
        return None
    if any([part.odd for part in parts]):  # noqa: C419 (a list is twice as fast for a few)
        return [True] * len(parts)
    return [not part.ties.isdisjoint(names) for part in parts]


def is_separate(key: str) -> bool:
    """Whether what a key is set to says nothing about the others."""
    return key in BY_KEY and key not in _INSEPARABLE


def _is_free(parameter: Parameter) -> bool:
    """Whether values seldom recur, and no rule asks more of one than what its domains allow."""
    return isinstance(parameter.domain, _FREE) and not (parameter.mode or parameter.dead)


def _cut(text: str) -> list[str]:
    """Parameters with other dashes than ``--``, each as typed; none where it is not sure."""
    # What stands before a dash takes part in what it is.
    prompt = parse(f" {text}")
    if not prompt.flags or prompt.flags[0][0] != 1 or prompt.doubts:
        return []
    raws = [flag.raw for _, flag in prompt.flags]
    return raws if all(raw[-1] in " \t" for raw in raws[:-1]) else []


def _meet(raw: str) -> _Met:
    """A parameter as typed that was not met before, and its value if that is free."""
    met = _numbered(raw)
    if met is None:
        met = _listed(raw) or _read(flag_of(raw))
        if len(raw) <= _LONGEST:
            if len(_met) >= _MOST:
                _met.clear()
            _met[raw] = met
    return met


def _numbered(raw: str) -> _Met | None:
    """A number behind a name as typed, if one was read before: ``--seed 17``."""
    name, _, rest = raw.partition(" ")
    known = _ranges.get(name)
    if known is None:
        return None
    number = rest.rstrip(" ")
    if len(number) > _DIGITS or not (number.isdecimal() and number.isascii()):
        return None
    value = int(number)
    for part, low, high, whole in known:
        if low <= value <= high:
            return part, value if whole else number
    return None


def _listed(raw: str) -> _Met | None:
    """Plain words behind a name as typed, if a list was read behind it before: ``--no cats, dogs``."""
    name, _, rest = raw.partition(" ")
    part = _lists.get(name)
    if part is None or not _PLAIN_LIST.fullmatch(rest):
        return None
    return part, BY_KEY[part.name].domain.read(rest)


def _read(flag: Flag) -> _Met:
    reading = read_flag(flag)
    parameter, value, raw = reading.parameter, reading.value, flag.raw
    if parameter is None or parameter.dead:
        return Part(raw, parameter.key if parameter else raw, odd=True), None
    ties = _TIES[parameter.key]
    if reading.findings:
        return Part(raw, parameter.key, ties), None
    around = range_around(parameter, value) if type(value) is int else None
    if value is None or not _is_free(parameter) or not (around or isinstance(value, str)):
        return Part(raw.rstrip(), parameter.key, ties), None
    name = raw[: flag.name_end]
    # Values that are legal in the same versions are one.
    allowed = around[0] if around else allowances(parameter.key, str(value))
    seldom = not isinstance(parameter.domain, Ratio)
    part = Part(f"{name}\0{allowed}", parameter.key, ties, free=True, seldom=seldom)
    if around:
        _ranges.setdefault(name, []).append(_Range(part, *around, whole=True))
    elif isinstance(parameter.domain, Terms):
        _lists[name] = part
    elif isinstance(value, str) and value.isdecimal() and are_codes(parameter):
        _ranges.setdefault(name, []).append(_Range(part, 0, sys.maxsize, whole=False))
    return part, value
