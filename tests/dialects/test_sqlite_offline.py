"""SQLite changes as text: the tables that a script made itself are known to it, others are not."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from harness.sqlite_case import SCHEMA
from sqlalchemy.dialects import sqlite

from nbmigrate.ddl.text import to_sql
from nbmigrate.dialects import dialect_for
from nbmigrate.errors import CommandError
from nbmigrate.migration import MigrationContext
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


# ---- whole scripts, as --sql writes them, in the sqlite3 client


def written(change: Callable[[Any], Any], connection: sa.Connection | None = None) -> str:
    """A step as --sql writes it, with its transaction."""
    buffer = io.StringIO()
    opts: dict[str, Any] = {"as_sql": True, "output_buffer": buffer}
    if connection is not None:
        opts["catalogue_connection"] = connection
    context = MigrationContext.configure(dialect_name="sqlite", opts=opts)
    with context.begin_transaction(_per_migration=True):
        change(Operations(context))
    return buffer.getvalue()


def client(path: Path, script: str) -> str:
    """The script through the client, which enforces foreign keys; what it says."""
    program = shutil.which("sqlite3")
    if program is None:
        pytest.skip("the sqlite3 client is not installed")
    done = subprocess.run(
        [program, "-bail", "-cmd", "PRAGMA foreign_keys=ON", str(path)],
        input=script, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.stdout + done.stderr


CHILD = sa.Table(
    "child",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id", ondelete="CASCADE")),
)
OTHER = sa.Table("other", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))


def test_a_rebuild_as_text_fires_no_cascade_in_the_client(tmp_path: Path) -> None:
    """M10: foreign keys go off before BEGIN, where alone they can, and only where a table is rebuilt."""
    path = tmp_path / "db"
    assert client(path, SCHEMA) == ""

    def change(op: Any) -> None:
        with op.batch_alter_table("other", copy_from=OTHER) as batch_op:
            batch_op.alter_column("id", type_=sa.BigInteger())

    script = written(change)
    lines = [line for line in script.splitlines() if line]
    assert lines[:3] == ["PRAGMA foreign_keys=OFF;", "BEGIN;", "PRAGMA legacy_alter_table=ON;"]
    assert lines[-3:] == ["PRAGMA legacy_alter_table=OFF;", "PRAGMA foreign_key_check;", "COMMIT;"]
    assert client(path, script) == ""
    made = sqlite3.connect(path)
    # ON DELETE SET NULL did not fire, the trigger of t that speaks of the table neither
    assert made.execute("SELECT o, note FROM t WHERE id = 1").fetchall() == [(1, "n")]
    assert (
        made.execute("SELECT sql FROM sqlite_master WHERE name = 'other'").fetchone()[0].count("BIGINT") == 1
    )
    made.close()


def test_text_for_a_database_that_can_be_read_is_the_same_rebuild(tmp_path: Path) -> None:
    path = tmp_path / "db"
    assert client(path, SCHEMA) == ""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        script = written(lambda op: op.alter_column("t", "email", nullable=False), connection)
    assert client(path, script) == ""
    made = sqlite3.connect(path)
    assert made.execute("SELECT count(*) FROM child").fetchone() == (2,)
    assert made.execute("SELECT seq FROM sqlite_sequence").fetchall() == [(9,)]
    assert "NOCASE NOT NULL" in made.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()[0]
    made.close()


def test_a_step_without_a_rebuild_leaves_foreign_keys_alone() -> None:
    script = written(lambda op: op.add_column("t", sa.Column("n", sa.Integer)))
    assert [line for line in script.splitlines() if line] == [
        "BEGIN;",
        "ALTER TABLE t ADD COLUMN n INTEGER;",
        "COMMIT;",
    ]


def test_what_was_written_before_a_refusal_is_there() -> None:
    buffer = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="sqlite", opts={"as_sql": True, "output_buffer": buffer}
    )
    with pytest.raises(CommandError, match="column 'a'"), context.begin_transaction(_per_migration=True):
        op = Operations(context)
        op.execute("SELECT 1")
        op.alter_column("t", "a", nullable=False)
    assert buffer.getvalue() == "BEGIN;\n\nSELECT 1;\n\n"
    assert context.output_buffer is buffer


@pytest.mark.parametrize(
    "change",
    [
        lambda op: op.alter_column("t", "a", nullable=False),
        lambda op: op.alter_column("t", "a", type_=sa.Text()),
        lambda op: op.alter_column("t", "a", server_default="x", new_column_name="b"),
    ],
)
def test_an_unknown_table_is_refused_in_one_line(change: Callable[[Any], Any]) -> None:
    with pytest.raises(
        CommandError, match=r"column 'a' .* table 't' .* copy_from=, or give a connection"
    ) as told:
        written(change)
    assert "\n" not in str(told.value)
