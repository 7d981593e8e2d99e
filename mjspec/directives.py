"""Comments that hide findings, read: ``# mjspec: ignore[em-dash, MJ301] the customer's text``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Edit, Fix
from mjspec.selection import meant
from mjspec.source import Location, Span

if TYPE_CHECKING:
    from mjspec.source import Source

__all__ = ["INTENT", "MARK", "Directive", "Name", "invalid", "read_directives"]

MARK = "mjspec:"
"""What all of these comments have in common."""

INTENT = re.compile(r"#+[ \t]*mjspec:[ \t]*ignore")
"""What is meant for one of them, wherever it stands."""

_DIRECTIVE = re.compile(
    r"(?:(?<![^\s\ufeff])#+|<!--)[ \t]*mjspec:[ \t]*(?P<verb>[A-Za-z]\w*(?:-\w+)*)"
    r"(?:[ \t]*(?P<bracket>\[)(?P<names>[^\]\r\n]*)(?P<close>\])?)?"
)
_NAME = re.compile(r"[^\s,][^,]*")
_WORD = re.compile(r"[\w-]+")
_VERBS = ("ignore", "ignore-file")
_EXAMPLE = "`# mjspec: ignore[em-dash]`"


class Name(NamedTuple):
    """One name in the brackets: a rule's name or code, or a prefix of codes."""

    text: str
    span: Span
    rules: frozenset[str]


class Directive(NamedTuple):
    """One comment that hides findings."""

    span: Span
    removal: Span
    "What has to go with it, so that no trace remains."
    file: bool
    "Whether it speaks for the whole file."
    names: tuple[Name, ...]
    "None where it hides whatever is found."
    places: tuple[Span, ...]
    "Where every name stands, those of no rule too."


def read_directives(
    source: Source, comment: Span, removal: Span, found: list[Diagnostic], *, alone: bool = True
) -> list[Directive]:
    """The directives in one comment; one that cannot be used is told and left out.

    Args:
        source: The file.
        comment: The whole comment.
        removal: What is removed with it, for instance its line.
        found: Where findings go.
        alone: Whether it has its line for itself.
    """
    matches = list(_DIRECTIVE.finditer(source.text, *comment))
    result = []
    for index, match in enumerate(matches):
        last = index + 1 == len(matches)
        end = comment.end if last else matches[index + 1].start()
        text = source.text[match.start() : end].rstrip()
        span = Span(match.start(), match.start() + len(text))
        if len(matches) == 1 and span.start == comment.start:
            part = removal
        elif span.start == comment.start:
            part = Span(span.start, end)
        else:
            before = source.text[comment.start : span.start]
            part = Span(comment.start + len(before.rstrip()), span.end)
        directive = _directive(source, match, span, part, found)
        if directive is None:
            continue
        if directive.file and not alone:
            message = "`ignore-file` needs a line of its own; behind a value, write `ignore`"
            found.append(invalid(source, span, message))
        else:
            result.append(directive)
    return result


def _directive(
    source: Source, match: re.Match[str], span: Span, removal: Span, found: list[Diagnostic]
) -> Directive | None:
    verb = match["verb"]
    if verb not in _VERBS:
        _doubt(source, match, found)
        return None
    file = verb == "ignore-file"
    if not match["bracket"]:
        word = _WORD.search(source.text, match.end(), span.end)
        if file and not (word and meant(word[0])):
            return Directive(span, removal, file, (), ())
        message = f"`{verb}` names no rule in brackets, so it hides nothing"
        found.append(invalid(source, span, message, help_=f"write the rules behind it: {_EXAMPLE}"))
        return None
    if not match["close"]:
        found.append(invalid(source, span, "the bracket is never closed, so this hides nothing"))
        return None
    places = [Span(at.start(), at.start() + len(at[0].rstrip())) for at in _names(source, match)]
    names = [
        Name(source.text[p.start : p.end], p, meant(source.text[p.start : p.end])) for p in places
    ]
    if not names:
        message = "the brackets are empty, so this hides nothing"
        found.append(invalid(source, span, message, help_=f"name the rules: {_EXAMPLE}"))
        return None
    found += [_no_rule(source, name) for name in names if not name.rules]
    known = tuple(name for name in names if name.rules)
    return Directive(span, removal, file, known, tuple(places)) if known else None


def _names(source: Source, match: re.Match[str]) -> list[re.Match[str]]:
    return list(_NAME.finditer(source.text, *match.span("names")))


def _doubt(source: Source, match: re.Match[str], found: list[Diagnostic]) -> None:
    """A word that is no order but looks like one; other words are prose."""
    from difflib import get_close_matches

    span = Span(*match.span("verb"))
    close = get_close_matches(match["verb"].lower(), _VERBS, 1, 0.75)
    if close or match["bracket"]:
        meaning = f"did you mean `{close[0]}`?" if close else "there are `ignore` and `ignore-file`"
        message = f"`{match['verb']}` is nothing that a comment can ask for; {meaning}"
        found.append(invalid(source, span, message, close[0] if close else None))


def _no_rule(source: Source, name: Name) -> Diagnostic:
    from difflib import get_close_matches

    close = get_close_matches(name.text.lower(), list(rules.RULES), 1, 0.6)
    hint = f"; did you mean `{close[0]}`?" if close else "; `mjspec rule` lists all of them"
    message = f"`{name.text}` is no rule{hint}"
    return invalid(source, name.span, message, close[0] if close else None)


def invalid(
    source: Source,
    span: Span,
    message: str,
    replacement: str | None = None,
    help_: str | None = None,
) -> Diagnostic:
    """The finding about a comment that cannot hide what it is meant to hide."""
    rule = rules.INVALID_SUPPRESSION
    place = Location(source, span)
    fix = None
    if replacement is not None:
        fix = Fix(f"write `{replacement}`", "unsafe", (Edit(place, replacement),))
    return Diagnostic(rule, rule.severity, message, place, help=help_, fix=fix)
