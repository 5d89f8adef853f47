# ruff: noqa: E501  a call stands on one line, as the golden file shows it
"""Every call on ``op`` that the golden files show: operation by operation, one argument at a time.

A call is Python text, so that the golden file can print it above the SQL that it becomes. ``t`` and ``o`` are
there with the columns of ``SETUP`` (``schema="s"`` holds the same two), so that most calls can also be run.
The ids (O1 ...) are those of the checklist that the project is held to.
"""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from nbmigrate.model import operations as ops
from nbmigrate.model.objects import Dependent, EnumColumn

ACCOUNTS = sa.table(
    "accounts",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("on", sa.Date),
    sa.column("data", sa.JSON),
)

NAMES: dict[str, Any] = {
    "sa": sa,
    "mysql": mysql,
    "postgresql": postgresql,
    "accounts": ACCOUNTS,
    "datetime": datetime,
    "Decimal": Decimal,
    "uuid": uuid,
    "ops": ops,
    "MOOD": EnumColumn(None, "t", "mood"),
    "MOODS": EnumColumn(None, "t", "moods", is_array=True, default="'{b}'::mood[]"),
    "VIEW_OF_MOODS": Dependent(
        "view", None, None, "v", "DROP VIEW v", ("CREATE VIEW v AS SELECT moods FROM t",)
    ),
}

ADD_COLUMN = {
    "plain": 'op.add_column("t", sa.Column("new", sa.Integer()))',
    "schema": 'op.add_column("t", sa.Column("new", sa.Integer()), schema="s")',
    "dotted schema": 'op.add_column("t", sa.Column("new", sa.Integer()), schema="a.b")',
    "not null with default": 'op.add_column("t", sa.Column("new", sa.Integer(), server_default="5", nullable=False))',
    "not null": 'op.add_column("t", sa.Column("new", sa.Integer(), nullable=False))',
    "default expression": 'op.add_column("t", sa.Column("new", sa.DateTime(), server_default=sa.func.now()))',
    "default text": 'op.add_column("t", sa.Column("new", sa.String(9), server_default=sa.text("\'a\'")))',
    "if_not_exists": 'op.add_column("t", sa.Column("new", sa.Integer()), if_not_exists=True)',
    "foreign key": 'op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id")))',
    "foreign key, named, with actions": (
        'op.add_column("t", sa.Column("new", sa.Integer(),'
        ' sa.ForeignKey("o.id", name="fk_new", ondelete="CASCADE", onupdate="CASCADE")))'
    ),
    "inline_references": (
        'op.add_column("t", sa.Column("new", sa.Integer(), sa.ForeignKey("o.id", ondelete="SET NULL")),'
        " inline_references=True)"
    ),
    "inline_primary_key": 'op.add_column("u", sa.Column("new", sa.Integer(), primary_key=True), inline_primary_key=True)',
    "check of a boolean": 'op.add_column("t", sa.Column("new", sa.Boolean(create_constraint=True, name="is_new")))',
    "unique": 'op.add_column("t", sa.Column("new", sa.Integer(), unique=True))',
    "index": 'op.add_column("t", sa.Column("new", sa.Integer(), index=True))',
    "comment": 'op.add_column("t", sa.Column("new", sa.Integer(), comment="it\'s 100% \\"new\\""))',
    "computed": 'op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=False)))',
    "computed, persisted": 'op.add_column("t", sa.Column("new", sa.Integer(), sa.Computed("a + 1", persisted=True)))',
    "identity": 'op.add_column("t", sa.Column("new", sa.Integer(), sa.Identity(always=True, start=5)))',
    "enum": 'op.add_column("t", sa.Column("new", sa.Enum("x", "it\'s", name="kind")))',
    "json with default": 'op.add_column("t", sa.Column("new", sa.JSON(), server_default="{}"))',
    "reserved word": 'op.add_column("t", sa.Column("order", sa.Integer()))',
}

