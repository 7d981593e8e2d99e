"""Names that belonged to an older Midjourney, alone or, as a size in pixels, in pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mjspec import rules
from mjspec.diagnostics import Change, Diagnostic, Finding, Severity
from mjspec.domains import reduce_ratio
from mjspec.parameters import BY_KEY
from mjspec.source import Span
from mjspec.versions import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.jobs.checks import Checked
    from mjspec.language.resolve import Use
    from mjspec.versions import Version

__all__ = ["obsolete"]


def obsolete(job: Checked) -> Iterator[Diagnostic]:
    """Names of older Midjourneys; an error where the model refuses them."""
    sizes = job.resolved.sizes
    if sizes:
        yield _size(job, sizes[0], sizes[1]).at(job.prompt)
    for use in job.resolved.uses:
        parameter = use.reading.parameter
        if parameter is None or not parameter.dead or use in sizes:
            continue
        was = f"; it was in {describe(parameter.was)}" if parameter.was else ""
        removable = parameter.replacement == "leave it out"
        yield Finding(
            rules.OBSOLETE_PARAMETER,
            use.span,
            f"`{use.reading.label}` is no longer a parameter{was}: {parameter.replacement}",
            severity=_refused(job, parameter.was),
            help=parameter.summary,
            fix="remove it" if removable else None,
            changes=(_without(job, use.span),) if removable else (),
        ).at(job.prompt)


def _refused(job: Checked, was: frozenset[Version]) -> Severity:
    """A warning where the named version knew the parameter."""
    known = job.model.named and job.model.rules in was
    return Severity.WARNING if known else Severity.ERROR


def _size(job: Checked, first: Use, second: Use) -> Finding:
    """``--w 512 --h 768`` was a size; today ``--w`` alone sets how weird an image is."""
    text = job.prompt.text
    typed = [text[use.span.start : use.span.end] for use in (first, second)]
    was = BY_KEY["height"].was
    message = f"`{typed[0]}` and `{typed[1]}` were a size in pixels in versions {describe(was)}"
    ratio = "" if "size" in job.settings else _ratio(first, second, text)
    return Finding(
        rules.OBSOLETE_PARAMETER,
        first.span,
        f"{message}; write the ratio{f' `{ratio}`' if ratio else ', `--ar`'}",
        severity=_refused(job, was),
        note=f"`{typed[1]}` stands here",
        note_span=second.span,
        fix=f"write `{ratio}`" if ratio else "remove both",
        changes=(
            Change(first.span, ratio) if ratio else _without(job, first.span),
            _without(job, second.span),
        ),
        safety="unsafe",
    )


def _without(job: Checked, span: Span) -> Change:
    """Take a parameter out, with the white space before it."""
    return Change(Span(len(job.prompt.text[: span.start].rstrip()), span.end), "")


def _ratio(first: Use, second: Use, text: str) -> str:
    """The ratio of a size; nothing where it is none."""
    sides = {use.key: text[use.value_span.start : use.value_span.end] for use in (first, second)}
    height = sides.pop("height")
    (width,) = sides.values()
    if not (width.isdigit() and height.isdigit() and int(width) and int(height)):
        return ""
    wide, high = reduce_ratio(f"{width}:{height}")
    return f"--ar {wide}:{high}"
