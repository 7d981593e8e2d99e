from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mjspec.cli import main
from mjspec.versions import VERSIONS

if TYPE_CHECKING:
    from pathlib import Path

    from mjspec.versions import Version


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str]]:
    """Rule and severity of each finding."""
    main(["lint", *arguments, "--format", "json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return [(d["name"], d["severity"]) for d in document["diagnostics"]]


@pytest.mark.parametrize("name", ["7", "v7", "7.0", "V7", " 7 "])
@pytest.mark.parametrize("flag", ["--v 6.1", "--niji 6", "--v 9", "", "--niji", "--v 6 --v 6.1"])
def test_every_prompt_is_checked_as_if_it_were_on_that_version(
    capsys: pytest.CaptureFixture[str], name: str, flag: str
) -> None:
    prompt = f"a fox --stop 50 {flag}"

    assert found(capsys, "--prompt", prompt, "--target-version", name) == [
        ("unsupported-in-version", "error")
    ]


@pytest.mark.parametrize("name", ["niji 6", "niji6", "niji-6", "NIJI 6"])
def test_a_target_may_be_a_niji_version(capsys: pytest.CaptureFixture[str], name: str) -> None:
    options = ["--target-version", name]

    assert found(capsys, "--prompt", "a fox --stop 50 --v 7", *options) == []
    assert found(capsys, "--prompt", "a fox --draft --v 7", *options) == [
        ("unsupported-in-version", "error")
    ]


@pytest.mark.parametrize("version", VERSIONS, ids=str)
@pytest.mark.parametrize(
    "flag",
    ["", "--v 6.1", "--v 4", "--v 99", "--v six", "--niji 5", "--niji 6.1", "--v 7 --niji 7"],
)
def test_the_version_itself_is_no_finding(
    capsys: pytest.CaptureFixture[str], version: Version, flag: str
) -> None:
    prompt = f"a fox in the snow {flag}"

    assert found(capsys, "--prompt", prompt, "--target-version", version.name) == []


@pytest.mark.parametrize(
    "fields", ["version: 8.2\n", "version: 99\n", "niji: true\nversion: 5\n", "niji: false\n"]
)
def test_fields_move_as_well(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, fields: str
) -> None:
    (tmp_path / "a.yaml").write_text(f"prompt: a fox --v 6.1\n{fields}stop: 50\n")

    assert found(capsys, "a.yaml", "--target-version", "7") == [("unsupported-in-version", "error")]
    assert found(capsys, "a.yaml", "--target-version", "6.1") == []


def test_what_the_versions_share_stays(capsys: pytest.CaptureFixture[str]) -> None:
    prompt = "a fox —ar 16:9 --v 7 --stylize 5000"

    assert found(capsys, "--prompt", prompt, "--target-version", "6.1") == [
        ("em-dash", "info"),
        ("out-of-range", "error"),
    ]


def test_hd_does_not_choose_against_the_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, "--prompt", "a fox --hd", "--target-version", "7") == [
        ("unsupported-in-version", "error")
    ]


def test_declared_versions_are_targets(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mjspec.toml").write_text('[versions]\n"9" = "6.1"\n"niji 9" = "niji 7"\n')
    (tmp_path / "a.mj").write_text("a fox --stop 50\n")

    assert found(capsys, "a.mj", "--target-version", "v9") == []
    assert found(capsys, "a.mj", "--target-version", "niji9") == [
        ("unsupported-in-version", "error")
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("9", "'9' is no version. There are 1 to 8.2 and niji 4 to 7."),
        ("niji 66", "'niji 66' is no version. Did you mean 'niji 6'? There are "),
        ("6.11", "'6.11' is no version. Did you mean '6.1'? There are "),
        ("", "'' is no version. There are "),
    ],
)
def test_an_unknown_target_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    assert main(["lint", "--prompt", "a fox", "--target-version", name]) == 2
    assert capsys.readouterr().err.startswith(f"Error: --target-version: {message}")


def test_declared_versions_are_listed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mjspec.toml").write_text('[versions]\n"9" = "8.1"\n')
    (tmp_path / "a.mj").write_text("a fox\n")

    assert main(["lint", "a.mj", "--target-version", "10"]) == 2
    assert "and niji 4 to 7 and, declared, 9." in capsys.readouterr().err


def test_without_a_target_nothing_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert found(capsys, "--prompt", "a fox --v 8.2") == [("unverified-version", "warning")]