ALTER_COLUMN = {
    "nullable=False": 'op.alter_column("t", "c", nullable=False, existing_type=sa.Integer())',
    "nullable=True": 'op.alter_column("t", "a", nullable=True, existing_type=sa.Integer())',
    "nullable, schema": 'op.alter_column("t", "a", nullable=True, existing_type=sa.Integer(), schema="s")',
    "type_": (
        'op.alter_column("t", "c", type_=sa.Numeric(10, 2), existing_type=sa.Integer(), existing_nullable=True)'
    ),
    "type_, with a default that is there": (
        'op.alter_column("t", "d", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_server_default="7")'
    ),
    "type_, postgresql_using": (
        'op.alter_column("t", "b", type_=sa.Integer(), existing_type=sa.String(20),'
        ' postgresql_using="length(b)")'
    ),
    "type_, from a boolean with a CHECK": (
        'op.alter_column("t", "c", type_=sa.Integer(),'
        ' existing_type=sa.Boolean(create_constraint=True, name="is_c"))'
    ),
    "type_, to an enum with a CHECK": (
        'op.alter_column("t", "b", existing_type=sa.String(20),'
        ' type_=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True))'
    ),
    "server_default": 'op.alter_column("t", "b", server_default="it\'s 5%", existing_type=sa.String(20))',
    "server_default=None": (
        'op.alter_column("t", "d", server_default=None, existing_type=sa.Integer(), existing_server_default="7")'
    ),
    "server_default, an expression": (
        'op.alter_column("t", "e", server_default=sa.func.now(), existing_type=sa.DateTime())'
    ),
    "server_default, an identity added": (
        'op.alter_column("t", "a", server_default=sa.Identity(always=True, start=5),'
        " existing_server_default=None, existing_type=sa.Integer())"
    ),
    "server_default, an identity changed": (
        'op.alter_column("t", "i", server_default=sa.Identity(always=True, start=5, cache=3),'
        " existing_server_default=sa.Identity(start=2), existing_type=sa.Integer())"
    ),
    "server_default, an identity dropped": (
        'op.alter_column("t", "i", server_default=None, existing_server_default=sa.Identity(),'
        " existing_type=sa.Integer())"
    ),
    "server_default, a computed column": (
        'op.alter_column("t", "a", server_default=sa.Computed("c + 1"), existing_type=sa.Integer())'
    ),
    "new_column_name": (
        'op.alter_column("t", "c", new_column_name="Order", existing_type=sa.Integer(), existing_nullable=True)'
    ),
    "comment": (
        'op.alter_column("t", "a", comment="it\'s", existing_type=sa.Integer(), existing_nullable=False)'
    ),
    "comment=None": (
        'op.alter_column("t", "a", comment=None, existing_comment="x", existing_type=sa.Integer(),'
        " existing_nullable=False)"
    ),
    "autoincrement": (
        'op.alter_column("t", "id", autoincrement=True, existing_type=sa.Integer(), existing_nullable=False)'
    ),
    "existing_*": (
        'op.alter_column("t", "d", nullable=False, existing_type=sa.Integer(), existing_server_default="7",'
        ' existing_comment="y")'
    ),
    "existing_autoincrement": (
        'op.alter_column("t", "id", type_=sa.BigInteger(), existing_type=sa.Integer(),'
        " existing_nullable=False, existing_autoincrement=True)"
    ),
    "everything": (
        'op.alter_column("t", "c", type_=sa.BigInteger(), nullable=False, server_default="3",'
        ' new_column_name="z", comment="last", existing_type=sa.Integer())'
    ),
    "without a type": 'op.alter_column("t", "c", nullable=False)',
}

