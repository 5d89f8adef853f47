"""SQLite as ``apsw`` carries it, which is newer than Python's own, behind the interface of ``sqlite3``.

As much of that module as SQLAlchemy's dialect uses: ``create_engine("sqlite:///...", module=newer_sqlite)``.
Transactions begin by themselves as they do there: before INSERT, UPDATE, DELETE and REPLACE, unless
``isolation_level`` is None.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import apsw

apilevel, paramstyle, threadsafety = "2.0", "qmark", 1
Binary = bytes
PARSE_DECLTYPES, PARSE_COLNAMES = sqlite3.PARSE_DECLTYPES, sqlite3.PARSE_COLNAMES
Error, Warning = sqlite3.Error, sqlite3.Warning
InterfaceError, DatabaseError, DataError = sqlite3.InterfaceError, sqlite3.DatabaseError, sqlite3.DataError
OperationalError, IntegrityError = sqlite3.OperationalError, sqlite3.IntegrityError
InternalError, ProgrammingError = sqlite3.InternalError, sqlite3.ProgrammingError
NotSupportedError = sqlite3.NotSupportedError
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def connect(database: str, **_: Any) -> Connection:
    """Open a file or ``:memory:``."""
    return Connection(database)


class Connection:
    """A connection with ``sqlite3``'s idea of transactions."""

    def __init__(self, database: str) -> None:
        self.real = apsw.Connection(database)
        self.isolation_level: str | None = ""

    @property
    def in_transaction(self) -> bool:
        return bool(self.real.in_transaction)

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(sql, parameters)

    def executescript(self, sql: str) -> None:
        list(self.real.execute(sql))

    def create_function(self, name: str, narg: int, function: Any, deterministic: bool = False) -> None:
        self.real.create_scalar_function(name, function, narg, deterministic=deterministic)

    def commit(self) -> None:
        if self.in_transaction:
            self.cursor().execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.cursor().execute("ROLLBACK")

    def close(self) -> None:
        self.real.close()


class Cursor:
    """A cursor that has fetched all rows when ``execute`` returns."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.rows: Iterator[Any] = iter(())

    @property
    def lastrowid(self) -> int:
        return int(self.connection.real.last_insert_rowid())

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Cursor:
        if self.connection.isolation_level is not None and _WRITES.match(sql):
            self._begin()
        try:
            cursor = self.connection.real.cursor()
            cursor.exec_trace = self._describe
            self.rows = iter(cursor.execute(sql, tuple(parameters)).fetchall())
        except apsw.ConstraintError as error:
            raise IntegrityError(str(error)) from error
        except apsw.Error as error:
            raise OperationalError(str(error)) from error
        self.rowcount = self.connection.real.changes() if self.description is None else -1
        return self

    def _describe(self, cursor: Any, sql: str, bindings: Any) -> bool:
        """Look at the columns before the first row: afterwards an empty result has none."""
        columns = cursor.get_description()
        self.description = [(name, None, None, None, None, None, None) for name, _ in columns] or None
        return True

    def _begin(self) -> None:
        if not self.connection.in_transaction:
            list(self.connection.real.execute(f"BEGIN {self.connection.isolation_level}"))

    def executemany(self, sql: str, many: Sequence[Sequence[Any]]) -> Cursor:
        for parameters in many:
            self.execute(sql, parameters)
        return self

    def fetchone(self) -> Any:
        return next(self.rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for _, row in zip(range(size), self.rows, strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self.rows)

    def close(self) -> None:
        self.rows = iter(())
