"""What one parameter as typed says: its row in the table, its value, and what is wrong with it.

A reading depends on the spelling alone, so each distinct spelling is read once and remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Change, Finding
from mjspec.domains import Number, Ratio, References, Selector, Terms
from mjspec.parameters import BY_FLAG, MISTAKEN, PARAMETERS
from mjspec.source import Span
from mjspec.versions import find_version

if TYPE_CHECKING:
    from mjspec.domains import Value
    from mjspec.parameters import Parameter
    from mjspec.prompt import Flag, Word

__all__ = ["Reading", "read_flag", "suggest_flag"]

_FULLWIDTH = str.maketrans(
    "：，．；＝／０１２３４５６７８９", ":,.;=/0123456789"  # noqa: RUF100 (the signs themselves)
)
_TRAILING = re.compile(r"[.,;:!?)\]\"'”’»*|]+\Z")
_LEADING = re.compile(r"[=:]+")
_RATIO_IN_WORDS = re.compile(r"\d{1,6}\s*:\s*\d{1,6}(?!\S)")
_LONE = re.compile(r"[+-]?\d+(?:\.\d+)?|true|false|yes|no|on|off", re.IGNORECASE)
_EM = "\u2014\u2015"


@dataclass(frozen=True, slots=True)
class Reading:
    """One parameter, understood.

    Attributes:
        flag: What was typed.
        parameter: Its row; None if there is none of this name.
        value: What it says; None where that could not be read.
        value_span: The characters of the value, from the parameter's dashes; the name's where
            there are none.
        findings: What is wrong with the spelling, with spans from the dashes.
    """

    flag: Flag
    parameter: Parameter | None
    value: Value | None
    value_span: Span
    findings: tuple[Finding, ...]

    @property
    def label(self) -> str:
        """How messages name it: the dashes that should be there and the name as typed."""
        return f"--{self.flag.name}"

    @property
    def span(self) -> Span:
        """From the dashes to the end of the value."""
        return Span(0, max(self.value_span.end, self.flag.name_end))


@lru_cache(maxsize=1 << 16)
def read_flag(flag: Flag) -> Reading:
    """What a parameter as typed says."""
    findings = list(_dash_findings(flag))
    parameter = BY_FLAG.get(flag.name.lower())
    glued = flag.glued and flag.words[0].text[:1].isalnum()
    if parameter is None or (glued and parameter.domain.arity == "none"):
        name = flag.name + (flag.words[0].text if glued else "")
        findings.append(_unknown(flag, name))
        return Reading(flag, None, None, Span(0, flag.name_end), tuple(findings))
    if flag.name != flag.name.lower():
        findings.append(_uppercase(flag))
    words = _clean(flag, parameter, findings)
    value, span = _value(flag, parameter, words, findings)
    return Reading(flag, parameter, value, span, tuple(findings))


def suggest_flag(name: str) -> str | None:
    """The parameter that was most likely meant by an unknown name, without dashes."""
    from difflib import get_close_matches

    low = name.lower()
    if low in MISTAKEN:
        return MISTAKEN[low]
    names = [s for parameter in PARAMETERS if not parameter.dead for s in parameter.spellings]
    close = get_close_matches(low, [name for name in names if len(name) > 1], 1, 0.7)
    return close[0] if close else None


def _dash_findings(flag: Flag) -> list[Finding]:
    """How the dashes are written, from harmless to broken."""
    span = Span(0, flag.name_end)
    fix = "write two hyphens"
    changes = (Change(Span(0, flag.name_start), "--"),)
    name = f"{flag.dash}{flag.gap}{flag.name}"
    if flag.gap or " " in flag.dash:
        text = f"`{name}` has a space in its dashes; write `--{flag.name}`"
        return [Finding(rules.DETACHED_DASH, span, text, fix=fix, changes=changes)]
    if flag.dash == "--":
        return []
    if flag.dash[0] == "-" or (len(flag.dash) > 1 and flag.dash[0] in _EM):
        text = f"`{name}` has too many dashes; write `--{flag.name}`"
        return [Finding(rules.MULTIPLE_DASHES, span, text, fix=fix, changes=changes)]
    if flag.dash in _EM:
        text = f"`{name}` is written with an em dash, which Midjourney reads as `--{flag.name}`"
        return [Finding(rules.EM_DASH, span, text, fix=fix, changes=changes)]
    text = f"`{name}` is written with the dash `{flag.dash}`; write `--{flag.name}`"
    return [Finding(rules.EN_DASH, span, text, fix=fix, changes=changes)]


def _unknown(flag: Flag, name: str) -> Finding:
    suggestion = suggest_flag(name) or suggest_flag(flag.name)
    message = f"`--{name}` is no parameter"
    help_text = (
        "if it is a custom option of your account, list it under `known-flags` in the configuration"
        " or put it into the field `extra`"
    )
    if suggestion:
        message += f"; did you mean `--{suggestion}`?"
    return Finding(
        rules.UNKNOWN_PARAMETER,
        Span(0, flag.name_start + len(name)),
        message,
        help=help_text,
        fix=f"write `--{suggestion}`" if suggestion else None,
        changes=(Change(Span(flag.name_start, flag.name_end), suggestion),) if suggestion else (),
        safety="unsafe",
    )


def _uppercase(flag: Flag) -> Finding:
    low = flag.name.lower()
    return Finding(
        rules.UPPERCASE_PARAMETER,
        Span(0, flag.name_end),
        f"`--{flag.name}` has capital letters; parameters are lowercase: `--{low}`",
        fix=f"write `--{low}`",
        changes=(Change(Span(flag.name_start, flag.name_end), low),),
    )


def _clean(flag: Flag, parameter: Parameter, findings: list[Finding]) -> list[Word]:
    """The words of the value, with what touches the name told apart."""
    words = list(flag.words)
    if not words:
        return words
    first = words[0]
    sign = _LEADING.match(first.text.translate(_FULLWIDTH))
    if sign and (flag.glued or sign.end() == len(first.text)):
        rest = first._replace(text=first.text[sign.end() :], start=first.start + sign.end())
        words = [rest, *words[1:]] if rest.text else words[1:]
        end = words[0].start if words else first.start + sign.end()
        findings.append(_missing_space(flag, end))
    elif flag.glued and not _is_punctuation(first.text) and parameter.domain.arity != "none":
        findings.append(_missing_space(flag, first.start))
    return words


def _missing_space(flag: Flag, value_start: int) -> Finding:
    return Finding(
        rules.MISSING_SPACE,
        Span(0, max(value_start, flag.name_end)),
        f"`{flag.raw[:value_start].strip()}` needs one space before its value",
        fix="put one space there",
        changes=(Change(Span(flag.name_end, value_start), " "),),
    )


def _is_punctuation(text: str) -> bool:
    return not any(character.isalnum() for character in text)


def _value(
    flag: Flag, parameter: Parameter, words: list[Word], findings: list[Finding]
) -> tuple[Value | None, Span]:
    arity = parameter.domain.arity
    name = Span(0, flag.name_end)
    if arity == "none":
        return _no_value(flag, words, findings), name
    if arity == "rest":
        return _everything(flag, parameter, words, findings)
    taken, value = _take(parameter, words, flag, findings)
    if taken:
        span = Span(taken[0].start, _end(taken[-1]))
        _after(flag, words, span.end, findings)
        return value, span
    if arity == "optional":
        _after(flag, words, flag.name_end, findings)
        return parameter.domain.read(""), name
    if not words or _is_punctuation(words[0].text):
        findings.append(_missing_value(flag, parameter))
        return None, name
    span = Span(words[0].start, _end(words[0]))
    findings.append(_invalid(flag, parameter, words[0], span))
    return None, span


def _no_value(flag: Flag, words: list[Word], findings: list[Finding]) -> Value:
    """A parameter without value; a number behind it was meant as one, words are stray text."""
    if len(words) == 1 and _LONE.fullmatch(words[0].text):
        span = Span(words[0].start, _end(words[0]))
        findings.append(
            Finding(
                rules.UNEXPECTED_VALUE,
                span,
                f"`{words[0].text}` stands behind `--{flag.name}`, which takes no value",
                fix="remove the value",
                changes=(Change(Span(flag.name_end, span.end), ""),),
                safety="unsafe",
            )
        )
    else:
        _after(flag, words, flag.name_end, findings)
    return True


def _everything(
    flag: Flag, parameter: Parameter, words: list[Word], findings: list[Finding]
) -> tuple[Value | None, Span]:
    """``--no`` takes all that follows."""
    name = Span(0, flag.name_end)
    if not words or all(_is_punctuation(word.text) for word in words):
        findings.append(_missing_value(flag, parameter))
        return None, name
    span = Span(words[0].start, _end(words[-1]))
    text = flag.raw[span.start : span.end]
    _fullwidth(flag, text, span, findings)
    return parameter.domain.read(text.translate(_FULLWIDTH)), span


def _take(
    parameter: Parameter, words: list[Word], flag: Flag, findings: list[Finding]
) -> tuple[list[Word], Value | None]:
    """The words that make up the value, cleaned of what does not belong to it."""
    domain = parameter.domain
    if isinstance(domain, Ratio) and len(words) > 1:
        torn = _torn_ratio(flag, words, findings)
        if torn:
            return torn
    limit = domain.most if isinstance(domain, References) else 1
    taken: list[Word] = []
    for word in words[:limit]:
        noted: list[Finding] = []
        cleaned = _cleaned(flag, word, noted)
        if not _readable(parameter, cleaned.text):
            break
        taken.append(cleaned)
        findings += noted
        if len(cleaned.text) < len(word.text):
            break
    if not taken:
        return [], None
    text = " ".join(word.text.translate(_FULLWIDTH) for word in taken)
    value = domain.read(text)
    if isinstance(domain, Selector):
        version = find_version(str(value), niji=parameter.key == "niji")
        value = version.number if version else value
    return taken, value


def _torn_ratio(
    flag: Flag, words: list[Word], findings: list[Finding]
) -> tuple[list[Word], Value | None] | None:
    """``16 : 9`` is meant as one value."""
    start = words[0].start
    text = flag.raw[start:].translate(_FULLWIDTH)
    match = _RATIO_IN_WORDS.match(text)
    if not match or " " not in match[0].strip():
        return None
    joined = "".join(match[0].split())
    span = Span(start, start + match.end())
    findings.append(
        Finding(
            rules.INVALID_VALUE,
            span,
            f"`{match[0]}` has spaces in it; a ratio is written `{joined}`",
            fix=f"write `{joined}`",
            changes=(Change(span, joined),),
        )
    )
    return [*_words_within(words, span.end)], joined


def _words_within(words: list[Word], end: int) -> list[Word]:
    return [word for word in words if word.start < end]


def _readable(parameter: Parameter, text: str) -> bool:
    if not text:
        return False
    text = text.translate(_FULLWIDTH)
    domain = parameter.domain
    if isinstance(domain, References):
        return domain.accepts(text)
    if isinstance(domain, Selector) and domain.optional and not text[:1].isdigit():
        return False
    try:
        domain.read(text)
    except ValueError:
        return False
    return True


def _cleaned(flag: Flag, word: Word, findings: list[Finding]) -> Word:
    """The word without punctuation at its end, fullwidth signs reported."""
    match = _TRAILING.search(word.text.translate(_FULLWIDTH))
    text = word.text[: match.start()] if match else word.text
    span = Span(word.start, word.start + len(text))
    _fullwidth(flag, text, span, findings)
    if match and text:
        tail = Span(span.end, _end(word))
        findings.append(
            Finding(
                rules.TRAILING_PUNCTUATION,
                tail,
                f"`{word.text[match.start() :]}` stands behind the value of `--{flag.name}`;"
                " values end without punctuation",
                fix="remove it",
                changes=(Change(tail, ""),),
            )
        )
    return word._replace(text=text)


def _fullwidth(flag: Flag, text: str, span: Span, findings: list[Finding]) -> None:
    plain = text.translate(_FULLWIDTH)
    if plain == text:
        return
    signs = "".join(sorted({a for a, b in zip(text, plain, strict=True) if a != b}))
    findings.append(
        Finding(
            rules.FULLWIDTH_PUNCTUATION,
            span,
            f"`{text}` behind `--{flag.name}` holds the fullwidth `{signs}`; write `{plain}`",
            fix=f"write `{plain}`",
            changes=(Change(span, plain),),
        )
    )


def _after(flag: Flag, words: list[Word], end: int, findings: list[Finding]) -> None:
    """What stands behind a complete value: punctuation, or words that belong before."""
    rest = [word for word in words if word.start >= end]
    if any(finding.rule is rules.TRAILING_PUNCTUATION for finding in findings) and not rest:
        return
    if not rest:
        return
    span = Span(rest[0].start, _end(rest[-1]))
    text = flag.raw[span.start : span.end]
    if _is_punctuation(text):
        findings.append(
            Finding(
                rules.TRAILING_PUNCTUATION,
                span,
                f"`{text}` stands behind `{flag.raw[:end].strip()}`; parameters end without"
                " punctuation",
                fix="remove it",
                changes=(Change(Span(end, span.end), ""),),
            )
        )
        return
    shown = text if len(text) <= 40 else text[:37].rstrip() + "..."  # noqa: PLR2004 (room on a line)
    findings.append(
        Finding(
            rules.TEXT_AFTER_PARAMETER,
            span,
            f"`{shown}` stands behind the complete `{flag.raw[:end].strip()}`; text belongs before"
            " the first parameter",
        )
    )


def _missing_value(flag: Flag, parameter: Parameter) -> Finding:
    return Finding(
        rules.MISSING_VALUE,
        Span(0, flag.name_end),
        f"`--{flag.name}` has no value; it takes {parameter.domain.describe()}",
    )


def _invalid(flag: Flag, parameter: Parameter, word: Word, span: Span) -> Finding:
    domain = parameter.domain
    text = word.text
    nearest = domain.nearest(_TRAILING.sub("", text.translate(_FULLWIDTH)))
    whole = isinstance(domain, Number) and not domain.decimal and nearest
    return Finding(
        rules.INVALID_VALUE,
        span,
        f"`{text}` is no value of `--{flag.name}`; it takes {domain.describe()}",
        fix=f"write `{nearest}`" if nearest else None,
        changes=(Change(span, nearest),) if nearest else (),
        safety="unsafe" if whole or isinstance(domain, Terms) else "safe",
    )


def _end(word: Word) -> int:
    return word.start + len(word.text)
