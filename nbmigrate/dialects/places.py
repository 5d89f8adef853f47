"""The order that a batch asks for: ``insert_before``, ``insert_after`` and ``partial_reordering``."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from nbmigrate.errors import CommandError, NotInTable
from nbmigrate.model.operations import AddColumnOp, AlterColumnOp, BatchAlterTableOp, MigrateOperation


def place_of(operation: MigrateOperation) -> tuple[str | None, str | None] | None:
    """``insert_before`` and ``insert_after`` of a column that is added or altered, where there is one."""
    kw: Mapping[str, Any] = getattr(operation, "kw", {})
    place = (kw.get("insert_before"), kw.get("insert_after"))
    return place if any(place) else None


def refuse_places(operations: Sequence[MigrateOperation]) -> None:
    """Refuse a column's place where nothing is rebuilt: an ALTER can't give it one."""
    if any(place_of(operation) for operation in operations):
        raise CommandError(
            "Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'"
        )


def without_place(operation: MigrateOperation) -> MigrateOperation:
    """The operation, or a copy that asks for no place."""
    if place_of(operation) is None:
        return operation
    plain = copy.copy(operation)
    kw = {
        word: value for word, value in getattr(operation, "kw", {}).items() if not word.startswith("insert_")
    }
    plain.kw = kw  # type: ignore[attr-defined]
    return plain


def placed_columns(names: Sequence[str], batch: BatchAlterTableOp) -> list[str]:
    """The names of a table's columns, as they are behind the batch's changes, in the order it asks for.

    Raises ``CommandError`` where a column is to stand beside one that is not there.
    """
    order = list(names)
    renamed = {
        one.column_name: one.modify_name
        for one in batch.operations
        if isinstance(one, AlterColumnOp) and one.modify_name
    }
    for operation in batch.operations:
        place = place_of(operation)
        if place is not None and isinstance(operation, (AddColumnOp, AlterColumnOp)):
            name = operation.column.name if isinstance(operation, AddColumnOp) else operation.column_name
            _move(order, name, *place, renamed, batch.table_name)
    for group in batch.partial_reordering or ():
        for first, second in pairwise(group):
            _move(order, second, None, first, renamed, batch.table_name)
    return order


def _move(
    order: list[str], name: str, before: str | None, after: str | None, renamed: dict[str, str], table: str
) -> None:
    name, beside = (renamed.get(one, one) for one in (name, before or after or ""))
    for wanted in (name, beside):
        if wanted not in order:
            raise NotInTable(f"Table {table!r} has no column {wanted!r}; it has {', '.join(order)}")
    order.remove(name)
    order.insert(order.index(beside) + (0 if before else 1), name)
