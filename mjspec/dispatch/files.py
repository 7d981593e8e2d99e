"""File names that every file system takes and that lead nowhere outside the output folder."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["safe_name", "stem_key"]

# A name may have 255 bytes nearly everywhere. What is left over is for the ending, for the number
# that tells two equal names apart, and for the temporary name's own ending.
_LONGEST_STEM = 200
# Besides what Windows refuses: what nobody sees, and what some file systems leave out of a name.
_FORBIDDEN = re.compile(
    r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+'
)
_RESERVED = frozenset(
    (
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(f"{device}{n}" for device in ("com", "lpt") for n in "0123456789¹²³"),
    )
)


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
