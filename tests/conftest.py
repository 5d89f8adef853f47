"""Fixtures for every test: a fresh database on each system that this machine has.

``sqlite_url``, ``postgresql_url`` and ``mariadb_url`` are new and empty for each test; ``database_url`` runs
its test on all three. What is missing is skipped with the reason; when ``NBMIGRATE_REQUIRE`` names it
(``postgresql,mariadb,browser``), missing is a failure.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import servers


def pytest_configure(config: pytest.Config) -> None:
    """Let a run that is terminated (by ``timeout``, by a CI job) end its servers, as Ctrl-C does."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _no_cache_of_this_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Indexes of headers go where the tests are, not into the cache folder of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NBMIGRATE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'fresh.db'}"


@pytest.fixture
def duckdb_url(tmp_path: Path) -> str:
    """The URL of a DuckDB file that does not exist yet."""
    pytest.importorskip("duckdb_sqlalchemy")
    return f"duckdb:///{tmp_path / 'fresh.duckdb'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[servers.Server | servers.Missing]:
    """The session's PostgreSQL server, or why there is none."""
    yield from _start(servers.postgresql)


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[servers.Server | servers.Missing]:
    """The session's MariaDB server, or why there is none."""
    yield from _start(servers.mariadb)


@pytest.fixture
def postgresql_url(postgresql_server: servers.Server | servers.Missing) -> Iterator[str]:
    """The URL of a new empty PostgreSQL database."""
    yield from _fresh("postgresql", postgresql_server)


@pytest.fixture
def mariadb_url(mariadb_server: servers.Server | servers.Missing) -> Iterator[str]:
    """The URL of a new empty MariaDB database."""
    yield from _fresh("mariadb", mariadb_server)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a new empty database, on each system in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def _start(
    start: Callable[[], AbstractContextManager[servers.Server]],
) -> Iterator[servers.Server | servers.Missing]:
    try:
        running = start()
        server = running.__enter__()
    except servers.Missing as absent:
        yield absent
        return
    try:
        yield server
    finally:
        running.__exit__(None, None, None)


def _fresh(kind: str, server: servers.Server | servers.Missing) -> Iterator[str]:
    if isinstance(server, servers.Missing):
        servers.missing(kind, str(server))
    url = server.create()
    try:
        yield url
    finally:
        server.drop(url)
