"""The field ``extra``: appended as it is, read only to know what it sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Diagnostic, Note, Severity
from mjspec.language.content import content_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mjspec.language.resolve import Resolved
    from mjspec.language.settings import Setting, Settings

__all__ = ["Extra", "read_extra"]

_IGNORED = frozenset({rules.UNKNOWN_PARAMETER.name, rules.SPEED_IN_PROMPT.name})
"""The field is the way past the table, so that these say nothing about it."""


class Extra(NamedTuple):
    """What the field says.

    Attributes:
        values: What it sets, by key.
        rest: What else stands in it, with single spaces.
        found: What is wrong with it.
    """

    values: Mapping[str, Setting]
    rest: tuple[str, ...]
    found: tuple[Diagnostic, ...]


def read_extra(settings: Settings, resolve: Callable[[str], Resolved]) -> Extra:
    """What ``extra`` sets, what of it is unknown, and where it meddles with something else.

    Args:
        settings: The settings of a job.
        resolve: Reads the text as the end of a prompt.
    """
    setting = settings.get("extra")
    if setting is None or not isinstance(setting.value, str):
        return Extra({}, (), ())
    origin = setting.origin
    excerpt = origin.value.slice(*origin.value_span)
    resolved = resolve(excerpt.text)
    values = resolved.layer(excerpt, "extra").values
    found = [f.at(excerpt) for f in resolved.findings if f.rule.name not in _IGNORED]
    judged = set()
    for key, value in values.items():
        rival = settings.get(key) or _model_rival(settings, key)
        if rival is not None and value.origin.name_span not in judged:
            judged.add(value.origin.name_span)
            found.append(_conflict(value, rival))
    text = content_of(resolved.prompt).prompt
    return Extra(values, (*((text,) if text else ()), *resolved.kept), tuple(found))


def _model_rival(settings: Settings, key: str) -> Setting | None:
    """`--v` in extra and niji in a field are both a choice of model."""
    if key not in ("version", "niji"):
        return None
    return settings.get("niji" if key == "version" else "version")


def _conflict(value: Setting, rival: Setting) -> Diagnostic:
    label = value.origin.label
    return Diagnostic(
        rules.EXTRA_CONFLICT,
        Severity.ERROR,
        f"`{label}` in `extra` is set by `{rival.origin.label}` too; `extra` is appended as it is,"
        " so it would stand twice",
        value.origin.whole,
        notes=(Note(f"`{rival.origin.label}` is set here", rival.origin.name_location),),
    )
