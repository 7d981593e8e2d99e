"""The reference as Markdown: the pages of parameters, fields and versions, from the table alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from mjspec.parameters import BY_KEY, PARAMETERS
from mjspec.reference import ABSENT, entry, mark, stretches
from mjspec.versions import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.parameters import Parameter
    from mjspec.versions import Version

__all__ = ["parameter_page", "version_page"]


@cache
def parameter_page(parameter: Parameter) -> str:
    """What `mjspec params` says of a parameter."""
    return "\n".join(_page(parameter))


def _page(parameter: Parameter) -> Iterator[str]:
    facts = entry(parameter)
    yield f"**`--{parameter.flag}`** {parameter.summary}"
    yield ""
    others = ", ".join(f"`{spelling}`" for spelling in facts["spellings"][1:])
    field = facts["field"]
    rows = {
        "also": others,
        "field": f"`{field}`" if field else "" if parameter.dead else "none; `extra` carries it",
        "values": facts["values"],
        "default": facts["default"],
        "needs": _code(facts["needs"]),
        "excludes": ", ".join(map(_code, facts["excludes"])),
        "note": facts["note"],
        "now": facts["replaced_by"],
        "was in": facts["was_in"],
        "sources": "; ".join(facts["sources"]),
    }
    yield from (f"- {label}: {text}" for label, text in rows.items() if text)
    yield from _versions(parameter)


def _code(text: str | None) -> str:
    return f"`{text}`" if text and text.startswith("--") else text or ""


def _versions(parameter: Parameter) -> Iterator[str]:
    rows = stretches(parameter)
    if len(rows) < 2:  # noqa: PLR2004 (where all versions agree, the values above say it)
        return
    yield ""
    yield "| versions | values |"
    yield "| --- | --- |"
    for row in rows:
        doubt = f"; less certain: {row.advice}" if row.advice else ""
        yield f"| {describe(row.versions)} | {row.values or 'not available'}{doubt} |"


@cache
def version_page(version: Version) -> str:
    """When a version came, whether the provider vouches for it, and what it does not have."""
    lines = [f"**`{version.flag}`** released {version.released}", ""]
    verified = "yes" if version.verified else "no; it may not work"
    lines.append(f"- verified by the provider: {verified}")
    if version.note:
        lines.append(f"- note: {version.note}")
    absent = [
        f"`--{parameter.flag}`"
        for parameter in PARAMETERS
        if not parameter.dead
        and parameter not in (BY_KEY["version"], BY_KEY["niji"])
        and mark(parameter, version) == ABSENT
    ]
    if absent:
        lines.append(f"- not in it: {', '.join(absent)}")
    return "\n".join(lines)
