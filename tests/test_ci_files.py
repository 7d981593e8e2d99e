"""What other systems read of this repository: the hooks of pre-commit and the GitHub Action."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from mjspec.cli.frame import COMMANDS

ROOT = Path(__file__).parent.parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"
ACTION = ROOT / "action.yml"
NAMES = {name for section in COMMANDS.values() for name in section}

pytestmark = pytest.mark.skipif(not ACTION.exists(), reason="this is no checkout")
needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def hooks() -> list[dict[str, Any]]:
    return list(loaded(HOOKS))


def steps() -> list[dict[str, Any]]:
    return list(loaded(ACTION)["runs"]["steps"])


def step(name: str) -> dict[str, Any]:
    return next(each for each in steps() if each.get("id") == name)


def test_there_are_two_hooks() -> None:
    assert [hook["id"] for hook in hooks()] == ["mjspec-lint", "mjspec-fmt"]


@pytest.mark.parametrize("number", [0, 1])
def test_a_hook_runs_a_command_that_exists(number: int) -> None:
    hook = hooks()[number]
    program, name, *options = hook["entry"].split()
    command = importlib.import_module(f"mjspec.cli.{name}").command
    known = {option for parameter in command.params for option in parameter.opts}

    assert isinstance(command, click.Command)
    assert (program, name in NAMES) == ("mjspec", True)
    assert set(options) == {"--force-exclude"} <= known
    assert hook["language"] == "python"
    assert hook["require_serial"] is True
    assert hook["minimum_pre_commit_version"] == "2.9.0"


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("a.mj", True),
        ("x/y z.mj", True),
        ("a.mj.yaml", True),
        ("x/a.mj.yml", True),
        ("mjspec.yaml", True),
        ("x/mjspec.yml", True),
        ("a.yaml", False),
        ("notmjspec.yaml", False),
        ("a.mjs", False),
        ("amj", False),
    ],
)
def test_a_hook_takes_the_files_that_are_surely_prompts(
    number: int, path: str, taken: bool
) -> None:
    assert bool(re.search(hooks()[number]["files"], path)) is taken


def test_the_action_is_a_composite_one() -> None:
    action = loaded(ACTION)

    assert action["runs"]["using"] == "composite"
    assert all(action[key] for key in ("name", "description", "author", "branding"))
    assert all(item["description"] for item in action["inputs"].values())
    assert all(isinstance(item["default"], str) for item in action["inputs"].values())
    assert action["inputs"]["format"]["default"] == "github"
    assert set(action["outputs"]) == {"exit-code", "sarif-file"}


def test_every_expression_names_something() -> None:
    action = loaded(ACTION)
    names = re.findall(r"\$\{\{ *([\w.-]+) *\}\}", ACTION.read_text(encoding="utf-8"))
    ids = {each["id"] for each in steps() if "id" in each}

    for name in names:
        what, first, *rest = name.split(".")
        known = action["inputs"] if what == "inputs" else ids
        assert first in known, name
        assert what in ("inputs", "steps"), name
        assert rest[:1] in ([], ["outputs"]), name
    used = {name.partition(".")[2] for name in names if name.startswith("inputs.")}
    assert used == set(action["inputs"])


def test_nothing_that_a_user_writes_becomes_part_of_a_script() -> None:
    for each in steps():
        assert "${{" not in each.get("run", "")
        assert each.get("shell", "bash") == "bash"
        assert ("shell" in each) == ("run" in each)


def test_findings_are_sent_also_when_the_check_failed() -> None:
    last = steps()[-1]

    assert last["uses"].startswith("github/codeql-action/upload-sarif@")
    assert last["if"] == "always() && steps.lint.outputs.sarif-file != ''"


class Runner:
    """Runs the action's own scripts as GitHub does, in a repository of its own."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.temp = folder / "temp"
        self.output = folder / "output"
        for made in (self.checkout / "prompts", self.temp):
            made.mkdir(parents=True)
        subprocess.run(["git", "init", "--quiet", self.checkout], check=True)
        self.write("good.mj", "a fox --ar 16:9\n")
        self.write("bad one.mj", "a fox --ar 16x9\n")

    def write(self, name: str, text: str) -> None:
        (self.checkout / "prompts" / name).write_text(text, encoding="utf-8")

    def lint(self, **inputs: str) -> tuple[int, str, dict[str, str]]:
        """The exit code of the step, what it prints, and its outputs."""
        action, lint = loaded(ACTION), step("lint")
        given = {name: item["default"] for name, item in action["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        values = {f"${{{{ inputs.{name} }}}}": value for name, value in given.items()}
        values["${{ steps.install.outputs.python }}"] = sys.executable
        self.output.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", lint["run"]],
            cwd=self.checkout / values[lint["working-directory"]],
            env={
                **os.environ,
                **{name: values[value] for name, value in lint["env"].items()},
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_OUTPUT": str(self.output),
                "GITHUB_WORKSPACE": str(self.checkout),
                "PYTHONPATH": str(ROOT),
                "RUNNER_TEMP": str(self.temp),
            },
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return done.returncode, done.stdout, dict(line.split("=", 1) for line in lines)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    return Runner(tmp_path)


@needs_bash
def test_the_action_annotates_and_fails(runner: Runner) -> None:
    code, printed, outputs = runner.lint()

    assert (code, outputs) == (1, {"exit-code": "1"})
    assert printed.startswith("::error file=prompts/bad one.mj,line=1,endLine=1,col=12,")


@needs_bash
def test_paths_stand_on_lines_of_their_own(runner: Runner) -> None:
    assert runner.lint(paths="prompts/good.mj")[0] == 0
    assert runner.lint(paths="\nprompts/good.mj\n\nprompts/bad one.mj\n")[0] == 1


@needs_bash
def test_the_action_takes_options(runner: Runner) -> None:
    code, printed, _ = runner.lint(args="--ignore MJ204\n  --quiet", format="concise")

    assert (code, printed) == (0, "")
    assert runner.lint(args="--exit-zero")[0] == 0


@needs_bash
def test_the_severity_that_fails_can_be_chosen(runner: Runner) -> None:
    runner.write("bad one.mj", "a fox --ar 16:9--v 7\n")

    assert runner.lint()[0] == 0
    assert runner.lint(fail_on="warning")[0] == 1


@needs_bash
def test_a_report_for_code_scanning_is_written_beside(runner: Runner) -> None:
    code, _, outputs = runner.lint(sarif="true", working_directory="prompts")
    report = Path(outputs["sarif-file"])
    (result,) = json.loads(report.read_text(encoding="utf-8"))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]

    assert code == 1
    assert report.parent == runner.temp
    assert place == {"uri": "prompts/bad%20one.mj"}


@needs_bash
def test_a_usage_error_sends_nothing_to_code_scanning(runner: Runner) -> None:
    code, _, outputs = runner.lint(args="--no-such-option", sarif="true")

    assert (code, outputs) == (2, {"exit-code": "2"})


@needs_bash
def test_inputs_are_never_run(runner: Runner) -> None:
    nasty = "$(touch pwned); `touch pwned`; touch pwned"
    code, _, _ = runner.lint(
        paths=nasty, args=nasty, format=nasty, fail_on=nasty, sarif="true", version=nasty
    )

    assert code == 2
    assert not list(runner.checkout.rglob("pwned*"))


@needs_bash
def test_the_install_step_installs_the_action_or_a_release(tmp_path: Path) -> None:
    # A stand-in for Python, that tells what it is asked, spares the test the network.
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nmkdir -p "$RUNNER_TEMP/mjspec/bin"\n', encoding="utf-8")
    python.chmod(0o755)
    inner = tmp_path / "mjspec" / "bin" / "python"
    inner.parent.mkdir(parents=True)
    inner.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    inner.chmod(0o755)
    asked = []
    for version in ("", "0.1.0; touch x"):
        output = tmp_path / "output"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step("install")["run"]],
            env={
                "PATH": os.environ["PATH"],
                "PYTHON": str(python),
                "VERSION": version,
                "GITHUB_ACTION_PATH": "/an action",
                "GITHUB_OUTPUT": str(output),
                "RUNNER_TEMP": str(tmp_path),
            },
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        asked.append(done.stdout.splitlines()[-1])

    assert asked == ["/an action", "mjspec==0.1.0; touch x"]
    assert output.read_text(encoding="utf-8").splitlines() == [f"python={inner}"] * 2


