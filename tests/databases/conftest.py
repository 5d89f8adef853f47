"""A database on each system that this machine has, DuckDB too: for what is done to whole runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest
import servers


@pytest.fixture(
    params=[
        "sqlite",
        "duckdb",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a new empty database; a file lies where no disk has to be waited for."""
    driver = {"sqlite": "sqlite", "duckdb": "duckdb+duckdb_sqlalchemy"}.get(request.param)
    if driver is None:
        yield request.getfixturevalue(f"{request.param}_url")
        return
    with tempfile.TemporaryDirectory(dir=servers.in_memory()) as folder:
        yield f"{driver}:///{folder}/fresh.db"
