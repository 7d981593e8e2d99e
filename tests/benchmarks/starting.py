"""How long commands take to start."""

from __future__ import annotations

import sys

from tests.benchmarks.linting import lint
from tests.benchmarks.measure import processes
from tests.benchmarks.setting import Setting, program
from tests.benchmarks.table import Row, Sample

ROUNDS = 15
PROMPT = "a fox --ar 16:9 --v 7 --s 100\n"
SPEC = "prompt: a fox\nsize: '16:9'\n"


def prompt(setting: Setting) -> dict[str, Sample]:
    """One prompt against one YAML file and a schema that allows nearly all."""
    command = lint(setting.file("small.mj", PROMPT))
    compared = processes(command, _check_jsonschema(setting), setting.rounds(ROUNDS))
    return {"start-prompt": compared}


def spec(setting: Setting) -> dict[str, Sample]:
    """The same YAML file for both."""
    command = lint(setting.file("small.yaml", SPEC))
    compared = processes(command, _check_jsonschema(setting), setting.rounds(ROUNDS))
    return {"start-spec": compared}


def yaml(setting: Setting) -> dict[str, Sample]:
    """The same YAML file, whose values the peer does not look at."""
    path = setting.file("small.yaml", SPEC)
    peer = [program("yamllint"), str(path)]
    return {"start-yaml": processes(lint(path), peer, setting.rounds(ROUNDS))}


def version(setting: Setting) -> dict[str, Sample]:
    """What is added to a Python that does nothing."""
    ours, bare = [program("mjspec"), "--version"], [sys.executable, "-c", "pass"]
    compared = processes(ours, bare, setting.rounds(ROUNDS))
    over = (1000 * (a - b) for a, b in zip(compared.ours, compared.theirs, strict=True))
    theirs = (1000 * seconds for seconds in compared.theirs)
    return {"version": Sample(ours=tuple(over), theirs=tuple(theirs))}


def _check_jsonschema(setting: Setting) -> list[str]:
    schema = setting.file("schema.json", '{"type": "object"}')
    path = setting.file("small.yaml", SPEC)
    return [program("check-jsonschema"), "--schemafile", str(schema), str(path)]


ROWS = (
    Row(
        name="start-prompt",
        what="`mjspec lint`, one small `.mj` file",
        peer="check-jsonschema",
        unit="s",
        must=1.0,
        aim=1.5,
        by_ratio=True,
        measure=prompt,
    ),
    Row(
        name="start-spec",
        what="`mjspec lint`, one small spec",
        peer="check-jsonschema",
        unit="s",
        must=1.0,
        aim=1.5,
        by_ratio=True,
        measure=spec,
    ),
    Row(
        name="start-yaml",
        what="`mjspec lint`, one small spec",
        peer="yamllint",
        unit="s",
        by_ratio=True,
        measure=yaml,
    ),
    Row(
        name="version",
        what="`mjspec --version`, over bare Python",
        peer="bare Python",
        unit="ms",
        must=60,
        aim=35,
        measure=version,
    ),
)
