from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest

from mjspec.cli import main
from mjspec.parameters import PARAMETERS
from mjspec.rules import RULES
from mjspec.schemas import schema_names
from mjspec.versions import VERSIONS

if TYPE_CHECKING:
    from mjspec.parameters import Parameter
    from mjspec.rules import Rule

ROOT = Path(__file__).parents[2]


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_schema_of_specs(capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads(output(capsys, "schema"))

    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("version", [v for v in schema_names() if v], ids=str)
def test_schema_of_each_version(capsys: pytest.CaptureFixture[str], version: object) -> None:
    schema = json.loads(output(capsys, "schema", "--model", str(version)))

    assert schema["title"] == f"Midjourney {version} request"


@pytest.mark.parametrize("name", ["7", "v7", "7.0"])
def test_a_version_has_several_names(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert "v7.json" in output(capsys, "schema", "--model", name)


@pytest.mark.parametrize("name", ["--stop", "stop", "STOP", "—stop"])
def test_a_parameter_is_found_by_any_spelling(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert output(capsys, "params", name) == (
        "--stop\n"
        "  Stops the work early, at this percentage.\n"
        "\n"
        "  spellings   --stop\n"
        "  field       stop\n"
        "  values      a whole number from 10 to 100\n"
        "  default     100\n"
        "  sources     Endpoint page: v5 to 6.1, niji 5 and 6\n"
        "\n"
        "  versions\n"
        "    1 to 4 and 7 to 8.2 and niji 4 and 7  not available\n"
        "    5 to 6.1 and niji 5 and 6             a whole number from 10 to 100\n"
    )


@pytest.mark.parametrize("name", ["ar", "--aspect", "size"])
def test_a_parameter_is_found_by_alias_and_field(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert output(capsys, "params", name).startswith("--ar\n")


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_parameter_has_a_page(
    capsys: pytest.CaptureFixture[str], parameter: Parameter
) -> None:
    page = output(capsys, "params", parameter.flag)
    record = json.loads(output(capsys, "params", parameter.flag, "--format", "json"))

    assert parameter.summary in page
    assert record["name"] == parameter.name
    assert [f"--{spelling}" for spelling in parameter.spellings] == record["spellings"]
    assert bool(record["available"]) != parameter.dead


def test_the_matrix_has_a_row_for_each_living_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    head, *rows = output(capsys, "params").splitlines()
    rows = [row for row in rows if row.startswith("--")]

    assert len(head.split()) == len(VERSIONS)
    assert len(rows) == sum(not parameter.dead for parameter in PARAMETERS)


def test_the_matrix_says_what_the_table_says(capsys: pytest.CaptureFixture[str]) -> None:
    rows = output(capsys, "params").splitlines()
    stop = next(row for row in rows if row.startswith("--stop"))

    assert "".join(stop.split()[1:]) == "····✓✓✓✓✓·····✓✓·"


def test_all_parameters_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    records = json.loads(output(capsys, "params", "--format", "json"))

    assert [record["name"] for record in records] == [p.name for p in PARAMETERS]


def test_the_list_of_rules(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, "rule").splitlines()

    assert [line.split()[0] for line in lines] == [rule.code for rule in RULES.values()]


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_every_rule_has_a_page(capsys: pytest.CaptureFixture[str], rule: Rule) -> None:
    assert output(capsys, "rule", rule.code) == output(capsys, "rule", rule.name)


def test_all_pages_are_one_after_the_other(capsys: pytest.CaptureFixture[str]) -> None:
    pages = output(capsys, "rule", "--all")

    assert all(f"{rule.code} {rule.name} ({rule.severity})" in pages for rule in RULES.values())


def test_rules_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    records = json.loads(output(capsys, "rule", "--format", "json"))

    assert [record["code"] for record in records] == [rule.code for rule in RULES.values()]
    assert json.loads(output(capsys, "rule", "MJ101", "--format", "json"))["name"] == "em-dash"


def test_every_fault_of_the_sandbox_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    from mjspec.sandbox import CATALOGUE, GROUPS

    listed = {line.split()[0] for line in output(capsys, "sandbox", "--list-faults").splitlines()}

    assert {*GROUPS, *(fault.name for fault in CATALOGUE)} <= listed


def test_the_sandbox_says_where_it_is_and_answers_there() -> None:
    command = [sys.executable, "-m", "mjspec", "sandbox", "--port", "0", "--balance", "2.5"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        settings = dict(
            line.split()[1].split("=", 1)
            for line in islice(lines, 6)
            if line.startswith("  export")
        )
        request = Request(
            f"{settings['APIMART_BASE_URL']}/v1/user/balance",
            headers={"Authorization": f"Bearer {settings['APIMART_API_KEY']}"},
        )
        with urlopen(request, timeout=30) as answer:
            balance = json.load(answer)
        process.terminate()

    assert "2.5" in json.dumps(balance)


def test_a_taken_port_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["sandbox", "--port", str(port)]) == 2
    assert f"127.0.0.1:{port}: " in capsys.readouterr().err


@pytest.mark.parametrize("name", ["speed", "image_urls", "metadata", "extra", "prompt"])
def test_fields_that_are_no_parameters(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "params", name).startswith(f"{name}\n")
    record = json.loads(output(capsys, "params", name, "--format", "json"))
    assert (record["field"], bool(record["summary"])) == (name, True)


def test_speed_names_its_flags(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--fast, --relax, --turbo" in output(capsys, "params", "speed")


def test_copies_are_compiled_one_by_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = tmp_path / "s.yaml"
    spec.write_text("id: fox\ncopies: 3\nprompt: a fox\n", encoding="utf-8")
    lines = output(capsys, "compile", str(spec), "--format", "jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["fox", "fox-copy2", "fox-copy3"]
