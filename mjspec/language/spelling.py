"""What can be wrong with one parameter as typed: the findings, their words and their fixes.

Spans count from the parameter's dashes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category, decimal, east_asian_width
from unicodedata import name as unicode_name

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.domains import Choice, Number, Selector, Switch, Terms
from mjspec.language.prompt import UNSEEN
from mjspec.parameters import BY_FLAG, MISTAKEN, PARAMETERS
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.language.prompt import Flag, Word
    from mjspec.parameters import Parameter

__all__ = [
    "TRAILING",
    "dashes",
    "empty",
    "fullwidth",
    "invalid",
    "is_punctuation",
    "plain",
    "plain_signs",
    "quoted",
    "shortened",
    "spaces",
    "stray",
    "suggest_flag",
    "torn",
    "trailing",
    "unexpected",
    "unknown",
    "unspaced",
    "uppercase",
    "with_commas",
]

TRAILING = re.compile(r"[.,;:!?)\]}\"'”’»*|`…]+\Z")
"""Punctuation at the end of a word that can be no part of a value."""

_FULLWIDTH = str.maketrans("：，、．。；＝／\u2236\ufe55\ua789", ":,,..;=/:::")
# Letters of other alphabets that look like Latin ones and stand on the same keys.
_LOOK_ALIKE = dict(zip("аеорсухіѕ", "aeopcyxis", strict=True))
_EM = "\u2014\u2015"
_UNUSUAL = re.compile(rf"[\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000{UNSEEN}]+")
_TORN_NAME = re.compile(rf"[{UNSEEN}]+(?P<rest>[A-Za-z]+)")
_HYPHENATED = re.compile(r"(?P<name>[A-Za-z]{2,})[-_](?P<rest>.+)")
_ROOM = 40


def plain(text: str) -> str:
    """The text with plain signs and digits for others, each for one."""
    if text.isascii():
        return text
    text = plain_signs(text)
    # Digits of other scripts are digits to Python, and need not be to anyone else.
    return text if text.isascii() else "".join([str(decimal(sign, sign)) for sign in text])


def plain_signs(text: str) -> str:
    """The text with plain signs for fullwidth ones, each for one."""
    return text if text.isascii() else text.translate(_FULLWIDTH)


def is_punctuation(text: str) -> bool:
    """Whether the text says nothing: no letter, no digit, no emoji stands in it."""
    if text.isascii():
        return not any(map(str.isalnum, text))
    return not any(sign.isalnum() or category(sign) == "So" for sign in text)


def shortened(text: str) -> str:
    """The text, cut to what a message has room for."""
    return text if len(text) <= _ROOM else text[: _ROOM - 3].rstrip() + "..."


def suggest_flag(name: str) -> str | None:
    """The parameter that was most likely meant by an unknown name, without dashes."""
    from difflib import get_close_matches

    low = name.lower()
    if low in MISTAKEN:
        return MISTAKEN[low]
    names = [s for parameter in PARAMETERS if not parameter.dead for s in parameter.spellings]
    close = get_close_matches(low, [name for name in names if len(name) > 1], 1, 0.7)
    return close[0] if close else None


def dashes(flag: Flag) -> Finding | None:
    """How the dashes are written, from harmless to broken."""
    name = f"{flag.dash}{flag.gap}{flag.name}"
    wanted = f"--{flag.name}"
    if flag.gap or " " in flag.dash:
        rule, text = rules.DETACHED_DASH, f"`{name}` has a space in its dashes; write `{wanted}`"
    elif flag.dash == "--":
        return None
    elif flag.dash in _EM:
        rule = rules.EM_DASH
        text = f"`{name}` is written with an em dash, which Midjourney reads as `{wanted}`"
    elif not flag.dash.strip(_EM):
        rule = rules.MULTIPLE_DASHES
        text = f"`{name}` is written with more than one em dash; write `{wanted}`"
    elif not flag.dash.strip(f"-{_EM}"):
        rule, text = rules.MULTIPLE_DASHES, f"`{name}` has too many dashes; write `{wanted}`"
    else:
        rule = rules.EN_DASH
        text = f"`{name}` is written with the dash `{flag.dash}`; write `{wanted}`"
    return Finding(
        rule,
        Span(0, flag.name_end),
        text,
        fix="write two hyphens",
        changes=(Change(Span(0, flag.name_start), "--"),),
    )


def spaces(flag: Flag, end: int) -> Finding | None:
    """White space that is no plain space, up to ``end`` or behind the value."""
    body = len(flag.raw.rstrip())
    found = [
        m for m in _UNUSUAL.finditer(flag.raw, flag.name_end) if m.end() <= end or m.end() >= body
    ]
    if not found:
        return None
    first = found[0]
    sign = first[0][0]
    shown = f"{unicode_name(sign, 'separator').lower()}, U+{ord(sign):04X}"
    changes = tuple(Change(Span(*m.span()), _for_space(flag, m)) for m in found)
    return Finding(
        rules.UNUSUAL_SPACE,
        Span(*first.span()),
        f"`--{flag.name}` is set off by another sign than a space ({shown}); write a plain space",
        fix="write a plain space",
        changes=changes,
    )


def _for_space(flag: Flag, match: re.Match[str]) -> str:
    """What replaces unusual white space: one space, or nothing beside another one or at the end."""
    before, after = flag.raw[match.start() - 1], flag.raw[match.end() : match.end() + 1]
    return "" if before == " " or after in ("", " ") else " "


def unknown(flag: Flag, name: str) -> Finding:
    """A name that is in no table."""
    torn = _TORN_NAME.match(flag.raw, flag.name_end)
    if torn and f"{name}{torn['rest']}".lower() in BY_FLAG:
        sign = flag.raw[flag.name_end]
        return Finding(
            rules.UNKNOWN_PARAMETER,
            Span(0, torn.end()),
            f"`--{name}` is no parameter; a sign that looks like nothing (U+{ord(sign):04X}) stands"
            f" in `--{name}{torn['rest']}`",
            fix="remove the sign",
            changes=(Change(Span(flag.name_end, torn.start("rest")), ""),),
        )
    alike = "".join(_LOOK_ALIKE.get(sign, sign) for sign in name)
    meant = MISTAKEN.get(name.lower()) or _separated(name)
    suggestion = meant or suggest_flag(alike) or suggest_flag(flag.name)
    message = f"`--{name}` is no parameter"
    if alike != name and alike.lower() in BY_FLAG:
        sign = next(one for one in name if one in _LOOK_ALIKE)
        message += f"; its `{sign}` is a {unicode_name(sign).lower()}"
    help_text = (
        "if it is a custom option of your account, list it under `known-flags` in the configuration"
        " or put it into the field `extra`"
    )
    if suggestion:
        message += f"; did you mean `--{suggestion}`?"
    typed = Span(flag.name_start, flag.name_start + len(name))
    return Finding(
        rules.UNKNOWN_PARAMETER,
        Span(0, flag.name_start + len(name)),
        message,
        help=help_text,
        fix=f"write `--{suggestion}`" if suggestion else None,
        changes=(Change(typed, suggestion),) if suggestion else (),
        safety="unsafe",
    )


def _separated(name: str) -> str | None:
    """A parameter and its value with a hyphen between them: ``--no-text``, ``--style_raw``."""
    match = _HYPHENATED.fullmatch(name)
    parameter = BY_FLAG.get(match["name"].lower()) if match else None
    if match is None or parameter is None or isinstance(parameter.domain, Switch):
        return None
    return f"{match['name'].lower()} {match['rest']}"


def uppercase(flag: Flag) -> Finding:
    """Capital letters in a name that exists."""
    low = flag.name.lower()
    return Finding(
        rules.UPPERCASE_PARAMETER,
        Span(0, flag.name_end),
        f"`--{flag.name}` has capital letters; parameters are lowercase: `--{low}`",
        fix=f"write `--{low}`",
        changes=(Change(Span(flag.name_start, flag.name_end), low),),
    )


def unspaced(flag: Flag, value_start: int) -> Finding:
    """No space, or another sign than a space, between name and value."""
    # The name's last sign is written anew: a place between two signs may lie in two permutations.
    last = Span(flag.name_end - 1, value_start)
    return Finding(
        rules.MISSING_SPACE,
        Span(0, max(value_start, flag.name_end)),
        f"`{flag.raw[:value_start].strip()}` needs one space before its value",
        fix="put one space there",
        changes=(Change(last, f"{flag.name[-1]} "),),
    )


def empty(flag: Flag, parameter: Parameter) -> Finding:
    """No value where one is needed."""
    return Finding(
        rules.MISSING_VALUE,
        Span(0, flag.name_end),
        f"`--{flag.name}` has no value; it takes {parameter.domain.describe()}",
    )


def unexpected(flag: Flag, word: Word) -> Finding:
    """A value where none belongs."""
    span = Span(word.start, word.start + len(word.text))
    return Finding(
        rules.UNEXPECTED_VALUE,
        span,
        f"`{word.text}` stands behind `--{flag.name}`, which takes no value",
        fix="remove the value",
        changes=(Change(Span(flag.name_end, span.end), ""),),
        safety="unsafe",
    )


def invalid(flag: Flag, parameter: Parameter, word: Word) -> Finding:
    """A value of another kind."""
    domain = parameter.domain
    span = Span(word.start, word.start + len(word.text))
    nearest = domain.nearest(TRAILING.sub("", plain(word.text)))
    guessed = isinstance(domain, Number | Selector | Terms) or (
        isinstance(domain, Choice) and domain.numeric
    )
    return Finding(
        rules.INVALID_VALUE,
        span,
        f"`{shortened(word.text)}` is no value of `--{flag.name}`; it takes {domain.describe()}",
        fix=f"write `{nearest}`" if nearest else None,
        changes=(Change(span, nearest),) if nearest else (),
        safety="unsafe" if guessed else "safe",
    )


def torn(flag: Flag, span: Span, joined: str) -> Finding:
    """A ratio in several words."""
    return Finding(
        rules.INVALID_VALUE,
        span,
        f"`{flag.raw[span.start : span.end]}` has spaces in it; a ratio is written `{joined}`",
        fix=f"write `{joined}`",
        changes=(Change(span, joined),),
    )


def with_commas(flag: Flag, word: Word, joined: str) -> Finding:
    """Several values with commas between them."""
    span = Span(word.start, word.start + len(word.text))
    return Finding(
        rules.INVALID_VALUE,
        span,
        f"`{shortened(word.text)}` has commas in it; `--{flag.name}` takes its values with spaces"
        f" between them: `{shortened(joined)}`",
        fix="write spaces",
        changes=(Change(span, joined),),
    )


def fullwidth(flag: Flag, text: str, start: int, *, digits: bool = True) -> Finding | None:
    """Fullwidth signs in a value, and digits that are no plain ones."""
    ascii_text = plain(text) if digits else plain_signs(text)
    if ascii_text == text:
        return None
    signs = "".join(sorted({a for a, b in zip(text, ascii_text, strict=True) if a != b}))
    kind = (
        "fullwidth"
        if all(east_asian_width(sign) == "F" or sign in "、。" for sign in signs)
        else "sign"
    )
    span = Span(start, start + len(text))
    return Finding(
        rules.FULLWIDTH_PUNCTUATION,
        span,
        f"`{shortened(text)}` behind `--{flag.name}` holds the {kind} `{signs}`;"
        f" write `{shortened(ascii_text)}`",
        fix=f"write `{shortened(ascii_text)}`",
        changes=(Change(span, ascii_text),),
    )


def trailing(flag: Flag, value_end: int, span: Span) -> Finding:
    """Punctuation behind a value or behind a parameter without one."""
    shown = flag.raw[:value_end].strip()
    return Finding(
        rules.TRAILING_PUNCTUATION,
        span,
        f"`{flag.raw[span.start : span.end]}` stands behind `{shortened(shown)}`;"
        " parameters end without punctuation",
        fix="remove it",
        changes=(Change(Span(value_end, span.end), ""),),
    )


def quoted(flag: Flag, word: Word, inner: str) -> Finding:
    """Quotes or brackets around a value."""
    span = Span(word.start, word.start + len(word.text))
    return Finding(
        rules.TRAILING_PUNCTUATION,
        span,
        f"`{word.text}` behind `--{flag.name}` has punctuation around it; write `{inner}`",
        fix=f"write `{inner}`",
        changes=(Change(span, inner),),
    )


def stray(flag: Flag, value_end: int, span: Span) -> Finding:
    """Words behind a complete parameter."""
    text = flag.raw[span.start : span.end]
    return Finding(
        rules.TEXT_AFTER_PARAMETER,
        span,
        f"`{shortened(text)}` stands behind the complete `{shortened(flag.raw[:value_end].strip())}`;"
        " text belongs before the first parameter",
    )
