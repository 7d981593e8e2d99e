"""The canonical form of one prompt: links, text with single spaces, parameters in the table's order.

It comes as steps from the text as typed. Each step alone keeps what the prompt means, so that steps
whose characters cannot be edited where they stand may be left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from mjspec.diagnostics import Change
from mjspec.domains import number_text
from mjspec.formatting.arrangement import Slot, arranged
from mjspec.formatting.sameness import same_prompt
from mjspec.language.content import content_of
from mjspec.language.parser import parse
from mjspec.language.prompt import Image, Text, Weight
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mjspec.language.prompt import Part, Prompt

__all__ = ["LONGEST", "Step", "changed", "formatting_steps", "shortest"]

Step = tuple[Change, ...]
"""Changes that only make sense together."""

LONGEST = 60_000
"""Ten times what Midjourney takes: such a prompt is not looked into."""

# White space that is more than one space, or stands where there may have to be none.
_WHITE = re.compile(r"\s++(?=\Z|::)|\s{2,}+|[^\S ]|\A ")


def formatting_steps(
    text: str, breaks: Sequence[int] = (), *, join: bool = True
) -> tuple[Step, ...]:
    """What has to change in a prompt for its canonical form; nothing where that is not certain.

    Args:
        text: The prompt.
        breaks: Offsets of white space that has to stay as it is, in order: ends of lines. Links and
            words then stay in their lines, and parameters trade places.
        join: Whether several ``--no`` become one.
    """
    if len(text) > LONGEST:
        return ()
    steps = _steps(text, breaks, join=join)
    if not steps:
        return ()
    new = changed(text, steps)
    settled = bool(breaks) or not _steps(new, (), join=join)
    return tuple(steps) if settled and same_prompt(text, new) else ()


def changed(text: str, steps: Iterable[Step]) -> str:
    """The text after some steps."""
    pieces: list[str] = []
    at = 0
    for (start, end), replacement in sorted(change for step in steps for change in step):
        pieces += [text[at:start], replacement]
        at = end
    return "".join([*pieces, text[at:]])


def _steps(text: str, breaks: Sequence[int], *, join: bool) -> list[Step]:
    layout = _Layout(text, breaks)
    first = layout.prompt.flags[0][0] if layout.prompt.flags else len(text)
    head = layout.head(first)
    if not layout.prompt.flags:
        return head
    glued = first > 0 and not text[first - 1].isspace()
    return [*head, *layout.parameters(glued=glued, join=join)]


class _Layout:
    """A prompt with its lines."""

    def __init__(self, text: str, breaks: Sequence[int]) -> None:
        self.text = text
        self.breaks = breaks
        self.prompt: Prompt = parse(text)
        self.plain = _without_groups(text, self.prompt) if self.prompt.groups else text

    def broken(self, start: int, end: int) -> bool:
        """Whether a line ends in a range."""
        at = bisect_left(self.breaks, start)
        return at < len(self.breaks) and self.breaks[at] < end

    def runs(self, start: int, end: int) -> Iterator[Span]:
        """White space in a range, outside of permutations and variables."""
        return (Span(*match.span()) for match in _WHITE.finditer(self.plain, start, end))

    def blank(self, span: Span, wanted: str = " ") -> list[Step]:
        """White space as it should be: a line's end stays, with nothing before it."""
        start, end = span
        if self.broken(start, end):
            end, wanted = self.breaks[bisect_left(self.breaks, start)], ""
        if self.text[start:end] == wanted:
            return []
        return [(Change(Span(start, end), wanted),)]

    def head(self, first: int) -> list[Step]:
        """What stands before the parameters, which begin at ``first``."""
        steps: list[Step] = []
        parts = {part.span.start: part for part in self.prompt.parts}
        starts = sorted(parts)
        for run in self.runs(0, first):
            wanted = " "
            if run.start == 0 or run.end == len(self.text):
                wanted = ""
            elif isinstance(parts.get(run.end), Weight):
                # A weight behind a link, or a variable that may end in one, would weigh the link.
                holder = parts[starts[bisect_left(starts, run.end) - 1]]
                wanted = "" if isinstance(holder, Text) and run.start > holder.span.start else " "
            steps += self.blank(run, wanted)
        steps += self._weights(first)
        return self._with_links(steps, first)

    def _weights(self, first: int) -> list[Step]:
        steps: list[Step] = []
        for index, part in enumerate(self.prompt.parts):
            if not isinstance(part, Weight):
                continue
            written = f"::{number_text(part.value)}" if len(part.raw) > len("::") else part.raw
            following = self.prompt.parts[index + 1 : index + 2]
            if _touches(following, first) and not isinstance(following[0], Weight):
                written += " "
            if written != part.raw:
                steps.append((Change(part.span, written),))
        return steps

    def _with_links(self, steps: list[Step], first: int) -> list[Step]:
        """Links at the front, where all of them are in one line and none is still to come."""
        parts = self.prompt.parts
        if not any(isinstance(part, Image) for part in parts) or self.broken(0, first):
            return steps
        if any(start < first for start, _ in self.prompt.groups):
            return steps
        content = content_of(self.prompt)
        wanted = " ".join(word for word in (*content.images, content.prompt) if word)
        if changed(self.text, steps)[: len(wanted) + 1].rstrip() == wanted:
            return steps
        space = " " if first < len(self.text) and self.text[first - 1].isspace() else ""
        return [shortest(self.text, Span(0, first), wanted + space)]

    def parameters(self, *, glued: bool, join: bool) -> list[Step]:
        """The parameters in their order; ``glued`` says that the first touches what it follows."""
        bodies = [Span(start, start + len(flag.raw.rstrip())) for start, flag in self.prompt.flags]
        slots = [self._slot(index, body) for index, body in enumerate(bodies)]
        texts = arranged(slots, join=join)
        space = " " if glued else ""
        whole = Span(bodies[0].start, len(self.text))
        if not self.broken(*whole):
            written = space + " ".join(text for text in texts if text)
            return [shortest(self.text, whole, written)] if self._differs(whole, written) else []
        if any(
            not text and self.broken(one.end, other.start)
            for text, (one, other) in zip(texts[1:], pairwise(bodies), strict=True)
        ):
            # Without its parameter a line would be left empty.
            texts = arranged(slots, join=False)
        return self._over_lines(slots, bodies, [space + texts[0], *texts[1:]])

    def _over_lines(self, slots: list[Slot], bodies: list[Span], texts: list[str]) -> list[Step]:
        """Each parameter in a slot, the lines as they are."""
        changes = [Change(bodies[0], texts[0])]
        steps: list[Step] = []
        for (before, body), text in zip(pairwise(bodies), texts[1:], strict=True):
            gap = Span(before.end, body.start)
            if not text:
                changes.append(Change(Span(gap.start, body.end), ""))
            elif gap.start == gap.end:
                changes.append(Change(body, f" {text}"))
            else:
                changes.append(Change(body, text))
                steps += self.blank(gap)
        for slot, body in zip(slots, bodies, strict=True):
            if slot.torn:
                steps += [step for run in self.runs(*body) for step in self.blank(run)]
        steps += self.blank(Span(bodies[-1].end, len(self.text)), "")
        moved = tuple(
            change for change in changes if self._differs(*change) and not self.broken(*change.span)
        )
        return [*steps, moved] if moved else steps

    def _differs(self, span: Span, wanted: str) -> bool:
        return self.text[span.start : span.end] != wanted

    def _slot(self, index: int, body: Span) -> Slot:
        _, flag = self.prompt.flags[index]
        groups = tuple(
            self.text[start - (self.text[start - 1 : start] == "$") : start + len(group.raw)]
            for start, group in self.prompt.groups
            if body.start <= start < body.end
        )
        torn = self.broken(*body)
        if not groups:
            return Slot(flag, " ".join(flag.raw.split()), (), torn)
        runs = [(Change(run.shifted(-body.start), " "),) for run in self.runs(*body)]
        return Slot(flag, changed(self.text[body.start : body.end], runs), groups, torn)


def _without_groups(text: str, prompt: Prompt) -> str:
    """The text with a letter for each sign of a permutation."""
    pieces = []
    at = 0
    for start, group in prompt.groups:
        pieces += [text[at:start], "x" * len(group.raw)]
        at = start + len(group.raw)
    return "".join([*pieces, text[at:]])


def _touches(following: Sequence[Part], first: int) -> bool:
    """Whether a word or a link touches a weight; a permutation may hold its number."""
    if not following or following[0].span.start >= first:
        return False
    part = following[0]
    return isinstance(part, Image) or (isinstance(part, Text) and part.raw[0].isalnum())


def shortest(text: str, span: Span, replacement: str) -> Step:
    """One change without what is the same at its beginning and end."""
    start, end = span
    low = 0
    while low < len(replacement) and start < end and text[start] == replacement[low]:
        start, low = start + 1, low + 1
    high = len(replacement)
    while high > low and start < end and text[end - 1] == replacement[high - 1]:
        end, high = end - 1, high - 1
    return (Change(Span(start, end), replacement[low:high]),)
