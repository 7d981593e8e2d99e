"""A rule's page in Markdown, for services and for ``mjspec/rules/README.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mjspec.rules.rule import Rule

__all__ = ["markdown", "reference"]

_LONG = 1000
"""Characters of an example that a page has room for."""
_LANGUAGES = {"prompt": "text", "mj": "text"}


def markdown(rule: Rule) -> str:
    """What it finds, why that matters, an example with its remedy, and what is fixed."""
    parts = [rule.summary, rule.why]
    for title, example in (("Bad", rule.bad), ("Good", rule.good)):
        if example:
            text = example if len(example) <= _LONG else f"{example[:_LONG]}..."
            language = _LANGUAGES.get(rule.kind, rule.kind)
            parts.append(f"{title}:\n\n```{language}\n{text.rstrip()}\n```")
    if rule.fix:
        parts.append(f"Fix: {rule.fix}")
    return "\n\n".join(parts)


def reference(rules: Iterable[Rule]) -> str:
    """All pages, each under its name, so that its address ends with the name."""
    head = "<!-- Written by `python -m mjspec._generate`. -->\n\n# Rules\n"
    pages = [
        f"\n## {rule.name}\n\n`{rule.code}`, {rule.severity}\n\n{markdown(rule)}\n"
        for rule in rules
    ]
    return "".join([head, *pages])
