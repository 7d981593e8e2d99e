"""File names that every file system takes and that lead nowhere outside the output folder."""

from __future__ import annotations

import re
import unicodedata
from string import Formatter
from typing import TYPE_CHECKING

from mjspec.diagnostics import MjspecError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DEFAULT_TEMPLATE", "TemplateError", "check_template", "safe_name", "stem_key", "stems"]

DEFAULT_TEMPLATE = "{id}-{index}"
TEMPLATE_FIELDS = ("id", "index", "copy", "fingerprint", "prompt", "task_id")

# A name may have 255 bytes nearly everywhere. What is left over is for the ending, for the number
# that tells two equal names apart, and for the temporary name's own ending.
_LONGEST_STEM = 200
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+')
_RESERVED = frozenset(
    (
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{device}{n}" for device in ("com", "lpt") for n in "0123456789¹²³"),
    )
)


class TemplateError(MjspecError):
    """A template for file names cannot be used."""


def check_template(template: str) -> str:
    """The template itself; raises if it asks for something that is not there."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise TemplateError(f"the file name template {template!r} is broken: {error}") from None
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in TEMPLATE_FIELDS or spec or conversion:
            allowed = ", ".join(f"{{{field}}}" for field in TEMPLATE_FIELDS)
            raise TemplateError(
                f"the file name template {template!r} asks for {{{name}}}; there is {allowed}"
            )
    if not any(name for _, name, _, _ in parts):
        raise TemplateError(f"the file name template {template!r} gives every image one name")
    return template


def safe_name(text: str, longest: int = _LONGEST_STEM) -> str:
    """A text as one part of a path: no separators, no reserved names, not too many bytes."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text))
    text = re.sub(r"\s+", " ", text).strip(" .")
    # Windows looks at what stands before the first full stop.
    if text.split(".")[0].strip().casefold() in _RESERVED:
        text = f"_{text}"
    if text.startswith(("-", "~")):
        text = f"_{text[1:]}"
    cut = text.encode("utf-8")[:longest].decode("utf-8", "ignore").rstrip(" .")
    return cut or "_"


def stem_key(stem: str) -> str:
    """What two names must differ in to be two files on every file system."""
    return unicodedata.normalize("NFKC", stem).casefold()


def stems(template: str, values: dict[str, str], fingerprint: str) -> Iterator[str]:
    """File names without ending for an image, the first choice first, without end.

    Slashes of the template make folders; slashes in values do not.
    """
    parts = [
        safe_name(part.format_map({name: _field(value) for name, value in values.items()}))
        for part in template.split("/")
        if part.strip(" .")
    ]
    first = "/".join(parts)
    yield first
    piece = fingerprint.rpartition(":")[2][:8]
    yield f"{first}-{piece}"
    number = 2
    while True:
        yield f"{first}-{piece}-{number}"
        number += 1


def _field(value: str) -> str:
    # A long value is cut by itself, so that the image's number behind it is kept.
    return safe_name(value, 160)
