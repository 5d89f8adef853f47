"""Whatever a name is made of, everything that can be done to a table and its parts can be done on SQLite."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from harness.sqlite_case import Context
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nbmigrate.migration import MigrationContext
from nbmigrate.operations import Operations

RESERVED = [
    "select", "Order", "TABLE", "check", "constraint", "primary", "unique", "as", "generated",
    "strict", "references", "collate", "default", "rowid", "null", "on", "without", "where", "temp",
    "main",
]  # fmt: skip
PIECES = [
    "\"", "'", "`", "[", "]", "%", "%s", "%(x)s", ":", ":x", "?", "(", ")", ",", ";", "--", "/*",
    "*/", ".", "\\\\", "\\\\:", "é", "表", "🦆", "a", "B", "1", "_", "{}", "$", "$x", "@", "#", "<>",
    "=", " ", "\t", "\n",
]  # fmt: skip

# letters and signs of any script, but what is not printed; NUL ends a text for SQLite
signs = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"])
names = st.one_of(
    st.sampled_from(RESERVED),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join),
    st.just("n" * 300),
    st.text(signs, min_size=1, max_size=8),
)
usable = names.filter(lambda name: not name.lower().startswith("sqlite_"))
eight = st.lists(usable, min_size=8, max_size=8, unique_by=str.lower)


def change_everything(op: Any, found: list[str], schema: str | None) -> None:
    table, other, key, column, more, index, unique, check = found
    op.create_table(
        table, sa.Column(key, sa.Integer, primary_key=True), sa.Column(column, sa.String(9)), schema=schema
    )
    op.bulk_insert(sa.table(table, sa.column(key), sa.column(column), schema=schema), [{key: 1, column: "x"}])
    op.add_column(table, sa.Column(more, sa.Integer, server_default="5"), schema=schema)
    op.create_index(index, table, [column, more], schema=schema)
    op.alter_column(table, column, type_=sa.Text(), nullable=False, schema=schema)
    with op.batch_alter_table(table, schema=schema) as batch_op:
        batch_op.create_unique_constraint(unique, [column])
        batch_op.create_check_constraint(check, sa.column(more) > 1)
        batch_op.alter_column(more, server_default="7")
    op.alter_column(table, more, new_column_name=other, schema=schema)
    op.rename_table(table, other, schema=schema)
    op.alter_column(other, other, type_=sa.BigInteger(), schema=schema)
    op.rename_table(other, table, schema=schema)
    op.drop_constraint(unique, table, type_="unique", schema=schema)
    op.drop_index(index, table, schema=schema)


def check_it(connection: sa.Connection, found: list[str], schema: str | None) -> None:
    table, other, key, column, *_ = found
    changed = sa.table(table, sa.column(key), sa.column(column), sa.column(other), schema=schema)
    assert connection.execute(sa.select(changed)).all() == [(1, "x", 5)]
    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    master = sa.table("sqlite_master", sa.column("name"), sa.column("sql"), schema=schema)
    texts = dict(connection.execute(sa.select(master.c.name, master.c.sql)).all())
    assert set(texts) == {table}
    with pytest.raises(sa.exc.IntegrityError):
        connection.execute(changed.insert().values({key: 2, column: "y", other: 0}))


@contextmanager
def database(schema: str | None) -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        if schema is not None:
            quoted = connection.dialect.identifier_preparer.quote_identifier(schema)
            connection.exec_driver_sql(f"ATTACH ':memory:' AS {quoted}")
            connection.commit()
        yield connection
    engine.dispose()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(["select", "Order", "primary", "check", "%s", 'i"x', "u'q", "c:k"], None)
@example(["a[b]", "a]b", "`", "``", '"', "''", "%%", "::"], "my %s: sch'éma")
@example(["CREATE TABLE x (", "-- a", "/* b", "*/", ";", "(", ")", ","], None)
@given(eight, st.sampled_from([None, 'an "x" %']))
def test_names_online(found: list[str], schema: str | None) -> None:
    with database(schema) as connection:
        context = Context(connection)
        with context.ddl.transaction(connection):
            change_everything(context.op, found, schema)
        check_it(connection, found, schema)
        connection.rollback()
        context.op.drop_table(found[0], schema=schema)
        connection.commit()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(["select", "Order", "primary", "check", "%s", 'i"x', "u'q", "c:k"], None)
@given(eight, st.sampled_from([None, 'an "x" %']))
def test_names_as_text(found: list[str], schema: str | None) -> None:
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="sqlite", opts={"as_sql": True, "output_buffer": buffer}
    )
    with context.begin_transaction(_per_migration=True):
        change_everything(Operations(context), found, schema)
    with database(schema) as connection:
        raw: Any = connection.connection.driver_connection
        raw.executescript(buffer.getvalue())
        check_it(connection, found, schema)


def test_text_of_a_script_with_hostile_names_is_what_the_module_takes(tmp_path: Path) -> None:
    found = ["semi;colon", "two\nlines", "-- key", "/* col */", "m'ore", 'ix"x', "u`q", "ck[]"]
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="sqlite", opts={"as_sql": True, "output_buffer": buffer}
    )
    with context.begin_transaction(_per_migration=True):
        change_everything(Operations(context), found, None)
    made = sqlite3.connect(tmp_path / "db")
    made.executescript(buffer.getvalue())
    assert made.execute('SELECT * FROM "semi;colon"').fetchall() == [(1, "x", 5)]
    made.close()
