"""The version that prompts are moved to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from mjspec.schemas import find_model

if TYPE_CHECKING:
    from mjspec.config import Config
    from mjspec.jobs.model import Assumptions, Model
    from mjspec.versions import Version

__all__ = ["Goal", "goal_named"]


class Goal(NamedTuple):
    """A version by its number, which may be declared, and the known one whose rules hold."""

    number: str
    rules: Version

    @property
    def niji(self) -> bool:
        """Whether it is of the niji family."""
        return self.rules.niji

    @property
    def key(self) -> str:
        """The key of the parameter that chooses it."""
        return "niji" if self.niji else "version"

    @property
    def flag(self) -> str:
        """How a prompt says it: ``--v 7``, ``--niji 7``."""
        return f"--{'niji' if self.niji else 'v'} {self.number}"

    @property
    def name(self) -> str:
        """How sentences say it: ``version 7``, ``niji 7``."""
        return f"{'niji' if self.niji else 'version'} {self.number}"

    def under(self, assumptions: Assumptions) -> Assumptions:
        """Assumptions under which every job is of this version."""
        return replace(assumptions, target=self.rules)

    def reached(self, model: Model) -> bool:
        """Whether a job says this version; that of a job that names none changes with time."""
        return model.number == self.number and model.niji == self.niji


def goal_named(name: str, config: Config) -> Goal | None:
    """The version with a name that people use, or that is declared; None if there is none."""
    rules = config.version(name)
    if rules is None:
        return None
    known = find_model(name)
    if known is not None:
        return Goal(known.number, rules)
    low = name.strip().lower()
    return Goal(low[4:].strip(" -_v") if rules.niji else low.removeprefix("v").strip(), rules)
