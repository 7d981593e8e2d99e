"""What one parameter as typed says: its row in the table, its value, and what is wrong with it.

A reading depends on the spelling alone, so each distinct spelling is read once and remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mjspec.domains import Selector
from mjspec.language import spelling
from mjspec.language.spelling import is_punctuation, plain
from mjspec.language.taking import PAIRS, TAIL, end_of, phrase, take
from mjspec.parameters import BY_FLAG
from mjspec.source import Span
from mjspec.versions import find_version

if TYPE_CHECKING:
    from mjspec.diagnostics import Finding
    from mjspec.domains import Value
    from mjspec.language.prompt import Flag, Word
    from mjspec.parameters import Parameter

__all__ = ["Reading", "read_flag"]

_LEADING = re.compile(r"[=:]+|[,;]\Z")
# A name and its value with hyphens between them, as in other programs: `--niji-6`.
_HYPHENS = re.compile(r"[-_#]+(?=\d)")
_DOT = re.compile(r"\.(?=\d)")
_LONE = re.compile(r"[+-]?\d+(?:\.\d+)?|true|false|yes|no|on|off", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\.?\d")


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


@lru_cache(maxsize=1 << 14)
def read_flag(flag: Flag) -> Reading:
    """What a parameter as typed says."""
    parameter = BY_FLAG.get(flag.name.lower())
    found = spelling.dashes(flag)
    findings = [found] if found else []
    glued = flag.glued and flag.words[0].text[:1].isalnum()
    if parameter is None or (glued and parameter.domain.arity == "none"):
        name = flag.name + (flag.words[0].text if glued else "")
        findings.append(spelling.unknown(flag, name))
        return Reading(flag, None, None, Span(0, flag.name_end), tuple(findings))
    if flag.name != flag.name.lower():
        findings.append(spelling.uppercase(flag))
    words = _separated(flag, parameter, findings)
    value, span = _value(flag, parameter, words, findings)
    unusual = None if flag.raw.isascii() else spelling.spaces(flag, max(span.start, flag.name_end))
    if unusual:
        findings.append(unusual)
    return Reading(flag, parameter, value, span, tuple(findings))


def _separated(flag: Flag, parameter: Parameter, findings: list[Finding]) -> list[Word]:
    """The words of the value, with what touches the name told apart."""
    words = list(flag.words)
    if not words:
        return words
    first = words[0]
    sign = _LEADING.match(plain(first.text))
    if sign is None and flag.glued and parameter.domain.arity not in ("rest", "none"):
        sign = _HYPHENS.match(first.text)
        if sign is None and isinstance(parameter.domain, Selector):
            sign = _DOT.match(first.text)
    if sign and parameter.domain.arity == "rest" and not flag.glued:
        sign = None
    if sign and (sign.end() < len(first.text) or len(words) > 1):
        rest = first._replace(text=first.text[sign.end() :], start=first.start + sign.end())
        words = [rest, *words[1:]] if rest.text else words[1:]
        findings.append(spelling.unspaced(flag, words[0].start))
    elif flag.glued and not is_punctuation(first.text) and parameter.domain.arity != "none":
        findings.append(spelling.unspaced(flag, first.start))
    return words


def _value(
    flag: Flag, parameter: Parameter, words: list[Word], findings: list[Finding]
) -> tuple[Value | None, Span]:
    arity = parameter.domain.arity
    name = Span(0, flag.name_end)
    if parameter.dead:
        return _dead(flag, words, findings)
    if arity == "none":
        return _nothing(flag, words, findings), name
    if arity == "rest":
        return _everything(flag, parameter, words, findings)
    taken = take(flag, parameter, words)
    if taken:
        findings += taken.findings
        _after(flag, words, taken.span.end, findings)
        return _read(parameter, taken.values), taken.span
    if arity == "optional":
        _after(flag, words, flag.name_end, findings)
        return parameter.domain.read(""), name
    if not words or is_punctuation(words[0].text):
        findings.append(spelling.empty(flag, parameter))
        return None, name
    word = phrase(flag, words)
    findings.append(spelling.invalid(flag, parameter, word))
    return None, Span(word.start, end_of(word))


def _read(parameter: Parameter, words: list[str]) -> Value:
    value = parameter.domain.read(plain(" ".join(words)))
    if isinstance(parameter.domain, Selector):
        version = find_version(str(value), niji=parameter.key == "niji")
        return version.number if version else value
    return value


def _dead(flag: Flag, words: list[Word], findings: list[Finding]) -> tuple[Value, Span]:
    """A parameter that is gone takes its value along, whatever that is."""
    end = flag.name_end
    span = Span(0, end)
    if words and _NUMBER.match(words[0].text):
        text = TAIL.sub("", words[0].text)
        span = Span(words[0].start, words[0].start + len(text))
        end = span.end
    _after(flag, words, end, findings)
    return True, span


def _nothing(flag: Flag, words: list[Word], findings: list[Finding]) -> Value:
    """A parameter without value; a number behind it was meant as one, words are stray text."""
    if len(words) == 1 and _LONE.fullmatch(words[0].text):
        findings.append(spelling.unexpected(flag, words[0]))
    else:
        _after(flag, words, flag.name_end, findings)
    return True


def _everything(
    flag: Flag, parameter: Parameter, words: list[Word], findings: list[Finding]
) -> tuple[Value | None, Span]:
    """``--no`` takes all that follows."""
    if not words or all(is_punctuation(word.text) for word in words):
        findings.append(spelling.empty(flag, parameter))
        return None, Span(0, flag.name_end)
    start, end = words[0].start, end_of(words[-1])
    whole = flag.raw[start:end]
    text = _withoutend_of(whole)
    found = spelling.fullwidth(flag, text, start, digits=False)
    if found:
        findings.append(found)
    if len(text) < len(whole):
        findings.append(spelling.trailing(flag, start + len(text), Span(start + len(text), end)))
    return parameter.domain.read(spelling.plain_signs(text)), Span(start, start + len(text))


def _withoutend_of(text: str) -> str:
    """A list without the comma, full stop, quote or bracket at its end."""
    openers = {closer: opener for opener, closer in PAIRS.items()}
    while text:
        last = plain(text[-1])
        if last in openers:
            opener = openers[last]
            even = text.count(opener) % 2 == 0 if opener == last else opener in text
            if even:
                break
        elif last not in ".,;!?" and not last.isspace():
            break
        text = text[:-1]
    return text


def _after(flag: Flag, words: list[Word], end: int, findings: list[Finding]) -> None:
    """What stands behind a complete value: punctuation, or words that belong before."""
    rest = [word for word in words if end_of(word) > end]
    if not rest:
        return
    span = Span(max(rest[0].start, end), end_of(rest[-1]))
    if is_punctuation(flag.raw[span.start : span.end]):
        findings.append(spelling.trailing(flag, end, span))
    else:
        findings.append(spelling.stray(flag, end, span))
