from __future__ import annotations

import re

import pytest

from mjspec._version import TABLES, __version__
from mjspec.cli import main
from mjspec.versions import VERSIONS


@pytest.mark.parametrize("options", [["--version", "--verbose"], ["--verbose", "--version"]])
def test_the_version_with_the_date_of_the_tables(
    options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 0
    assert capsys.readouterr().out == f"mjspec {__version__}\ntables of {TABLES}\n"


def test_the_date_is_not_older_than_what_the_tables_know() -> None:
    assert re.fullmatch(r"\d{4}-\d\d", TABLES)
    assert max(version.released for version in VERSIONS) <= TABLES
