"""What hurts on DuckDB: a length that is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, types

from nbmigrate.model.finding import Finding
from nbmigrate.model.operations import AddColumnOp, AlterColumnOp, CreateTableOp, MigrateOperation
from nbmigrate.model.operations.so_far import SoFar, table_name

if TYPE_CHECKING:
    from nbmigrate.dialects.base import Rule

__all__ = ["RULES"]


def lost_lengths(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """``VARCHAR(20)`` is ``VARCHAR`` to DuckDB: a longer text is taken."""
    for name, type_ in _types(operation):
        length = None if isinstance(type_, types.Enum) else getattr(type_, "length", None)
        if isinstance(type_, types.String) and length is not None:
            yield Finding(
                "length-not-kept",
                f"{table_name(operation)}.{name}",
                f"DuckDB keeps no length: a text of more than {length:,} characters is taken",
                f"a CHECK on its length when the table is made, as in CHECK (length({name}) <= {length})",
            )


def _types(operation: MigrateOperation) -> list[tuple[str, Any]]:
    if isinstance(operation, CreateTableOp):
        return [(one.name, one.type) for one in operation.columns if isinstance(one, Column)]
    if isinstance(operation, AddColumnOp):
        return [(operation.column.name, operation.column.type)]
    if isinstance(operation, AlterColumnOp) and operation.modify_type is not None:
        return [(operation.column_name, types.to_instance(operation.modify_type))]
    return []


RULES: tuple[Rule, ...] = (lost_lengths,)
