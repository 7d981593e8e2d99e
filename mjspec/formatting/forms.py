"""The canonical form of a prompt without lines to keep, remembered by how its parameters are spelled.

Most prompts are words and parameters that can be told apart for sure (`heads.cut`). Words only lose
spaces, and equal parameters have equal forms, so these are worked out once. Parameters that are all
understood, each of them once, need no proof: each keeps its value, and their order says nothing.
Every other prompt goes the whole way of `formatting`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mjspec.formatting.arrangement import known, known_number, ordered
from mjspec.formatting.canonical import LONGEST, changed, formatting_steps
from mjspec.formatting.sameness import texts_of
from mjspec.language.parser import cut_plain, flag_of, parse
from mjspec.language.permutations import count
from mjspec.language.resolve import resolve
from mjspec.linting.heads import cut
from mjspec.linting.shapes import run_of

if TYPE_CHECKING:
    from mjspec.formatting.arrangement import Known
    from mjspec.language.prompt import Prompt

__all__ = ["Form", "form_of", "form_of_words", "parted", "worked_out"]

_MOST = 1 << 14
_LONGEST = 400
_WORD = "x "
_PROBE = "x  "
_LEFT_OUT = "leave it out"
"""What is said of obsolete parameters that nothing replaces; they are found with the version."""


class Form(NamedTuple):
    """How a prompt, or a run of parameters, is written.

    Attributes:
        text: The canonical form.
        mends: Whether that may still have something to be mended by a safe fix.
    """

    text: str
    mends: bool


_tails: dict[str, Form | None] = {"": Form("", mends=False)}


def form_of(text: str) -> Form:
    """The canonical form of a prompt."""
    at = parted(text)
    tail = _form_of_tail(text[at:]) if at >= 0 else None
    if tail is None:
        return worked_out(text)
    words = form_of_words(text[:at])
    if words.text[-1:] == " ":
        # They have no form of their own that is certain, and so nothing is.
        return worked_out(text)
    form = f"{words.text} {tail.text}" if tail.text else words.text
    return Form(form, words.mends or tail.mends)


def parted(text: str) -> int:
    """Where the parameters of a prompt begin, if words and parameters have a form of their own.

    It is the end of a prompt without parameters, and -1 where both have to be looked at together.
    """
    at = cut(text)
    if at < 0:
        at = min(cut(f"{text} "), len(text))
    return at if at == len(text) or (at > 0 and text[at - 1] == " ") else -1


def form_of_words(text: str) -> Form:
    """The form of the words before the parameters."""
    return worked_out(text) if "::" in text else Form(" ".join(text.split()), mends=False)


@lru_cache(maxsize=_MOST)
def worked_out(text: str) -> Form:
    """The canonical form of any prompt, with the proof that it means the same."""
    if len(text) > LONGEST:
        return Form(text, mends=False)
    new = changed(text, formatting_steps(text))
    return Form(new, _mends(new))


def _mends(text: str) -> bool:
    """Whether a prompt may have anything with a safe fix; all of these show in its text alone."""
    if "{" not in text:
        return _has_fix(parse(text))
    prompt = parse(text)
    texts = texts_of(prompt, text)
    # A variable may bring in anything.
    if "${" in text or count(prompt) > len(texts):
        return True
    return _has_fix(prompt) or any(_has_fix(parse(one)) for one in texts)


def _has_fix(prompt: Prompt) -> bool:
    resolved = resolve(prompt)
    gone = {use.reading.parameter.replacement for use in resolved.uses if use.reading.parameter}
    return _LEFT_OUT in gone or any(
        finding.changes and finding.safety == "safe" for finding in resolved.findings
    )


def _form_of_tail(spelled: str) -> Form | None:
    """The form of parameters behind words; None where it takes those, too."""
    if spelled in _tails:
        return _tails[spelled]
    form = _composed(spelled)
    if form is None:
        whole = worked_out(_PROBE + spelled)
        # Where the form is not certain, the words are left with their two spaces.
        if whole.text.startswith(_WORD) and not whole.text.startswith(_PROBE):
            form = Form(whole.text.removeprefix(_WORD), whole.mends)
    if len(spelled) <= _LONGEST:
        if len(_tails) >= _MOST:
            _tails.clear()
        _tails[spelled] = form
    return form


def _known(raw: str) -> Known:
    """What a parameter says; numbers recur so seldom that they are not read each time."""
    run = run_of(raw)
    value = run.values[0] if run else None
    if run is not None and type(value) is int:
        return known_number(run.parts[0].name, value)
    return known(flag_of(raw))


def _composed(spelled: str) -> Form | None:
    """The form of parameters that are all understood, each once; None if it takes more to know."""
    pieces = cut_plain(spelled)
    if not pieces or pieces[0]:
        return None
    raws = [f"--{piece}" for piece in pieces[1:]]
    parts = [_known(raw) for raw in raws]
    if not all(part.sure for part in parts) or not all(raw[-1] in " \t" for raw in raws[:-1]):
        return None
    if len({part.subject for part in parts}) < len(parts):
        return None
    texts = ordered(parts)
    new = " ".join(texts)
    # What was the end of a value may be more than that before other dashes.
    again = cut_plain(new)
    if again is None or [f"--{piece}".rstrip() for piece in again[1:]] != texts:
        return None
    return Form(new, mends=False)
