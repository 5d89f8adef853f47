"""What dialects share: finding one, dispatch, events, and being emitted twice."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite

from nbmigrate import dialects
from nbmigrate.ddl.text import to_sql
from nbmigrate.dialects import dialect_for
from nbmigrate.dialects.base import Dialect, emitter_names
from nbmigrate.errors import CommandError
from nbmigrate.model import operations as ops


def emitted(dialect: Dialect, operation: ops.MigrateOperation) -> list[str]:
    return [sql for statement in dialect.emit(operation) for sql in to_sql(statement, dialect.sqlalchemy)]


@pytest.mark.parametrize(
    ("dialect", "name", "transactional"),
    [
        (sqlite.dialect(), "SQLite", True),
        (postgresql.dialect(), "Postgresql", True),
        (mysql.dialect(), "MySQL", False),
        (mssql.dialect(), "MSSQL", True),
        (oracle.dialect(), "Oracle", False),
        (sa.engine.default.DefaultDialect(), "Dialect", False),
    ],
)
def test_which_dialect(dialect: sa.Dialect, name: str, transactional: bool) -> None:
    found = dialect_for(dialect)
    assert type(found).__name__ == name
    assert found.transactional_ddl is transactional
    assert found.terminated("SELECT 1").startswith("SELECT 1" if name == "Oracle" else "SELECT 1;")


def test_batches_of_sql_server() -> None:
    dialect = dialect_for(mssql.dialect(), opts={"mssql_batch_separator": "go"})
    assert dialect.terminated(dialect.begin_text) == "BEGIN TRANSACTION;"
    assert dialect.terminated("SELECT 1") == "SELECT 1;\n\ngo"


def test_separators_of_oracle() -> None:
    dialect = dialect_for(oracle.dialect())
    assert dialect.terminated(dialect.begin_text) == "SET TRANSACTION READ WRITE\n\n/"
    assert dialect.terminated("SELECT 1") == "SELECT 1\n\n/"
    assert dialect_for(oracle.dialect(), opts={"oracle_batch_separator": ""}).terminated("x") == "x"


def test_another_package_may_bring_one(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("default", f"{__name__}:Theirs", dialects.ENTRY_POINTS)
    monkeypatch.setattr(dialects, "entry_points", lambda group, name: [point] if name == "default" else [])
    assert isinstance(dialect_for(sa.engine.default.DefaultDialect()), Theirs)
    assert not isinstance(dialect_for(sqlite.dialect()), Theirs)


class Theirs(Dialect):
    def create_note(self, operation: Any) -> Any:
        yield from self.execute_sql(ops.ExecuteSQLOp(f"CREATE NOTE {operation.name} AS SELECT 1"))


class CreateNoteOp(ops.MigrateOperation):
    name = "v"


class CreateLongNoteOp(CreateNoteOp):
    name = "m"


def test_dispatch_by_the_name_of_the_operation_or_its_base() -> None:
    assert emitter_names(ops.CreateForeignKeyOp)[:2] == ("create_foreign_key", "add_constraint")
    assert emitter_names(ops.ExecuteSQLOp)[0] == "execute_sql"
    theirs = Theirs(sqlite.dialect())
    assert emitted(theirs, CreateNoteOp()) == ["CREATE NOTE v AS SELECT 1"]
    assert emitted(theirs, CreateLongNoteOp()) == ["CREATE NOTE m AS SELECT 1"]
    with pytest.raises(CommandError, match="CreateNoteOp"):
        emitted(dialect_for(sqlite.dialect()), CreateNoteOp())


def test_containers_are_emitted_in_order() -> None:
    inner = ops.ModifyTableOps(
        "t", [ops.AddColumnOp("t", sa.Column("a", sa.Integer)), ops.DropColumnOp("t", "b")]
    )
    script = ops.UpgradeOps([ops.DropTableOp("x"), inner])
    assert emitted(dialect_for(postgresql.dialect()), script) == [
        "DROP TABLE x",
        "ALTER TABLE t ADD COLUMN a INTEGER",
        "ALTER TABLE t DROP COLUMN b",
    ]


OPERATIONS = [
    lambda: ops.CreateTableOp(
        "t",
        [
            sa.Column("id", sa.Integer, sa.ForeignKey("o.id", ondelete="CASCADE"), primary_key=True),
            sa.Column("u", sa.Enum("a", "b", name="e", create_constraint=True), unique=True, index=True),
            sa.Column("b", sa.Boolean(create_constraint=True, name="is_b")),
            sa.CheckConstraint("id > 0"),
            sa.ForeignKeyConstraint(["u", "b"], ["o.u", "o.b"]),
        ],
    ),
    lambda: ops.AddColumnOp("t", sa.Column("c", sa.Integer, sa.ForeignKey("o.id", name="f"), unique=True)),
    lambda: ops.AddColumnOp("t", sa.Column("c", sa.Boolean(create_constraint=True, name="ck"))),
    lambda: ops.CreateUniqueConstraintOp("u", "t", ["a"]),
    lambda: ops.CreateCheckConstraintOp("c", "t", sa.column("a") > 5),
    lambda: ops.CreateForeignKeyOp("f", "t", "o", ["a"], ["b"]),
]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        *(("postgresql", make) for make in OPERATIONS),
        *(("mysql", make) for make in OPERATIONS),
        # SQLite has no words for the rest unless it knows the table
        ("sqlite", OPERATIONS[0]),
        ("sqlite", OPERATIONS[2]),
    ],
)
def test_emitted_twice_is_emitted_the_same(name: str, make: Any) -> None:
    """First as a plan, then for real."""
    operation = make()
    sa_dialect = {"postgresql": postgresql, "mysql": mysql, "sqlite": sqlite}[name].dialect()
    first = emitted(dialect_for(sa_dialect), operation)
    assert first
    for other in (postgresql, mysql):
        emitted(dialect_for(other.dialect()), operation)
    assert emitted(dialect_for(sa_dialect), operation) == first


def test_what_listeners_execute_is_part_of_the_statements() -> None:
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("a", postgresql.ENUM("x", name="kind")))
    sa.event.listen(table, "after_create", sa.DDL("GRANT SELECT ON %(table)s TO reader"))
    dialect = dialect_for(postgresql.dialect())
    operation = ops.CreateTableOp("t", [sa.Column("a", postgresql.ENUM("x", name="kind"))])
    assert emitted(dialect, operation)[0] == "CREATE TYPE kind AS ENUM ('x')"
    # one type a run, however many tables use it
    second = ops.CreateTableOp("u", [sa.Column("a", postgresql.ENUM("x", name="kind"))])
    assert emitted(dialect, second)[0].startswith("CREATE TABLE u")


def test_a_batch_on_a_server_is_plain_alters() -> None:
    batch = ops.BatchAlterTableOp("t", [ops.AddColumnOp("t", sa.Column("a", sa.Integer), insert_after="b")])
    with pytest.raises(CommandError, match="insert_before"):
        emitted(dialect_for(postgresql.dialect()), batch)
    batch.recreate = "always"
    with pytest.warns(UserWarning, match="postgresql adds columns at the end"):
        assert emitted(dialect_for(postgresql.dialect()), batch) == ["ALTER TABLE t ADD COLUMN a INTEGER"]
    batch.recreate = "sometimes"
    with pytest.raises(ValueError, match="recreate"):
        emitted(dialect_for(postgresql.dialect()), batch)


def test_mysql_wants_the_existing_type() -> None:
    operation = ops.AlterColumnOp("t", "c", modify_nullable=True)
    with pytest.raises(CommandError, match=r"existing type.*'c'.*'t'"):
        emitted(dialect_for(mysql.dialect()), operation)


def test_using_is_for_types() -> None:
    operation = ops.AlterColumnOp("t", "c", modify_nullable=True, postgresql_using="x")
    with pytest.raises(CommandError, match="type_"):
        emitted(dialect_for(postgresql.dialect()), operation)


def test_computed_columns_are_not_altered() -> None:
    operation = ops.AlterColumnOp("t", "c", modify_server_default=sa.Computed("a + 1"))
    for dialect in (postgresql.dialect(), mysql.dialect()):
        with pytest.raises(sa.exc.CompileError, match="computed"):
            emitted(dialect_for(dialect), operation)


def test_rows_are_dictionaries() -> None:
    table = sa.table("t", sa.column("a"))
    with pytest.raises(TypeError, match="dictionaries"):
        emitted(dialect_for(sqlite.dialect()), ops.BulkInsertOp(table, [(1,)]))  # type: ignore[list-item]
    assert emitted(dialect_for(sqlite.dialect()), ops.BulkInsertOp(table, [])) == []


def test_version_table() -> None:
    table = dialect_for(sqlite.dialect()).version_table("av", "s")
    text = str(sa.schema.CreateTable(table))
    assert "s.av" in text and "CONSTRAINT av_pkc PRIMARY KEY (version_num)" in text
    assert "PRIMARY" not in str(
        sa.schema.CreateTable(dialect_for(sqlite.dialect()).version_table("av", None, False))
    )
