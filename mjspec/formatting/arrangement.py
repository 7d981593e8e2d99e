"""The parameters of a prompt in canonical form: how each is spelled, and in which order they stand.

Where the order means something, or nobody can say whether it does, it stays as typed.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.language.parser import flag_of
from mjspec.language.prompt import DASHES
from mjspec.language.readings import read_flag
from mjspec.parameters import BY_FLAG, BY_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mjspec.language.prompt import Flag
    from mjspec.language.readings import Reading

__all__ = ["Known", "Slot", "arranged", "known", "known_number", "ordered"]

_RANK = {key: rank for rank, key in enumerate(BY_KEY)}
_LAST = len(_RANK)
_LIST = "negative_prompt"
_BY_RANK = attrgetter("rank")
_DASH = re.compile(f"[-{DASHES}]")
# Words behind a parameter belong before the first one; sorting would shuffle them.
_LOOSE = frozenset({rules.TEXT_AFTER_PARAMETER, rules.UNEXPECTED_VALUE})


class Slot(NamedTuple):
    """A parameter where it was typed.

    Attributes:
        flag: What was typed.
        text: It with single spaces.
        groups: The permutations and variables in it, with their braces.
        torn: Whether it goes over several lines, which it keeps.
    """

    flag: Flag
    text: str
    groups: tuple[str, ...] = ()
    torn: bool = False


class Known(NamedTuple):
    """What the spelling of a parameter alone tells."""

    rank: int
    "Its place in the table; behind all of them where only the typed text can be passed on."
    subject: str
    "What it decides: two parameters with the same subject are rivals."
    text: str | None
    "Its canonical spelling; None where it has to stay as typed."
    loose: bool
    sure: bool = False
    "Whether it is understood, nothing is wrong with it, and its canonical spelling says the same."


def ordered(parts: Sequence[Known]) -> list[str]:
    """The canonical spellings of parameters that are sure and no rivals, in their order."""
    return [str(part.text) for part in sorted(parts, key=_BY_RANK)]


def arranged(slots: Sequence[Slot], *, join: bool = True) -> list[str]:
    """The text for each slot in turn; empty for one that was joined with another.

    Args:
        slots: The parameters as typed.
        join: Whether several ``--no`` become one.
    """
    parts = [known(slot.flag) for slot in slots]
    texts = [_text(slot, one) for slot, one in zip(slots, parts, strict=True)]
    if len(slots) == 1 or not _sortable(slots, parts):
        return texts
    if join:
        _join(slots, parts, texts)
    mixed = any(slot.groups for slot in slots)
    free = [
        index
        for index, slot in enumerate(slots)
        if not (slot.groups or slot.torn or (mixed and parts[index].rank == _LAST))
    ]
    # What was joined goes to the end, where a slot is missed least.
    order = sorted(free, key=lambda index: (not texts[index], parts[index].rank))
    result = list(texts)
    for index, other in zip(free, order, strict=True):
        result[index] = texts[other]
    return result


def _text(slot: Slot, known: Known) -> str:
    return slot.text if slot.groups or slot.torn or known.text is None else known.text


def _sortable(slots: Sequence[Slot], known: list[Known]) -> bool:
    """Whether the order says nothing: nothing is set twice, nothing is left to be read later."""
    if any(one.loose for one in known):
        return False
    subjects = Counter(one.subject for one in known)
    rivals = {subject for subject, count in subjects.items() if count > 1}
    held = [one for slot, one in zip(slots, known, strict=True) if slot.groups or slot.torn]
    # What keeps its slot may not be overtaken by a rival, and may hold anything if it is unknown.
    if any(one.subject in rivals or one.rank == _LAST for one in held):
        return False
    if any(_open(group) for slot in slots for group in slot.groups):
        return False
    return not rivals - {_LIST, ""}


def _open(group: str) -> bool:
    """Whether braces may bring in parameters: a variable, or dashes in a permutation."""
    return group.startswith("$") or _DASH.search(group) is not None


def _join(slots: Sequence[Slot], known: list[Known], texts: list[str]) -> None:
    """Several ``--no`` become one, where all of them are understood."""
    lists = [index for index, one in enumerate(known) if one.subject == _LIST]
    if len(lists) < 2 or any(known[i].text is None or slots[i].torn for i in lists):  # noqa: PLR2004 (several)
        return
    name = f"--{BY_KEY[_LIST].flag} "
    items = [texts[index].removeprefix(name) for index in lists]
    texts[lists[0]] = name + ", ".join(items)
    for index in lists[1:]:
        texts[index] = ""


def known_number(key: str, value: int) -> Known:
    """What `known` says of a number that is in its range, with nothing wrong about it."""
    return Known(_RANK[key], key, f"--{BY_KEY[key].flag} {value}", loose=False, sure=True)


@lru_cache(maxsize=1 << 14)
def known(flag: Flag) -> Known:
    """What the spelling of a parameter tells; each distinct spelling is read once."""
    reading = read_flag(flag)
    # With a permutation in it only the name is known; an empty name is in no table.
    parameter = reading.parameter or BY_FLAG.get(flag.name.lower())
    # A height and the width beside it were a size: they stay together.
    loose = parameter is BY_KEY["height"] or any(
        finding.rule in _LOOSE for finding in reading.findings
    )
    if parameter is None or parameter.dead:
        return Known(_LAST, "", None, loose)
    rank, subject = _RANK[parameter.key], parameter.key
    if parameter.speed:
        subject = "speed"
    elif subject == "niji":
        subject = "version"
    if reading.value is None or reading.findings:
        return Known(rank, subject, None, loose)
    text = f"--{parameter.flag} {parameter.domain.write(reading.value)}".strip()
    return Known(rank, subject, text, loose, sure=not loose and _keeps(text, reading))


def _keeps(text: str, reading: Reading) -> bool:
    """Whether another spelling of a parameter says the same."""
    if text == reading.flag.raw.rstrip():
        return True
    other = read_flag(flag_of(text))
    return (other.parameter, other.value, other.findings) == (reading.parameter, reading.value, ())
