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
# Which modules may import a heavy library: a module, or a folder.
ALLOWED = {
    "click": ("cli/",),
    # The sandbox judges what it is sent with the same schemas, as the provider would.
    "jsonschema": ("validate.py", "sandbox/"),
    "lark": ("grammar.py",),
    "lsprotocol": ("lsp/",),
    "pyarrow": ("arrow.py", "columns.py", "parquet.py"),
    "pygls": ("lsp/",),
    "requests": ("dispatch/",),
    "yaml": ("spec/",),
}
# Each folder or module, and what it must not know of.
BELOW = {
    "source.py": ("mjspec.diagnostics", "mjspec.spec", "mjspec.cli"),
    "versions.py": ("mjspec.parameters", "mjspec.spec", "mjspec.cli"),
    "parameters.py": ("mjspec.parser", "mjspec.resolve", "mjspec.spec", "mjspec.cli"),
    "parser.py": ("mjspec.resolve", "mjspec.merge", "mjspec.spec", "mjspec.cli"),
    "resolve.py": ("mjspec.merge", "mjspec.validate", "mjspec.compiler", "mjspec.spec"),
    "merge.py": ("mjspec.validate", "mjspec.compiler", "mjspec.spec", "mjspec.cli"),
    "validate.py": ("mjspec.compiler", "mjspec.spec", "mjspec.cli"),
    "emit.py": ("mjspec.compiler", "mjspec.spec", "mjspec.cli"),
    "compiler.py": ("mjspec.spec", "mjspec.inputs", "mjspec.pipeline", "mjspec.cli"),
    "spec/": ("mjspec.compiler", "mjspec.inputs", "mjspec.pipeline", "mjspec.cli"),
    "pipeline.py": ("mjspec.cli", "mjspec.report"),
    "dispatch/": ("mjspec.cli", "mjspec.compiler", "mjspec.spec", "mjspec.parser"),
    "report/": ("mjspec.cli", "mjspec.compiler", "mjspec.spec"),
    "lsp/": ("mjspec.cli", "mjspec.report", "mjspec.dispatch"),
}
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


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
    for lower, uppers in BELOW.items():
        if name.startswith(lower):
            for module in imported(name):
                assert not module.startswith(uppers), f"{name} imports {module}"


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
        ("a.yaml", "prompt: a fox\nsize: '1:1'\n", ["yaml"]),
    ],
)
def test_what_is_right_costs_no_library(
    name: str, text: str, loaded: list[str], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    code = (
        f"from mjspec.cli import main; import sys; main(['lint', '-q', {name!r}]);"
        f" print(sorted((set({HEAVY!r}) - {{'click'}}) & set(sys.modules)))"
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
    assert done.stdout == f"{loaded}\n"
