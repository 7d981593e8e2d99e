"""One thing that has to change in a job, and how parameters in texts are edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Edit, Severity
from mjspec.source import Location, Span

if TYPE_CHECKING:
    from mjspec.language.settings import Setting
    from mjspec.source import Excerpt

__all__ = ["TEXTS", "Remedy", "inserted", "refusal", "removed", "replaced", "shown", "told"]

TEXTS = ("prompt", "extra")
"""Kinds of settings that are written as parameters."""


class Remedy(NamedTuple):
    """What mends one thing.

    Attributes:
        edits: The changes, all or none; nothing where the thing cannot be mended.
        safe: Whether the job means the same afterwards, as far as two versions can.
        does: What the changes do, as a command: ``remove `--stop 50```.
        keys: The settings that may be others afterwards.
        reason: What is wrong without it; None where it may be left undone.
        words: Whether weights of the text go.
    """

    edits: tuple[Edit, ...]
    safe: bool = True
    does: str = ""
    keys: frozenset[str] = frozenset()
    reason: Diagnostic | None = None
    words: bool = False
    needed: bool = True
    "Whether the job depends on it; an overridden default is only changed where nobody minds."


def told(remedy: Remedy) -> Diagnostic | None:
    """The reason why a job is left as it is, with what would be done about it."""
    reason = remedy.reason
    if reason is None:
        return None
    way = f"with --unsafe-fixes: {remedy.does}" if remedy.edits and remedy.does else None
    text = "; ".join(filter(None, (reason.help, way)))
    return reason._replace(fix=None, severity=Severity.ERROR, help=text or None)


def refusal(message: str, place: Location, help_text: str | None = None) -> Diagnostic:
    """A reason that no rule about prompts gives."""
    rule = rules.UNSUPPORTED_IN_VERSION
    return Diagnostic(rule, Severity.ERROR, message, place, help=help_text)


def replaced(excerpt: Excerpt, span: Span, text: str) -> tuple[Edit, ...]:
    """Other characters in a range; none where it does not stand there as it is."""
    place = excerpt.verbatim(span)
    return (Edit(place, text),) if place else ()


def removed(excerpt: Excerpt, span: Span) -> tuple[Edit, ...]:
    """A parameter without the white space that set it off, if that can be edited."""
    text = excerpt.text
    before = len(text[: span.start].rstrip(" \t"))
    wide = Span(before, span.end)
    if before == 0:
        wide = Span(span.start, len(text) - len(text[span.end :].lstrip(" \t")))
    line = _line_of(excerpt, span)
    if line is not None:
        return (Edit(line, ""),)
    place = excerpt.verbatim(wide)
    if place is None or place.text != text[wide.start : wide.end]:
        return replaced(excerpt, span, "")
    return (Edit(place, ""),)


def _line_of(excerpt: Excerpt, span: Span) -> Location | None:
    """The line of a parameter that has one to itself, from the end of what stands before it."""
    place = excerpt.verbatim(span)
    last = len(excerpt.text[: span.start].rstrip())
    if place is None or last == 0:
        return None
    before = excerpt.locate(Span(last - 1, last))
    text, start = place.source.text, before.span.end
    gap = text[start : place.span.start]
    if before.source is not place.source or not gap.isspace() or "\n" not in gap:
        return None
    if text[place.span.end :].partition("\n")[0].strip():
        return None
    return Location(place.source, Span(start, place.span.end))


def inserted(excerpt: Excerpt, offset: int, text: str) -> tuple[Edit, ...]:
    """A text with a space on either side before an offset, or behind what ends there."""
    at_end = not excerpt.text[offset:].strip()
    near = Span(offset - 1, offset) if at_end and offset else Span(offset, offset + 1)
    if near.end > len(excerpt.text):
        return ()
    # Beside an escape is a place, too.
    place = excerpt.locate(near)
    if at_end and offset:
        return (Edit(Location(place.source, Span(place.span.end, place.span.end)), f" {text}"),)
    start = place.span.start
    space = "" if offset == 0 or excerpt.text[offset - 1].isspace() else " "
    return (Edit(Location(place.source, Span(start, start)), f"{space}{text} "),)


def shown(setting: Setting) -> str:
    """A setting as it is typed."""
    origin = setting.origin
    if origin.kind not in TEXTS:
        return f"{origin.label}: {origin.typed}"
    typed = origin.typed if origin.value_span != origin.name_span else ""
    return f"{origin.label} {typed}".strip()
