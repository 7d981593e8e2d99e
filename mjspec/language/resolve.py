"""From syntax tree to settings: names are looked up, values typed, repetitions judged."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Change, Finding, Severity
from mjspec.language.linking import MOVE_LINKS
from mjspec.language.prompt import render
from mjspec.language.readings import read_flag
from mjspec.language.settings import Layer, Origin, Setting
from mjspec.language.wording import join_findings, text_findings
from mjspec.source import Span

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from mjspec.domains import Value
    from mjspec.language.prompt import Flag, Prompt
    from mjspec.language.readings import Reading
    from mjspec.language.settings import Kind
    from mjspec.source import Excerpt

__all__ = ["Resolved", "Use", "resolve"]


class Use(NamedTuple):
    """A parameter at its place, understood."""

    start: int
    reading: Reading

    @property
    def key(self) -> str | None:
        """The parameter's key; None if there is no such parameter."""
        return self.reading.parameter.key if self.reading.parameter else None

    @property
    def dead(self) -> bool:
        """Whether the parameter belonged to an older Midjourney."""
        return self.reading.parameter is not None and self.reading.parameter.dead

    @property
    def name_span(self) -> Span:
        """The dashes and the name."""
        return Span(self.start, self.start + self.reading.flag.name_end)

    @property
    def value_span(self) -> Span:
        """The value; the name where there is none."""
        return self.reading.value_span.shifted(self.start)

    @property
    def span(self) -> Span:
        """From the dashes to the end of the value."""
        return self.reading.span.shifted(self.start)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A prompt, understood.

    Attributes:
        prompt: The tree.
        uses: Every parameter whose name is known or may be allowed, in the order typed.
        values: The value of each key, with the use that set it; niji is ``""`` without number.
        findings: What is wrong with it whatever the version is.
        kept: What can only be passed on as typed: custom flags, obsolete ones, and parameters that
            hold permutations.
        sizes: Width and height in pixels, in the order typed, or nothing: ``--w 512 --h 768``.
    """

    prompt: Prompt
    uses: tuple[Use, ...]
    values: dict[str, tuple[Value, Use]]
    findings: tuple[Finding, ...]
    kept: tuple[str, ...] = ()
    sizes: tuple[Use, ...] = ()

    @property
    def stray_links(self) -> bool:
        """Whether links stand behind parameters, where they are no image prompts."""
        return any(
            finding.rule is rules.TEXT_AFTER_PARAMETER and finding.fix == MOVE_LINKS
            for finding in self.findings
        )

    def findings_under(self, keys: AbstractSet[str]) -> tuple[Finding, ...]:
        """The findings where fields with these keys lie over the prompt.

        What is wrong with a value does not matter where it is replaced.
        """
        unread = {u.value_span: u for u in self.uses if u.reading.value is None and u.key in keys}
        if not unread:
            return self.findings
        return tuple(
            _replaced(unread[finding.span])
            if finding.rule in _ABOUT_VALUES and finding.span in unread
            else finding
            for finding in self.findings
        )

    def layer(self, excerpt: Excerpt, kind: Kind = "prompt") -> Layer:
        """The values as settings, with the places that ``excerpt`` gives them."""
        settings = {}
        for key, (value, use) in self.values.items():
            origin = Origin(
                kind, use.reading.label, excerpt, use.name_span, excerpt, use.value_span
            )
            if key == "niji":
                settings["niji"] = Setting("niji", True, origin)
                if value:
                    settings["version"] = Setting("version", value, origin)
            else:
                settings[key] = Setting(key, value, origin)
        return Layer(kind, settings)


_ABOUT_VALUES = (rules.INVALID_VALUE, rules.MISSING_VALUE)


def _replaced(use: Use) -> Finding:
    message = f"`{use.reading.label}` is overridden by the field `{use.key}`"
    return Finding(rules.OVERRIDDEN_BY_FIELD, use.span, message)


def resolve(prompt: Prompt, known_flags: frozenset[str] = frozenset()) -> Resolved:
    """What a prompt sets.

    Args:
        prompt: The tree of a prompt without permutations left in it.
        known_flags: Custom options that are no unknown parameters.
    """
    uses: list[Use] = []
    findings: list[Finding] = []
    kept: list[str] = []
    for start, flag in prompt.flags:
        if prompt.groups and _permuted(prompt, start, flag):
            kept.append(" ".join(flag.raw.split()))
            continue
        reading = read_flag(flag)
        uses.append(Use(start, reading))
        if reading.parameter is None or reading.parameter.dead:
            kept.append(" ".join(flag.raw.split()))
        if reading.findings:
            custom = reading.parameter is None and flag.name in known_flags
            findings += [
                finding.shifted(start)
                for finding in reading.findings
                if not (custom and finding.rule is rules.UNKNOWN_PARAMETER)
            ]
    sizes = _sizes(uses)
    text = render(prompt)
    values = _collect([use for use in uses if use not in sizes] if sizes else uses, findings, text)
    kept += [" ".join(use.reading.flag.raw.split()) for use in sizes if not use.dead]
    join_findings(prompt, text, [use.start for use in uses], findings)
    text_findings(prompt, text, findings)
    return Resolved(prompt, tuple(uses), values, tuple(findings), tuple(kept), sizes)


def _permuted(prompt: Prompt, start: int, flag: Flag) -> bool:
    """Whether a permutation stands in the parameter: it has no value yet."""
    index = bisect_left(prompt.groups, start, key=itemgetter(0))
    return index < len(prompt.groups) and prompt.groups[index][0] < start + len(flag.raw)


def _sizes(uses: list[Use]) -> tuple[Use, ...]:
    """``--w 512 --h 768`` was a size in 2022; beside a height, today's ``--w`` means the width."""
    height = next((use for use in uses if use.dead and use.key == "height"), None)
    if height is None:
        return ()
    width = next((use for use in uses if use.key in ("weird", "width")), None)
    return () if width is None else tuple(sorted((width, height), key=lambda use: use.start))


