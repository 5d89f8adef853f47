"""``batch_alter_table(recreate="always")`` on MySQL and MariaDB: the server makes the table anew itself.

``ALTER TABLE ... FORCE`` copies a table with all that is on it (keys, foreign keys both ways, triggers, the
counter), so nothing is done by hand. A column is put in its place with MODIFY, which takes its whole
definition: that is the server's own, from SHOW CREATE TABLE.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.places import placed_columns
from nbmigrate.model.operations import AlterColumnOp

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.model.operations import BatchAlterTableOp, MigrateOperation

_COLUMN_LINE = re.compile(r"\s*(`((?:[^`]|``)+)` .*?),?$")


def recreate(batch: BatchAlterTableOp, connection: Connection | None) -> Iterator[Statement]:
    """One ALTER TABLE; without a connection the columns stay where they are."""
    name = f"{_quote(batch.schema)}." if batch.schema else ""
    name += _quote(batch.table_name)
    moves = [] if connection is None else _moves(connection, name, batch)
    yield Statement(f"ALTER TABLE {name} {', '.join([*moves, 'FORCE'])}")


def described(operation: MigrateOperation, connection: Connection) -> MigrateOperation:
    """The operation; a change to a column with what MODIFY must repeat of it, as far as it was not given.

    Who asks for a table to be made anew does not say what its columns are: they are read.
    """
    if not isinstance(operation, AlterColumnOp) or operation.existing_type is not None:
        return operation
    columns = inspect(connection).get_columns(operation.table_name, operation.schema)
    found: Any = next((one for one in columns if one["name"] == operation.column_name), None)
    if found is None:
        return operation
    full = copy.copy(operation)
    full.existing_type = found["type"]
    if full.existing_nullable is None:
        full.existing_nullable = found["nullable"]
    if full.existing_server_default is False and found.get("default") is not None:
        full.existing_server_default = text(found["default"].replace(":", r"\:"))
    if full.existing_comment is None:
        full.existing_comment = found.get("comment")
    if found.get("autoincrement") is True:
        full.kw = {"existing_autoincrement": True, **operation.kw}
    return full


def _moves(connection: Connection, name: str, batch: BatchAlterTableOp) -> list[str]:
    shown = connection.exec_driver_sql(f"SHOW CREATE TABLE {name}", execution_options={"no_parameters": True})
    defined = {
        found[2].replace("``", "`"): found[1]
        for line in str(shown.one()[1]).splitlines()[1:]
        if (found := _COLUMN_LINE.match(line))
    }
    moves, order = [], list(defined)
    for at, column in enumerate(placed_columns(order, batch)):
        if order[at] != column:
            order.remove(column)
            order.insert(at, column)
            moves.append(
                f"MODIFY COLUMN {defined[column]} " + (f"AFTER {_quote(order[at - 1])}" if at else "FIRST")
            )
    return moves


def _quote(name: str) -> str:
    # in texts that the driver takes as they are: SQLAlchemy's quoting doubles percent signs
    return "`" + name.replace("`", "``") + "`"
