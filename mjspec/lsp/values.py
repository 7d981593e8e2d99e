"""Values to offer for a parameter, from its row in the table and from the document itself."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from mjspec.domains import Choice, Number, Ratio, References, Selector, number_text
from mjspec.limits import advised, allowed
from mjspec.parameters import BY_KEY, PARAMETERS
from mjspec.versions import MAIN, NIJI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.domains import Domain
    from mjspec.parameters import Parameter
    from mjspec.versions import Version

__all__ = ["Offer", "domain_in", "offers", "used"]

_MOST_USED = 20
_SEARCHED = 500_000
_MEANT = re.compile(r"`--ar (\S+)`")


class Offer(NamedTuple):
    """One value and what there is to say about it."""

    text: str
    detail: str = ""


def domain_in(parameter: Parameter, version: Version) -> Domain | None:
    """The values without error or, where some have none, without warning in a version."""
    if isinstance(parameter.domain, Selector):
        return parameter.domain
    return advised(parameter, version) or allowed(parameter, version)


def offers(parameter: Parameter, version: Version) -> tuple[Offer, ...]:
    """What can be written behind a parameter in a prompt for this version."""
    domain = domain_in(parameter, version) or parameter.domain
    return tuple(dict.fromkeys(_offers(parameter, domain)))


def _offers(parameter: Parameter, domain: Domain) -> Iterator[Offer]:
    if isinstance(domain, Selector):
        versions = NIJI if parameter.key == "niji" else MAIN
        for verified in (True, False):
            for each in reversed(versions):
                if each.verified is verified:
                    yield Offer(each.number, _about(each))
    elif isinstance(domain, Choice):
        yield from (Offer(value, _default(parameter, value)) for value in domain.values)
    elif isinstance(domain, Ratio):
        yield from _ratios(parameter, domain)
    elif isinstance(domain, Number):
        yield Offer(number_text(domain.low), "lowest")
        if _fits(domain, parameter.default):
            yield Offer(parameter.default, "default")
        yield Offer(number_text(domain.high), "highest")
    elif isinstance(domain, References):
        yield from map(Offer, domain.words)


def _about(version: Version) -> str:
    vouched = "verified" if version.verified else "not verified by the provider"
    return ", ".join(filter(None, (version.released, vouched, version.note)))


def _default(parameter: Parameter, value: str) -> str:
    return "default" if value == parameter.default else ""


def _fits(domain: Number, text: str) -> bool:
    try:
        value = domain.read(text)
    except ValueError:
        return False
    return isinstance(value, int | float) and domain.low < value < domain.high


def _ratios(parameter: Parameter, domain: Ratio) -> Iterator[Offer]:
    """The default, and what the table's older sizes became, upright and lying."""
    yield Offer(parameter.default, "default")
    for ratio in _table_ratios():
        yield Offer(ratio)
        yield Offer(":".join(reversed(ratio.split(":"))))
    if domain.most is not None:
        widest = domain.nearest(f"{number_text(domain.most + 1)}:1")
        if widest:
            yield Offer(widest, "widest")


@cache
def _table_ratios() -> tuple[str, ...]:
    texts = (_MEANT.search(parameter.replacement or "") for parameter in PARAMETERS)
    return tuple(dict.fromkeys(match[1] for match in texts if match))


def used(parameter: Parameter, text: str, version: Version) -> tuple[Offer, ...]:
    """Values that the document has elsewhere, for parameters whose values are not listed."""
    domain = domain_in(parameter, version) or parameter.domain
    if not isinstance(domain, Ratio | References):
        return ()
    names = "|".join(map(re.escape, parameter.spellings))
    found: dict[str, None] = {}
    pattern = rf"--(?:{names})[ \t]+([^\s\"']+)"
    if parameter.field and BY_KEY[parameter.field] is parameter:
        pattern += rf"|^[ \t-]*{parameter.field}:[ \t]+[\"']?([^\s\"'#]+)"
    for match in re.finditer(pattern, text[:_SEARCHED], re.MULTILINE):
        value = match[match.lastindex or 1]
        if value not in found and _reads(domain, value):
            found[value] = None
        if len(found) >= _MOST_USED:
            break
    return tuple(Offer(value, "used in this document") for value in found)


def _reads(domain: Domain, text: str) -> bool:
    try:
        domain.read(text)
    except ValueError:
        return False
    return True
