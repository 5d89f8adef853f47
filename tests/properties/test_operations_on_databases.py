"""Random operations on real databases with rows: up as expected, down to what was there.

A few examples in the ordinary run, always the same; many, and others each time, with NBMIGRATE_NIGHTLY=1.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from properties.schema_model import STEPS, World
from roundtrip import context_of, diffs

from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects.reflect import reader_for
from nbmigrate.model import operations as ops
from nbmigrate.operations import Operations

NIGHTLY = bool(os.environ.get("NBMIGRATE_NIGHTLY"))
EXAMPLES = {"sqlite": 12, "postgresql": 8, "mariadb": 6, "duckdb": 5}


def examples(database: str) -> settings:
    """How many examples of a database, and which."""
    return settings(
        max_examples=int(os.environ.get("NBMIGRATE_EXAMPLES", 200)) if NIGHTLY else EXAMPLES[database],
        derandomize=not NIGHTLY,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate, Phase.shrink],
    )


def carry_out(engine: sa.Engine, operations: Sequence[ops.MigrateOperation]) -> None:
    """All in one transaction, where the database has them."""
    with engine.connect() as connection:
        context = context_of(connection)
        with context.ddl.transaction(connection), Operations.context(context) as op:
            for operation in operations:
                op.invoke(operation)


def rows(engine: sa.Engine, tables: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Every row of these tables."""
    with engine.connect() as connection:
        found = {}
        for name in tables:
            query = sa.select(sa.text("*")).select_from(sa.table(name)).order_by(sa.column("id"))
            found[name] = [dict(row) for row in connection.execute(query).mappings()]
        return found


def reflected(engine: sa.Engine) -> dict[str, Any]:
    """The schema, columns by name; DuckDB's own names of constraints are left out."""
    with engine.connect() as connection:
        schema = reader_for(connection.dialect.name).reflect(connection, CompareOptions())
    nameless = engine.dialect.name == "duckdb"
    return {
        table.name: (
            sorted((c.name, c.type_text, c.nullable, c.default, c.comment) for c in table.columns),
            table.primary_key and table.primary_key.columns,
            sorted((f.columns, f.referred_table, nameless or f.name) for f in table.foreign_keys),
            sorted((u.columns, nameless or u.name) for u in table.uniques),
            sorted((c.expression, nameless or str(c.name)) for c in table.checks),
            sorted((i.name, i.columns, i.unique) for i in table.indexes),
            table.comment,
        )
        for table in schema.tables.values()
    }


def up_and_down(engine: sa.Engine, data: Any, database: str) -> None:
    world = World.new(database)
    world.metadata().create_all(engine)
    metadata = world.metadata()
    with engine.begin() as connection:
        for name, given_rows in world.contents().items():
            connection.execute(metadata.tables[name].insert(), given_rows)
    start, before, first = copy.deepcopy(world), reflected(engine), metadata

    operations: list[ops.MigrateOperation] = []
    for step in data.draw(st.lists(st.sampled_from(STEPS), min_size=2, max_size=8)):
        operations += step(world, data.draw)
    carry_out(engine, operations)
    assert diffs(engine, world.metadata()) == []
    assert rows(engine, list(world.contents())) == world.contents()

    carry_out(engine, [operation.reverse() for operation in reversed(operations)])
    assert diffs(engine, first) == []
    assert reflected(engine) == before
    kept = {
        table.origin: {column.origin for column in table.columns} - {None}
        for table in world.tables
        if table.rows
    }
    for table in start.tables:
        if table.name in kept:
            wanted = [
                {name: value for name, value in row.items() if name in {"id", *kept[table.name]}}
                for row in start.contents()[table.name]
            ]
            there = rows(engine, [table.name])[table.name]
            assert [
                {name: row[name] for name in want} for want, row in zip(wanted, there, strict=True)
            ] == wanted


def check(database: str, fresh: Callable[[], sa.Engine]) -> None:
    """Examples, each in a database that is empty before."""

    @examples(database)
    @given(st.data())
    def run(data: Any) -> None:
        engine = fresh()
        try:
            up_and_down(engine, data, database)
        finally:
            engine.dispose()

    run()


def test_sqlite() -> None:
    check("sqlite", lambda: sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool))


def test_duckdb() -> None:
    pytest.importorskip("duckdb_sqlalchemy")
    check("duckdb", lambda: sa.create_engine("duckdb:///:memory:", poolclass=sa.pool.StaticPool))


@pytest.mark.postgresql
def test_postgresql(postgresql_url: str) -> None:
    def fresh() -> sa.Engine:
        engine = sa.create_engine(postgresql_url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        return engine

    check("postgresql", fresh)


@pytest.mark.mariadb
def test_mariadb(mariadb_url: str) -> None:
    def fresh() -> sa.Engine:
        engine = sa.create_engine(mariadb_url)
        name = engine.url.database
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(f"DROP DATABASE {name}")
            cursor.execute(f"CREATE DATABASE {name}")
            cursor.execute(f"USE {name}")
        return engine

    check("mariadb", fresh)
