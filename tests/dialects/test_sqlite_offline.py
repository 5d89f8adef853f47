"""SQLite changes as text: the tables that a script made itself are known to it, others are not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from nbmigrate.ddl.text import to_sql
from nbmigrate.dialects import dialect_for
from nbmigrate.errors import CommandError
from nbmigrate.operations import Operations


class Writer:
    def __init__(self, connection: sa.Connection | None = None) -> None:
        self.opts = {"as_sql": True}
        self.dialect = connection.dialect if connection is not None else sqlite.dialect()
        self.as_sql, self.bind, self.connection, self.target_metadata = True, None, connection, None
        self.ddl = dialect_for(self.dialect, connection=connection, opts=self.opts)
        self.texts: list[str] = []
        self.op: Any = Operations(self)  # type: ignore[arg-type]

    def run_operation(self, operation: Any) -> None:
        for statement in self.ddl.emit(operation):
            self.texts.extend(to_sql(statement, self.dialect))

    def run(self, path: str = ":memory:") -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        connection.executescript("BEGIN;" + "".join(f"{text};\n" for text in self.texts) + "COMMIT;")
        return connection


def test_a_whole_script_on_its_own_tables() -> None:
    writer = Writer()
    op = writer.op
    op.create_table(
        "old", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(5), index=True)
    )
    op.bulk_insert(
        sa.table("old", sa.column("id"), sa.column("a")), [{"id": 1, "a": "x;y"}, {"id": 2, "a": "z"}]
    )
    op.create_index("ix_two", "old", ["id", "a"])
    op.add_column("old", sa.Column("b", sa.Integer))
    op.rename_table("old", "New")
    op.alter_column("New", "a", nullable=False, new_column_name="A")
    op.drop_index("ix_two", table_name="New")
    with op.batch_alter_table("New") as batch_op:
        batch_op.create_unique_constraint("uq", ["A"])
        batch_op.drop_column("b")
    op.create_check_constraint("ck", "New", "id > 0")
    op.drop_constraint("uq", "New", type_="unique")
    connection = writer.run()
    assert connection.execute('SELECT id, "A" FROM "New" ORDER BY 1').fetchall() == [(1, "x;y"), (2, "z")]
    names = connection.execute("SELECT name FROM sqlite_master ORDER BY 1").fetchall()
    assert names == [("New",), ("ix_old_a",)]
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'New'").fetchone()
    assert "CONSTRAINT ck CHECK (id > 0)" in sql and "UNIQUE" not in sql and '"A" VARCHAR(5) NOT NULL' in sql
    connection.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda op: op.create_unique_constraint("u", "t", ["a"]),
        lambda op: op.drop_constraint("u", "t", type_="unique"),
        lambda op: op.create_foreign_key("f", "t", "o", ["a"], ["b"]),
    ],
)
def test_constraints_of_an_unknown_table_are_refused(change: Callable[[Any], Any]) -> None:
    with pytest.raises(CommandError, match=r"'t'.*copy_from"):
        change(Writer().op)


def test_a_batch_on_an_unknown_table_asks_for_copy_from() -> None:
    writer = Writer()
    with pytest.raises(CommandError, match="copy_from"), writer.op.batch_alter_table("t") as batch_op:
        batch_op.alter_column("a", nullable=False)
    with writer.op.batch_alter_table("t") as batch_op:
        batch_op.add_column(sa.Column("b", sa.Integer))
        batch_op.alter_column("a", new_column_name="c")
    assert writer.texts == ["ALTER TABLE t ADD COLUMN b INTEGER", "ALTER TABLE t RENAME COLUMN a TO c"]


def test_a_batch_with_copy_from() -> None:
    writer = Writer()
    table = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, sa.ForeignKey("o.id", name="fk_a"), index=True),
        sqlite_autoincrement=True,
    )
    with writer.op.batch_alter_table("t", copy_from=table) as batch_op:
        batch_op.alter_column("a", nullable=False)
        batch_op.drop_constraint("fk_a", type_="foreignkey")
    made = sqlite3.connect(":memory:")
    made.executescript(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT); INSERT INTO t VALUES (7, 1);"
        "DELETE FROM t; INSERT INTO t VALUES (3, 4); CREATE INDEX ix_t_a ON t (a);"
        + "".join(f"{sql};" for sql in writer.texts)
    )
    assert made.execute("SELECT * FROM t").fetchall() == [(3, 4)]
    assert made.execute("SELECT seq FROM sqlite_sequence").fetchall() == [(7,)]
    (sql,) = made.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()
    assert "a INTEGER NOT NULL" in sql and "fk_a" not in sql
    assert made.execute("SELECT name FROM sqlite_master WHERE name = 'ix_t_a'").fetchall() == [("ix_t_a",)]
    made.close()


def test_recreate_never_is_plain_alters() -> None:
    writer = Writer()
    with writer.op.batch_alter_table("t", recreate="never") as batch_op:
        batch_op.alter_column("a", nullable=False)
    assert writer.texts == ["ALTER TABLE t ALTER COLUMN a SET NOT NULL"]


def test_a_connection_is_read_and_not_written(tmp_path: Path) -> None:
    path = str(tmp_path / "db")
    raw = sqlite3.connect(path)
    raw.executescript("CREATE TABLE t (a INT, b INT); CREATE INDEX i ON t (a); INSERT INTO t VALUES (1, 2);")
    raw.close()
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        writer = Writer(connection)
        writer.op.alter_column("t", "a", nullable=False)
        writer.op.drop_index("i", table_name="t")
        writer.op.alter_column("t", "b", nullable=False)
        assert (
            connection.exec_driver_sql("SELECT sql FROM sqlite_master").scalar()
            == "CREATE TABLE t (a INT, b INT)"
        )
    made = writer.run(path)
    assert made.execute("SELECT sql FROM sqlite_master").fetchall() == [
        ('CREATE TABLE "t" (a INT NOT NULL, b INT NOT NULL)',)
    ]
    assert made.execute("SELECT * FROM t").fetchall() == [(1, 2)]
    made.close()


def test_needs_rebuild() -> None:
    from nbmigrate.model import operations as ops

    writer = Writer()
    writer.op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, unique=True))
    add = ops.AddColumnOp("t", sa.Column("c", sa.Integer))
    assert not writer.ddl.needs_rebuild(add)
    assert not writer.ddl.needs_rebuild(ops.DropColumnOp("t", "a"))
    assert writer.ddl.needs_rebuild(ops.DropColumnOp("t", "b"))
    assert writer.ddl.needs_rebuild(ops.DropColumnOp("unknown", "a"))
    assert writer.ddl.needs_rebuild(ops.CreateForeignKeyOp("f", "t", "o", ["a"], ["b"]))
    assert not writer.ddl.needs_rebuild(ops.AlterColumnOp("t", "a", modify_name="z"))
    assert writer.ddl.needs_rebuild(ops.AlterColumnOp("t", "a", modify_nullable=False))
    assert not writer.ddl.needs_rebuild(ops.DropTableOp("t"))
