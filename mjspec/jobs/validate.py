"""Are the values legal in the model version? The only module that uses jsonschema.

Each value is checked against its property in the schema of the version. The schemas are flat, so a
value that was found right or wrong once is so wherever it recurs, and is remembered.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from mjspec import rules
from mjspec._resources import schema
from mjspec.diagnostics import Change, Finding, Severity
from mjspec.domains import Number, Ratio
from mjspec.jobs.acceptance import accepts, fits, refuses
from mjspec.jobs.model import spoken
from mjspec.jobs.successors import advice
from mjspec.limits import advised, allowed, available
from mjspec.parameters import BY_KEY
from mjspec.schemas import file_name
from mjspec.versions import describe

if TYPE_CHECKING:
    from mjspec.diagnostics import Diagnostic
    from mjspec.domains import Domain
    from mjspec.jobs.model import Model
    from mjspec.language.settings import Setting, Settings
    from mjspec.parameters import Parameter
    from mjspec.rules import Rule
    from mjspec.versions import Version

__all__ = ["validate"]

_SCALARS = (str, int, float)
_ASSUMED = " (no version is given, so this is checked against {version})"


class Problem(NamedTuple):
    """What is wrong with a value, before it has a place."""

    rule: Rule
    tail: str
    severity: Severity | None = None
    nearest: str | None = None
    help: str | None = None

    @property
    def absent(self) -> bool:
        """Whether the version does not have the parameter at all."""
        return self.rule is rules.UNSUPPORTED_IN_VERSION and "takes" not in self.tail


def validate(settings: Settings, model: Model, *, every: bool = False) -> list[Diagnostic]:
    """The values that the model version does not allow.

    Args:
        settings: The values.
        model: The version.
        every: Also those that the version lacks only together with what they weigh.
    """
    problems = {}
    for key, setting in settings.items():
        if key not in BY_KEY or key in ("version", "niji") or setting.value is None:
            continue
        value = setting.value
        if not isinstance(value, _SCALARS):
            continue
        problem = _recalled(key, value, model)
        if problem:
            problems[key] = problem
    return [
        _located(problem, settings[key], model)
        for key, problem in problems.items()
        if every or not _follows(problem, problems.get(BY_KEY[key].needs or ""))
    ]


def _follows(problem: Problem, needed: Problem | None) -> bool:
    """Whether a weight is not there only because what it weighs is not: one cause, one finding."""
    if needed is None or not (problem.absent and needed.absent):
        return False
    return problem.severity is needed.severity


def _recalled(key: str, value: str | float, model: Model) -> Problem | None:
    """What is wrong with a value, by memory where that is enough."""
    if type(value) is int:
        low, high = _valid(key, model.rules, model.named)
        if low <= value <= high:
            return None
    return _judge(key, type(value).__name__, value, model.rules, model.named)


@cache
def _valid(key: str, version: Version | None, named: bool) -> tuple[float, float]:
    """The ends of a range that the schema accepts; an empty range where it does not accept both.

    Schemas know of numbers only limits, so that they accept everything between the two. Values such
    as seeds seldom recur, and asking for each of them takes longer than all the rest.
    """
    parameter = BY_KEY[key]
    domain = advised(parameter, version) if version else parameter.domain
    if isinstance(domain, Number):
        low, high = int(domain.low), int(domain.high)
        if not any(_judge(key, "int", end, version, named) for end in (low, high)):
            return low, high
    return 1, 0


@lru_cache(maxsize=1 << 16)
def _judge(
    key: str, kind: str, value: str | float, version: Version | None, named: bool
) -> Problem | None:
    """What is wrong with a value; ``kind`` keeps ``1`` and ``True`` apart."""
    del kind
    parameter = BY_KEY[key]
    general = _error(None, key, value)
    if general:
        # Where the version lacks the parameter, no value of it would be right.
        absent = named and version is not None and allowed(parameter, version) is None
        return _explain(
            parameter, value, general, version if absent else None, also=version if named else None
        )
    if version is None:
        return None
    error = _error(version, key, value)
    if error:
        problem = _explain(parameter, value, error, version)
        return problem if named else problem._replace(severity=Severity.WARNING)
    advice = _error(version, key, value, advice=True)
    if advice:
        return _explain(parameter, value, advice, version, unsure=True)
    return None


def _error(
    version: Version | None, key: str, value: str | float, *, advice: bool = False
) -> str | None:
    """The keyword of the schema that a value breaks; None if it is right."""
    part = "advice" if advice else None if BY_KEY[key].field else "parameters"
    document = schema(file_name(version))
    properties = document["$defs"][part]["properties"] if part else document["properties"]
    if key not in properties or accepts(properties[key], value):
        return None
    if refuses(properties[key]):
        return "not"
    error = next(_validator(version, part, key).iter_errors(value), None)
    return None if error is None else str(error.validator)


@cache
def _validator(version: Version | None, part: str | None, key: str) -> Any:
    document = schema(file_name(version))
    properties = document["$defs"][part]["properties"] if part else document["properties"]
    return _validator_class()(properties[key])


@cache
def _validator_class() -> Any:
    """Draft 2020-12 with the one keyword that ratios need: ``x-maxRatio``."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def max_ratio(_: Any, most: float, ratio: Any, __: Any) -> Any:
        try:
            right = fits(ratio, most)
        except (ValueError, AttributeError):
            return
        if not right:
            yield ValidationError(f"{ratio} is wider than {most}:1")

    return extend(Draft202012Validator, {"x-maxRatio": max_ratio})  # type: ignore[no-untyped-call]


