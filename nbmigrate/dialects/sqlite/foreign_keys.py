"""Foreign keys while tables are rebuilt: a rebuild would delete the rows that refer to the table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc

from nbmigrate.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class ForeignKeysOn(CommandError):
    """A table that others refer to would have to be rebuilt while foreign keys are enforced.

    Dropping the old table would delete the rows that refer to it (ON DELETE CASCADE), or fail. The setting
    can only be changed outside a transaction; nothing has been changed yet. ``table`` is the table.
    """

    def __init__(self, table: str) -> None:
        super().__init__(
            f"Table {table!r} must be rebuilt, and other tables refer to it while PRAGMA foreign_keys is ON: "
            "their rows would be deleted with it. Run PRAGMA foreign_keys=OFF before the transaction begins"
        )
        self.table = table


def foreign_keys_on(connection: Connection) -> bool:
    """Whether foreign keys are enforced."""
    return bool(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())


def broken_foreign_keys(connection: Connection) -> Counter[tuple[str, str]]:
    """How many rows break a foreign key, by table and the table referred to, in every attached database."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    found: Counter[tuple[str, str]] = Counter()
    for _, schema, *_ in connection.exec_driver_sql("PRAGMA database_list").all():
        master = f"{quote(schema)}.sqlite_master" if schema != "temp" else "sqlite_temp_master"
        tables = _texts(
            connection,
            f"SELECT name FROM {master} WHERE type = 'table' AND sql LIKE '%references%' ORDER BY name",
        )
        for (table,) in tables:
            found += broken_foreign_keys_of(connection, table, schema)
    return found


def broken_foreign_keys_of(
    connection: Connection, table: str, schema: str | None
) -> Counter[tuple[str, str]]:
    """The same of one table; none where a foreign key does not fit the key that it names."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    prefix = f"{quote(schema)}." if schema else ""
    try:
        rows = _texts(connection, f"PRAGMA {prefix}foreign_key_check({quote(table)})")
    except exc.OperationalError:
        return Counter()
    return Counter((str(row[0]), str(row[2])) for row in rows)


def _texts(connection: Connection, sql: str) -> list[Any]:
    """Rows of a text in which a percent sign is a percent sign."""
    return list(connection.exec_driver_sql(sql, execution_options={"no_parameters": True}).all())
