"""The table of rules: every code, name and severity is written in one place, with its page.

There is one module for each family, and a rule is one entry in it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

# The names of rules are written once, where they are defined; all of them are meant to be seen here.
from mjspec.rules.cost import *  # noqa: F403
from mjspec.rules.files import *  # noqa: F403
from mjspec.rules.merging import *  # noqa: F403
from mjspec.rules.models import *  # noqa: F403
from mjspec.rules.provider import *  # noqa: F403
from mjspec.rules.rule import REGISTER
from mjspec.rules.rule import Kind as Kind
from mjspec.rules.rule import Rule as Rule
from mjspec.rules.spelling import *  # noqa: F403
from mjspec.rules.values import *  # noqa: F403

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.name: rule for rule in sorted(REGISTER, key=lambda rule: rule.code)}
)
"""Every rule by its name, in the order of the codes."""


def find_rule(text: str) -> Rule | None:
    """The rule with this code or name, in any case; None if there is none."""
    wanted = text.strip().lower()
    if wanted in RULES:
        return RULES[wanted]
    return next((rule for rule in RULES.values() if rule.code.lower() == wanted), None)
