"""The built-in implementations by Alembic's names (``alembic.operations.toimpl``).

They are there to be called by what replaces them (``implementation_for(CreateTableOp, replace=True)``): each
carries the operation out as if nothing were registered for its class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.schema import Table

    from nbmigrate.model import operations as ops
    from nbmigrate.operations.abstract import AbstractOperations


def alter_column(operations: AbstractOperations, operation: ops.AlterColumnOp) -> None:
    """Carry an AlterColumnOp out."""
    operations.run(operation)


def drop_table(operations: AbstractOperations, operation: ops.DropTableOp) -> None:
    """Carry a DropTableOp out."""
    operations.run(operation)


def drop_column(operations: AbstractOperations, operation: ops.DropColumnOp) -> None:
    """Carry a DropColumnOp out."""
    operations.run(operation)


def create_index(operations: AbstractOperations, operation: ops.CreateIndexOp) -> None:
    """Carry a CreateIndexOp out."""
    operations.run(operation)


def drop_index(operations: AbstractOperations, operation: ops.DropIndexOp) -> None:
    """Carry a DropIndexOp out."""
    operations.run(operation)


def create_table(operations: AbstractOperations, operation: ops.CreateTableOp) -> Table:
    """Carry a CreateTableOp out; returns the Table."""
    table: Table = operations.run(operation)
    return table


def rename_table(operations: AbstractOperations, operation: ops.RenameTableOp) -> None:
    """Carry a RenameTableOp out."""
    operations.run(operation)


def create_table_comment(operations: AbstractOperations, operation: ops.CreateTableCommentOp) -> None:
    """Carry a CreateTableCommentOp out."""
    operations.run(operation)


def drop_table_comment(operations: AbstractOperations, operation: ops.DropTableCommentOp) -> None:
    """Carry a DropTableCommentOp out."""
    operations.run(operation)


def add_column(operations: AbstractOperations, operation: ops.AddColumnOp) -> None:
    """Carry an AddColumnOp out."""
    operations.run(operation)


def create_constraint(operations: AbstractOperations, operation: ops.AddConstraintOp) -> None:
    """Carry an AddConstraintOp out."""
    operations.run(operation)


def drop_constraint(operations: AbstractOperations, operation: ops.DropConstraintOp) -> None:
    """Carry a DropConstraintOp out."""
    operations.run(operation)


def bulk_insert(operations: AbstractOperations, operation: ops.BulkInsertOp) -> None:
    """Carry a BulkInsertOp out."""
    operations.run(operation)


def execute_sql(operations: AbstractOperations, operation: ops.ExecuteSQLOp) -> None:
    """Carry an ExecuteSQLOp out."""
    operations.run(operation)
