"""A template for file names: ``{id}/{animal}-{index:02}``, checked before anything is sent."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

from mjspec.diagnostics import MjspecError
from mjspec.dispatch.files import safe_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

__all__ = [
    "DEFAULT_TEMPLATE",
    "NO_VALUE",
    "TEMPLATE_FIELDS",
    "TemplateError",
    "check_fields",
    "check_template",
    "fields_of",
    "stems",
]

DEFAULT_TEMPLATE = "{id}-{index}"
TEMPLATE_FIELDS = ("id", "index", "copy", "seed", "version", "fingerprint", "task_id", "prompt")
"""The fields that every job has; what a matrix or a table sets comes on top."""
NO_VALUE = "none"
"""What stands where a job has no value for a field, as in the ids of a matrix."""

_MOST_FOLDERS = 8
_DIGITS = re.compile(r"0[1-9]")
_NUMBERS = ("index", "copy")


class TemplateError(MjspecError):
    """A template for file names cannot be used."""


class _Part(NamedTuple):
    """Text, and behind it a field or nothing."""

    text: str
    name: str | None
    digits: int


def check_template(template: str) -> str:
    """The template itself.

    Raises:
        TemplateError: It is broken, gives every image one name, or leads out of the folder.
    """
    if not fields_of(template):
        raise TemplateError(f"the file name template {template!r} gives every image one name")
    folders = template.split("/")
    if "\\" in template:
        raise TemplateError(f"the file name template {template!r}: folders end with a `/`")
    if any(not folder.strip(" .") for folder in folders):
        raise TemplateError(
            f"the file name template {template!r} has a folder without a name;"
            " it starts in the output folder and stays there"
        )
    if len(folders) > _MOST_FOLDERS + 1:
        raise TemplateError(
            f"the file name template {template!r} has {len(folders) - 1} folders;"
            f" at most {_MOST_FOLDERS} are allowed"
        )
    return template


def check_fields(template: str, more: Collection[str], note: str = "") -> None:
    """Raises `TemplateError` if a template asks for something that no job has.

    Args:
        template: One that `check_template` accepts.
        more: Fields beside `TEMPLATE_FIELDS`.
        note: What a person should know about where the template comes from.
    """
    names = dict.fromkeys((*TEMPLATE_FIELDS, *sorted(more)))
    for name in fields_of(template):
        if name in names:
            continue
        close = get_close_matches(name, names, n=1)
        hint = f" Did you mean {{{close[0]}}}?" if close else ""
        allowed = ", ".join(f"{{{field}}}" for field in names)
        raise TemplateError(
            f"the file name template {template!r} asks for {{{name}}}; there is {allowed}.{hint}{note}"
        )


def fields_of(template: str) -> frozenset[str]:
    """The names of the fields that a template asks for."""
    return frozenset(
        part.name for folder in template.split("/") for part in _parsed(folder) if part.name
    )


def stems(template: str, values: Mapping[str, str], fingerprint: str) -> Iterator[str]:
    """File names without ending for an image, the first choice first, without end.

    Slashes of the template make folders; slashes in values do not.
    """
    first = "/".join(safe_name(_filled(folder, values)) for folder in template.split("/"))
    yield first
    piece = fingerprint.rpartition(":")[2][:8]
    yield f"{first}-{piece}"
    number = 2
    while True:
        yield f"{first}-{piece}-{number}"
        number += 1


def _filled(folder: str, values: Mapping[str, str]) -> str:
    text = ""
    for part in _parsed(folder):
        text += part.text
        if part.name is not None:
            # A long value is cut by itself, so that the image's number behind it is kept.
            value = safe_name(values.get(part.name) or NO_VALUE, 160)
            text += value.zfill(part.digits)
    return text


@lru_cache(maxsize=64)
def _parsed(text: str) -> tuple[_Part, ...]:
    try:
        found = tuple(Formatter().parse(text))
    except ValueError as error:
        raise TemplateError(f"the file name template {text!r} is broken: {error}") from None
    return tuple(_part(text, *one) for one in found)


def _part(
    template: str, text: str, name: str | None, form: str | None, conversion: str | None
) -> _Part:
    if name is None:
        return _Part(text, None, 0)
    digits = form and name in _NUMBERS and _DIGITS.fullmatch(form)
    if not name or conversion or (form and not digits):
        raise TemplateError(
            f"the file name template {template!r}: a field is `{{id}}`; `{{index:03}}` and"
            " `{copy:02}` may say with how many digits"
        )
    return _Part(text, name, int(form) if digits and form else 0)
