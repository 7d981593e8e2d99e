"""Whether dashes in doubt begin a parameter.

``--ar 16:9`` behind a space needs no thought. But people also write ``photo--ar 16:9``, ``— ar 16:9``
and ``–v 5``, and they write dashes that are prose. Names and values decide between the two.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

from mjspec.domains import Choice, Number, Ratio, References, Selector, Switch
from mjspec.parameters import BY_FLAG

if TYPE_CHECKING:
    from mjspec.parameters import Parameter

__all__ = ["Candidate", "fits", "is_parameter", "looks_like_parameter"]

_NAME = re.compile(r"[A-Za-z]+|[^\W\d_]+")
_MASKED = "\0"
_VALUE = re.compile(r"\s*(?P<glue>[=:：]?)\s*(?P<word>[^\s,;]*)")
# Behind a parameter without value only the end, punctuation or another dash may follow.
_NOTHING = re.compile(r"[\s.,;!)\]\"']*(?:\Z|[-\u2010-\u2015\u2212\uFF0D])")
_EM = "\u2014\u2015"
_SINGLE_LETTER = 1


class Candidate(NamedTuple):
    """Dashes followed by a letter: they stand at ``start``, end at ``torn``; the name is at ``end``."""

    text: str
    start: int
    torn: int
    end: int

    @property
    def free(self) -> bool:
        """Whether nothing touches the dashes from the left."""
        return not self.start or self.text[self.start - 1].isspace()

    @property
    def detached(self) -> bool:
        """Whether white space stands between the dashes and the name."""
        return self.torn < self.end

    @property
    def hyphens(self) -> bool:
        """Whether they are hyphens, and no other dashes among them."""
        return not self.text[self.start : self.torn].strip("- ")


def is_parameter(at: Candidate) -> bool:
    """Whether dashes begin a parameter.

    Rules, from Midjourney's FAQ and from what real prompts hold: two hyphens that stand free and
    touch a name do; an em dash counts as two hyphens, but before a name that does not exist, with
    words behind it, it is prose; a name that touches the text before it is a parameter if it is
    known and its value fits; a name torn off its dashes likewise; an en dash needs a known name.
    """
    if at.text.startswith(_MASKED, at.end):
        # A permutation stands where the name belongs: `--{v 5, niji}`.
        return at.free and not at.detached and at.hyphens
    name = cast("re.Match[str]", _NAME.match(at.text, at.end))
    parameter = BY_FLAG.get(name[0].lower())
    if at.free and not at.detached:
        return at.hyphens or _dashed(at, parameter, name.end())
    if parameter is None:
        touching = not at.free and not at.detached
        return touching and at.hyphens and not at.text[at.start - 1].isalnum()
    if at.hyphens and not at.detached and len(name[0]) > _SINGLE_LETTER:
        return True
    return fits(parameter, at.text, name.end(), prose=not at.hyphens)


def looks_like_parameter(at: Candidate) -> bool:
    """Whether dashes that were read as text deserve a finding: ``well--known``, ``a —once``."""
    if at.detached:
        return False
    return not at.free if at.hyphens else at.free and at.text[at.start] in _EM


def _dashed(at: Candidate, parameter: Parameter | None, end: int) -> bool:
    """Whether a free dash that is no hyphen begins a parameter, and not an aside."""
    if parameter is None:
        value = _VALUE.match(at.text, end)
        number = value is not None and value["word"][:1].isdigit()
        return at.text[at.start] in _EM and (number or bool(_NOTHING.match(at.text, end)))
    if isinstance(parameter.domain, Switch):
        return fits(parameter, at.text, end, prose=True)
    return True


def fits(parameter: Parameter, text: str, end: int, *, prose: bool) -> bool:
    """Whether what stands behind the name can be the parameter's value."""
    value = _VALUE.match(text, end)
    word = value["word"] if value else ""
    if word.startswith(_MASKED):
        return True
    domain = parameter.domain
    if isinstance(domain, Switch) or (not word and domain.arity == "optional"):
        return bool(_NOTHING.match(text, end))
    if isinstance(domain, Number | Ratio) or (isinstance(domain, Choice) and domain.numeric):
        return word[:1].isdigit() or (word[:1] in ".-+" and word[1:2].isdigit())
    if isinstance(domain, Selector):
        return word[:1].isdigit()
    if isinstance(domain, Choice):
        return word.lower() in _choices(parameter)
    if isinstance(domain, References):
        return bool(word) and (
            word.startswith("http") or (not domain.names and domain.accepts(word))
        )
    # Free text fits everything; behind an em dash it is far more often prose.
    return not prose and bool(word)


@cache
def _choices(parameter: Parameter) -> frozenset[str]:
    """The words that the parameter takes in some version."""
    domains = (parameter.domain, *(limit.domain for limit in parameter.limits))
    return frozenset(word for d in domains if isinstance(d, Choice) for word in d.values)
