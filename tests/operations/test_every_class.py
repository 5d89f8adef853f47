"""Every class of operation: a sentence, Python that runs, a way back that leads back or words why not."""

from __future__ import annotations

import datetime
import inspect
import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

import nbmigrate.autogenerate.sql_lines  # noqa: F401  registers how what Alembic lacks is rendered
from nbmigrate.model import operations as ops
from nbmigrate.model.operations.base import NotReversible
from nbmigrate.operations import Operations
from nbmigrate.render import RenderOptions, render_ops

T = sa.table("t", sa.column("a", sa.Integer), sa.column("on", sa.Date))
COLUMN = sa.Column("a", sa.Integer(), server_default="5")

ONE_OF_EACH: dict[str, ops.MigrateOperation] = {
    type(one).__name__: one
    for one in (
        ops.AddColumnOp("t", COLUMN, schema="s"),
        ops.AlterColumnOp(
            "t",
            "a",
            existing_type=sa.Integer(),
            modify_type=sa.Text(),
            existing_nullable=True,
            modify_nullable=False,
        ),
        ops.DropColumnOp.from_column_and_tablename("s", "t", COLUMN),
        ops.CreateCheckConstraintOp("ck", "t", "a > 5"),
        ops.CreateForeignKeyOp("fk", "t", "o", ["a"], ["id"], ondelete="CASCADE"),
        ops.CreatePrimaryKeyOp("pk", "t", ["a"]),
        ops.CreateUniqueConstraintOp("uq", "t", ["a", "b"]),
        ops.CreateUniqueConstraintOp("uq", "t", ["a"]).reverse(),
        ops.BatchAlterTableOp("t", [ops.AddColumnOp("t", sa.Column("b", sa.Integer()))]),
        ops.BulkInsertOp(T, [{"a": 1, "on": datetime.date(2026, 1, 31)}]),
        ops.ExecuteSQLOp("UPDATE t SET a = 'it''s 5%'"),
        ops.AlterEnumOp("kind", ("x", "y"), ("x", "y", "it's")),
        ops.CreateEnumOp("kind", ("x", "it's")),
        ops.DropEnumOp("kind", values=("x", "y")),
        ops.CreateExcludeConstraintOp("ex", "t", [("a", "=")], using="gist"),
        ops.DropExpressionOp(
            "t", "c", _reverse=ops.AddColumnOp("t", sa.Column("c", sa.Integer, sa.Computed("a + 1")))
        ),
        ops.CreateIndexOp("ix", "t", ["a", sa.text("lower(b)")], unique=True),
        ops.CreateIndexOp("ix", "t", ["a"]).reverse(),
        ops.RemarkOp("look at this"),
        ops.RenameIndexOp("t", "old", "new"),
        ops.AlterSequenceOp("seq", {"increment": 2}, {"increment": 1}),
        ops.CreateSequenceOp("seq", {"start": 5}),
        ops.DropSequenceOp("seq", options={"start": 5}),
        ops.AlterTableOptionsOp("t", {"engine": "InnoDB"}, {"engine": "Aria"}),
        ops.CreateTableCommentOp("t", "it's 5%", existing_comment="old"),
        ops.CreateTableOp(
            "t", [sa.Column("a", sa.Integer(), primary_key=True), sa.Column("b", sa.String(5))]
        ),
        ops.DropTableCommentOp("t", existing_comment="old"),
        ops.CreateTableOp("t", [sa.Column("a", sa.Integer(), primary_key=True)]).reverse(),
        ops.RenameTableOp("t", "u"),
        ops.CreateViewOp("v", "SELECT 1 AS one"),
        ops.DropViewOp("v", _reverse=ops.CreateViewOp("v", "SELECT 1 AS one")),
        ops.ReplaceViewOp("v", "SELECT 2 AS two", "SELECT 1 AS one"),
    )
}
ABSTRACT = {"MigrateOperation", "AlterTableOp", "AddConstraintOp", "OpContainer"}
CONTAINERS = {"UpgradeOps", "DowngradeOps", "ModifyTableOps", "ConvertTableOps", "MigrationScript"}
NO_WAY_BACK = {"ExecuteSQLOp", "BulkInsertOp"}


def test_none_is_left_out() -> None:
    classes = {
        name
        for name, kind in vars(ops).items()
        if inspect.isclass(kind) and issubclass(kind, ops.MigrateOperation)
    }
    assert classes - ABSTRACT - CONTAINERS == set(ONE_OF_EACH)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_plain_sentence(name: str) -> None:
    sentence = ONE_OF_EACH[name].explain()
    if name == "RemarkOp":  # the remark itself
        assert sentence == "look at this"
        return
    assert re.match(r"[A-Z].*\S$", sentence, re.DOTALL) and "object at 0x" not in sentence
    assert name not in sentence  # words, no name of a class


class Collecting:
    """As much of a context as operations need: it keeps what it is given."""

    def __init__(self) -> None:
        self.dialect = postgresql.dialect()
        self.opts: dict[str, Any] = {}
        self.as_sql, self.connection, self.bind, self.target_metadata = True, None, None, None
        self.found: list[ops.MigrateOperation] = []

    def run_operation(self, operation: ops.MigrateOperation) -> None:
        self.found.append(operation)


def body(operations: list[ops.MigrateOperation]) -> str:
    of_mysql = isinstance(operations[0], ops.AlterTableOptionsOp)
    options = RenderOptions(dialect=mysql.dialect() if of_mysql else postgresql.dialect())
    return render_ops(operations, options)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_its_python_runs_and_says_the_same_again(name: str) -> None:
    """What was rendered is executed; rendering what that calls for gives the same text."""
    text = body([ONE_OF_EACH[name]])
    collecting = Collecting()
    names = {"op": Operations(collecting), "sa": sa, "postgresql": postgresql, "datetime": datetime}
    exec(compile(text, "<rendered>", "exec"), names)
    if name != "RemarkOp":
        assert collecting.found and body(collecting.found) == text


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_its_way_back_leads_back(name: str) -> None:
    operation = ONE_OF_EACH[name]
    try:
        back = operation.reverse()
    except NotReversible as refused:
        assert name in NO_WAY_BACK and len(str(refused)) > 20
        return
    if name == "RemarkOp":  # a remark on the way up is none on the way down
        assert body([back]) == "pass\n"
        return
    if name == "DropExpressionOp":  # a computed column is made again, its values with it
        assert "op.drop_column('t', 'c')" in body([back]) and "sa.Computed('a + 1'" in body([back])
        return
    again = back.reverse()
    assert body([again]) == body([operation])
