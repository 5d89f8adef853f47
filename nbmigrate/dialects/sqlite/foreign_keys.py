"""Foreign keys while tables are rebuilt: a rebuild would delete the rows that refer to the table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

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
    """How many rows break a foreign key, by table and the table referred to.

    One table at a time: a foreign key that does not fit the key that it names stops the check of its table.
    """
    found: Counter[tuple[str, str]] = Counter()
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    for (table,) in tables.all():
        name = '"' + table.replace('"', '""') + '"'
        try:
            rows = connection.exec_driver_sql(f"PRAGMA foreign_key_check({name})").all()
        except exc.OperationalError:
            continue
        found.update((str(row[0]), str(row[2])) for row in rows)
    return found
