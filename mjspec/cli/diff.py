"""What changes in a text, as ``diff -u`` shows it."""

from __future__ import annotations

from difflib import unified_diff

__all__ = ["unified"]

_UNENDED = "\n\\ No newline at end of file\n"


def unified(name: str, old: str, new: str) -> str:
    """The differing lines with those around them; empty for equal texts.

    Args:
        name: How the text is called.
        old: The text before.
        new: The text afterwards.
    """
    lines = unified_diff(_lines(old), _lines(new), name, name)
    return "".join(line if line.endswith("\n") else line + _UNENDED for line in lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends; only LF ends one, as for `diff` and `patch`."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
