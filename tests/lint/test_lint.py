"""Lint: what is found in which operation on which database, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.dialects.mysql import LONGTEXT

from nbmigrate.dialects import dialect_for
from nbmigrate.lint import Linter
from nbmigrate.model import operations as ops
from nbmigrate.model.operations import MigrateOperation
from nbmigrate.model.widening import widens

EVERYWHERE = ("sqlite", "postgresql", "mysql", "mssql")


def dialect(name: str) -> Any:
    return dialect_for(sa.create_mock_engine(f"{name}://", lambda *_: None).dialect)


def rules(database: str, *operations: MigrateOperation, in_transaction: bool = True) -> list[str]:
    """The rules that have something to say; what only SQLite's rebuild says is left out."""
    linter = Linter(dialect(database))
    for operation in operations:
        linter.look(operation, in_transaction=in_transaction)
    for finding in linter.findings:
        assert finding.about
        assert finding.why
        assert finding.instead
        for text in (finding.why, finding.instead):
            assert not text.endswith(".")
    return [finding.rule for finding in linter.findings if finding.rule != "rebuild"]


def make(table: str = "t") -> ops.CreateTableOp:
    return ops.CreateTableOp(table, [sa.Column("id", sa.Integer, primary_key=True)])


def retype(old: Any, new: Any) -> ops.AlterColumnOp:
    return ops.AlterColumnOp("t", "c", existing_type=old, modify_type=new)


ADD = ops.AddColumnOp("t", sa.Column("c", sa.Integer))
ANY = [
    (ops.DropTableOp("t"), "drop-table"),
    (ops.DropColumnOp("t", "c"), "drop-column"),
    (ops.RenameTableOp("t", "u"), "rename-table"),
    (ops.AlterColumnOp("t", "c", modify_name="d"), "rename-column"),
    (ops.AddColumnOp("t", sa.Column("c", sa.Integer, nullable=False)), "not-null-without-default"),
    (ops.AlterColumnOp("t", "c", modify_nullable=False), "set-not-null"),
    (ops.CreateUniqueConstraintOp("uq", "t", ["c"]), "add-unique"),
    (ops.CreateIndexOp("ix", "t", ["c"], unique=True, postgresql_concurrently=True), "add-unique"),
    (retype(sa.String(20), sa.Integer()), "change-type"),
    (ops.AlterColumnOp("t", "c", modify_type=sa.Integer()), "change-type"),
    (ops.DropConstraintOp("fk", "t", "foreignkey"), "drop-constraint"),
    (ops.ExecuteSQLOp("UPDATE t SET a = 1"), "update-every-row"),
    (ops.ExecuteSQLOp(sa.text("delete from t -- WHERE is nobody")), "delete-every-row"),
    (ops.ExecuteSQLOp("SELECT 1; TRUNCATE TABLE t"), "truncate-every-row"),
    (ops.CreateTableOp("t", [sa.Column("id", sa.Integer)]), "no-primary-key"),
]


@pytest.mark.parametrize("database", EVERYWHERE)
@pytest.mark.parametrize(("operation", "rule"), ANY)
def test_what_hurts_anywhere_is_found_on_every_database(
    operation: MigrateOperation, rule: str, database: str
) -> None:
    assert rules(database, operation, in_transaction=False) == [rule]


HARMLESS = [
    make(),
    ADD,
    ops.AddColumnOp("t", sa.Column("c", sa.Integer, nullable=False, server_default="0")),
    ops.AlterColumnOp("t", "c", modify_nullable=True),
    ops.AlterColumnOp("t", "c", modify_comment="words"),
    retype(sa.String(20), sa.String(40)),
    ops.ExecuteSQLOp("UPDATE t SET a = 1 WHERE a IS NULL"),
    ops.ExecuteSQLOp("INSERT INTO t VALUES ('DELETE FROM t')"),
    ops.ExecuteSQLOp("SELECT 1 -- DELETE FROM t"),
    ops.CreateTableOp("u", [sa.Column("a", sa.Integer), sa.PrimaryKeyConstraint("a")]),
    ops.CreateTableCommentOp("t", "words"),
]


@pytest.mark.parametrize("database", EVERYWHERE)
@pytest.mark.parametrize("operation", HARMLESS)
def test_what_hurts_nobody_is_not_mentioned(operation: MigrateOperation, database: str) -> None:
    assert rules(database, operation) == []


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize(
    "operation",
    [
        ops.DropColumnOp("t", "id"),
        ops.CreateIndexOp("ix", "t", ["id"], unique=True),
        ops.CreateForeignKeyOp("fk", "t", "u", ["id"], ["id"]),
        ops.CreateUniqueConstraintOp("uq", "t", ["id"]),
        ops.DropTableOp("t"),
    ],
)
def test_a_table_that_the_revision_made_itself_holds_nothing(
    operation: MigrateOperation, database: str
) -> None:
    assert rules(database, make(), operation) == []
    if database != "sqlite" or not isinstance(operation, ops.CreateForeignKeyOp):
        assert rules(database, make("other"), operation) != []


