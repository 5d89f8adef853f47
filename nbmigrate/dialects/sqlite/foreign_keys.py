"""Foreign keys while tables are rebuilt: a rebuild would delete the rows that refer to the table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

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
    """How many rows break a foreign key, by table and the table referred to."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return Counter((str(row[0]), str(row[2])) for row in rows)
