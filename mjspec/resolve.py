"""From syntax tree to settings: names are looked up, values typed, repetitions judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mjspec import rules
from mjspec.diagnostics import Change, Finding, Severity
from mjspec.prompt import Image, Permutation, Text, Weight
from mjspec.readings import read_flag
from mjspec.settings import Layer, Origin, Setting
from mjspec.source import Span

if TYPE_CHECKING:
    from mjspec.domains import Value
    from mjspec.prompt import Flag, Prompt
    from mjspec.readings import Reading
    from mjspec.settings import Kind
    from mjspec.source import Excerpt

__all__ = ["Resolved", "Use", "resolve"]


class Use(NamedTuple):
    """A parameter at its place, understood."""

    start: int
    reading: Reading

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
    """

    prompt: Prompt
    uses: tuple[Use, ...]
    values: dict[str, tuple[Value, Use]]
    findings: tuple[Finding, ...]
    kept: tuple[str, ...] = ()

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

    @property
    def weights(self) -> tuple[Weight, ...]:
        """The weights of the text; those of image links are not among them."""
        parts = self.prompt.parts
        return tuple(
            part
            for before, part in zip((None, *parts), parts, strict=False)
            if isinstance(part, Weight) and not isinstance(before, Image)
        )


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
        use = Use(start, reading)
        uses.append(use)
        if reading.parameter is None or reading.parameter.dead:
            kept.append(" ".join(flag.raw.split()))
        if reading.findings:
            custom = reading.parameter is None and flag.name in known_flags
            findings += [
                finding.shifted(start)
                for finding in reading.findings
                if not (custom and finding.rule is rules.UNKNOWN_PARAMETER)
            ]
    values = _collect(uses, findings)
    _glued(prompt, uses, findings)
    _text(prompt, findings)
    return Resolved(prompt, tuple(uses), values, tuple(findings), tuple(kept))


def _permuted(prompt: Prompt, start: int, flag: Flag) -> bool:
    """Whether a permutation stands in the parameter: it has no value yet."""
    return any(start <= at < start + len(flag.raw) for at, _ in prompt.groups)


def _collect(uses: list[Use], findings: list[Finding]) -> dict[str, tuple[Value, Use]]:
    """The value of each key; several ``--no`` are joined, other repetitions are found."""
    values: dict[str, tuple[Value, Use]] = {}
    for use in uses:
        parameter, value = use.reading.parameter, use.reading.value
        if parameter is None or value is None or parameter.dead:
            continue
        if parameter.speed:
            _choose_speed(values, parameter.speed, use, findings)
            continue
        key = parameter.key
        if key in ("version", "niji") and _other_model(values, key, use, findings):
            continue
        if key not in values:
            values[key] = (value, use)
        elif key == "negative_prompt":
            values[key] = (f"{values[key][0]}, {value}", values[key][1])
        else:
            findings.append(_duplicate(values[key], value, use))
    return values


