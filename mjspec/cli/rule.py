"""``mjspec rule``: what a rule finds, why, and an example of it."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

from mjspec.cli.command import Command, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.cli.terminal import Terminal
    from mjspec.rules import Rule

__all__ = ["command"]

_WIDTH = 88
_LONG = 240
"""Examples are cut where their length alone is what is wrong with them."""


@click.command("rule", cls=Command)
@click.argument("name", metavar="[CODE|NAME]", required=False)
@click.option("--all", "every", is_flag=True, help="Print the page of every rule.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
@click.pass_context
def command(context: click.Context, *, name: str | None, every: bool, style: str) -> None:
    """Explain the rule with this code or name, or list all rules."""
    from mjspec.rules import RULES

    if name and every:
        raise click.UsageError("--all prints every rule; leave out the code or name.")
    chosen = [_find(name)] if name else list(RULES.values())
    if style == "json":
        records = [_record(rule) for rule in chosen]
        lines = iter([json.dumps(records[0] if name else records, indent=2, ensure_ascii=False)])
    elif name or every:
        lines = _pages(chosen, context.obj)
    else:
        lines = _list(chosen)
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _find(text: str) -> Rule:
    from mjspec.rules import RULES, find_rule

    rule = find_rule(text)
    if rule is not None:
        return rule
    # A code that does not exist is no misspelt one: what is close to it is something else.
    hint = "" if text[:2].upper() == "MJ" else suggestion(text.strip().lower(), RULES)
    raise click.UsageError(f"No such rule '{text}'.{hint}")


def _record(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "summary": rule.summary,
        "why": rule.why,
        "examples": {"kind": rule.kind, "bad": rule.bad or None, "good": rule.good or None},
        "fix": rule.fix or None,
        "url": rule.url,
    }


def _list(rules: list[Rule]) -> Iterator[str]:
    wide = max(len(rule.name) for rule in rules)
    for rule in rules:
        yield f"{rule.code}  {rule.severity!s:7}  {rule.name:{wide}}  {rule.summary}"


def _pages(rules: list[Rule], terminal: Terminal) -> Iterator[str]:
    page = terminal.page()
    for number, rule in enumerate(rules):
        if number:
            yield ""
        yield page.paint(f"{rule.code} {rule.name} ({rule.severity})", "strong")
        yield ""
        yield from _wrapped(rule.summary)
        yield ""
        yield from _wrapped(rule.why)
        for title, example in (("Bad", rule.bad), ("Good", rule.good)):
            if example:
                yield ""
                yield page.paint(f"  {title}:", "strong")
                yield from _example(example)
        if rule.fix:
            yield ""
            yield from _wrapped(f"Fix: {rule.fix}")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _example(text: str) -> Iterator[str]:
    if len(text) > _LONG:
        text = f"{text[:60]}... ({len(text)} characters)"
    for line in text.rstrip("\n").split("\n"):
        yield f"      {line}".rstrip()
