"""Which of the words behind a parameter's name are its value, cleaned of what is no part of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec.domains import Choice, Number, Ratio, References, Selector
from mjspec.language import spelling
from mjspec.language.spelling import TRAILING, plain
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.diagnostics import Finding
    from mjspec.domains import Domain
    from mjspec.language.prompt import Flag, Word
    from mjspec.parameters import Parameter

__all__ = ["PAIRS", "TAIL", "Taken", "end_of", "phrase", "take"]

# What ends a word in other parameters may be part of a link or a code.
TAIL = re.compile(r"[.,;:!?)\]}\"'”’»*|`…%>/\\–—-]+\Z")
PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "(": ")", "[": "]", "<": ">", "`": "`", "«": "»"}
_QUOTES = "\"'“”„‘’‚«»`*_"
_TORN = re.compile(r"(\d{1,6})(?:\s*[:x×/*]\s*|\s+)(\d{1,6})(?!\S)", re.IGNORECASE)
_COMMA = re.compile(r"[,;|]")
_STYLE = re.compile(r"[A-Za-z0-9-]*[A-Za-z0-9]")
_PLAIN_VERSION = re.compile(r"\d(?:\.\d)?(?![\w:])")
_NUMBERED = re.compile(r"(?:v|ver|version)?\.?\d", re.IGNORECASE)
_VERSION = re.compile(r"\w+(?:[.,]\w+)*")
_LONGEST_PHRASE = 12
_SHORTEST_NAME = 6


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


def take(flag: Flag, parameter: Parameter, words: list[Word]) -> Taken | None:
    """The words that make up the value."""
    domain = parameter.domain
    if isinstance(domain, Ratio) and len(words) > 1:
        ratio = _torn_ratio(flag, words)
        if ratio:
            return ratio
    if isinstance(domain, Selector) and (other := _other_family(flag, words)):
        return other
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
        if end < end_of(word):
            following = words[index + 1 : most]
            if not (following and _accepts(domain, plain(following[0].text))):
                break
            findings.append(spelling.trailing(flag, end, Span(end, end_of(word))))
    return Taken(values, Span(words[0].start, end), findings) if values else None


def _other_family(flag: Flag, words: list[Word]) -> Taken | None:
    """``--v niji 6``: a family and its number are one value, though not of this parameter."""
    named = len(words) > 1 and words[0].text.lower() == "niji"
    if not named or not _PLAIN_VERSION.match(words[1].text):
        return None
    text = TAIL.sub("", words[1].text)
    span = Span(words[0].start, words[1].start + len(text))
    return Taken([flag.raw[span.start : words[0].start + 4], text], span, [])


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
    if not _accepts(Ratio(), joined) or span.end <= end_of(words[0]):
        return None
    return Taken([joined], span, [spelling.torn(flag, span, joined)])


def _piece(flag: Flag, domain: Domain, word: Word) -> Taken | None:
    """One word of a value, cleaned of quotes and punctuation; None if it can be none."""
    text = plain(word.text)
    whole = Span(word.start, end_of(word))
    if _accepts(domain, text):
        return _beginning(flag, word, len(text))
    inner = _inside(text)
    if inner and _accepts(domain, inner):
        return Taken([inner], whole, [spelling.quoted(flag, word, inner)])
    tail = (TRAILING if isinstance(domain, References) else TAIL).search(text)
    if tail and _accepts(domain, text[: tail.start()]):
        return _beginning(flag, word, tail.start())
    items = [item for item in _COMMA.split(text) if item]
    if isinstance(domain, References) and domain.most > 1 and all(map(domain.accepts, items)):
        found = spelling.with_commas(flag, word, " ".join(items))
        return Taken(items, whole, [found]) if items else None
    cut = _COMMA.search(text)
    numeric = isinstance(domain, Number) or (isinstance(domain, Choice) and domain.numeric)
    if cut and not numeric and _accepts(domain, text[: cut.start()]):
        return _beginning(flag, word, cut.start())
    return None


def _inside(text: str) -> str:
    """A value without the quotes or brackets around it; nothing where there are none."""
    if text[:1] in _QUOTES and text[-1:] in _QUOTES:
        # Quotes are paired in other ways in each language, and by programs that guess.
        return text.strip(_QUOTES)
    return text[1:-1] if text[1:].endswith(PAIRS.get(text[:1], " ")) else ""


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
        if domain.optional and not _NUMBERED.match(text):
            return False
        return _VERSION.fullmatch(text) is not None
    if isinstance(domain, Choice) and not domain.numeric:
        return _STYLE.fullmatch(text) is not None
    try:
        domain.read(text)
    except ValueError:
        return False
    return True


def phrase(flag: Flag, words: list[Word]) -> Word:
    """The first word, or with a bracket or quote all words up to its partner: ``[image URL]``."""
    first = words[0]
    closer = PAIRS.get(first.text[:1])
    if closer is None or closer in first.text[1:]:
        return first
    for word in words[1:_LONGEST_PHRASE]:
        at = word.text.find(closer)
        if at >= 0:
            return first._replace(text=flag.raw[first.start : word.start + at + 1])
    return first


def end_of(word: Word) -> int:
    """Where a word ends, from the parameter's dashes."""
    return word.start + len(word.text)
