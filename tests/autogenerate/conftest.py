"""A new empty database on each of the four systems, as an address and as an engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from roundtrip import database


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        "duckdb",
    ]
)
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a new empty database, on each system in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    """The same, as an engine."""
    with database(url) as made:
        yield made