def recipes(language: str, heading: str = "In CI") -> list[str]:
    """The blocks of one of the README's sections."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split(f"\n## {heading}\n")[1]
    return re.findall(rf"```{language}\n(.*?)```", section.split("\n## ")[0], re.DOTALL)


def recipe(name: str) -> Any:
    (block,) = (block for block in recipes("yaml") if block.startswith(f"# {name}\n"))
    return yaml.safe_load(block)


def test_the_readme_names_hooks_and_inputs_that_exist() -> None:
    (repository,) = recipe(".pre-commit-config.yaml")["repos"]
    job = recipe(".github/workflows/prompts.yml")["jobs"]["mjspec"]

    assert {hook["id"] for hook in repository["hooks"]} == {hook["id"] for hook in hooks()}
    assert set(job["steps"][-1]["with"]) <= set(loaded(ACTION)["inputs"])


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("prompts/a.mj", True),
        ("prompts/x/a.yaml", True),
        # YAML that is no spec, and is named by the hook, would be an error.
        (".pre-commit-config.yaml", False),
        (".github/workflows/prompts.yml", False),
    ],
)
def test_the_hook_of_the_readme_takes_no_other_yaml(path: str, taken: bool) -> None:
    (repository,) = recipe(".pre-commit-config.yaml")["repos"]
    patterns = [hook["files"] for hook in repository["hooks"] if "files" in hook]

    assert [bool(re.search(pattern, path)) for pattern in patterns] == [taken]


@needs_bash
def test_the_commands_of_the_readme_do_what_it_says(runner: Runner) -> None:
    program = runner.temp / "mjspec"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mjspec "$@"\n', encoding="utf-8")
    program.chmod(0o755)

    def codes(script: list[str]) -> list[int]:
        path = f"{runner.temp}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
        commands = [line for line in script if line.startswith("mjspec ")]
        return [
            subprocess.run(
                ["bash", "-c", line], cwd=runner.checkout, env=environment, check=False
            ).returncode
            for line in commands
        ]

    (plain,) = recipes("sh")
    (steps,) = recipes("sh", "Keeping prompts in order")

    assert codes(recipe(".gitlab-ci.yml")["mjspec"]["script"]) == [1]
    (issue,) = json.loads(
        (runner.checkout / "gl-code-quality-report.json").read_text(encoding="utf-8")
    )
    assert issue["location"]["path"] == "prompts/bad one.mj"
    assert codes(plain.splitlines()) == [1, 1]
    assert codes(steps.splitlines()) == [1, 0, 0, 1]
    runner.write("new.mj", "a fox --ar 16x9\n")
    assert codes(steps.splitlines()[2:3]) == [1]
