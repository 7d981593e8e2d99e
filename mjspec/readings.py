"""What one parameter as typed says: its row in the table, its value, and what is wrong with it.

A reading depends on the spelling alone, so each distinct spelling is read once and remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mjspec import spelling
from mjspec.domains import Choice, Number, Ratio, References, Selector
from mjspec.parameters import BY_FLAG
from mjspec.source import Span
from mjspec.spelling import TRAILING, is_punctuation, plain
from mjspec.versions import find_version

if TYPE_CHECKING:
    from mjspec.diagnostics import Finding
    from mjspec.domains import Domain, Value
    from mjspec.parameters import Parameter
    from mjspec.prompt import Flag, Word

__all__ = ["Reading", "read_flag"]

_LEADING = re.compile(r"[=:]+|[,;]\Z")
_TORN = re.compile(r"(\d{1,6})(?:\s*[:x×/*]\s*|\s+)(\d{1,6})(?!\S)", re.IGNORECASE)
_LONE = re.compile(r"[+-]?\d+(?:\.\d+)?|true|false|yes|no|on|off", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\.?\d")
_COMMA = re.compile(r"[,;|]")
_STYLE = re.compile(r"[A-Za-z0-9-]*[A-Za-z0-9]")
_VERSION = re.compile(r"\w+(?:[.,]\w+)*")
# What ends a word in other parameters may be part of a link or a code.
_TAIL = re.compile(r"[.,;:!?)\]}\"'”’»*|%>/\\–—-]+\Z")
_PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "(": ")", "[": "]", "<": ">", "`": "`"}
_LONGEST_PHRASE = 12
_SHORTEST_NAME = 6


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


class Taken(NamedTuple):
    """A value, or the part of one that a word holds.

    Attributes:
        values: What it says, word by word.
        span: Where it stands, quotes around it included.
        findings: What is wrong with it.
    """

    values: list[str]
    span: Span
    findings: list[Finding]


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
    taken = _take(flag, parameter, words)
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
    word = _phrase(flag, words)
    findings.append(spelling.invalid(flag, parameter, word))
    return None, Span(word.start, _end(word))


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
        text = _TAIL.sub("", words[0].text)
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
    """``--no`` takes all that follows; a comma at its end only ends a list of one item more."""
    if not words or all(is_punctuation(word.text) for word in words):
        findings.append(spelling.empty(flag, parameter))
        return None, Span(0, flag.name_end)
    start, end = words[0].start, _end(words[-1])
    whole = flag.raw[start:end]
    text = _without_end(whole)
    found = spelling.fullwidth(flag, text, start)
    if found:
        findings.append(found)
    if len(text) < len(whole):
        findings.append(spelling.trailing(flag, start + len(text), Span(start + len(text), end)))
    return parameter.domain.read(plain(text)), Span(start, start + len(text))


def _without_end(text: str) -> str:
    """A list without the full stop, quote or bracket that ended the sentence around it."""
    openers = {closer: opener for opener, closer in _PAIRS.items()}
    while text:
        last = plain(text[-1])
        if last in openers:
            opener = openers[last]
            even = text.count(opener) % 2 == 0 if opener == last else opener in text
            if even:
                break
        elif last not in ".;!?":
            break
        text = text[:-1]
    return text.rstrip()


def _take(flag: Flag, parameter: Parameter, words: list[Word]) -> Taken | None:
    """The words that make up the value."""
    domain = parameter.domain
    if isinstance(domain, Ratio) and len(words) > 1:
        ratio = _torn_ratio(flag, words)
        if ratio:
            return ratio
    most = domain.most if isinstance(domain, References) else 1
    values: list[str] = []
    findings: list[Finding] = []
    end = 0
    for index, word in enumerate(words[:most]):
        if isinstance(domain, References) and domain.names and not _is_code(word.text, words):
            break
        piece = _piece(flag, domain, word)
        if piece is None:
            break
        values += piece.values
        findings += piece.findings
        end = piece.span.end
        if end < _end(word):
            following = words[index + 1 : most]
            if not (following and _accepts(domain, plain(following[0].text))):
                break
            findings.append(spelling.trailing(flag, end, Span(end, _end(word))))
    return Taken(values, Span(words[0].start, end), findings) if values else None


def _is_code(text: str, words: list[Word]) -> bool:
    """Codes of profiles hold digits; words that hold none are codes if nothing else follows."""
    return len(words) == 1 or len(text) >= _SHORTEST_NAME or any(map(str.isdigit, text))


def _torn_ratio(flag: Flag, words: list[Word]) -> Taken | None:
    """``16 : 9`` is meant as one value."""
    start = words[0].start
    match = _TORN.match(plain(flag.raw[start:]))
    if not match or match.end() == len(words[0].text):
        return None
    joined = f"{int(match[1])}:{int(match[2])}"
    span = Span(start, start + match.end())
    if not _accepts(Ratio(), joined) or span.end <= _end(words[0]):
        return None
    return Taken([joined], span, [spelling.torn(flag, span, joined)])


def _piece(flag: Flag, domain: Domain, word: Word) -> Taken | None:
    """One word of a value, cleaned of quotes and punctuation; None if it can be none."""
    text = plain(word.text)
    whole = Span(word.start, _end(word))
    if _accepts(domain, text):
        return _beginning(flag, word, len(text))
    closer = _PAIRS.get(text[:1])
    if closer and text[1:].endswith(closer) and _accepts(domain, text[1:-1]):
        return Taken([text[1:-1]], whole, [spelling.quoted(flag, word, text[1:-1])])
    tail = (TRAILING if isinstance(domain, References) else _TAIL).search(text)
    if tail and _accepts(domain, text[: tail.start()]):
        return _beginning(flag, word, tail.start())
    items = [item for item in _COMMA.split(text) if item]
    if isinstance(domain, References) and domain.most > 1 and all(map(domain.accepts, items)):
        found = spelling.with_commas(flag, word, " ".join(items))
        return Taken(items, whole, [found]) if items else None
    cut = _COMMA.search(text)
    if cut and not isinstance(domain, Number) and _accepts(domain, text[: cut.start()]):
        return _beginning(flag, word, cut.start())
    return None


def _beginning(flag: Flag, word: Word, length: int) -> Taken:
    """The beginning of a word as value, fullwidth signs reported."""
    text = word.text[:length]
    found = spelling.fullwidth(flag, text, word.start)
    return Taken([text], Span(word.start, word.start + length), [found] if found else [])


def _accepts(domain: Domain, text: str) -> bool:
    """Whether a word can be the value, or one of the values."""
    if not text:
        return False
    if isinstance(domain, References):
        return domain.accepts(text) and not TRAILING.search(text)
    if isinstance(domain, Selector):
        if domain.optional and not text[:1].isdigit():
            return False
        return _VERSION.fullmatch(text) is not None
    if isinstance(domain, Choice) and not domain.numeric:
        return _STYLE.fullmatch(text) is not None
    try:
        domain.read(text)
    except ValueError:
        return False
    return True


def _phrase(flag: Flag, words: list[Word]) -> Word:
    """The first word, or with a bracket or quote all words up to its partner: ``[image URL]``."""
    first = words[0]
    closer = _PAIRS.get(first.text[:1])
    if closer is None or closer in first.text[1:]:
        return first
    for word in words[1:_LONGEST_PHRASE]:
        at = word.text.find(closer)
        if at >= 0:
            return first._replace(text=flag.raw[first.start : word.start + at + 1])
    return first


def _after(flag: Flag, words: list[Word], end: int, findings: list[Finding]) -> None:
    """What stands behind a complete value: punctuation, or words that belong before."""
    rest = [word for word in words if _end(word) > end]
    if not rest:
        return
    span = Span(max(rest[0].start, end), _end(rest[-1]))
    if is_punctuation(flag.raw[span.start : span.end]):
        findings.append(spelling.trailing(flag, end, span))
    else:
        findings.append(spelling.stray(flag, end, span))


def _end(word: Word) -> int:
    return word.start + len(word.text)
