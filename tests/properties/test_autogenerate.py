"""Any schema with rows, any edits: found, rendered, run, found no more; the same as made afresh; and back.

``NBMIGRATE_NIGHTLY=1`` tries 500 pairs on each database in place of 60 (another number is taken as it is).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemas
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, note, settings
from roundtrip import diffs, run, sources

from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects.reflect import reader_for

NIGHTLY = int(os.environ.get("NBMIGRATE_NIGHTLY") or 0)
CASES = 60 if not NIGHTLY else max(NIGHTLY, 500)
EMPTY = {
    "postgresql": ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"],
    "mysql": ["DROP DATABASE {0}", "CREATE DATABASE {0}", "USE {0}"],
}


class Database:
    """One database that is emptied between cases."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engine = self._engine()

    def _engine(self) -> sa.Engine:
        pool = sa.pool.StaticPool if self.url.get_backend_name() in ("sqlite", "duckdb") else None
        return sa.create_engine(self.url, **({"poolclass": pool} if pool else {}))

    def empty(self) -> None:
        """Take everything out of it."""
        if self.engine.dialect.name not in EMPTY:
            self.engine.dispose()
            self.engine = self._engine()
            return
        with self.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in EMPTY[self.engine.dialect.name]:
                connection.exec_driver_sql(statement.format(self.url.database))

    def tables(self) -> dict[str, Any]:
        """What is there, by our own reader."""
        with self.engine.connect() as connection:
            options = CompareOptions(default_schema=connection.dialect.default_schema_name)
            found = reader_for(connection.dialect.name).reflect(connection, options)
            return {name: shape(table) for (_, name), table in found.tables.items()}


def shape(table: Any) -> dict[str, Any]:
    """A table as something to compare and to read: columns in any order, texts of defaults."""
    return {
        "columns": {column.name: column for column in table.columns},
        "key": table.primary_key,
        "foreign keys": table.foreign_keys,
        "uniques": sorted((u.columns, u.options) for u in table.uniques),
        "checks": sorted(check.expression for check in table.checks),
        "indexes": [(i.columns, i.unique, i.options) for i in table.indexes],
        "comment": table.comment,
    }


def there_and_back(database: Database, kind: schemas.Kind, first: Any, second: Any) -> None:
    """All six promises, for one pair."""
    before, after = schemas.build(first, kind), schemas.build(second, kind)
    database.empty()
    after.create_all(database.engine)
    wanted = database.tables()
    database.empty()
    before.create_all(database.engine)
    with database.engine.begin() as connection:
        schemas.fill(connection, first, before)
        rows = schemas.rows_of(connection, before)
    engine, was = database.engine, database.tables()
    assert diffs(engine, before) == []
    imports, upgrade, downgrade = sources(engine, after)
    note(f"{upgrade}\n\n{downgrade}")
    run(engine, imports, upgrade)
    assert diffs(engine, after) == []
    assert database.tables() == wanted
    with engine.connect() as connection:
        compare_rows(rows, schemas.rows_of(connection, after), second)
    run(engine, imports, downgrade)
    assert diffs(engine, before) == []
    assert database.tables() == was
    with engine.connect() as connection:
        compare_rows_back(rows, schemas.rows_of(connection, before), second)


def survivors(second: Any) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """The tables and columns that are in both, by old and new name."""
    for name, told in second["tables"].items():
        pairs = [(facts.get("renamed", column), column) for column, facts in told["columns"].items()]
        yield told.get("renamed", name), name, [("id", "id"), ("r", "r"), *pairs]


def compare_rows(rows: Any, now: Any, second: Any) -> None:
    """What survives an upgrade is the same."""
    for old_name, name, columns in survivors(second):
        if old_name not in rows:
            continue
        assert len(now[name]) == len(rows[old_name])
        for old, new in zip(rows[old_name], now[name], strict=True):
            for was, column in columns:
                if was in old:
                    assert old[was] == new[column], (name, column)


def compare_rows_back(rows: Any, now: Any, second: Any) -> None:
    """What has survived there has survived back."""
    for old_name, _, columns in survivors(second):
        if old_name not in rows:
            continue
        for old, new in zip(rows[old_name], now[old_name], strict=True):
            for was, _ in columns:
                if was in old:
                    assert old[was] == new[was], (old_name, was)


@contextmanager
def duckdb() -> Iterator[str]:
    """An in-process DuckDB."""
    pytest.importorskip("duckdb_sqlalchemy")
    yield "duckdb:///:memory:"


@pytest.fixture
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database of the kind that the test asks for."""
    name = request.param
    if name == "sqlite":
        yield "sqlite://"
    elif name == "duckdb":
        with duckdb() as found:
            yield found
    else:
        yield request.getfixturevalue(f"{name}_url")


# PostgreSQL and MariaDB have findings that are open yet: they run in nightly mode only
IN_CI = ["sqlite", "duckdb"]
HERE = list(schemas.KINDS) if NIGHTLY else IN_CI


@pytest.mark.parametrize("url", HERE, indirect=True, ids=HERE)
@pytest.mark.filterwarnings("ignore")
def test_there_and_back(request, url):
    kind = schemas.KINDS[request.node.callspec.params["url"]]
    database = Database(url)

    @settings(
        max_examples=CASES,
        deadline=None,
        derandomize=not NIGHTLY,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(schemas.pairs(kind))
    def holds(pair):
        there_and_back(database, kind, *pair)

    try:
        holds()
    finally:
        database.engine.dispose()
