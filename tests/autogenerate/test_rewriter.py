"""A22, Rewriter: the same functions on the same operations give the same result in Alembic and here."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import rewriter as alembic_rewriter
from alembic.operations import ops as alembic_ops

from nbmigrate.autogenerate import Rewriter
from nbmigrate.model import operations as our_ops

BOTH = [(Rewriter, our_ops), (alembic_rewriter.Rewriter, alembic_ops)]


def script(ops: Any) -> Any:
    modify = ops.ModifyTableOps(
        "t",
        [ops.AddColumnOp("t", sa.Column("a", sa.Integer)), ops.DropColumnOp("t", "b")],
    )
    upgrade = ops.UpgradeOps(ops=[ops.DropTableOp("gone"), modify])
    return ops.MigrationScript("abc", upgrade, ops.DowngradeOps(ops=[]))


def told(container: Any) -> list[Any]:
    return [
        told(op) if hasattr(op, "ops") else (type(op).__name__, getattr(op, "column_name", None))
        for op in container.ops
    ]


def run(cls: Any, ops: Any, writer: Any) -> list[Any]:
    directives = [script(ops)]
    hook = writer if callable(writer) else writer.process_revision_directives
    hook("context", ("abc",), directives)
    return [told(one.upgrade_ops) for one in directives]


def one_to_many(cls: Any, ops: Any) -> Any:
    writer = cls()

    @writer.rewrites(ops.AddColumnOp)
    def add(context, revision, op):
        assert (context, revision) == ("context", ("abc",))
        return [op, ops.CreateIndexOp("ix", op.table_name, [op.column.name]), ops.AddColumnOp("t", op.column)]

    return writer


def to_nothing(cls: Any, ops: Any) -> Any:
    writer = cls()
    writer.rewrites(ops.DropTableOp)(lambda context, revision, op: [])
    writer.rewrites(ops.DropColumnOp)(lambda context, revision, op: None)
    return writer


def whole_container(cls: Any, ops: Any) -> Any:
    writer = cls()

    @writer.rewrites(ops.ModifyTableOps)
    def modify(context, revision, op):
        op.ops = op.ops[:1]
        return op

    @writer.rewrites(ops.MigrationScript)
    def whole(context, revision, op):
        op.upgrade_ops.ops.append(ops.DropTableOp("more"))
        return op

    return writer


def chained(cls: Any, ops: Any) -> Any:
    return one_to_many(cls, ops).chain(one_to_many(cls, ops)).chain(to_nothing(cls, ops))


@pytest.mark.parametrize("make", [one_to_many, to_nothing, whole_container, chained])
def test_the_result_is_alembics(make):
    ours, theirs = (run(cls, ops, make(cls, ops)) for cls, ops in BOTH)
    assert ours == theirs
    assert ours != [told(script(our_ops).upgrade_ops)]