DROP_COLUMN = {
    "plain": 'op.drop_column("t", "c")',
    "schema": 'op.drop_column("t", "c", schema="s")',
    "if_exists": 'op.drop_column("t", "c", if_exists=True)',
    "reserved word": 'op.drop_column("t", "select")',
    "mssql_drop_check": 'op.drop_column("t", "c", mssql_drop_check=True)',
    "mssql_drop_default": 'op.drop_column("t", "c", mssql_drop_default=True)',
    "mssql_drop_foreign_key": 'op.drop_column("t", "c", mssql_drop_foreign_key=True)',
}

CREATE_TABLE = {
    "plain": (
        'op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.String(50)))'
    ),
    "schema": 'op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), schema="s")',
    "if_not_exists": 'op.create_table("new", sa.Column("a", sa.Integer()), if_not_exists=True)',
    "comments": 'op.create_table("new", sa.Column("a", sa.Integer(), comment="it\'s 5%"), comment="a \'table\'")',
    "constraints": (
        'op.create_table("new", sa.Column("id", sa.Integer(), nullable=False),'
        ' sa.Column("o", sa.Integer(), sa.ForeignKey("o.id", ondelete="CASCADE")),'
        ' sa.PrimaryKeyConstraint("id", name="pk_new"), sa.UniqueConstraint("o", "id", name="uq_new"),'
        ' sa.CheckConstraint("o > 0", name="positive"))'
    ),
    "indexes": (
        'op.create_table("new", sa.Column("a", sa.Integer(), index=True), sa.Column("b", sa.Integer()),'
        ' sa.Index("ix_ab", "a", "b", unique=True))'
    ),
    "default, computed": (
        'op.create_table("new", sa.Column("a", sa.Integer(), server_default="5"),'
        ' sa.Column("at", sa.DateTime(), server_default=sa.func.now()),'
        ' sa.Column("c", sa.Integer(), sa.Computed("a * 2", persisted=True)))'
    ),
    "identity": 'op.create_table("new", sa.Column("id", sa.Integer(), sa.Identity(start=7), primary_key=True))',
    "an enum": 'op.create_table("new", sa.Column("a", sa.Enum("x", "y", name="kind")))',
    "types": (
        'op.create_table("new", sa.Column("a", sa.BigInteger()), sa.Column("b", sa.Boolean()),'
        ' sa.Column("c", sa.Date()), sa.Column("d", sa.DateTime(timezone=True)), sa.Column("e", sa.Float()),'
        ' sa.Column("f", sa.JSON()), sa.Column("g", sa.LargeBinary()), sa.Column("h", sa.Numeric(10, 2)),'
        ' sa.Column("i", sa.Text()), sa.Column("j", sa.Time()), sa.Column("k", sa.Uuid()))'
    ),
    "keywords of the databases": (
        'op.create_table("new", sa.Column("id", sa.Integer(), primary_key=True), mysql_engine="InnoDB",'
        ' mysql_charset="utf8mb4", mariadb_engine="InnoDB", mariadb_charset="utf8mb4",'
        ' sqlite_autoincrement=True, postgresql_with={"fillfactor": 70}, oracle_compress=True)'
    ),
    "prefixes": 'op.create_table("new", sa.Column("a", sa.Integer()), prefixes=["TEMPORARY"])',
    "two with one enum": (
        '[op.create_table(name, sa.Column("a", sa.Enum("x", "y", name="kind"))) for name in ("new", "newer")]'
    ),
}

DROP_TABLE = {
    "plain": 'op.drop_table("u")',
    "schema": 'op.drop_table("u", schema="s")',
    "if_exists": 'op.drop_table("u", if_exists=True)',
}

RENAME_TABLE = {
    "plain": 'op.rename_table("u", "v")',
    "schema": 'op.rename_table("u", "New Name", schema="s")',
}

