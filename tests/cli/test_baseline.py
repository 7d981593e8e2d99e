from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mjspec.cli import main

if TYPE_CHECKING:
    from pathlib import Path

DASH = "a fox —ar 16:9\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Run:
    """The command, with what it wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.err = ""

    def __call__(self, *arguments: str) -> tuple[int, str]:
        code = main(["lint", *arguments])
        written = self.capsys.readouterr()
        self.err = written.err
        return code, written.out

    def found(self, *arguments: str) -> list[tuple[int, str]]:
        _, out = self(*arguments, "--format", "json")
        document: dict[str, Any] = json.loads(out)
        return [(d["line"], d["name"]) for d in document["diagnostics"]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


def test_a_baseline_holds_files_rules_and_hashes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.mj").write_text(f"{DASH}a cat --stylze 5\n{DASH}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.yaml").write_text("prompt: an owl —ar 16:9\n")

    assert run(".", "--write-baseline", "base.json") == (0, "")
    assert run.err == "base.json: 5 findings in 2 files\n"
    content = json.loads((tmp_path / "base.json").read_text())
    counts = {
        file: {rule: sorted(lines.values()) for rule, lines in rules.items()}
        for file, rules in content["findings"].items()
    }
    assert content["version"] == 1
    assert counts == {
        "b.mj": {"duplicate-job": [1], "em-dash": [2], "unknown-parameter": [1]},
        "sub/a.yaml": {"em-dash": [1]},
    }


def test_a_baseline_is_the_same_whenever_it_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(f"{DASH}a cat --stylze 5\n")
    run("a.mj", "--write-baseline", "one.json")
    (tmp_path / "a.mj").write_text(f"# a comment\n\na cat --stylze 5\n   {DASH}")
    run("a.mj", "--write-baseline", "two.json")

    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_what_is_in_the_baseline_is_not_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(f"{DASH}a cat --stylze 5\n")
    run("a.mj", "--write-baseline", "base.json")

    assert run("a.mj", "--baseline", "base.json") == (
        0,
        "All checks passed: 2 prompts (1 file). 2 more in the baseline.\n",
    )
    assert run.err == ""


def test_moved_lines_stay_hidden_and_new_findings_are_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(f"a cat --stylze 5\n{DASH}")
    run("a.mj", "--write-baseline", "base.json")
    (tmp_path / "a.mj").write_text(f"{DASH}\n# new\n\t a cat --stylze 5\na cow —ar 1:1\n")

    assert run.found("a.mj", "--baseline", "base.json") == [(5, "em-dash")]
    assert run("a.mj", "--baseline", "base.json")[1].endswith(
        "Found 1 info in 3 prompts (1 file). 2 more in the baseline.\n1 fixable with `--fix`.\n"
    )


def test_of_equal_findings_the_count_decides(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(DASH * 2)
    run("a.mj", "--ignore", "duplicate-job", "--write-baseline", "base.json")
    (tmp_path / "a.mj").write_text(DASH * 3)

    found = run.found("a.mj", "--ignore", "duplicate-job", "--baseline", "base.json")
    assert found == [(3, "em-dash")]


def test_what_is_gone_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(f"{DASH}a cat —ar 1:1\na cow —ar 1:1\n")
    (tmp_path / "b.mj").write_text("an owl —ar 1:1\n")
    run(".", "--write-baseline", "base.json")
    (tmp_path / "a.mj").write_text("a cat —ar 1:1\na cow --ar 1:1\n")

    assert run("a.mj", "--baseline", "base.json")[0] == 0
    assert run.err == "2 entries of the baseline are gone; write it anew\n"
    run("a.mj", "--baseline", "base.json", "--quiet")
    assert run.err == ""
    run("a.mj", "--baseline", "base.json", "--select", "MJ2")
    assert run.err == ""
    run("b.mj", "--baseline", "base.json")
    assert run.err == ""
    (tmp_path / "b.mj").unlink()
    run("a.mj", "--baseline", "base.json")
    assert run.err == "3 entries of the baseline are gone; write it anew\n"


def test_paths_are_relative_to_the_baseline(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.mj").write_text(DASH)
    run(str(tmp_path / "sub"), "--write-baseline", "base.json")
    monkeypatch.chdir(tmp_path / "sub")

    assert run.found("a.mj", "--baseline", "../base.json") == []


def test_the_configuration_names_a_baseline(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mjspec.toml").write_text('baseline = "ci/base.json"\n')
    (tmp_path / "ci").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.mj").write_text(DASH)

    assert run("sub", "--write-baseline", "ci/base.json")[0] == 0
    monkeypatch.chdir(tmp_path / "sub")
    assert run.found("a.mj") == []
    (tmp_path / "other.json").write_text('{"version": 1, "findings": {}}')
    assert run.found("a.mj", "--baseline", "../other.json") == [(1, "em-dash")]


def test_a_baseline_is_replaced_as_a_whole(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(DASH)
    (tmp_path / "real.json").write_text("old\n")
    (tmp_path / "base.json").symlink_to("real.json")
    (tmp_path / "real.json").chmod(0o640)

    assert run("a.mj", "--write-baseline", "base.json")[0] == 0
    assert (tmp_path / "base.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["version"] == 1
    assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mj", "base.json", "real.json"]


def test_a_folder_that_is_not_there_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(DASH)

    assert run("a.mj", "--write-baseline", "no/base.json") == (2, "")
    assert run.err == "Error: no/base.json: No such file or directory\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"version": 1,\n', "base.json:2:1: it is no JSON: "),
        ("", "base.json:1:1: it is no JSON: "),
        ("[]", "base.json:1:1: it is no baseline: `version` has to be 1; "),
        ('{\n "version": true}', "base.json:2:2: it is no baseline: `version` has to be 1; "),
        (
            '{\n "version": 2}',
            "base.json:2:2: a later mjspec wrote it (version 2; this one knows 1)\n",
        ),
        ('{"version": 1}', "base.json:1:1: `findings` needs an object; "),
        (
            '{"version": 1, "findings":\n {"ü.mj": []}}',
            "base.json:2:3: `ü.mj` needs an object; ",
        ),
        (
            '{"version": 1, "findings": {"a": {"em-dash":\n {"12": 0}}}}',
            "base.json:2:3: `0` is no number of findings; ",
        ),
        ("[" * 100_000, "base.json:1:1: it is no baseline; "),
    ],
)
def test_a_damaged_baseline_is_told_with_its_place(
    run: Run, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "a.mj").write_text(DASH)
    (tmp_path / "base.json").write_text(text, encoding="utf-8")

    assert run("a.mj", "--baseline", "base.json") == (2, "")
    assert run.err.startswith(f"Error: {message}")
    assert run.err.count("\n") == 1


def test_a_baseline_has_to_be_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(DASH)

    assert run("a.mj", "--baseline", "no.json") == (2, "")
    assert "no.json" in run.err


@pytest.mark.parametrize("option", ["--baseline=b.json", "--statistics", "--diff"])
def test_writing_goes_with_nothing_else(run: Run, tmp_path: Path, option: str) -> None:
    (tmp_path / "a.mj").write_text(DASH)

    assert run("a.mj", "--write-baseline", "base.json", option)[0] == 2
    assert not (tmp_path / "base.json").exists()


def test_what_cannot_be_read_makes_the_exit_code(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(DASH)

    assert run("a.mj", "no.mj", "--write-baseline", "base.json")[0] == 2
    assert (tmp_path / "base.json").exists()


def test_what_is_not_reported_is_not_fixed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(DASH * 2)
    run("a.mj", "--ignore", "duplicate-job", "--write-baseline", "base.json")
    (tmp_path / "a.mj").write_text(f"{DASH * 2}a cow —ar 1:1\n")

    run("a.mj", "--ignore", "duplicate-job", "--baseline", "base.json", "--fix")
    assert (tmp_path / "a.mj").read_text() == f"{DASH * 2}a cow --ar 1:1\n"


def test_suppressed_findings_need_no_baseline(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.mj").write_text(f"# mjspec: ignore[em-dash]\n{DASH}a cow —ar 1:1\n")
    run("a.mj", "--write-baseline", "base.json")

    assert run.err == "base.json: 1 finding in 1 file\n"
    assert run("a.mj", "--baseline", "base.json")[1] == (
        "All checks passed: 2 prompts (1 file). 1 more suppressed and 1 more in the baseline.\n"
    )


LINES = st.lists(
    st.sampled_from([DASH, "a cat --stylze 5\n", "a cow\n", "an owl –ar 1:1 --seed 1 --seed 1\n"]),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(LINES, st.randoms(use_true_random=False))
def test_any_order_of_the_same_lines_is_known(
    run: Run, tmp_path: Path, lines: list[str], random: Any
) -> None:
    options = ["a.mj", "--ignore", "duplicate-job"]
    (tmp_path / "a.mj").write_text("".join(lines), encoding="utf-8")
    run(*options, "--write-baseline", "base.json")
    random.shuffle(lines)
    (tmp_path / "a.mj").write_text("\n".join(lines), encoding="utf-8")

    assert run.found(*options, "--baseline", "base.json") == []
    assert run.err == ""
