"""What a rule is, and how one is entered into the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mjspec.diagnostics import Severity

__all__ = ["ERROR", "INFO", "REGISTER", "WARNING", "Kind", "Rule", "define"]

Kind = Literal["prompt", "mj", "yaml", "csv", "jsonl"]
"""What the examples of a rule are: one prompt, or a file of this kind."""

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding.

    Attributes:
        code: Stable code, ``MJ`` and three digits; the first digit is the family.
        name: Stable name in kebab-case.
        severity: How bad it is unless the place or the configuration says otherwise.
        summary: What it finds, one sentence.
        why: Why it matters, with the source of the rule.
        bad: A prompt or file that it finds something in.
        good: The same, mended.
        fix: What ``--fix`` does in the example; empty where a person must decide.
        kind: What the examples are.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str = ""
    bad: str = ""
    good: str = ""
    fix: str = ""
    kind: Kind = "prompt"

    @property
    def url(self) -> str:
        """Where the rule is explained."""
        return f"https://github.com/mjspec/mjspec/blob/main/mjspec/rules/README.md#{self.name}"


REGISTER: list[Rule] = []
"""Every rule, in the order in which their modules were imported."""


def define(
    code: str,
    name: str,
    severity: Severity,
    summary: str,
    *,
    why: str,
    bad: str = "",
    good: str = "",
    fix: str = "",
    kind: Kind = "prompt",
) -> Rule:
    """A rule, entered into the register."""
    rule = Rule(
        code=code,
        name=name,
        severity=severity,
        summary=summary,
        why=why,
        bad=bad,
        good=good,
        fix=fix,
        kind=kind,
    )
    REGISTER.append(rule)
    return rule
