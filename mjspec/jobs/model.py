"""Which model version a job runs on, and what follows from none being named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mjspec.diagnostics import Severity
from mjspec.versions import NEWEST_VERIFIED, NEWEST_VERIFIED_NIJI, find_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mjspec.language.settings import Setting, Settings
    from mjspec.versions import Version

__all__ = ["HD_VERSION", "Assumptions", "Model", "choose_model", "spoken", "unless_named"]

HD_VERSION = "8.1"
"""What the provider adds to `hd` without a version."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the configuration says about models and flags.

    Attributes:
        declared: Versions that the table does not know or that are overridden, and the known one
            that each behaves like.
        assumed: The version to check against where none is named.
        known_flags: Custom options of the account, without dashes.
        target: The version that everything is checked against, whatever is named; None as a rule.
    """

    declared: Mapping[str, Version] = field(default_factory=dict)
    assumed: Version | None = None
    known_flags: frozenset[str] = frozenset()
    target: Version | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The model of a job.

    Attributes:
        number: What ``--v`` or ``--niji`` says; None where nothing is said.
        niji: Whether it is of the niji family.
        rules: The version whose rules hold; None where the number is unknown.
        named: Whether the user named a version; if not, breaking a version's rule is a warning.
        declared: Whether the number comes from the configuration.
        implied: Whether ``hd`` chose it, as the provider does.
        setting: What named it.
    """

    number: str | None
    niji: bool
    rules: Version | None
    named: bool
    declared: bool = False
    implied: bool = False
    setting: Setting | None = None

    @property
    def slug(self) -> str | None:
        """How the bill says it: ``v6.1``, ``niji6``, ``niji``; None without model."""
        if self.niji:
            return f"niji{self.number or ''}"
        return f"v{self.number}" if self.number else None

    @property
    def name(self) -> str:
        """How messages say it: ``version 7``, ``niji 6``."""
        if self.niji:
            return f"niji {self.number}" if self.number else "niji"
        return f"version {self.number}" if self.number else "no version"


def choose_model(settings: Settings, assumptions: Assumptions) -> Model:
    """The model that the settings name, or what holds without one.

    ``hd`` without a version means 8.1, as at the provider.
    """
    if assumptions.target is not None:
        return Model(assumptions.target.number, assumptions.target.niji, assumptions.target, True)
    chosen, switch = settings.get("version"), settings.get("niji")
    niji = switch is not None and switch.value is True
    if chosen is None:
        if niji:
            return Model(None, True, NEWEST_VERIFIED_NIJI, False, setting=switch)
        return _unnamed(settings, assumptions)
    number = str(chosen.value)
    declared = assumptions.declared.get(f"niji {number}" if niji else number)
    rules = declared or find_version(number, niji=niji)
    canonical = number if declared or rules is None else rules.number
    return Model(canonical, niji, rules, True, declared=declared is not None, setting=chosen)


def _unnamed(settings: Settings, assumptions: Assumptions) -> Model:
    hd = settings.get("hd")
    if hd is not None and hd.value is True:
        version = find_version(HD_VERSION)
        return Model(HD_VERSION, False, version, True, implied=True, setting=hd)
    if assumptions.assumed is not None:
        return Model(None, assumptions.assumed.niji, assumptions.assumed, True)
    return Model(None, False, NEWEST_VERIFIED, False)


def unless_named(model: Model) -> tuple[Severity | None, str]:
    """Breaking a version's rule is a warning where the user named no version."""
    if model.named or model.rules is None:
        return None, ""
    return (
        Severity.WARNING,
        f" (no version is given, so this is checked against {spoken(model.rules)})",
    )


def spoken(version: Version | None) -> str:
    """How a sentence says a version: ``version 7``, ``niji 6``."""
    text = str(version)
    return text if text.startswith("niji") else f"version {text}"