CREATE_INDEX = {
    "plain": 'op.create_index("ix_new", "t", ["a", "c"])',
    "schema": 'op.create_index("ix_new", "t", ["a"], schema="s")',
    "unique": 'op.create_index("ix_new", "t", ["a"], unique=True)',
    "if_not_exists": 'op.create_index("ix_new", "t", ["a"], if_not_exists=True)',
    "expressions": 'op.create_index("ix_new", "t", [sa.text("lower(b)"), "a"])',
    "descending": 'op.create_index("ix_new", "t", [sa.text("a DESC")])',
    "where": (
        'op.create_index("ix_new", "t", ["a"], postgresql_where=sa.text("a > 5"), sqlite_where=sa.text("a > 5"),'
        ' mssql_where=sa.text("a > 5"))'
    ),
    "using, include, operator class": (
        'op.create_index("ix_new", "t", ["b"], postgresql_using="btree", postgresql_include=["a"],'
        ' postgresql_ops={"b": "varchar_pattern_ops"}, mssql_include=["a"])'
    ),
    "with, nulls not distinct": (
        'op.create_index("ix_new", "t", ["b"], unique=True, postgresql_with={"fillfactor": 50},'
        " postgresql_nulls_not_distinct=True)"
    ),
    "length": 'op.create_index("ix_new", "t", ["b"], mysql_length=5, mariadb_length=5)',
    "prefix": 'op.create_index("ix_new", "t", ["b"], mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT")',
    "concurrently": 'op.create_index("ix_new", "t", ["a"], postgresql_concurrently=True)',
    "clustered": 'op.create_index("ix_new", "t", ["a"], mssql_clustered=True)',
}

DROP_INDEX = {
    "plain": 'op.drop_index("ix_t_c", table_name="t")',
    "without table_name": 'op.drop_index("ix_t_c")',
    "schema": 'op.drop_index("ix_t_c", table_name="t", schema="s")',
    "if_exists": 'op.drop_index("ix_t_c", table_name="t", if_exists=True)',
    "concurrently": 'op.drop_index("ix_t_c", table_name="t", postgresql_concurrently=True)',
}

CREATE_PRIMARY_KEY = {
    "plain": 'op.create_primary_key("pk_u", "u", ["a", "c"])',
    "schema": 'op.create_primary_key("pk_u", "u", ["a"], schema="s")',
    "name=None": 'op.create_primary_key(None, "u", ["a"])',
}

CREATE_UNIQUE_CONSTRAINT = {
    "plain": 'op.create_unique_constraint("uq_new", "t", ["a", "c"])',
    "schema": 'op.create_unique_constraint("uq_new", "t", ["a"], schema="s")',
    "deferrable, initially": (
        'op.create_unique_constraint("uq_new", "t", ["a"], deferrable=True, initially="DEFERRED")'
    ),
    "name=None": 'op.create_unique_constraint(None, "t", ["a", "c"])',
    "nulls not distinct": (
        'op.create_unique_constraint("uq_new", "t", ["a"], postgresql_nulls_not_distinct=True)'
    ),
}

CREATE_FOREIGN_KEY = {
    "plain": 'op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"])',
    "several columns": 'op.create_foreign_key("fk_new", "t", "o", ["a", "c"], ["x", "y"])',
    "onupdate, ondelete": (
        'op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], onupdate="CASCADE", ondelete="SET NULL")'
    ),
    "deferrable, initially": (
        'op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], deferrable=True, initially="DEFERRED")'
    ),
    "match": 'op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], match="FULL")',
    "schemas": (
        'op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], source_schema="s", referent_schema="s")'
    ),
    "use_alter": 'op.create_foreign_key("fk_new", "t", "o", ["c"], ["id"], use_alter=True)',
    "to itself": 'op.create_foreign_key("fk_new", "t", "t", ["select"], ["id"])',
    "name=None": 'op.create_foreign_key(None, "t", "o", ["c"], ["id"])',
}

