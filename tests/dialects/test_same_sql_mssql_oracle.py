"""SQL Server and Oracle: what only they can be told, as Alembic writes it; where ours differs, why."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from dialects import same_sql
from dialects.same_sql import Run, Writer, assert_same_text, by_alembic, by_us
from sqlalchemy.dialects import mssql, oracle

from nbmigrate.errors import CommandError
from nbmigrate.operations import Operations

MSSQL: dict[str, Run] = {
    "drop_default": lambda op: op.drop_column("t", "c", mssql_drop_default=True),
    "drop_check": lambda op: op.drop_column("t", "c", mssql_drop_check=True, schema="s"),
    "drop_foreign_key": lambda op: op.drop_column("t", "my c", mssql_drop_foreign_key=True, schema="s"),
    "drop_all": lambda op: op.drop_column(
        "my t", "c", mssql_drop_foreign_key=True, mssql_drop_default=True, mssql_drop_check=True
    ),
    "rename_table": lambda op: op.rename_table("Old t", "select", schema="my s"),
    "rename_column": lambda op: op.alter_column("t", "my c", new_column_name="Order", schema="s"),
    "type_and_null": lambda op: op.alter_column("t", "c", type_=sa.Integer(), nullable=True, schema="s"),
    "type_and_existing_null": lambda op: op.alter_column(
        "t", "c", type_=sa.Unicode(), existing_nullable=True, existing_type=sa.Integer()
    ),
    "default_for_default": lambda op: op.alter_column(
        "t", "c", server_default="5", existing_server_default="4", schema="s"
    ),
    "default_for_none": lambda op: op.alter_column(
        "t", "c", server_default="5", existing_server_default=None
    ),
    "default_gone": lambda op: op.alter_column("t", "c", server_default=None, existing_server_default="4"),
    "null_with_a_type_class": lambda op: op.alter_column("t", "c", nullable=False, existing_type=sa.Integer),
    "null_without_type": lambda op: op.alter_column("t", "c", nullable=False),
    "identity": lambda op: op.alter_column("t", "c", server_default=sa.Identity()),
    "computed": lambda op: op.alter_column("t", "c", server_default=sa.Computed("a")),
    "existing_identity": lambda op: op.alter_column(
        "t", "c", type_=sa.BigInteger(), existing_nullable=False, existing_server_default=sa.Identity()
    ),
    "autoincrement": lambda op: op.alter_column(
        "t", "c", autoincrement=True, nullable=False, existing_type=sa.Integer()
    ),
    "comment_changed": lambda op: op.alter_column("my t", "c", comment="new", existing_comment="old"),
    "comment_gone": lambda op: op.alter_column("t", "c", comment=None, existing_comment="old", schema="s"),
    "everything_commented": lambda op: op.alter_column(
        "t",
        "c",
        type_=sa.String(9),
        nullable=False,
        comment="x",
        server_default="z",
        new_column_name="d",
        existing_server_default="y",
        schema="s",
    ),
    "identity_column": lambda op: op.create_table(
        "t", sa.Column("a", sa.Integer, sa.Identity(start=3), primary_key=True), sa.Column("b", sa.Unicode)
    ),
    "include": lambda op: op.create_index(
        "ix", "t", ["a"], mssql_include=["b", "c"], mssql_where=sa.text("a > 1")
    ),
    "clustered": lambda op: op.create_index("ix", "t", ["a", "b"], mssql_clustered=True, schema="s"),
    "add_computed": lambda op: op.add_column("t", sa.Column("c", sa.Computed("a * 2", persisted=True))),
    "add_with_default": lambda op: op.add_column(
        "t", sa.Column("c", mssql.DATETIME2(), server_default=sa.func.sysdatetime(), nullable=False)
    ),
    "rows_of_a_schema": lambda op: op.bulk_insert(
        sa.table("my t", sa.column("a", sa.Integer), schema="s"), [{"a": 1}, {"a": 2}], multiinsert=False
    ),
    "rows_at_once": lambda op: op.bulk_insert(
        sa.table("t", sa.column("a", sa.Integer)), [{"a": 1}, {"a": 2}]
    ),
    "no_rows": lambda op: op.bulk_insert(sa.table("t", sa.column("a", sa.Integer)), []),
}

ORACLE: dict[str, Run] = {
    "type_null_default": lambda op: op.alter_column(
        "my t", "c", type_=sa.Integer(), nullable=True, server_default=sa.text("SYSDATE"), schema="s"
    ),
    "autoincrement": lambda op: op.alter_column("t", "c", autoincrement=True, nullable=False),
    "identity_add": lambda op: op.alter_column("t", "c", server_default=sa.Identity(always=True, start=5)),
    "identity_drop": lambda op: op.alter_column(
        "t", "c", server_default=None, existing_server_default=sa.Identity()
    ),
    "identity_change": lambda op: op.alter_column(
        "t",
        "c",
        server_default=sa.Identity(oracle_on_null=True, cache=5),
        existing_server_default=sa.Identity(),
        schema="s",
    ),
    "computed": lambda op: op.alter_column("t", "c", server_default=sa.Computed("a")),
    "identity_column": lambda op: op.create_table("t", sa.Column("a", sa.Integer, sa.Identity(start=3))),
    "bitmap": lambda op: op.create_index("ix", "t", ["a"], oracle_bitmap=True),
    "compress": lambda op: op.create_table("t", sa.Column("a", sa.Integer), oracle_compress=6),
    "rename_quoted": lambda op: op.alter_column("my t", "select", new_column_name="from", schema="s"),
    "types": lambda op: op.add_column("t", sa.Column("c", oracle.NUMBER(10, 2), server_default="0")),
    "check_type": lambda op: op.alter_column(
        "t", "c", existing_type=sa.Boolean(create_constraint=True, name="is_c"), type_=sa.String(3)
    ),
    "comment_gone": lambda op: op.alter_column("t", "c", comment=None, existing_comment="old"),
}

CASES = [(name, *case) for name, cases in (("mssql", MSSQL), ("oracle", ORACLE)) for case in cases.items()]


@pytest.mark.parametrize("convention", [False, True], ids=["", "convention"])
@pytest.mark.parametrize(
    ("dialect", "run"), [case[::2] for case in CASES], ids=["-".join(c[:2]) for c in CASES]
)
def test_the_same_text(dialect: str, run: Run, convention: bool) -> None:
    assert_same_text(dialect, run, convention)


def references() -> sa.Column[Any]:
    return sa.Column("c", sa.Integer, sa.ForeignKey("s.o.id", ondelete="SET NULL"))


def key() -> sa.Column[Any]:
    return sa.Column("c", sa.Integer, primary_key=True)


GO = ";\n\nGO\n\n"
SLASH = "\n\n/\n\n"
DIFFERENT: list[tuple[str, str, Run, str]] = [
    (
        "mssql",
        "Alembic leaves the foreign key out, inline and as an ALTER of its own",
        lambda op: op.add_column("t", references(), inline_references=True),
        "ALTER TABLE t ADD c INTEGER NULL REFERENCES s.o (id) ON DELETE SET NULL" + GO,
    ),
    (
        "oracle",
        "Alembic leaves the foreign key out",
        lambda op: op.add_column("t", references(), inline_references=True),
        "ALTER TABLE t ADD c INTEGER REFERENCES s.o (id) ON DELETE SET NULL" + SLASH,
    ),
    (
        "mssql",
        "Alembic leaves PRIMARY KEY out",
        lambda op: op.add_column("t", key(), inline_primary_key=True),
        "ALTER TABLE t ADD c INTEGER NOT NULL IDENTITY PRIMARY KEY" + GO,
    ),
    (
        "oracle",
        "Alembic leaves PRIMARY KEY out",
        lambda op: op.add_column("t", key(), inline_primary_key=True),
        "ALTER TABLE t ADD c INTEGER NOT NULL PRIMARY KEY" + SLASH,
    ),
    (
        "mssql",
        "Alembic leaves the condition out; there is no IF NOT EXISTS for columns",
        lambda op: op.add_column("it's", sa.Column("my c", sa.Integer), if_not_exists=True, schema="s"),
        "IF COL_LENGTH(N's.[it''s]', N'my c') IS NULL ALTER TABLE s.[it's] ADD [my c] INTEGER NULL" + GO,
    ),
    (
        "oracle",
        "Alembic leaves the condition out; there is no IF NOT EXISTS for columns",
        lambda op: op.add_column("t", sa.Column("c", sa.String(5), server_default="x"), if_not_exists=True),
        "BEGIN EXECUTE IMMEDIATE 'ALTER TABLE t ADD c VARCHAR2(5 CHAR) DEFAULT ''x'''; "
        "EXCEPTION WHEN OTHERS THEN IF SQLCODE != -1430 THEN RAISE; END IF; END;" + SLASH,
    ),
    (
        "oracle",
        "Alembic writes IF EXISTS, which Oracle does not have for columns",
        lambda op: op.drop_column("t", "c", if_exists=True),
        "BEGIN EXECUTE IMMEDIATE 'ALTER TABLE t DROP COLUMN c'; "
        "EXCEPTION WHEN OTHERS THEN IF SQLCODE != -904 THEN RAISE; END IF; END;" + SLASH,
    ),
    (
        "oracle",
        "Alembic leaves the schema and the quotes out of a column's comment",
        lambda op: op.alter_column("my t", "c", comment="x", schema="s"),
        "COMMENT ON COLUMN s.\"my t\".c IS 'x'" + SLASH,
    ),
    (
        "mssql",
        "Alembic adds the property again, which fails where there is one",
        lambda op: op.create_table_comment("t", "new", existing_comment="old", schema="s"),
        "exec sp_updateextendedproperty 'MS_Description', N'new', 'schema', s, 'table', t" + GO,
    ),
    (
        "mssql",
        "Alembic ends the literal at the quote in the name",
        lambda op: op.rename_table("it's", "t"),
        "EXEC sp_rename '[it''s]', t" + GO,
    ),
    (
        "mssql",
        "Alembic ends the literals at the quote in the name",
        lambda op: op.drop_column("it's", "c's", mssql_drop_default=True),
        "declare @const_name varchar(256)\n"
        "select @const_name = QUOTENAME([name]) from sys.default_constraints\n"
        "where parent_object_id = object_id('it''s')\n"
        "and col_name(parent_object_id, parent_column_id) = 'c''s'\n"
        "exec('alter table [it''s] drop constraint ' + @const_name)"
        + GO
        + "ALTER TABLE [it's] DROP COLUMN [c's]"
        + GO,
    ),
]


@pytest.mark.parametrize(("dialect", "reason", "run", "text"), DIFFERENT)
def test_differs_on_purpose(dialect: str, reason: str, run: Run, text: str) -> None:
    assert by_us(dialect, run, None) == text
    # when Alembic does the same one day, the case goes among those above
    assert by_alembic(dialect, run, None) != text


COMMENTS: dict[str, Run] = {
    "create": lambda op: op.create_table("t", sa.Column("a", sa.Integer, comment="x"), comment="y"),
    "add": lambda op: op.add_column("t", sa.Column("b", sa.Integer, comment="z")),
    "table": lambda op: op.create_table_comment("t", "it's"),
    "table_gone": lambda op: op.drop_table_comment("t"),
    "column": lambda op: op.alter_column("t", "c", comment="it's"),
    "column_gone": lambda op: op.alter_column("t", "c", comment=None, existing_comment="x"),
}


@pytest.mark.parametrize("run", COMMENTS.values(), ids=COMMENTS)
def test_comments_of_sql_server_without_a_connection(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline nothing is known of the login's schema: it is dbo, where Alembic fails."""
    connected = by_alembic("mssql", run, None)
    assert "dbo" in connected
    made = same_sql.engine_dialect

    def offline(name: str) -> sa.Dialect:
        dialect = made(name)
        dialect.default_schema_name = None
        return dialect

    monkeypatch.setattr(same_sql, "engine_dialect", offline)
    assert by_us("mssql", run, None).replace("\t", "    ") == connected
    with pytest.raises((AssertionError, AttributeError)):
        by_alembic("mssql", run, None)


def test_sql_server_wants_type_and_nullability_together() -> None:
    op = Operations(Writer("mssql", None))
    with pytest.warns(UserWarning, match="implicit conversion"):
        op.alter_column("t", "c", type_=sa.Integer())
    with pytest.raises(CommandError, match=r"require the existing_type.*'c' of table 't'"):
        op.alter_column("t", "c", nullable=True)
