"""What a run of lint remembers of the prompts that it has looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mjspec.jobs.seen import Seen
from mjspec.language.wording import OPENERS
from mjspec.linting.heads import cut, cut_closely, has_images, read_head
from mjspec.linting.recall import Tails
from mjspec.linting.wholes import Wholes

if TYPE_CHECKING:
    from mjspec.jobs.pipeline import Options
    from mjspec.linting.heads import Head
    from mjspec.linting.tails import Meaning, Tail

__all__ = ["Halves", "Known", "Memory"]


class Halves(NamedTuple):
    """A prompt of which everything is known.

    Attributes:
        at: Where its parameters begin.
        head: What is known of the words before them.
        tail: What is known of them.
    """

    at: int
    head: Head
    tail: Tail


class Memory:
    """What is remembered of prompts that one set of options holds for.

    Attributes:
        options: The options.
        wholes: Prompts that do not fall apart.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.wholes = Wholes()
        self._tails = Tails()
        self._behind_images = Tails()

    def halves(self, text: str) -> Halves | None:
        """What is known of a prompt; None if it must be looked at."""
        at = cut(text)
        tail = self._tails.known(text[at:]) if at >= 0 else None
        if tail is None:
            at = cut_closely(text)
            tail = self._tails_behind(text[:at]).known(text[at:]) if at >= 0 else None
        if tail is None or (tail.marks and not _follows(tail, text, at)):
            return None
        head = read_head(text[:at], tail.model)
        return None if head is None else Halves(at, head, tail)

    def learn(self, text: str, at: int, tail: Tail, meaning: Meaning) -> None:
        """Take in what an examination has shown.

        Args:
            text: A prompt.
            at: Where its parameters begin.
            tail: What was found in them.
            meaning: What they mean.
        """
        # Dashes may have turned out to be text.
        if at in (cut(text), cut_closely(text)) and _follows(tail, text, at):
            self._tails_behind(text[:at]).learn(text[at:], tail, meaning)

    def _tails_behind(self, head: str) -> Tails:
        """Some parameters need an image before the words."""
        return self._behind_images if has_images(head) else self._tails


def _follows(tail: Tail, text: str, at: int) -> bool:
    """Whether what is known of parameters holds behind these words: most do not look at them."""
    if tail.reaches_back and (text[at - 1] != " " or text[at - 2 : at - 1].isspace()):
        return False
    return text[0] not in OPENERS or not tail.looks_back


class Known:
    """What a run remembers from input to input.

    Attributes:
        seen: The jobs.
    """

    def __init__(self) -> None:
        self.seen = Seen()
        self._memories: list[Memory] = []

    def memory(self, options: Options) -> Memory:
        """What was met so far under these options."""
        for memory in self._memories:
            if memory.options is options or memory.options == options:
                return memory
        self._memories.append(Memory(options))
        return self._memories[-1]
