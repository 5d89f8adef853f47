"""What a class written for Alembic is shown of a batch: the calls in it, and the table that is rebuilt.

By Alembic's names: ``requires_recreate_in_batch(batch_op)`` looks at ``batch_op.batch``, a list of the
methods that the batch will call, with their arguments; ``prep_table_for_batch(batch_impl, table)`` comes
before the table is rebuilt, and looks at ``batch_impl.named_constraints``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, Table

from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    CreateIndexOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
)
from nbmigrate.model.operations.schema_objects import make_constraint

if TYPE_CHECKING:
    from sqlalchemy import Constraint
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.base import Dialect
    from nbmigrate.model.operations import BatchAlterTableOp, MigrateOperation

Call = tuple[str, tuple[Any, ...], dict[str, Any]]


class ForeignBatch:
    """A batch by Alembic's names."""

    def __init__(self, operation: BatchAlterTableOp, dialect: Dialect) -> None:
        self.operation = operation
        self.table_name = operation.table_name
        self.schema = operation.schema
        self.recreate = operation.recreate
        self.batch: list[Call] = [call for inner in operation.operations for call in calls_of(inner, dialect)]


class ForeignRebuild:
    """A table about to be rebuilt, by Alembic's names."""

    def __init__(self, operation: BatchAlterTableOp, connection: Connection) -> None:
        self.table = Table(
            operation.table_name, MetaData(), schema=operation.schema, autoload_with=connection
        )
        self.named_constraints: dict[str, Constraint] = {
            str(constraint.name): constraint for constraint in self.table.constraints if constraint.name
        }


def calls_of(operation: MigrateOperation, dialect: Dialect) -> Iterator[Call]:
    """The method calls that an operation is in Alembic: a column's own constraints and indexes follow it."""
    if isinstance(operation, AddColumnOp):
        table, column = dialect.table_with_new_column(operation)
        yield "add_column", (operation.table_name, column), {}
        for index in table.indexes:
            yield "create_index", (index,), {}
    elif isinstance(operation, DropColumnOp):
        yield "drop_column", (operation.table_name, operation.to_column(dialect)), {}
    elif isinstance(operation, AlterColumnOp):
        yield "alter_column", (operation.table_name, operation.column_name), {}
    elif isinstance(operation, CreateIndexOp):
        yield "create_index", (operation.to_index(dialect),), {}
    elif isinstance(operation, DropIndexOp):
        yield "drop_index", (operation.to_index(dialect),), {}
    elif isinstance(operation, AddConstraintOp):
        yield "add_constraint", (operation.to_constraint(dialect),), {}
    elif isinstance(operation, DropConstraintOp):
        constraint = make_constraint(
            operation.constraint_name,
            operation.table_name,
            operation.constraint_type,
            context=dialect,
            schema_name=operation.schema,
        )
        yield "drop_constraint", (constraint,), {}
    else:
        # comments of the table, SQL of the user's: nothing that takes a rebuild by itself
        return
