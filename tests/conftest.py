"""What all tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update`` rewrites expected outputs instead of comparing with them."""
    parser.addoption("--update", action="store_true", help="rewrite expected outputs")
