"""What a revision would lose, or fail on, and that is refused before it is written."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from nbmigrate.autogenerate.objects import flat
from nbmigrate.compare.object_rows import rows_holding
from nbmigrate.dialects.objects_sql import literal, qualified
from nbmigrate.errors import CommandError
from nbmigrate.model import operations as ops


def refuse_losses(operations: ops.OpContainer, connection: Connection | None) -> None:
    """Raise ``CommandError`` where rows hold enum values that go, or a type can't be changed at all."""
    if connection is None:
        return
    for operation in flat(operations):
        if isinstance(operation, ops.AlterEnumOp) and operation.needs_rebuild:
            _refuse(operation, connection)


def _refuse(operation: ops.AlterEnumOp, connection: Connection) -> None:
    blockers = operation.info.get("blockers", ())
    if blockers:
        raise CommandError(
            f"The values of the enum type {operation.enum_name} can't be changed while it is used by "
            f"{', '.join(blockers)}: drop that in a revision before, and make it again in one behind"
        )
    for column in operation.columns if operation.removed else ():
        for value in operation.removed:
            count = connection.execute(rows_holding(column, [value])).scalar_one()
            if count:
                raise CommandError(_told(operation, column, value, count, connection))


def _told(operation: ops.AlterEnumOp, column: Any, value: str, count: int, connection: Connection) -> str:
    table = qualified(connection.dialect, column.table, column.schema)
    name = qualified(connection.dialect, column.name, None)
    new = next(iter(operation.added or operation.values), "...")
    update = f"UPDATE {table} SET {name} = {literal(new)} WHERE {name} = {literal(value)}"
    if column.is_array:
        update = f"UPDATE {table} SET {name} = array_replace({name}, {literal(value)}, {literal(new)})"
    rows = f"{count:,} row{' of' if count == 1 else 's of'} {column.table}.{column.name}"
    return (
        f"Enum type {operation.enum_name}: {rows} {'holds' if count == 1 else 'hold'} {value!r}, which the "
        f"models no longer have; nothing was written. Was it renamed? Then say so in the model: "
        f"Column({column.name!r}, ..., info={{'renamed_values': {{{value!r}: {new!r}}}}}). Else give those "
        f"rows another value first: op.execute({update!r}) in a revision of its own"
    )
