"""What the databases have in common that change most of a table by rebuilding it (SQLite, DuckDB).

There every change to a table goes through one door, ``change_table``: it is given all that is to change at
once, and decides between ALTERs and one rebuild. ``by_alter`` is the way past it: what any other database
would be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from nbmigrate.dialects.base import Dialect, Statements
from nbmigrate.errors import CommandError
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    BatchAlterTableOp,
    DropColumnOp,
    DropConstraintOp,
    MigrateOperation,
    ModifyTableOps,
    RenameIndexOp,
)

# what may take a rebuild
CHANGES = (AddColumnOp, AlterColumnOp, DropColumnOp, AddConstraintOp, DropConstraintOp)


class RebuildingDialect(Dialect):
    """A database whose changes to tables all go through ``change_table``."""

    in_process = True
    materialized_views: ClassVar[bool] = False

    def change_table(
        self, operations: Sequence[MigrateOperation], batch: BatchAlterTableOp | None = None
    ) -> Statements:
        """All these changes to one table: as ALTERs, or by one rebuild."""
        raise NotImplementedError

    def add_column(self, operation: AddColumnOp) -> Statements:
        """ADD COLUMN where the database can, else a rebuild."""
        yield from self.change_table([operation])

    def drop_column(self, operation: DropColumnOp) -> Statements:
        """DROP COLUMN where the database can, else a rebuild."""
        yield from self.change_table([operation])

    def alter_column(self, operation: AlterColumnOp) -> Statements:
        """An ALTER where the database has one, else a rebuild."""
        yield from self.change_table([operation])

    def add_constraint(self, operation: AddConstraintOp) -> Statements:
        """ADD CONSTRAINT where the database can, else a rebuild."""
        yield from self.change_table([operation])

    def drop_constraint(self, operation: DropConstraintOp) -> Statements:
        """DROP CONSTRAINT where the database can, else a rebuild."""
        yield from self.change_table([operation])

    def rename_index(self, operation: RenameIndexOp) -> Statements:
        """Refused: an index has the name that it was made with."""
        raise CommandError(
            f"{type(self).__name__} can't rename an index: drop {operation.index_name!r} and create "
            f"{operation.new_index_name!r}"
        )

    def modify_table(self, operation: ModifyTableOps) -> Statements:
        """What autogenerate found out about one table: one rebuild, if it takes one."""
        yield from self.change_table(operation.ops)

    def by_alter(self, operation: MigrateOperation) -> Statements:
        """One change as every other database is told it, whether this one takes it or not."""
        if isinstance(operation, AddColumnOp):
            yield from super().add_column(operation)
        elif isinstance(operation, DropColumnOp):
            yield from super().drop_column(operation)
        elif isinstance(operation, AlterColumnOp):
            yield from super().alter_column(operation)
        elif isinstance(operation, AddConstraintOp):
            yield from super().add_constraint(operation)
        elif isinstance(operation, DropConstraintOp):
            yield from super().drop_constraint(operation)
        else:
            yield from self.emit(operation)
