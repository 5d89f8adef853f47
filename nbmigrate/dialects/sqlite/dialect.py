"""What each operation becomes on SQLite, and real transactions around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.ext.compiler import compiles

from nbmigrate.ddl import elements
from nbmigrate.dialects.base import Dialect
from nbmigrate.errors import CommandError, MigrateError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.compiler import DDLCompiler


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


class SQLite(Dialect):
    """SQLite, with DDL in real transactions, which its Python driver does not give by itself."""

    transactional_ddl = True
    transaction_per_migration: ClassVar[bool] = True
    restart_errors: ClassVar[tuple[type[Exception], ...]] = (ForeignKeysOn,)

    # how many rows broke each foreign key before a step that runs with foreign keys off; None otherwise
    _broken_before: Counter[tuple[str, str]] | None = None

    # the run

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """BEGIN IMMEDIATE ... COMMIT, with DDL in it.

        The ``sqlite3`` module begins a transaction only before INSERT and the like: a CREATE TABLE would be
        committed at once. So the driver is told to begin none, and is sent BEGIN here.
        """
        driver = connection.connection.dbapi_connection
        own = hasattr(driver, "isolation_level") and not driver_in_transaction(connection)
        before = getattr(driver, "isolation_level", None)
        if own:
            driver.isolation_level = None  # type: ignore[union-attr]
        try:
            with connection.begin():
                if own and not driver_in_transaction(connection):
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield
                self._check_foreign_keys(connection)
        finally:
            if own:
                driver.isolation_level = before  # type: ignore[union-attr]

    @contextmanager
    def restarted(self, connection: Connection, error: Exception) -> Iterator[None]:
        """Foreign keys off for the block, which begins outside a transaction; checked at its commit."""
        if connection.in_transaction():
            connection.rollback()
        self._broken_before = broken_foreign_keys(connection)
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
        try:
            yield
        finally:
            self._broken_before = None
            if connection.in_transaction():
                connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.commit()

    def _check_foreign_keys(self, connection: Connection) -> None:
        if self._broken_before is None:
            return
        broken = broken_foreign_keys(connection) - self._broken_before
        if broken:
            found = ", ".join(f"{count} in {child} to {parent}" for (child, parent), count in broken.items())
            raise MigrateError(f"Rows would refer to rows that are not there: {found}; rolled back")


def driver_in_transaction(connection: Connection) -> bool:
    """Whether SQLite itself is in a transaction, whatever SQLAlchemy believes."""
    for candidate in (connection.connection.dbapi_connection, connection.connection.driver_connection):
        inside = getattr(candidate, "in_transaction", None)
        if inside is not None:
            return bool(inside)
    return connection.in_transaction()


def broken_foreign_keys(connection: Connection) -> Counter[tuple[str, str]]:
    """How many rows break a foreign key, by table and the table referred to."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check")
    return Counter((str(row[0]), str(row[2])) for row in rows)


@compiles(elements.RenameTable, "sqlite")
def _rename_table(element: elements.RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = elements.format_table_name(compiler, element.new_table_name, None)
    return f"{elements.alter_table(compiler, element)} RENAME TO {new}"


@compiles(elements.ColumnName, "sqlite")
def _column_name(element: elements.ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    old = elements.format_column_name(compiler, element.column_name)
    new = elements.format_column_name(compiler, element.newname)
    return f"{elements.alter_table(compiler, element)} RENAME COLUMN {old} TO {new}"
