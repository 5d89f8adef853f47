"""Identifiers of every sort, online and as text: reserved, quoted, percent, unicode, long, in schemas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate.ddl.text import to_sql
from nbmigrate.dialects import dialect_for
from nbmigrate.operations import Operations
from nbmigrate.runtime.executor import OnlineExecutor

NAMES = {
    "reserved": "select",
    "mixed case": "Order By",
    "quotes": 'it\'s "x" `b` [c]]',
    "placeholders": "100% %s %(x)s :c a::d ?",
    "text": r"a;--b\c\'d",
    "dot": "a.b",
    "unicode": "größe_表_ñ",
    "63": "x" * 63,
    "64": "y" * 64,
}
# each of these takes MariaDB half a second
IN_SCHEMA = ("quotes", "placeholders", "63")


class Context:
    """As much of a migration context as operations need: runs, or writes."""

    def __init__(self, connection: sa.Connection, offline: bool) -> None:
        self.bind = connection
        self.connection = None if offline else connection
        self.opts: dict[str, Any] = {"as_sql": offline}
        self.target_metadata = None
        self.as_sql = offline
        self.dialect = connection.dialect
        self.ddl = dialect_for(connection.dialect, connection=self.connection, opts=self.opts)
        self.executor = OnlineExecutor(connection)

    def run_operation(self, operation: Any) -> None:
        for statement in self.ddl.emit(operation):
            if not self.as_sql:
                self.executor.execute(statement)
                continue
            for text in to_sql(statement, self.dialect):
                # as a client program would: nothing is a parameter
                cursor = self.bind.connection.cursor()
                cursor.execute(text)
                cursor.close()


@pytest.fixture
def connection(database_url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def change_everything(op: Any, name: str, schema: str | None) -> None:
    """Each kind of operation, with the name for the table, its columns, its constraints and its index."""
    stem, other = name[:-2], name[:-1] + "2"
    parent = op.create_table(
        name,
        sa.Column(name, sa.Integer, primary_key=True, comment=name),
        sa.Column("note", sa.String(100), server_default=name),
        comment=name,
        schema=schema,
    )
    op.bulk_insert(parent, [{name: 1, "note": name}, {name: 2, "note": "x"}])
    op.create_table(
        other,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(other, sa.Integer),
        schema=schema,
    )
    op.add_column(name, sa.Column(other, sa.String(20)), schema=schema)
    op.create_index(f"{stem}ix", name, ["note", other], schema=schema)
    if "." not in name:
        # SQLAlchemy names what a foreign key refers to as "table.column"
        with op.batch_alter_table(other, schema=schema) as batch_op:
            batch_op.create_foreign_key(f"{stem}fk", name, [other], [name], referent_schema=schema)
    with op.batch_alter_table(name, schema=schema) as batch_op:
        batch_op.create_unique_constraint(f"{stem}uq", [other])
        batch_op.alter_column("note", type_=sa.String(150), existing_type=sa.String(100))
    with op.batch_alter_table(name, schema=schema) as batch_op:
        batch_op.drop_constraint(f"{stem}uq", type_="unique")
    op.drop_index(f"{stem}ix", name, schema=schema)
    with op.batch_alter_table(name, schema=schema) as batch_op:
        batch_op.alter_column(other, new_column_name=f"{stem}c", existing_type=sa.String(20))
    op.rename_table(name, f"{stem}t", schema=schema)
    op.drop_column(f"{stem}t", f"{stem}c", schema=schema)


def check(connection: sa.Connection, name: str, schema: str | None) -> None:
    table, other = f"{name[:-2]}t", name[:-1] + "2"
    renamed = sa.table(table, sa.column(name), sa.column("note"), schema=schema)
    rows = connection.execute(sa.select(renamed).order_by(renamed.c[name])).all()
    # a server default that is a text is written as it is, a row's value too
    assert [tuple(row) for row in rows] == [(1, name), (2, "x")]
    referring = sa.table(other, sa.column("id"), sa.column(other), schema=schema)
    connection.execute(referring.insert().values({"id": 1, other: 2}))
    if "." not in name and connection.dialect.name != "sqlite":
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            connection.execute(referring.insert().values({"id": 2, other: 99}))
    inspector = sa.inspect(connection)
    assert {table, other} <= set(inspector.get_table_names(schema))


@pytest.mark.parametrize("offline", [False, True], ids=["online", "text"])
@pytest.mark.parametrize("schema", [None, "my %s: sch'éma"], ids=["", "schema"])
def test_identifiers(connection: sa.Connection, offline: bool, schema: str | None, tmp_path: Path) -> None:
    quoted = connection.dialect.identifier_preparer.quote(schema or "")
    limit = {"postgresql": 63, "mysql": 64, "mariadb": 64}.get(connection.dialect.name, 1000)
    if schema and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"ATTACH '{tmp_path / 'other.db'}' AS {quoted}")
        connection.commit()
    elif schema:
        connection.execute(sa.schema.CreateSchema(schema))
        connection.commit()
    trouble = {}
    for label, name in NAMES.items():
        if len(name) > limit or (schema and label not in IN_SCHEMA):
            continue
        try:
            change_everything(Operations(Context(connection, offline)), name, schema)
            check(connection, name, schema)
            connection.commit()
        except Exception as error:
            trouble[label] = f"{type(error).__name__}: {error}"
            connection.rollback()
    if schema and connection.dialect.name in ("mysql", "mariadb"):
        connection.execute(sa.schema.DropSchema(schema))
    assert trouble == {}
