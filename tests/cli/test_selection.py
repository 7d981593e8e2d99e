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


# Each of them means what is in the folder `sub`.
FOLDER = (
    "sub",
    "sub/",
    "/sub",
    "./sub",
    "**/sub",
    "sub/*",
    "sub/**",
    "sub/**/*.mj",
    "**/b.mj",
    "s*b",
)
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
        *((f'exclude = ["{glob}"]', [], [DASH_A, NAME_A]) for glob in FOLDER),
        *((f"[per-file-ignores]\n'{glob}' = ['ALL']", [], [DASH_A, NAME_A]) for glob in FOLDER),
        ('exclude = ["**/*.mj"]', [], []),
        ('exclude = ["./*.mj"]', [], []),
        ('exclude = ["/a.mj", "/b.mj", "s", "ub", "sub/a.mj", "**/su"]', [], [DASH_B, NAME_B]),
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
            'ignore = [\n  "em-dash", # "em-dahs"\n  "em-dahs",\n]\n',
            "3:3: `ignore` names the rule `em-dahs`, which does not exist; did you mean `em-dash`?",
        ),
        ('ignore = ["MJ9"]\n', "1:11: `ignore` names the rule `MJ9`, which does not exist"),
        (
            '[per-file-ignores]\n"a*" = ["MJ1"]\nb = ["MJ2", \'mj999\']\n',
            "mjspec.toml:3:13: `per-file-ignores` names the rule `mj999`, which does not exist",
        ),
        (
            '[severity]\nem-dash = "bad"\n',
            "mjspec.toml:2:11: `severity` says `bad` for `em-dash`; it is error, warning or info",
        ),
        (
            "severity.em-dash = 'info'\nseverity . em-dsh = 'info'\n",
            "mjspec.toml:2:12: `severity` names the rule `em-dsh`, which does not exist",
        ),
        ("exclude = [1]\n", "mjspec.toml:1:12: `exclude` needs a list of texts"),
        ("max-jobs = -1.5\n", "mjspec.toml:1:12: `max-jobs` needs a whole number from 1"),
        (
            '[versions]\n"9" = "8.1"\n"10" = "9"\n',
            "mjspec.toml:3:8: `versions` names `9`, which is no known version; there are 1 to 8.2",
        ),
        (
            'assume-version = "11"\nversions = {"9" = "8.1"}\n',
            "1:18: `assume-version` names `11`, which is no known version; there are 1 to 8.2",
        ),
        (
            "[prices]\nfsat = 0.1\n",
            "2:1: `prices` names `fsat`, which is neither speed nor billing key; did you mean `fast`?",
        ),
        ("[prices]\nfast = inf\n", "2:8: `prices` says `inf` for `fast`"),
        ("select = \n", "mjspec.toml:1:10: invalid value"),
        ('select = """a', "mjspec.toml:1:14: unterminated string"),
        (f"select = {'[' * 5000}{']' * 5000}\n", "mjspec.toml:1:1: values are nested too deeply"),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, config: str, message: str
) -> None:
    configure(tmp_path, config)

    assert main(["lint", "a.mj"]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tool = 5\n", "pyproject.toml:1:1: `tool` needs a table"),
        ("[tool]\nmjspec = 5\n", "pyproject.toml:2:1: `tool.mjspec` needs a table"),
        ("[tool.x]\nignor = 1\n[tool.mjspec]\nignor = 1\n", "pyproject.toml:4:1: `ignor` is no"),
    ],
)
def test_a_wrong_pyproject_is_told_with_its_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    forget_configs()

    assert main(["lint", "a.mj"]) == 2
    assert message in capsys.readouterr().err


def test_a_declared_version_can_be_assumed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "stop.mj").write_text("a fox --stop 50\n", encoding="utf-8")
    configure(tmp_path, 'assume-version = "9"\nversions = {"9" = "7"}\n')

    assert main(["lint", "stop.mj", "--format", "concise"]) == 1
    assert "unsupported-in-version" in capsys.readouterr().out


@pytest.mark.parametrize("selector", ["MJ9", "MJ999", "M", "em-dahs"])
@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_selector_that_names_no_rule_is_refused(
    capsys: pytest.CaptureFixture[str], option: str, selector: str
) -> None:
    assert main(["lint", "a.mj", option, selector]) == 2
    assert f"{option} names the rule `{selector}`, which does not" in capsys.readouterr().err


def test_a_selector_means_a_name_a_code_or_a_prefix() -> None:
    assert meant("em-dash") == meant("MJ101") == meant("mj101") == {"em-dash"}
    assert meant("MJ6") == {rule.name for rule in RULES.values() if rule.code.startswith("MJ6")}
    assert meant("ALL") == set(RULES)
    assert meant("MJ999") == meant("no-rule") == frozenset()
