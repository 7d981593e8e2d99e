"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update`` rewrites expected outputs instead of comparing with them."""
    parser.addoption("--update", action="store_true", help="rewrite expected outputs")
