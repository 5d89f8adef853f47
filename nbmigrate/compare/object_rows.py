"""What a change beside the tables does to rows: values of an enum type that rows hold and that are to go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from nbmigrate.compare.rows import Count, number
from nbmigrate.model.objects import EnumColumn
from nbmigrate.model.operations import AlterEnumOp, DropSequenceOp


def enum_values_lost(operation: AlterEnumOp) -> Count | None:
    """How many rows hold a value that goes; what else keeps the type from being changed."""
    blockers: Sequence[str] = operation.info.get("blockers", ())
    if blockers and operation.needs_rebuild:
        told = f"fails: {', '.join(blockers)} {'uses' if len(blockers) == 1 else 'use'} the type"
        return Count(sa.select(sa.literal(1)), lambda n: told, told)
    if not operation.removed or not operation.columns:
        return None
    counted = [rows_holding(column, operation.removed).scalar_subquery() for column in operation.columns]
    total: Any = counted[0]
    for one in counted[1:]:
        total = total + one
    values = " or ".join(repr(value) for value in operation.removed)
    return Count(
        sa.select(total),
        lambda n: f"fails: {number(n, 'row holds', 'rows hold')} {values}" if n else "",
        f"fails if rows hold {values}",
    )


def rows_holding(column: EnumColumn, values: Sequence[str]) -> sa.Select[Any]:
    """A count of the rows whose column holds one of these values."""
    table = sa.table(column.table, schema=column.schema)
    texts = [sa.literal(value, sa.Text()) for value in values]
    count = sa.select(sa.func.count()).select_from(table)
    if column.is_array:
        held = sa.cast(sa.column(column.name), sa.ARRAY(sa.Text()))
        return count.where(held.bool_op("&&")(sa.cast(list(values), sa.ARRAY(sa.Text()))))
    return count.where(sa.cast(sa.column(column.name), sa.Text()).in_(texts))


def counter_lost(operation: DropSequenceOp) -> Count:
    """A sequence has no rows, but it knows where it is."""
    told = "drops its counter"
    return Count(sa.select(sa.literal(1)), lambda n: told, told)


QUESTIONS: dict[type, Any] = {AlterEnumOp: enum_values_lost, DropSequenceOp: counter_lost}
"""The questions of these operations, beside those of ``rows``."""
