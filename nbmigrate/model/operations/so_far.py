"""What a revision has done before an operation: a table that it made holds no rows, and nobody reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeGuard

from nbmigrate.model.operations.base import MigrateOperation, full_name
from nbmigrate.model.operations.columns import AddColumnOp
from nbmigrate.model.operations.data import BulkInsertOp, ExecuteSQLOp
from nbmigrate.model.operations.tables import CreateTableOp, RenameTableOp

__all__ = ["SoFar", "comes_without_values", "single_operations", "table_name"]


def single_operations(operation: MigrateOperation) -> Iterator[MigrateOperation]:
    """An operation, or those within it: a batch and a container hold others."""
    inner = getattr(operation, "operations", None) or getattr(operation, "ops", None)
    if inner is None:
        yield operation
        return
    for one in inner:
        yield from single_operations(one)


def table_name(operation: Any) -> str:
    """The full name of the table that an operation is about, "" where it is about none."""
    name = getattr(operation, "table_name", None) or getattr(operation, "source_table", None)
    schema = getattr(operation, "schema", None) or getattr(operation, "kw", {}).get("source_schema")
    return full_name(name, schema) if name else ""


class SoFar:
    """The operations of one revision that came before.

    ``in_transaction``: whether the next one runs in the revision's transaction.
    """

    def __init__(self) -> None:
        self.made: set[str] = set()
        self.in_transaction = True
        self.changed_tables = False

    def is_new(self, operation: MigrateOperation) -> bool:
        """Whether the operation's table was made by this revision."""
        return table_name(operation) in self.made

    def note(self, operation: MigrateOperation) -> None:
        """Remember an operation."""
        if isinstance(operation, CreateTableOp):
            self.made.add(table_name(operation))
        elif isinstance(operation, RenameTableOp) and self.is_new(operation):
            self.made.add(full_name(operation.new_table_name, operation.schema))
        elif not isinstance(operation, (BulkInsertOp, ExecuteSQLOp)) and not self.is_new(operation):
            self.changed_tables = True


def comes_without_values(operation: MigrateOperation, so_far: SoFar) -> TypeGuard[AddColumnOp]:
    """Whether a column that must not be NULL comes to a table with rows, and nothing says their value."""
    if not isinstance(operation, AddColumnOp) or so_far.is_new(operation):
        return False
    column = operation.column
    return not (column.nullable or column.server_default is not None or column.computed is not None)
