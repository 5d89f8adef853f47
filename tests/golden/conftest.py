"""``--golden`` writes the golden files anew."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Only seen when the run names this folder, which is when it is wanted."""
    parser.addoption("--golden", action="store_true", help="write the golden files anew")