POSTGRESQL = [
    (ops.CreateIndexOp("ix", "t", ["c"]), ["create-index"]),
    (ops.DropIndexOp("ix", "t"), ["drop-index"]),
    (ops.CreateIndexOp("ix", "t", ["c"], postgresql_concurrently=True), ["create-index-concurrently"]),
    (ops.CreateForeignKeyOp("fk", "t", "u", ["c"], ["id"]), ["add-foreign-key"]),
    (ops.CreateForeignKeyOp("fk", "t", "u", ["c"], ["id"], postgresql_not_valid=True), []),
    (ops.CreateCheckConstraintOp("ck", "t", "c > 0"), ["add-check"]),
    (ops.CreatePrimaryKeyOp("pk", "t", ["c"]), ["add-primary-key"]),
    (ops.AddColumnOp("t", sa.Column("c", sa.Uuid, server_default=sa.text("gen_random_uuid()"))), ["rewrite"]),
    (ops.AddColumnOp("t", sa.Column("c", sa.DateTime, server_default=sa.func.now())), []),
    (ops.AddColumnOp("t", sa.Column("c", sa.Integer, sa.Identity())), ["rewrite"]),
    (ops.AddColumnOp("t", sa.Column("c", sa.Integer, sa.Computed("a + 1", persisted=True))), ["rewrite"]),
    (ops.AddColumnOp("t", sa.Column("c", sa.JSON)), ["json"]),
    (ops.AddColumnOp("t", sa.Column("c", pg.JSONB)), []),
    (retype(sa.Integer(), sa.BigInteger()), ["change-type"]),
    (retype(sa.String(20), sa.Text()), []),
    (retype(sa.Numeric(8, 2), sa.Numeric(10, 2)), []),
    (retype(sa.Numeric(8, 2), sa.Numeric(10, 4)), ["change-type"]),
]


@pytest.mark.parametrize(("operation", "found"), POSTGRESQL)
def test_postgresql(operation: MigrateOperation, found: list[str]) -> None:
    assert rules("postgresql", operation) == found


def test_postgresql_holds_the_locks_of_a_change_while_rows_are_written() -> None:
    fill = ops.ExecuteSQLOp("UPDATE t SET c = 1 WHERE c IS NULL")
    assert rules("postgresql", fill) == []
    assert rules("postgresql", make(), fill) == []
    assert rules("postgresql", ADD, fill) == ["rows-beside-changes"]
    assert rules("postgresql", ADD, fill, in_transaction=False) == []
    assert rules("mysql", ADD, fill) == []


MYSQL = [
    (ops.CreateForeignKeyOp("fk", "t", "u", ["c"], ["id"]), ["add-foreign-key"]),
    (ops.AddColumnOp("t", sa.Column("c", sa.Integer, sa.Computed("a + 1", persisted=True))), ["table-copy"]),
    (retype(sa.String(60), sa.String(63)), []),
    (retype(sa.String(63), sa.String(64)), ["change-type"]),
    (retype(sa.Enum("a", "b"), sa.Enum("a", "b", "c")), []),
    (retype(sa.Enum("a", "b"), sa.Enum("a", "c", "b")), ["change-type"]),
]


@pytest.mark.parametrize(("operation", "found"), MYSQL)
def test_mysql(operation: MigrateOperation, found: list[str]) -> None:
    # what is only more room is not the general rule's either
    assert rules("mysql", operation) == found


def test_a_database_says_it_in_its_own_words() -> None:
    operation = ops.AddColumnOp("t", sa.Column("c", sa.Integer, nullable=False))
    for database, words in (("postgresql", "it fails as soon as"), ("mysql", "get 0 or an empty text")):
        linter = Linter(dialect(database))
        linter.look(operation)
        (finding,) = linter.findings
        assert words in finding.why


def test_duckdb_keeps_no_length() -> None:
    table = ops.CreateTableOp(
        "t", [sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.String(9))]
    )
    assert rules("duckdb", table) == ["length-not-kept"]


def test_sqlite_rebuilds_what_it_can_not_alter() -> None:
    linter = Linter(dialect("sqlite"))
    linter.look(ops.AlterColumnOp("t", "c", modify_nullable=True))
    assert [(one.rule, one.about) for one in linter.findings] == [("rebuild", "t")]
    linter = Linter(dialect("sqlite"))
    linter.look(ADD)
    assert linter.findings == ()


def test_operations_within_operations_are_seen() -> None:
    inner = [ops.DropColumnOp("t", "c"), ops.AlterColumnOp("t", "d", modify_nullable=False)]
    assert rules("mssql", ops.ModifyTableOps("t", inner)) == ["drop-column", "set-not-null"]


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        (sa.String(5), sa.String(5), True),
        (sa.String(5), sa.String(4), False),
        (sa.Text(), sa.String(4), False),
        (sa.CHAR(4), sa.CHAR(5), False),
        (LONGTEXT(), sa.Text(), False),
        (sa.SmallInteger(), sa.Integer(), True),
        (sa.BigInteger(), sa.Integer(), False),
        (sa.Numeric(5, 2), sa.Numeric(), True),
        (sa.Numeric(5, 2), sa.Float(), False),
        (sa.Enum("a"), sa.String(9), False),
        (sa.Enum("a"), sa.Enum("b", "a"), True),
        (sa.Enum("a", "b"), sa.Enum("a"), False),
        (sa.Integer(), sa.String(9), False),
    ],
)
def test_what_only_gives_more_room(old: Any, new: Any, more: bool) -> None:
    assert widens(old, new) is more
