"""A plain column that becomes an identity (PostgreSQL): its sequence goes on behind what is there.

ADD GENERATED begins at ``start`` and knows nothing of rows (PostgreSQL's manual, "ALTER TABLE"): the first
INSERT would get an id that somebody has. The line is written out in the file, so that plain Alembic runs it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Identity
from sqlalchemy.engine import Dialect

from nbmigrate.autogenerate.objects import flat
from nbmigrate.compare.desired import plain_dialect
from nbmigrate.dialects.objects_sql import literal, qualified
from nbmigrate.model import operations as ops
from nbmigrate.render.expressions import without_parameters


def move_sequences(operations: ops.OpContainer, dialect: Dialect) -> None:
    """Put the line behind each change that makes an identity of a plain column."""
    found: list[ops.MigrateOperation] = []
    for operation in operations.ops:
        found.append(operation)
        inner = flat(operation) if isinstance(operation, ops.OpContainer) else [operation]
        for one in inner:
            if isinstance(one, ops.AlterColumnOp) and _becomes_identity(one):
                found.append(ops.ExecuteSQLOp(without_parameters(_line(one, plain_dialect(dialect)))))
    operations.ops[:] = found


def _becomes_identity(operation: ops.AlterColumnOp) -> bool:
    wanted, there = operation.modify_server_default, operation.existing_server_default
    return isinstance(wanted, Identity) and not isinstance(there, Identity)


def _line(operation: ops.AlterColumnOp, dialect: Any) -> str:
    """No row, or none that the sequence would come to: nothing happens."""
    identity: Any = operation.modify_server_default
    table = qualified(dialect, operation.table_name, operation.schema)
    name = operation.modify_name or operation.column_name
    column = qualified(dialect, name, None)
    sequence = f"pg_get_serial_sequence({literal(table)}, {literal(name)})"
    if (identity.increment or 1) > 0:
        last, reached, start = f"max({column})", ">=", identity.start or identity.minvalue or 1
    else:
        last, reached, start = f"min({column})", "<=", identity.start or identity.maxvalue or -1
    return f"SELECT setval({sequence}, {last}) FROM {table} HAVING {last} {reached} {start}"
