"""``mjspec rule``: what a rule finds, why, and an example of it."""

from __future__ import annotations

import io
import json
import sys
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mjspec.cli.command import Command, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mjspec.cli.terminal import Terminal
    from mjspec.report import Page
    from mjspec.rules import Rule

__all__ = ["command"]

_WIDTH = 88
_INDENT = 6
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
    from mjspec.report import Page

    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "summary": rule.summary,
        "why": rule.why,
        "examples": {
            "kind": rule.kind,
            "bad": rule.bad or None,
            "good": rule.good or None,
            "output": _output(rule, Page(out=io.StringIO(), width=_WIDTH)),
        },
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
        for title, text in (
            ("Bad", _shortened(rule.bad)),
            ("Found", _output(rule, page)),
            ("Good", _shortened(rule.good)),
        ):
            if text:
                yield ""
                yield page.paint(f"  {title}:", "strong")
                yield from (
                    f"{'':{_INDENT}}{line}".rstrip() for line in text.rstrip("\n").split("\n")
                )
        if rule.fix:
            yield ""
            yield from _wrapped(f"Fix: {rule.fix}")


def _output(rule: Rule, page: Page) -> str:
    """What ``mjspec lint`` says about the bad example: the rule's own findings, made now."""
    from mjspec.config import Config
    from mjspec.jobs.pipeline import Options
    from mjspec.linting.batches import lint_input
    from mjspec.linting.memory import Known
    from mjspec.reading.inputs import Input
    from mjspec.reading.place import Place
    from mjspec.report import Tally, report
    from mjspec.source import Source

    kind = ".mj" if rule.kind == "prompt" else f".{rule.kind}"
    example = Input(Source(f"example{kind}", rule.bad), kind, Place(Path(), Path()))
    batches = lint_input(example, Options(), Config(), Known())
    found = [each for batch in batches for each in batch.found if each.rule is rule]
    out = io.StringIO()
    report(found, Tally(), replace(page, out=out, width=_WIDTH - _INDENT, closing=False), "full")
    return out.getvalue()


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _shortened(example: str) -> str:
    long = len(example) > _LONG
    return f"{example[:60]}... ({len(example)} characters)" if long else example
