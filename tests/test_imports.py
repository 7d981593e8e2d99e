"""Imports go one way, and nothing heavy is imported before it is used."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mjspec"
HEAVY = ("click", "jsonschema", "lark", "lsprotocol", "pyarrow", "pygls", "requests", "yaml")
SELDOM = (
    *("traceback", "textwrap", "tomllib"),
    *(
        "mjspec.spec.faults",
        "mjspec.spec.excerpts",
        "mjspec.spec.substitutes",
        "mjspec.spec.tables",
    ),
)
"""What only something wrong or unusual needs."""
# Which modules may import a heavy library: a module, or a folder.
ALLOWED = {
    "click": ("cli/",),
    # The sandbox judges what it is sent with the same schemas, as the provider would.
    "jsonschema": ("jobs/validate.py", "sandbox/"),
    "lark": ("language/grammar.py",),
    "lsprotocol": ("lsp/",),
    "pyarrow": ("arrow.py", "reading/columns.py", "reading/parquet.py"),
    "pygls": ("lsp/",),
    "requests": ("dispatch/",),
    "yaml": ("spec/",),
}
# From the bottom to the top: nothing imports what stands in a later row.
LAYERS = (
    ("_version", "_resources", "source", "versions", "domains", "toml_places"),
    ("diagnostics", "parameter", "parameters", "limits"),
    ("rules", "schemas", "reference"),
    ("selection", "files", "directives"),
    ("language",),
    ("jobs",),
    ("spec", "spec_schema", "config", "config_values"),
    ("reading",),
    ("linting",),
    ("formatting",),
    ("migration",),
    ("api", "report", "dispatch", "rowwise"),
    ("arrow", "paid", "sandbox"),
    ("lsp", "cli", "_generate"),
    ("__init__", "__main__"),
)
# Each folder or module, and what else it must not know of.
APART = {
    "language/parser.py": ("mjspec.language.resolve",),
    "jobs/merge.py": ("mjspec.jobs.validate", "mjspec.jobs.compiler"),
    "jobs/validate.py": ("mjspec.jobs.compiler",),
    "jobs/emit.py": ("mjspec.jobs.compiler",),
    "jobs/compiler.py": ("mjspec.jobs.pipeline",),
    "dispatch/": ("mjspec.language", "mjspec.jobs", "mjspec.spec"),
    "report/": ("mjspec.language", "mjspec.jobs", "mjspec.spec"),
    "lsp/": ("mjspec.cli", "mjspec.report", "mjspec.dispatch"),
}
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def layer(name: str) -> int:
    """The row of a module, by its path or by its dotted name."""
    top = name.removeprefix("mjspec.").replace("/", ".").removesuffix(".py").partition(".")[0]
    return next(number for number, row in enumerate(LAYERS) if top in row)


def imported(name: str) -> set[str]:
    """The modules that a file imports when it runs, those for type checkers left out."""
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("name", MODULES)
def test_only_their_own_modules_import_heavy_libraries(name: str) -> None:
    for module in imported(name):
        library = module.partition(".")[0]
        if library in HEAVY:
            assert name.startswith(ALLOWED[library]), f"{name} imports {library}"


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_one_way(name: str) -> None:
    own = {module for module in imported(name) if module.startswith("mjspec.")}
    for module in own - {"mjspec.__version__"}:
        assert layer(module) <= layer(name), f"{name} imports {module}"
    for lower, others in APART.items():
        if name.startswith(lower):
            for module in own:
                assert not module.startswith(others), f"{name} imports {module}"


@pytest.mark.parametrize("statement", ["import mjspec", "import mjspec.source, mjspec.versions"])
def test_importing_the_package_costs_no_library(statement: str) -> None:
    code = f"{statement}; import sys; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "text", "loaded"),
    [
        ("a.mj", "a fox --ar 16:9 --v 7 --s 100", []),
        ("a.mj", "a fox --stop 50 --v 7", []),
        ("a.yaml", "prompt: a fox\nsize: '1:1'\n", ["yaml"]),
    ],
)
def test_what_most_prompts_hold_costs_no_library(
    name: str, text: str, loaded: list[str], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    code = (
        f"from mjspec.cli import main; import sys; main(['lint', '-q', {name!r}]);"
        f" print(sorted((set({[*HEAVY, *SELDOM]!r}) - {{'click'}}) & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=environment,
    )
    assert done.stdout.splitlines()[-1] == str(loaded)
