"""What a scalar is to a reader of YAML 1.2 and to one of YAML 1.1."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mjspec.spec.nodes import Scalar

__all__ = ["NULLS", "Core", "core_value", "fits_tag", "yaml11_reading", "yaml11_value"]

Core: TypeAlias = bool | int | float | str | None

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
"""The texts that mean nothing where they are plain."""
_BOOLEANS = {word: word[0] in "tT" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_BOOLEANS_11 = _BOOLEANS | {
    written: word in {"yes", "on"}
    for word in ("yes", "no", "on", "off")
    for written in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

_INTEGER_11 = re.compile(
    r"""(?P<sign>[-+]?)(?:
      0b(?P<binary>[01_]+)
    | 0x(?P<hexadecimal>[0-9a-fA-F_]+)
    | (?P<octal>0[0-7_]+)
    | (?P<decimal>0|[1-9][0-9_]*)
    | (?P<sexagesimal>[1-9][0-9_]*(?::[0-5]?[0-9])+)
    )""",
    re.VERBOSE,
)
_FLOAT_11 = re.compile(
    r"""[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?
    | \.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
    | (?P<sexagesimal>[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)""",
    re.VERBOSE,
)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(
    r"""([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})
    (?:[Tt]|[ \t]+)
    ([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?
    (?:[ \t]*(?P<zone>Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?""",
    re.VERBOSE,
)
# Python refuses to convert longer decimals, since that takes quadratic time.
_LONGEST_NUMBER = 4300


def core_value(scalar: Scalar) -> Core:
    """The value under the core schema of YAML 1.2, which reads `no` and `16:9` as text.

    Quoted and block scalars are text. A tag decides where one was written.
    """
    text, tag = scalar.text, scalar.tag
    if tag is None:
        return _core(text) if scalar.style == "plain" else text
    if tag == "str":
        return text
    value = _core(text)
    if tag == "float" and type(value) is int:
        return float(str(value))
    return value if fits_tag(text, tag) else text


def fits_tag(text: str, tag: str) -> bool:
    """Whether a text can be what a core tag such as ``int`` says that it is."""
    value = _core(text)
    if tag == "null":
        return value is None
    if tag == "bool":
        return isinstance(value, bool)
    if tag == "int":
        return type(value) is int
    if tag == "float":
        return type(value) in {int, float}
    return tag == "str"


def yaml11_value(scalar: Scalar) -> Core | date:
    """The value that a reader of YAML 1.1 sees, by the rules of PyYAML's ``SafeLoader``.

    Text that such a reader refuses, for instance the thirteenth month, is given as text.
    """
    text = scalar.text
    if scalar.style != "plain" or scalar.tag is not None:
        return core_value(scalar)
    if text in NULLS:
        return None
    if text in _BOOLEANS_11:
        return _BOOLEANS_11[text]
    if text[0] not in "+-.0123456789" or len(text) > _LONGEST_NUMBER:
        return text
    try:
        return _number_11(text)
    except (ValueError, OverflowError):
        return text


def yaml11_reading(scalar: Scalar) -> str | None:
    """What readers of YAML 1.1 see, in words, if it is not what YAML 1.2 says: ``the number 969``."""
    if scalar.style != "plain":
        return None
    text = scalar.text
    # Most texts begin with a letter and are no word that either version knows.
    if text[:1] not in "+-.0123456789" and text not in _BOOLEANS_11:
        return None
    old, new = yaml11_value(scalar), core_value(scalar)
    # Not-a-number differs from itself; both versions write it alike.
    if type(old) is type(new) and (old == new or old != old):  # noqa: PLR0124
        return None
    if isinstance(old, bool):
        return "true" if old else "false"
    if isinstance(old, (int, float)):
        return f"the number {old}"
    if isinstance(old, datetime):
        return f"the time {old.isoformat(sep=' ')}"
    if isinstance(old, date):
        return f"the date {old.isoformat()}"
    return "text"


def _core(text: str) -> Core:
    if text in NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        if text[1:2] in {"o", "x"}:
            return int(text, 0)
        return int(text) if len(text) <= _LONGEST_NUMBER else text
    if _FLOAT.fullmatch(text):
        return float(text)
    if special := _SPECIAL.fullmatch(text):
        return float(special[0].replace(".", ""))
    return text


def _number_11(text: str) -> Core | date:
    if match := _INTEGER_11.fullmatch(text):
        return _integer_11(match)
    if match := _FLOAT_11.fullmatch(text):
        digits = text.replace("_", "")
        return _sixties(digits, float) if match["sexagesimal"] else float(digits)
    if match := _SPECIAL.fullmatch(text):
        return float(match[0].replace(".", ""))
    if match := _DAY.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _MOMENT.fullmatch(text):
        return _moment(match)
    return text


def _integer_11(match: re.Match[str]) -> int:
    kind = match.lastgroup
    digits = match[kind or 0].replace("_", "")
    sign = -1 if match["sign"] == "-" else 1
    if kind == "sexagesimal":
        return sign * int(_sixties(digits, int))
    bases = {"binary": 2, "octal": 8, "decimal": 10, "hexadecimal": 16}
    return sign * int(digits, bases[kind or "decimal"])


def _sixties(digits: str, number: type[int | float]) -> float:
    """``16:9`` is 16 times 60 and 9, as hours and minutes are counted."""
    sign = -1 if digits[0] == "-" else 1
    total = number(0)
    for part in digits.lstrip("+-").split(":"):
        total = total * 60 + number(part)
    return sign * total


def _moment(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    microsecond = int((match[7] or "").ljust(6, "0")[:6])
    zone = None
    if match["zone"] == "Z":
        zone = UTC
    elif match["zone"]:
        away = timedelta(hours=int(match[10]), minutes=int(match[11] or 0))
        zone = timezone(-away if match[9] == "-" else away)
    return datetime(year, month, day, hour, minute, second, microsecond, zone)