def _choose_speed(
    values: dict[str, tuple[Value, Use]], speed: str, use: Use, findings: list[Finding]
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
        findings.append(_duplicate(values["speed"], speed, use))
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


def _duplicate(first: tuple[Value, Use], value: Value, use: Use) -> Finding:
    before, earlier = first
    same = before == value
    label = use.reading.label
    message = (
        f"`{label}` stands twice with the same value"
        if same
        else f"`{label}` stands twice with different values; only one can count"
    )
    removal = Change(Span(use.start, use.start + len(use.reading.flag.raw.rstrip())), "")
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


def _glued(prompt: Prompt, uses: list[Use], findings: list[Finding]) -> None:
    """Parameters that touch the text before them, and dashes that were read as text."""
    before = prompt.parts[-1].raw[-1:] if prompt.parts else ""
    for use in uses:
        if before and not before.isspace():
            span = Span(use.start, use.start + use.reading.flag.name_end)
            findings.append(
                Finding(
                    rules.GLUED_PARAMETER,
                    span,
                    f"`{use.reading.flag.dash}{use.reading.flag.name}` touches `{before}`;"
                    " a parameter needs a space before it",
                    fix="put a space before it",
                    changes=(Change(Span(use.start, use.start), " "),),
                )
            )
        before = use.reading.flag.raw[-1:]
    for span in prompt.doubts:
        findings.append(
            Finding(
                rules.GLUED_PARAMETER,
                span,
                "these dashes are read as text here, but Midjourney may take what follows for a"
                " parameter; put spaces around them, or write one dash",
            )
        )


_SPACED_BEFORE = re.compile(r"\s+\Z")
_SPACED_NUMBER = re.compile(r"[ \t]+-?(?:\d+(?:\.\d+)?|\.\d+)(?=\s|\Z)")
_SPLIT_COLONS = re.compile(r"(?<!:): :(?!:)")
_COMMAND = re.compile(r"\s*/imagine\b(?:\s+prompt\s*:)?\s*", re.IGNORECASE)
_SINGLE = re.compile(r"(?<!\S)-(ar|aspect|v|version|niji|stylize|chaos|seed|iw|sref|q)(?=\s+\d)")


def _text(prompt: Prompt, findings: list[Finding]) -> None:
    """What is wrong with the words, links and weights."""
    for brace in prompt.braces:
        findings.append(
            Finding(
                rules.UNBALANCED_BRACE,
                Span(brace, brace + 1),
                "this brace has no partner and is read as text; write `\\` before a brace that is"
                " meant as text",
            )
        )
    parts = prompt.parts
    texts = 0
    for index, part in enumerate(parts):
        if isinstance(part, Text):
            _words(part, first=not texts, findings=findings)
        if isinstance(part, Weight):
            _weight(prompt, index, findings)
        if isinstance(part, Image) and texts:
            _misplaced(part, findings)
        texts += isinstance(part, Permutation) or (isinstance(part, Text) and bool(part.raw.strip()))


def _words(part: Text, *, first: bool, findings: list[Finding]) -> None:
    raw, start = part.raw, part.span.start
    if first and "/" in raw and (command := _COMMAND.match(raw)):
        span = Span(start, start + command.end())
        text = f"`{command[0].strip()}` is a Discord command and no part of the prompt"
        findings.append(
            Finding(
                rules.DISCORD_COMMAND,
                span,
                text,
                fix="remove it",
                changes=(Change(span, ""),),
                safety="unsafe",
            )
        )
    if ": :" in raw:
        for match in _SPLIT_COLONS.finditer(raw):
            span = Span(start + match.start(), start + match.end())
            text = "`: :` is no weight; the two colons of `::` touch each other"
            findings.append(
                Finding(
                    rules.SPACED_WEIGHT,
                    span,
                    text,
                    fix="write `::`",
                    changes=(Change(span, "::"),),
                    safety="unsafe",
                )
            )
    if " -" in raw:
        for match in _SINGLE.finditer(raw):
            span = Span(start + match.start(), start + match.end())
            text = f"`{match[0]}` has one hyphen and is read as text; did you mean `-{match[0]}`?"
            findings.append(
                Finding(
                    rules.SINGLE_HYPHEN,
                    span,
                    text,
                    fix=f"write `-{match[0]}`",
                    changes=(Change(Span(span.start, span.start), "-"),),
                    safety="unsafe",
                )
            )


def _weight(prompt: Prompt, index: int, findings: list[Finding]) -> None:
    """A weight touches the text before it and its number."""
    part = prompt.parts[index]
    before = prompt.parts[index - 1] if index else None
    after = prompt.parts[index + 1] if index + 1 < len(prompt.parts) else None
    torn = _SPACED_BEFORE.search(before.raw) if isinstance(before, Text) else None
    number = _SPACED_NUMBER.match(after.raw) if isinstance(after, Text) else None
    if torn and isinstance(before, Text) and before.raw.strip():
        gap = Span(part.span.start - len(torn[0]), part.span.start)
        findings.append(
            Finding(
                rules.SPACED_WEIGHT,
                Span(gap.start, part.span.end),
                f"there is a space before `{part.raw}`; a weight touches the text it weighs",
                fix="remove the space",
                changes=(Change(gap, ""),),
            )
        )
    elif number and part.raw == "::":
        span = Span(part.span.start, part.span.end + number.end())
        findings.append(
            Finding(
                rules.SPACED_WEIGHT,
                span,
                f"`::{number[0]}` has a space before its number, which is read as text",
                fix=f"write `::{number[0].strip()}`",
                changes=(Change(Span(part.span.end, span.end), number[0].strip()),),
                safety="unsafe",
            )
        )


def _misplaced(part: Image, findings: list[Finding]) -> None:
    findings.append(
        Finding(
            rules.MISPLACED_IMAGE,
            part.span,
            f"`{part.raw}` is read as an image prompt; links stand at the front, before the text",
        )
    )