def _collect(uses: list[Use], findings: list[Finding], text: str) -> dict[str, tuple[Value, Use]]:
    """The value of each key; several ``--no`` are joined, other repetitions are found."""
    values: dict[str, tuple[Value, Use]] = {}
    for use in uses:
        parameter, value = use.reading.parameter, use.reading.value
        if parameter is None or value is None or parameter.dead:
            continue
        if parameter.speed:
            _choose_speed(values, parameter.speed, use, findings, text)
            continue
        key = parameter.key
        if key in ("version", "niji") and _other_model(values, key, use, findings):
            continue
        if key not in values:
            values[key] = (value, use)
        elif key == "negative_prompt":
            values[key] = (f"{values[key][0]}, {value}", values[key][1])
        else:
            findings.append(_duplicate(values[key], value, use, text))
    return values


def _choose_speed(
    values: dict[str, tuple[Value, Use]],
    speed: str,
    use: Use,
    findings: list[Finding],
    text: str,
) -> None:
    if "speed" not in values:
        values["speed"] = (speed, use)
        findings.append(
            Finding(
                rules.SPEED_IN_PROMPT,
                use.name_span,
                f"`{use.reading.label}` sets the field `speed` to {speed}; the price follows it",
            )
        )
    elif values["speed"][0] == speed:
        findings.append(_duplicate(values["speed"], speed, use, text))
    else:
        findings.append(_conflict(values["speed"][1], use))


def _other_model(
    values: dict[str, tuple[Value, Use]], key: str, use: Use, findings: list[Finding]
) -> bool:
    other = "niji" if key == "version" else "version"
    if other not in values:
        return False
    findings.append(_conflict(values[other][1], use))
    return True


def _conflict(first: Use, second: Use) -> Finding:
    return Finding(
        rules.CONFLICTING_PARAMETERS,
        second.name_span,
        f"`{second.reading.label}` excludes `{first.reading.label}`; only one of them can stand",
        note=f"`{first.reading.label}` stands here",
        note_span=first.name_span,
    )


def _duplicate(first: tuple[Value, Use], value: Value, use: Use, text: str) -> Finding:
    before, earlier = first
    same = before == value
    label = use.reading.label
    message = (
        f"`{label}` stands twice with the same value"
        if same
        else f"`{label}` stands twice with different values; only one can count"
    )
    end = use.start + len(use.reading.flag.raw.rstrip())
    removal = Change(Span(len(text[: use.start].rstrip()), end), "")
    return Finding(
        rules.DUPLICATE_PARAMETER,
        use.span,
        message,
        severity=Severity.WARNING if same else Severity.ERROR,
        note=f"`{earlier.reading.label}` stands here first",
        note_span=earlier.span,
        fix="remove the second one" if same else None,
        changes=(removal,) if same else (),
    )
