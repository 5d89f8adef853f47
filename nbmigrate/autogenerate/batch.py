"""What SQLite can't ALTER goes into ``with op.batch_alter_table(...)``: then plain ``alembic`` runs it too.

nbmigrate itself would rebuild the table for a plain ``op.alter_column()``; Alembic needs to be told. Where
the user has said ``render_as_batch``, it is as the user says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from nbmigrate.model.operations import (
    AddColumnOp,
    AlterColumnOp,
    BatchAlterTableOp,
    CreateIndexOp,
    CreateTableCommentOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    MigrateOperation,
    ModifyTableOps,
)

CONVENTION: Mapping[str, str] = {
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
}
_KINDS = {"foreignkey": "fk", "primary": "pk", "unique": "uq"}


def as_batches(operations: Iterable[MigrateOperation]) -> list[MigrateOperation]:
    """The same operations; changes to a table are a batch where SQLite needs a rebuild for one of them."""
    return [_as_batch(operation) for operation in operations]


def _as_batch(operation: MigrateOperation) -> MigrateOperation:
    if not isinstance(operation, ModifyTableOps) or not any(_rebuilds(op) for op in operation.ops):
        return operation
    return BatchAlterTableOp(
        operation.table_name,
        [op for each in operation.ops for op in (*_checks_that_go_too(each), each)],
        schema=operation.schema,
        naming_convention=_convention(operation.ops) or None,
    )


def _rebuilds(operation: MigrateOperation) -> bool:
    """Whether SQLite has no ALTER for it, in the oldest version that is about."""
    if isinstance(operation, CreateIndexOp | DropIndexOp | CreateTableCommentOp | DropTableCommentOp):
        return False
    if isinstance(operation, AlterColumnOp) and operation.modify_name and not operation.has_changes():
        # SQLite's own rename sees to CHECKs, views and triggers; a batch of Alembic's loses or breaks them
        return False
    if not isinstance(operation, AddColumnOp):
        return True
    column = operation.column
    default: Any = column.server_default
    if column.computed is not None:
        return bool(column.computed.persisted)
    plain = default is None or isinstance(getattr(default, "arg", None), str)
    return not plain or column.primary_key or _makes_a_check(column)


def _checks_that_go_too(operation: MigrateOperation) -> list[MigrateOperation]:
    """The named CHECKs that came with a column which is dropped: Alembic would keep them in the new table."""
    if not isinstance(operation, DropColumnOp) or operation._reverse is None:
        return []
    column: Any = operation._reverse.column
    own = [c for c in column.constraints if isinstance(c, sa.CheckConstraint)]
    # those of the types are the table's, where the column is one of the models
    bound = [
        c
        for c in getattr(column.table, "constraints", ())
        if getattr(c, "_type_bound", False) and column in list(getattr(c, "columns", ()))
    ]
    names = dict.fromkeys(c.name for c in (*own, *bound) if isinstance(c.name, str))
    return [
        DropConstraintOp(name, operation.table_name, "check", schema=operation.schema)
        for name in sorted(names)
    ]


def _makes_a_check(column: Any) -> bool:
    return bool(getattr(column.type, "create_constraint", False)) or any(
        getattr(constraint, "_type_bound", False) for constraint in column.constraints
    )


def _convention(operations: Iterable[MigrateOperation]) -> dict[str, str]:
    """What names the constraints that have none, so that Alembic finds them by the names we gave out."""
    kinds = {
        _KINDS[operation.constraint_type]
        for operation in operations
        if isinstance(operation, DropConstraintOp)
        and operation.info.get("unnamed")
        and operation.constraint_type in _KINDS
    }
    return {kind: CONVENTION[kind] for kind in sorted(kinds)}