CREATE_CHECK_CONSTRAINT = {
    "text": 'op.create_check_constraint("ck_new", "t", "b like \'5%\'")',
    "expression": 'op.create_check_constraint("ck_new", "t", sa.column("a") > 5)',
    "schema": 'op.create_check_constraint("ck_new", "t", "a > 5", schema="s")',
    "deferrable": 'op.create_check_constraint("ck_new", "t", "a > 5", deferrable=True, initially="DEFERRED")',
    "name=None": 'op.create_check_constraint(None, "t", "a > 5")',
}

CREATE_EXCLUDE_CONSTRAINT = {
    "plain": 'op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree")',
    "where": 'op.create_exclude_constraint("ex_new", "t", ("c", "="), where="a > 5", using="btree")',
    "deferrable": (
        'op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", deferrable=True,'
        ' initially="DEFERRED")'
    ),
    "schema": 'op.create_exclude_constraint("ex_new", "t", ("c", "="), using="btree", schema="s")',
}

DROP_CONSTRAINT = {
    "unique": 'op.drop_constraint("uq_t_b", "t", type_="unique")',
    "foreignkey": 'op.drop_constraint("fk_t_f", "t", type_="foreignkey")',
    "primary": 'op.drop_constraint("pk_w", "w", type_="primary")',
    "check": 'op.drop_constraint("ck_t_a", "t", type_="check")',
    "without type_": 'op.drop_constraint("uq_t_b", "t")',
    "schema": 'op.drop_constraint("uq_t_b", "t", type_="unique", schema="s")',
    "if_exists": 'op.drop_constraint("uq_t_b", "t", type_="unique", if_exists=True)',
}

TABLE_COMMENT = {
    "create": 'op.create_table_comment("t", "it\'s 5%")',
    "create, schema": 'op.create_table_comment("t", "x", schema="s")',
    "create, existing_comment": 'op.create_table_comment("t", "new", existing_comment="old")',
    "drop": 'op.drop_table_comment("t", existing_comment="old")',
    "drop, schema": 'op.drop_table_comment("t", schema="s")',
}

BULK_INSERT = {
    "rows": (
        'op.bulk_insert(accounts, [{"id": 1, "name": "it\'s 5% of a:b\\ttab"}, {"id": 2, "name": "ü"}])'
    ),
    "multiinsert=False": (
        'op.bulk_insert(accounts, [{"id": 1, "name": None}, {"id": 2, "name": "x"}], multiinsert=False)'
    ),
    "dates, json": (
        'op.bulk_insert(accounts, [{"id": 1, "on": datetime.date(2026, 1, 31), "data": {"a": [1, "%"]}}])'
    ),
    "inline_literal": (
        'op.bulk_insert(accounts, [{"id": 1, "name": op.inline_literal("it\'s")}], multiinsert=False)'
    ),
    "no rows": "op.bulk_insert(accounts, [])",
}

EXECUTE = {
    "text": "op.execute(\"UPDATE t SET b = '5%' WHERE a = 1\")",
    "colon": "op.execute(\"UPDATE t SET b = 'x\\\\:y' WHERE a = 1\")",
    "tab": "op.execute(\"UPDATE t SET b = 'x\\ty' WHERE a = 1\")",
    "construct": 'op.execute(accounts.update().where(accounts.c.id == 5).values(name="it\'s"))',
    "inline_literal": (
        "op.execute(accounts.update().where(accounts.c.id == op.inline_literal(5))"
        '.values(name=op.inline_literal("n")))'
    ),
}

