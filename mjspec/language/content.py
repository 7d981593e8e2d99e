"""What stands before the parameters, in canonical form: image links, then text with its weights."""

from __future__ import annotations

from dataclasses import dataclass
from string import whitespace
from typing import TYPE_CHECKING

from mjspec.domains import number_text
from mjspec.language.prompt import UNSEEN, Image, Weight

if TYPE_CHECKING:
    from mjspec.language.prompt import Prompt

__all__ = ["Content", "content_of"]

_SPACES = "\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_NOTHING = f"{whitespace}{_SPACES}{UNSEEN}"


@dataclass(frozen=True, slots=True)
class Content:
    """Links and text of a prompt.

    Attributes:
        images: Image links without weight, each once, in the order typed.
        weighted: Image links with their weights, as written into a prompt.
        text: The words with single spaces, weights touching the text before them.
    """

    images: tuple[str, ...]
    weighted: tuple[str, ...]
    text: str

    @property
    def prompt(self) -> str:
        """What only the field ``prompt`` can carry."""
        if not self.weighted:
            return self.text
        return " ".join([*self.weighted, *([self.text] if self.text else [])])


def content_of(prompt: Prompt) -> Content:
    """The canonical links and text of a prompt; links move to the front."""
    images: list[str] = []
    weighted: list[str] = []
    text = ""
    parts = prompt.parts
    for index, part in enumerate(parts):
        after = parts[index + 1] if index + 1 < len(parts) else None
        before = parts[index - 1] if index else None
        if isinstance(part, Image):
            if isinstance(after, Weight):
                weighted.append(f"{part.url}::{_weight(after)}")
            elif part.url not in images:
                images.append(part.url)
            # Words on both sides of a link stay two words.
            text += " "
        elif isinstance(part, Weight):
            if not isinstance(before, Image):
                text = f"{text.rstrip()}::{_weight(part)} "
        else:
            text += part.raw
    # What looks like nothing says nothing at the ends.
    words = text if text.isascii() else text.strip(_NOTHING)
    return Content(tuple(images), tuple(weighted), " ".join(words.split()))


def _weight(weight: Weight) -> str:
    return number_text(weight.value) if len(weight.raw) > len("::") else ""