def _explain(
    parameter: Parameter,
    value: str | float,
    keyword: str,
    version: Version | None,
    *,
    unsure: bool = False,
    also: Version | None = None,
) -> Problem:
    """The rule that a broken keyword stands for, and the end of its message.

    Args:
        parameter: The row.
        value: The value.
        keyword: What it breaks.
        version: The version whose rule that is; None for one that holds in all of them.
        unsure: Whether the rule is from less certain sources.
        also: A version that narrows what else is allowed.
    """
    severity = Severity.WARNING if unsure else None
    domain: Domain | None = parameter.domain
    where = ""
    if version is not None:
        domain = advised(parameter, version) if unsure else allowed(parameter, version)
        where = f" in {'niji ' if version.niji else 'version '}{version.number}"
    if domain is None:
        return Problem(
            rules.UNSUPPORTED_IN_VERSION,
            f"is not available{where}; it is in {describe(available(parameter))}"
            if not unsure
            else f"is probably not available{where}",
            severity,
            help=advice(parameter.key, version),
        )
    written = parameter.domain.write(value)
    both = allowed(parameter, also) if also else None
    inside = f" in {spoken(also)}" if both and also and both != domain else ""
    takes = f"it takes {(both or domain).describe()}{inside}"
    nearest = (both or domain).nearest(written)
    if keyword in ("minimum", "maximum", "x-maxRatio"):
        tail = f"is out of range{where}; {takes}"
        return Problem(rules.OUT_OF_RANGE, tail, severity, nearest)
    elsewhere = version is not None and not isinstance(domain, Number | Ratio)
    rule = rules.UNSUPPORTED_IN_VERSION if elsewhere else rules.INVALID_VALUE
    taker = "the provider" if parameter.field else "Midjourney"
    verb = "is not available" if elsewhere else f"is no value that {taker} takes"
    return Problem(rule, f"{verb}{where}; {takes}", severity, nearest)


def _located(problem: Problem, setting: Setting, model: Model) -> Diagnostic:
    """The problem at the characters of its setting."""
    origin = setting.origin
    absent = problem.absent
    shown = _shown(setting)
    subject = f"`{origin.label}`" if absent else f"`{shown}`"
    place = origin.name_span if absent else origin.value_span
    text = origin.name if absent else origin.value
    if absent and origin.name is origin.value:
        place = origin.name_span
    tail = problem.tail
    if not model.named and model.rules and problem.severity is Severity.WARNING:
        tail += _ASSUMED.format(version=spoken(model.rules))
    nearest = None if absent else problem.nearest
    return Finding(
        problem.rule,
        place,
        f"{subject} {tail}",
        severity=problem.severity,
        help=problem.help,
        fix=f"write `{nearest}`" if nearest else None,
        changes=(Change(place, nearest),) if nearest else (),
        safety="unsafe",
    ).at(text)


def _shown(setting: Setting) -> str:
    origin = setting.origin
    if origin.kind in ("prompt", "extra"):
        typed = origin.typed if origin.value_span != origin.name_span else ""
        return f"{origin.label} {typed}".strip()
    value = setting.value
    return f"{origin.label}: {value if isinstance(value, str) else json.dumps(value)}"
