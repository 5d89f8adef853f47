"""DuckDB's enum types: one with other values takes the place of the one that was there.

A column has the values themselves, so that those of the old type stay what they are. DuckDB 2 remembers all
the same which tables were made with a type, and wants each of them told otherwise before it lets it go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Enum, text
from sqlalchemy.types import UserDefinedType

from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.duckdb.catalogue import is_version_2
from nbmigrate.dialects.objects_sql import literal
from nbmigrate.model.operations import AlterColumnOp

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from nbmigrate.dialects.base import Statements
    from nbmigrate.dialects.duckdb.dialect import DuckDB

_HERE = "database_name = current_database()"
_VALUES = f"""
    SELECT labels FROM duckdb_types()
    WHERE {_HERE} AND schema_name = coalesce(:schema, current_schema())
    AND lower(type_name) = lower(:name) AND NOT internal
"""
_HOLDERS = f"""
    SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()
    WHERE {_HERE} AND data_type IN (:type, :type || '[]') ORDER BY ALL
"""


class _Written(UserDefinedType[str]):
    """A type as it is written."""

    cache_ok = True

    def __init__(self, type_text: str) -> None:
        self.type_text = type_text

    def get_col_spec(self, **kw: Any) -> str:
        """The text."""
        return self.type_text


def enum_type(dialect: DuckDB, type_: Enum) -> Statements:
    """The type with these values, where it is not there yet."""
    if dialect.live and dialect.connection is not None:
        there = _values(dialect.connection, type_)
        if there == list(type_.enums):
            return
        if there is not None and is_version_2(dialect.connection):
            rows = dialect.connection.execute(text(_HOLDERS), {"type": f"ENUM({_listed(there)})"})
            for schema, table, column, type_text in rows.fetchall():
                change = AlterColumnOp(table, column, schema=schema, modify_type=_Written(type_text))
                yield from dialect.alter_column(change)
    name = dialect.sqlalchemy.type_compiler_instance.process(type_)
    yield Statement(f"CREATE OR REPLACE TYPE {name} AS ENUM ({_listed(type_.enums)})")


def _values(connection: Connection, type_: Enum) -> list[str] | None:
    found = connection.execute(text(_VALUES), {"name": type_.name, "schema": type_.schema}).scalar()
    return None if found is None else list(found)


def _listed(values: list[str]) -> str:
    return ", ".join(literal(value) for value in values)
