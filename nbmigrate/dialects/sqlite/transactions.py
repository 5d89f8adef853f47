"""Real transactions on SQLite, with DDL in them, and runs with foreign keys off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@contextmanager
def immediate(connection: Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE ... COMMIT around a block; ROLLBACK when an error leaves it.

    The ``sqlite3`` module begins a transaction only before INSERT and the like: a CREATE TABLE would be
    committed at once. So the driver is told to begin none, and is sent BEGIN here; SQLAlchemy's own commit
    and rollback end it.
    """
    driver = connection.connection.dbapi_connection
    own = hasattr(driver, "isolation_level") and not driver_in_transaction(connection)
    before = getattr(driver, "isolation_level", None)
    if own:
        driver.isolation_level = None  # type: ignore[union-attr]
    try:
        with connection.begin():
            # a listener of the engine's "begin" event may have done it already
            if own and not driver_in_transaction(connection):
                ask_driver(connection, "BEGIN IMMEDIATE")
            yield
    finally:
        if own:
            driver.isolation_level = before  # type: ignore[union-attr]


def ask_driver(connection: Connection, statement: str) -> Any:
    """The first row of one of the statements around each revision, past SQLAlchemy's machinery.

    They are no part of what a migration says, and as many as what it does say. Errors are SQLAlchemy's.
    """
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement)
        return cursor.fetchone()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(statement, None, error, connection.dialect.loaded_dbapi.Error) from error
    finally:
        cursor.close()


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """A block that begins and ends outside any transaction: inside one the setting can't be changed."""
    if connection.in_transaction():
        connection.rollback()
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.commit()
    try:
        yield
    finally:
        if connection.in_transaction():
            connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.commit()


def driver_in_transaction(connection: Connection) -> bool:
    """Whether SQLite itself is in a transaction, whatever SQLAlchemy believes."""
    for candidate in (connection.connection.dbapi_connection, connection.connection.driver_connection):
        inside = getattr(candidate, "in_transaction", None)
        if inside is not None:
            return bool(inside)
    return connection.in_transaction()
