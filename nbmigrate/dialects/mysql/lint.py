"""What hurts on MySQL and MariaDB: values made up in silence, and changes that copy the table.

As in MySQL's manual, "Online DDL Operations" and "Data Type Default Values".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import types

from nbmigrate.model.finding import Finding
from nbmigrate.model.operations import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    MigrateOperation,
)
from nbmigrate.model.operations.so_far import SoFar, comes_without_values, table_name
from nbmigrate.model.widening import widens

if TYPE_CHECKING:
    from nbmigrate.dialects.base import Rule

__all__ = ["RULES"]

BYTES = 4  # of a character in utf8mb4
ONE_BYTE = 255  # up to here the length of a VARCHAR takes one byte
QUIET = "run it when nobody writes; of a large table with a tool that copies beside writers (gh-ost)"


def made_up_values(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """Rows get 0 or '' for a column that must not be NULL."""
    if not comes_without_values(operation, so_far):
        return
    yield Finding(
        "not-null-without-default",
        f"{table_name(operation)}.{operation.column.name}",
        "rows that are there get 0 or an empty text, without a word",
        "say the value yourself, as server_default",
    )


def read_whole(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A foreign key or CHECK reads the whole table."""
    if so_far.is_new(operation) or not isinstance(operation, (CreateForeignKeyOp, CreateCheckConstraintOp)):
        return
    is_key = isinstance(operation, CreateForeignKeyOp)
    yield Finding(
        "add-foreign-key" if is_key else "add-check",
        f"{table_name(operation)}.{operation.constraint_name or '(no name)'}",
        "the table is copied to look at every row, and writers wait meanwhile",
        QUIET,
    )


def copied_by_a_column(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A stored generated column, or one that counts, copies the table."""
    if not isinstance(operation, AddColumnOp) or so_far.is_new(operation):
        return
    column = operation.column
    stored = column.computed is not None and column.computed.persisted
    if stored or column.autoincrement is True:
        kind = "a stored generated" if stored else "an AUTO_INCREMENT"
        yield Finding(
            "table-copy",
            f"{table_name(operation)}.{column.name}",
            f"{kind} column copies the table, and writers wait",
            QUIET,
        )


def copied_by_a_type(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """Another type copies the table; a few more characters, and enum values at the end, do not."""
    if not isinstance(operation, AlterColumnOp) or operation.modify_type is None or so_far.is_new(operation):
        return
    old = types.to_instance(operation.existing_type) if operation.existing_type is not None else None
    new = types.to_instance(operation.modify_type)
    if old is None or not _in_place(old, new):
        refused = "" if old is not None and widens(old, new) else "; values may be refused or become others"
        yield Finding(
            "change-type",
            f"{table_name(operation)}.{operation.column_name}",
            f"the table is copied, and writers wait{refused}",
            QUIET,
        )


def _in_place(old: Any, new: Any) -> bool:
    if isinstance(old, types.Enum) and isinstance(new, types.Enum):
        return list(new.enums[: len(old.enums)]) == list(old.enums)
    if not (widens(old, new) and isinstance(new, types.String) and isinstance(old, types.String)):
        return False
    if old.length is None or new.length is None:
        return bool(old.length == new.length)
    return (old.length * BYTES > ONE_BYTE) == (new.length * BYTES > ONE_BYTE)


RULES: tuple[Rule, ...] = (made_up_values, read_whole, copied_by_a_column, copied_by_a_type)
