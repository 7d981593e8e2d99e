"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """What decides about all tests: ``--update`` rewrites, and ``--engines`` installs."""
    parser.addoption("--update", action="store_true", help="rewrite expected outputs")
    parser.addoption("--engines", action="store_true", help="install and run Spark, Ray and others")
