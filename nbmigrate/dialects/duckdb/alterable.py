"""Which changes DuckDB takes as an ALTER, so that nothing breaks; every other takes a rebuild.

What counts is what hangs on the table. DuckDB refuses most changes to a table with an index, a key or a
foreign key to it, though they concern other columns; behind an UPDATE it refuses indexes, and DuckDB 1.x the
commit of an ALTER. A rebuild is always right, only slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import PrimaryKeyConstraint

from nbmigrate.dialects.duckdb.draft import DuckDraft
from nbmigrate.dialects.sqlite.tokens import fold
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    CreateIndexOp,
    DropColumnOp,
    DropConstraintOp,
    MigrateOperation,
)

if TYPE_CHECKING:
    from nbmigrate.dialects.duckdb.catalogue import DuckTable
    from nbmigrate.dialects.duckdb.dialect import DuckDB


def can_alter(dialect: DuckDB, stored: DuckTable, operation: MigrateOperation) -> bool:
    """Whether DuckDB takes the change to this table as it is now."""
    if isinstance(operation, (AddColumnOp, AlterColumnOp)) and (
        operation.kw.get("insert_before") or operation.kw.get("insert_after")
    ):
        return False
    if isinstance(operation, AddColumnOp):
        _, column = dialect.table_with_new_column(operation)
        bare = column.nullable and column.computed is None and not _has_constraints(dialect, operation)
        return bool(bare and not dialect.updated)
    if isinstance(operation, AlterColumnOp):
        type_ = operation.modify_type
        if type_ is not None and dialect.type_constraints(operation, type_):
            return False
        deep = type_ is not None or operation.modify_name is not None
        deep = deep or operation.modify_nullable is True
        # SET NOT NULL is refused behind an update in the same transaction, seen or not
        return operation.modify_nullable is not False and (not deep or stands_alone(dialect, stored))
    if isinstance(operation, DropColumnOp):
        return stands_alone(dialect, stored)
    if isinstance(operation, CreateIndexOp):
        return not dialect.updated
    return not isinstance(operation, (AddConstraintOp, DropConstraintOp))


def stands_alone(dialect: DuckDB, stored: DuckTable) -> bool:
    """Whether nothing hangs on the table, and its rows have not been updated in this transaction."""
    table = DuckDraft(stored, dialect).table
    constrained = table.all_constraints() or any(column.generated for column in table.columns)
    dropped = (stored.schema, fold(stored.name)) in dialect.index_dropped
    if constrained or stored.objects or dropped or dialect.updated:
        return False
    return not dialect.catalogue.referring(stored.name, stored.schema)


def _has_constraints(dialect: DuckDB, operation: AddColumnOp) -> bool:
    """Whether a new column brings constraints along."""
    table, column = dialect.table_with_new_column(operation)
    made = [one for one in table.constraints if dialect.is_wanted(one)]
    real = [one for one in made if not isinstance(one, PrimaryKeyConstraint) or one.columns]
    return bool(real or column.constraints)
