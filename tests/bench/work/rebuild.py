"""SQLite's rebuild of tables: a column becomes NOT NULL."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

# 12 columns, a primary key, two foreign keys, two indexes, one unique constraint
TABLE = """CREATE TABLE {name} (id INTEGER NOT NULL, owner INTEGER, kind INTEGER, email VARCHAR(60),
    first VARCHAR(40), last VARCHAR(40), age INTEGER, balance NUMERIC(10, 2), note TEXT, active BOOLEAN,
    created DATETIME, changed DATETIME, PRIMARY KEY (id), CONSTRAINT uq_{name}_email UNIQUE (email),
    CONSTRAINT fk_{name}_owner FOREIGN KEY(owner) REFERENCES owners (id),
    CONSTRAINT fk_{name}_kind FOREIGN KEY(kind) REFERENCES kinds (id))"""
ROWS = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
    INSERT INTO {name} SELECT i, i % 100 + 1, i % 10 + 1, 'user' || i || '@example.org', 'first' || i,
    'last' || i % 1000, i % 90, i * 0.5, 'some words about ' || i, i % 2, '2026-01-05 10:00:00',
    '2026-02-05 10:00:00' FROM n"""
INDEXES = (
    "CREATE INDEX ix_{name}_last ON {name} (last)",
    "CREATE INDEX ix_{name}_age ON {name} (age, active)",
)


def make(clock: Any, side: str, path: str, tables: int, rows: int) -> None:
    """A file with so many tables of so many rows."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE owners (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE kinds (id INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO owners VALUES (?)", [(n,) for n in range(1, 101)])
    connection.executemany("INSERT INTO kinds VALUES (?)", [(n,) for n in range(1, 11)])
    for number in range(tables):
        for sql in (TABLE, ROWS, *INDEXES):
            connection.execute(sql.format(name=f"t{number}", rows=rows))
    connection.commit()
    connection.close()


def rebuild(clock: Any, side: str, path: str, tables: int) -> None:
    """All of them, from the first statement to the commit; one connection, one transaction."""
    names = [f"t{number}" for number in range(tables)]
    if side == "floor":
        _floor(clock, path, names)
    else:
        _by_op(clock, side, path, names)
    made = sqlite3.connect(path)
    (sql,) = made.execute("SELECT sql FROM sqlite_master WHERE name = ?", (names[-1],)).fetchone()
    assert "age INTEGER NOT NULL" in sql, sql
    made.close()


def _by_op(clock: Any, side: str, path: str, names: list[str]) -> None:
    import sqlalchemy as sa

    operations = import_module(f"{side}.operations").Operations
    configure = import_module(f"{side}.migration").MigrationContext.configure
    connection = sa.create_engine(f"sqlite:///{path}").connect()
    connection.exec_driver_sql("SELECT 1")
    connection.rollback()
    with clock:
        context = configure(connection)
        op = operations(context)
        block: AbstractContextManager[Any] = connection.begin()
        if side == "nbmigrate":
            connection.rollback()
            block = context.ddl.transaction(connection)
        with block:
            for name in names:
                with op.batch_alter_table(name) as batch_op:
                    batch_op.alter_column("age", nullable=False, existing_type=sa.Integer())
        connection.close()


def _floor(clock: Any, path: str, names: list[str]) -> None:
    """The five statements of a rebuild and those of its indexes."""
    connection = sqlite3.connect(path, isolation_level=None)

    def run(text: str, *values: Any) -> list[Any]:
        clock.trip()
        return connection.execute(text, values).fetchall()

    with clock:
        run("BEGIN IMMEDIATE")
        for name in names:
            asked = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY rowid"
            table, *others = [row[0] for row in run(asked, name)]
            run(table.replace("age INTEGER", "age INTEGER NOT NULL").replace(name + " (", "new_t (", 1))
            run(f"INSERT INTO new_t SELECT * FROM {name}")
            run(f"DROP TABLE {name}")
            run(f"ALTER TABLE new_t RENAME TO {name}")
            for text in others:
                run(text)
        run("COMMIT")
        connection.close()
