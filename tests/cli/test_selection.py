from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mjspec.cli import main
from mjspec.config import forget_configs
from mjspec.rules import RULES
from mjspec.selection import meant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "a fox —ar 16:9\na cat --stylze 5\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("a.mj", "sub/b.mj"):
        (tmp_path / name).write_text(TEXT.replace("a ", f"{name[-4]} ", 1), encoding="utf-8")
    yield
    forget_configs()


def configure(folder: Path, text: str) -> None:
    (folder / "mjspec.toml").write_text(text, encoding="utf-8")
    forget_configs()


def found(capsys: pytest.CaptureFixture[str], *options: str) -> list[tuple[str, str, str]]:
    """File, rule and severity of each finding, equal jobs left aside."""
    main(["lint", ".", "--format", "json", *options])
    document = json.loads(capsys.readouterr().out)
    return [
        (d["path"], d["name"], d["severity"])
        for d in document["diagnostics"]
        if d["name"] != "duplicate-job"
    ]


DASH_A = ("a.mj", "em-dash", "info")
DASH_B = ("sub/b.mj", "em-dash", "info")
NAME_A = ("a.mj", "unknown-parameter", "error")
NAME_B = ("sub/b.mj", "unknown-parameter", "error")


@pytest.mark.parametrize(
    ("config", "options", "expected"),
    [
        ("", [], [DASH_A, NAME_A, DASH_B, NAME_B]),
        ('select = ["MJ1"]', [], [DASH_A, DASH_B]),
        ('select = ["unknown-parameter"]', [], [NAME_A, NAME_B]),
        ('ignore = ["MJ201"]', [], [DASH_A, DASH_B]),
        ('select = ["MJ1"]', ["--select", "MJ2"], [NAME_A, NAME_B]),
        ('ignore = ["MJ1"]', ["--ignore", "MJ2"], []),
        ('ignore = ["ALL"]', [], []),
        ("", ["--select", "mj101, Unknown-Parameter"], [DASH_A, NAME_A, DASH_B, NAME_B]),
        ('[per-file-ignores]\n"sub" = ["MJ1"]', [], [DASH_A, NAME_A, NAME_B]),
        ('[per-file-ignores]\n"sub/*.mj" = ["em-dash"]', [], [DASH_A, NAME_A, NAME_B]),
        ('[per-file-ignores]\n"b.mj" = ["ALL"]', [], [DASH_A, NAME_A]),
        ('[per-file-ignores]\n"a.mj" = ["MJ1"]\n"*.mj" = ["MJ2"]', [], [DASH_B]),
        ('exclude = ["sub"]', [], [DASH_A, NAME_A]),
        ('exclude = ["a.mj"]', [], [DASH_B, NAME_B]),
    ],
)
def test_what_is_reported(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    config: str,
    options: list[str],
    expected: list[tuple[str, str, str]],
) -> None:
    configure(tmp_path, config)

    assert found(capsys, *options) == expected


def test_severities_are_those_of_the_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    configure(tmp_path, '[severity]\nem-dash = "error"\nMJ201 = "warning"\n')

    assert [severity for _, _, severity in found(capsys)] == ["error", "warning"] * 2
    assert main(["lint", "a.mj", "--select", "em-dash"]) == 1
    assert main(["lint", "a.mj", "--select", "MJ201"]) == 0
    assert main(["lint", "a.mj", "--select", "MJ201", "--fail-on", "warning"]) == 1
    capsys.readouterr()


def test_a_file_that_is_named_is_not_excluded(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    configure(tmp_path, 'exclude = ["a.mj"]\n')

    assert main(["lint", "a.mj"]) == 1
    capsys.readouterr()


def test_the_closest_configuration_decides(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    configure(tmp_path, 'ignore = ["MJ1"]\n')
    configure(tmp_path / "sub", 'ignore = ["MJ2"]\n')

    assert found(capsys) == [NAME_A, DASH_B]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("\nbaselin = 1\n", "mjspec.toml:2:1: `baselin` is no setting; did you mean `baseline`?"),
        ("baseline = 1\n", "mjspec.toml:1:1: `baseline` needs the path of a file"),
        (
            'ignore = ["em-dahs"]\n',
            "1:1: `ignore` names the rule `em-dahs`, which does not exist; did you mean `em-dash`?",
        ),
        (
            '[severity]\nem-dash = "bad"\n',
            "mjspec.toml:1:2: `severity` says `bad` for `em-dash`; it is error, warning or info",
        ),
        ("exclude = [1]\n", "mjspec.toml:1:1: `exclude` needs a list of texts"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, config: str, message: str
) -> None:
    configure(tmp_path, config)

    assert main(["lint", "a.mj"]) == 2
    assert message in capsys.readouterr().err


def test_a_selector_means_a_name_a_code_or_a_prefix() -> None:
    assert meant("em-dash") == meant("MJ101") == meant("mj101") == {"em-dash"}
    assert meant("MJ6") == {rule.name for rule in RULES.values() if rule.code.startswith("MJ6")}
    assert meant("ALL") == set(RULES)
    assert meant("MJ999") == meant("no-rule") == frozenset()
