"""A part of a file: its text, and where another process can read it."""

from __future__ import annotations

from os import fstat
from typing import TYPE_CHECKING, NamedTuple

from mjspec.files import read_up_to, state_of

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.files import State
    from mjspec.source import Source

__all__ = ["Part", "Stretch"]


class Stretch(NamedTuple):
    """Where a part stands in its file, so that another process can read it.

    Attributes:
        path: The file.
        state: Which file it was when it was cut.
        start: The offset of the first byte.
        size: How many bytes there are.
    """

    path: Path
    state: State
    start: int
    size: int

    def text(self) -> str | None:
        """The text; None if the file is not what it was, or cannot be read again."""
        try:
            # Opening what stands there now may already do something.
            if state_of(self.path.stat()) != self.state:
                return None
            with self.path.open("rb", buffering=0) as file:
                file.seek(self.start)
                data = read_up_to(file, self.size)
                same = state_of(fstat(file.fileno())) == self.state
            return data.decode() if same else None
        except (OSError, UnicodeDecodeError):
            return None


class Part(NamedTuple):
    """Some whole lines of a file.

    Attributes:
        source: Their text.
        last: Whether no other part follows.
        stretch: Where they stand in the file; None if it is read only once, or they are few.
    """

    source: Source
    last: bool
    stretch: Stretch | None
