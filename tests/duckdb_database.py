"""A DuckDB file in which operations are run, each block of them in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from nbmigrate.dialects import dialect_for
from nbmigrate.operations import Operations
from nbmigrate.runtime.executor import OnlineExecutor


class Database:
    """A file, each block of operations in a transaction of its own."""

    def __init__(self, url: str, schema: str = "") -> None:
        self.engine = sa.create_engine(url)
        self.statements: list[str] = []
        with self.engine.begin() as connection:
            for statement in filter(str.strip, schema.split(";\n")):
                connection.exec_driver_sql(statement)

    def run(self, change: Callable[[Any], Any]) -> list[str]:
        """The change, committed; the statements that it took."""
        self.statements = []
        with self.engine.connect() as connection:
            ddl = dialect_for(connection.dialect, connection=connection)
            with ddl.transaction(connection):
                change(Operations(Context(connection, ddl, self.statements)))
        return self.statements

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a question gives, on a fresh connection."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

    def sql(self, table: str) -> str:
        """The table's text in the catalogue."""
        return str(self.rows(f"SELECT sql FROM duckdb_tables() WHERE table_name = '{table}'")[0][0])

    def everything(self) -> dict[str, Any]:
        """Rows, texts, indexes and comments."""
        found: dict[str, Any] = {
            name: self.rows(f"SELECT * FROM {name} ORDER BY ALL")
            for (name,) in self.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")
        }
        found["texts"] = self.rows("SELECT sql, comment FROM duckdb_tables() ORDER BY 1")
        found["indexes"] = self.rows("SELECT sql FROM duckdb_indexes() ORDER BY 1")
        found["comments"] = self.rows(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE comment <> '' ORDER BY ALL"
        )
        return found


class Context:
    """As much of a migration context as operations need."""

    def __init__(self, connection: sa.Connection, ddl: Any, statements: list[str]) -> None:
        self.connection = self.bind = connection
        self.opts: dict[str, Any] = {}
        self.target_metadata = None
        self.as_sql = False
        self.dialect = connection.dialect
        self.ddl = ddl
        self.executor = OnlineExecutor(connection)
        self.statements = statements

    def run_operation(self, operation: Any) -> None:
        for statement in self.ddl.emit(operation):
            construct = statement.construct
            self.statements.append(
                construct if isinstance(construct, str) else str(construct.compile(dialect=self.dialect))
            )
            self.executor.execute(statement)
