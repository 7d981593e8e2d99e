"""The prompts of a source with their safe fixes, and nothing else in it changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mjspec.formatting.forms import form_of
from mjspec.formatting.intact import holding, intact, sendable, strayed, with_source, with_text
from mjspec.formatting.manuscript import read_manuscript
from mjspec.formatting.recurring import probes_of, rewritten
from mjspec.formatting.sameness import same_prompt
from mjspec.jobs.pipeline import Findings, streamed_jobs
from mjspec.linting.fixes import fix_text
from mjspec.linting.judge import Judge
from mjspec.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from mjspec.config import Config
    from mjspec.diagnostics import Diagnostic
    from mjspec.formatting.manuscript import Manuscript
    from mjspec.jobs.job import Job
    from mjspec.jobs.pipeline import Options
    from mjspec.reading.inputs import Input

__all__ = ["mended"]


def mended(
    source: Input, old: Manuscript, wanted: Sequence[int], options: Options, config: Config
) -> Manuscript:
    """The prompts with their safe fixes, where those change nothing that could be sent before.

    Args:
        source: The source.
        old: Its prompts.
        wanted: Which of them are looked at.
        options: What holds for its jobs.
        config: Which findings are reported: what is ignored is not fixed.
    """
    mender = _Mender(source, options, config)
    if source.kind == "prompt":
        return mender.mended(old, wanted)
    written = mender.probed(old, wanted)
    if source.lines() is None:
        # What the words of a probe cannot show is looked for in the whole text.
        written |= mender.probed(old, [i for i in wanted if i not in written], whole=True)
    new = mender.replaced(old, written)
    if new is None:
        return mender.mended(old, wanted)
    return mender.mended(new, [index for index in wanted if index not in written])


class _Mender:
    """Mends some prompts of a source."""

    def __init__(self, source: Input, options: Options, config: Config) -> None:
        self._source = source
        self._options = options
        self._config = config

    def probed(
        self, old: Manuscript, wanted: Sequence[int], *, whole: bool = False
    ) -> dict[int, str]:
        """The prompts with the safe fixes of their probes, where these tell."""
        probes = probes_of(old, wanted, whole=whole)
        if not probes:
            return {}
        after = self._fixed_lines(list(probes))
        written = rewritten(old, probes, after)
        if self._source.lines() is None:
            # A field may replace what is wrong with a probe, so that the job can be sent.
            others = [probes[a] for a, b in after.items() if not same_prompt(a, b)]
            doubted = {index for indexes in others for index in indexes} & written.keys()
            for index in sendable(self._source, old, doubted, self._options):
                written[index] = old.places[index].written
        return written

    def _fixed_lines(self, lines: list[str]) -> dict[str, str]:
        """What becomes of prompts that stand for themselves."""
        text = Source(self._source.source.name, "\n".join(lines))
        source = replace(with_source(self._source, text), kind=".mj")
        old = read_manuscript(source)
        new = _Mender(source, self._options, self._config).mended(old, range(len(lines)))
        return {one.text: other.text for one, other in zip(old.places, new.places, strict=True)}

    def replaced(self, old: Manuscript, written: dict[int, str]) -> Manuscript | None:
        """The prompts with some of them written anew; None if anything else changes by that."""
        text = old.replaced(written)
        if text == old.text:
            return old
        new = self._read(text)
        return new if intact(old, new) else None

    def mended(self, old: Manuscript, wanted: Sequence[int]) -> Manuscript:
        """The prompts with the safe fixes of some, where what could be sent stays the same."""
        new = self._fixed(old, wanted)
        others = strayed(self._source, old, new, self._options) if new is not old else ()
        if not others:
            return new
        again = self._read(old.without(new, others))
        return again if intact(old, again) else old

    def _fixed(self, old: Manuscript, edited: Sequence[int]) -> Manuscript:
        """The prompts with the safe fixes of some, but for those that change more than prompts."""
        edited = self._open(old, edited)
        if not edited:
            return old
        if self._source.lines() is None or len(edited) == len(old.places):
            new = self._checked(old, frozenset(edited))
        else:
            # Only these lines are read again.
            part = self._read(old.only(frozenset(edited)))
            some = self._checked(part, frozenset(range(len(part.places)))).places
            lost = len(some) != len(edited)
            written = {} if lost else dict(zip(edited, (one.written for one in some), strict=True))
            new = part if lost else self._read(old.replaced(written))
        if intact(old, new):
            return new
        if len(edited) == 1:
            return old
        half = len(edited) // 2
        return self._fixed(self._fixed(old, edited[:half]), edited[half:])

    def _open(self, held: Manuscript, indexes: Sequence[int]) -> Sequence[int]:
        """Those of some prompts that have something to be mended, in the order of the source."""
        left = [i for i in sorted(indexes) if form_of(held.places[i].text).mends]
        if self._source.lines() is not None or not left:
            return left
        # Between the quotes of a field many fixes cannot be made; to read it again takes longest.
        found = self._found(held, frozenset(left))
        return sorted({held.at(one.location.span.start) for one in found})

    def _checked(self, old: Manuscript, wanted: Collection[int]) -> Manuscript:
        """The prompts with the safe fixes of some, round after round."""

        def check(text: Source) -> list[Diagnostic]:
            held = read_manuscript(with_source(self._source, text))
            places = enumerate(held.places)
            left = [i for i, place in places if i in wanted and form_of(place.text).mends]
            return self._found(held, left) if left else []

        text = fix_text(old.source, check).text
        return old if text == old.text else self._read(text)

    def _read(self, text: str) -> Manuscript:
        return read_manuscript(with_text(self._source, text))

    def _found(self, held: Manuscript, wanted: Collection[int]) -> list[Diagnostic]:
        """What is found in some prompts and has a safe fix there."""
        source = with_source(self._source, held.source)
        findings = Findings()
        for _ in streamed_jobs(source, self._options, findings, _jobs(source, held, wanted)):
            pass
        judge = Judge(held.source, source.kind, self._config)
        return [one for one in judge.judged(findings.take()) if _fixes_prompt(one, held, wanted)]


def _jobs(source: Input, held: Manuscript, wanted: Collection[int]) -> Iterator[Job]:
    """The jobs whose text comes from some prompts."""
    if source.lines() is None:
        return (job for job in source.jobs() if not holding(job, held).isdisjoint(wanted))
    places = (held.places[index] for index in sorted(wanted) if index < len(held.places))
    return source.line_jobs((place.start, place.text) for place in places)


def _fixes_prompt(diagnostic: Diagnostic, held: Manuscript, wanted: Collection[int]) -> bool:
    """Whether a finding has a safe fix in one of some prompts; a fix elsewhere is lint's."""
    if diagnostic.fix is None or diagnostic.fix.safety != "safe":
        return False
    if held.at(diagnostic.location.span.start) not in wanted:
        return False
    for edit in diagnostic.fix.edits:
        start, end = edit.location.span
        index = held.at(start)
        if edit.location.source is not held.source or index < 0:
            return False
        place = held.places[index]
        if end > place.end or place.touches_braces(start, end):
            return False
        if "," in edit.replacement and "," in place.ends:
            return False
    return True