# what Alembic has no directive for: autogenerate's own operations, which a file holds as lines of SQL
OBJECTS = {
    "enum, create": 'op.invoke(ops.CreateEnumOp("mood", ["so so", "it\'s 100% \\"ok\\""]))',
    "enum, create, schema, hostile name": 'op.invoke(ops.CreateEnumOp(\'a"b%\', ["x"], schema="s"))',
    "enum, drop": 'op.invoke(ops.DropEnumOp("mood"))',
    "enum, a value comes": 'op.invoke(ops.AlterEnumOp("mood", ["a", "c"], ["a", "b", "c"], columns=[MOOD]))',
    "enum, a value comes, schema": 'op.invoke(ops.AlterEnumOp("mood", ["a"], ["a", "b"], schema="s"))',
    "enum, a value is renamed": 'op.invoke(ops.AlterEnumOp("mood", ["a"], ["b"], renamed={"a": "b"}, columns=[MOOD]))',
    "enum, a value goes": 'op.invoke(ops.AlterEnumOp("mood", ["a", "b"], ["a"], columns=[MOOD]))',
    "enum, a value goes, array and default": (
        'op.invoke(ops.AlterEnumOp("mood", ["a", "b"], ["b"], columns=[MOODS], dependents=[VIEW_OF_MOODS]))'
    ),
    "sequence, create": 'op.invoke(ops.CreateSequenceOp("order"))',
    "sequence, create, options": (
        'op.invoke(ops.CreateSequenceOp("n", {"start": 5, "increment": -2, "minvalue": -100, "maxvalue": 5,'
        ' "cycle": True, "cache": 7}, schema="s"))'
    ),
    "sequence, alter": 'op.invoke(ops.AlterSequenceOp("n", {"increment": 2}, {"increment": 1}))',
    "sequence, drop": 'op.invoke(ops.DropSequenceOp("order", schema="s"))',
    "view, create": 'op.invoke(ops.CreateViewOp("v", "SELECT a FROM t WHERE b LIKE \'50%\'"))',
    "view, create, schema": 'op.invoke(ops.CreateViewOp("select", "SELECT 1 AS one", schema="s"))',
    "view, create, materialised, with an index": (
        'op.invoke(ops.CreateViewOp("m", "SELECT a FROM t", materialized=True,'
        ' afterwards=["CREATE UNIQUE INDEX ix_m ON m (a)"]))'
    ),
    "view, replace": 'op.invoke(ops.ReplaceViewOp("v", "SELECT a, b FROM t", "SELECT a FROM t"))',
    "view, drop": 'op.invoke(ops.DropViewOp("v"))',
    "view, drop, materialised": 'op.invoke(ops.DropViewOp("m", materialized=True))',
    "table options": (
        'op.invoke(ops.AlterTableOptionsOp("t", {"engine": "MyISAM", "charset": "latin1"}, {"engine": "InnoDB"}))'
    ),
    "expression, drop": 'op.invoke(ops.DropExpressionOp("t", "total"))',
    "index, rename": 'op.invoke(ops.RenameIndexOp("t", "ix_old", "ix new"))',
    "unique constraint, rename": 'op.invoke(ops.RenameIndexOp("t", "uq_old", "uq_new", kind="unique"))',
}

CALLS: dict[str, tuple[str, dict[str, str]]] = {
    "add_column": ("O1", ADD_COLUMN),
    "alter_column": ("O2", ALTER_COLUMN),
    "drop_column": ("O3", DROP_COLUMN),
    "create_table": ("O4", CREATE_TABLE),
    "drop_table": ("O5", DROP_TABLE),
    "rename_table": ("O6", RENAME_TABLE),
    "create_index": ("O7", CREATE_INDEX),
    "drop_index": ("O8", DROP_INDEX),
    "create_primary_key": ("O9", CREATE_PRIMARY_KEY),
    "create_unique_constraint": ("O10", CREATE_UNIQUE_CONSTRAINT),
    "create_foreign_key": ("O11", CREATE_FOREIGN_KEY),
    "create_check_constraint": ("O12", CREATE_CHECK_CONSTRAINT),
    "create_exclude_constraint": ("O13", CREATE_EXCLUDE_CONSTRAINT),
    "drop_constraint": ("O14", DROP_CONSTRAINT),
    "table_comment": ("O15", TABLE_COMMENT),
    "bulk_insert": ("O16", BULK_INSERT),
    "execute": ("O17", EXECUTE),
}
