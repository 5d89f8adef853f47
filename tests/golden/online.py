"""The statements that a call executes on a real database, written down as they pass.

The database holds the tables that tests/golden/calls.py speaks of, with rows. What only looks at the
database (``SELECT``, a ``PRAGMA`` that reads) is left out: what matters here is what changes it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from golden.texts import Write
from sqlalchemy.engine import Connection, Engine

from nbmigrate.migration import MigrationContext
from nbmigrate.operations import Operations

LOOKING = re.compile(
    r"\s*(SELECT|EXPLAIN|DESCRIBE|SHOW|WITH|PRAGMA\s+(\w+\.)?\w+(\(.*\))?\s*$|SAVEPOINT|RELEASE|ROLLBACK)",
    re.I | re.S,
)


def tables(metadata: sa.MetaData, schema: str | None, database: str) -> None:
    """``t`` and its neighbours, in one schema."""
    prefix = f"{schema}." if schema else ""
    sa.Table(
        "o",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("x", sa.Integer),
        sa.Column("y", sa.Integer),
        sa.UniqueConstraint("x", "y", name="uq_o"),
        schema=schema,
    )
    t = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("a", sa.Integer, nullable=False, comment="x"),
        sa.Column("b", sa.String(20)),
        sa.Column("c", sa.Integer),
        sa.Column("d", sa.Integer, server_default="7"),
        sa.Column("e", sa.DateTime),
        sa.Column("f", sa.Integer, sa.ForeignKey(f"{prefix}o.id", name="fk_t_f")),
        sa.Column("select", sa.Integer),
        sa.UniqueConstraint("b", name="uq_t_b"),
        sa.CheckConstraint("a > -5", name="ck_t_a"),
        schema=schema,
        comment="old",
    )
    if database == "postgresql":
        t.append_column(sa.Column("i", sa.Integer, sa.Identity()))
    sa.Index("ix_t_c", t.c.d)
    sa.Table("u", metadata, sa.Column("a", sa.Integer), sa.Column("c", sa.Integer), schema=schema)
    sa.Table(
        "w",
        metadata,
        sa.Column("a", sa.Integer, autoincrement=False),
        sa.PrimaryKeyConstraint("a", name="pk_w"),
        schema=schema,
    )
    sa.Table(
        "accounts",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(50)),
        sa.Column("on", sa.Date),
        sa.Column("data", sa.JSON),
        schema=schema,
    )


def prepare(connection: Connection) -> None:
    """The tables twice, without a schema and in schema ``s``, each with a row."""
    database = connection.dialect.name
    for schema in (None, "s"):
        metadata = sa.MetaData()
        tables(metadata, schema, database)
        metadata.create_all(connection)
        for table in metadata.sorted_tables:
            if table.name in ("t", "o", "u"):
                row = {"id": 1, "a": 6, "b": None, "c": 1, "f": 1, "x": 6, "y": 1}
                connection.execute(table.insert().values({k: v for k, v in row.items() if k in table.c}))


@contextmanager
def written(engine: Engine) -> Iterator[list[str]]:
    """The statements that change something, with their parameters below them."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not LOOKING.match(statement):
            shown = f"\n--   with {parameters!r}" if parameters else ""
            found.append(f"{statement.strip()};{shown}")

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def run(
    engine: Engine, connection: Connection, call: Callable[[Any], Any], metadata: sa.MetaData | None
) -> str:
    """The statements of one call on a prepared database."""
    context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
    with warnings.catch_warnings():
        # an argument that another database knows
        warnings.simplefilter("ignore")
        with written(engine) as found, context.begin_transaction(_per_migration=True):
            call(Operations(context))
    return "\n\n".join(found)


@contextmanager
def prepared(database: str, request: pytest.FixtureRequest) -> Iterator[Write]:
    """How to run one call on freshly prepared tables of this database."""
    if database in ("sqlite", "duckdb"):
        yield in_memory
        return
    engine = sa.create_engine(request.getfixturevalue(f"{database}_url"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE SCHEMA s")
            prepare(connection)
        yield partial(taken_back if database == "postgresql" else cleaned_up, engine)
    finally:
        if database == "mariadb":
            with engine.connect() as connection:
                connection.exec_driver_sql("DROP DATABASE s")
        engine.dispose()


def in_memory(database: str, call: Callable[[Any], Any], metadata: sa.MetaData | None) -> str:
    """Run it on a database of its own, that is gone afterwards."""
    engine = sa.create_engine(
        {"sqlite": "sqlite://", "duckdb": "duckdb+duckdb_sqlalchemy:///:memory:"}[database]
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(
                "ATTACH ':memory:' AS s" if database == "sqlite" else "CREATE SCHEMA s"
            )
            prepare(connection)
            connection.commit()
            return run(engine, connection, call, metadata)
    finally:
        engine.dispose()


def taken_back(
    engine: Engine, _database: str, call: Callable[[Any], Any], metadata: sa.MetaData | None
) -> str:
    """Run it inside a transaction of ours, that is rolled back."""
    reading = engine.connect().execution_options(isolation_level="READ COMMITTED")
    with reading as connection, connection.begin() as outer:
        try:
            return run(engine, connection, call, metadata)
        finally:
            outer.rollback()


def cleaned_up(
    engine: Engine, _database: str, call: Callable[[Any], Any], metadata: sa.MetaData | None
) -> str:
    """Run it where DDL can't be rolled back: whatever it did, both databases are made anew."""
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        try:
            text = run(engine, connection, call, metadata)
        except Exception as error:
            raise RuntimeError(str(error).replace(str(engine.url.database), "database")) from error
        finally:
            connection.rollback()
    with engine.connect() as connection:
        for name in (engine.url.database, "s"):
            connection.exec_driver_sql(f"DROP DATABASE {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        connection.exec_driver_sql(f"USE {engine.url.database}")
        prepare(connection)
    return text
