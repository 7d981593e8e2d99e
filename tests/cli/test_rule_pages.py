from __future__ import annotations

import json
from pathlib import Path

import pytest

from mjspec.cli import main
from mjspec.rules import RULES, Rule

EM_DASH = """\
MJ101 em-dash (info)

  A parameter is written with an em dash.

  Phones and word processors turn two hyphens into one long dash. Midjourney takes it
  for two hyphens (parameter list), so this works; tools between you and Midjourney may
  not know.

  Bad:
      a fox in the snow —ar 16:9

  Found:
      info[MJ101 em-dash]: `—ar` is written with an em dash, which Midjourney reads as `--ar`
       --> example.mj:1:19
        |
      1 | a fox in the snow —ar 16:9
        |                   ^^^
      fix: write two hyphens (`--fix`)

  Good:
      a fox in the snow --ar 16:9

  Fix: Writes two hyphens.
"""


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) in (0, 1)
    return capsys.readouterr().out


def test_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "rule", "em-dash") == EM_DASH


def test_a_page_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads(output(capsys, "rule", "em-dash", "--format", "json"))

    assert record["examples"]["bad"] == "a fox in the snow —ar 16:9"
    assert record["examples"]["output"].startswith("info[MJ101 em-dash]: `—ar` is written")
    assert record["examples"]["good"] == "a fox in the snow --ar 16:9"


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_page_shows_what_lint_says(
    rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "example.mj" if rule.kind == "prompt" else f"example.{rule.kind}"
    Path(name).write_text(rule.bad, encoding="utf-8")
    shown = json.loads(output(capsys, "rule", rule.code, "--format", "json"))["examples"]["output"]
    said = output(capsys, "lint", name)

    assert _messages(shown, rule)
    assert _messages(shown, rule) == _messages(said, rule)


def _messages(report: str, rule: Rule) -> list[str]:
    return [line for line in report.splitlines() if f"[{rule.code} {rule.name}]: " in line]
