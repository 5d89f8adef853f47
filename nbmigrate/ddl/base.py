"""The ALTER elements and what spells them, by Alembic's module name (``alembic.ddl.base``).

Dialects of other packages register their own spelling with SQLAlchemy's ``@compiles(AddColumn, "name")``, and
build it from the functions here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbmigrate.ddl.elements import (
    AddColumn,
    AlterColumn,
    AlterTable,
    ColumnComment,
    ColumnDefault,
    ColumnName,
    ColumnNullable,
    ColumnType,
    ComputedColumnDefault,
    DropColumn,
    IdentityColumnDefault,
    RenameTable,
    format_column_name,
    format_server_default,
    format_type,
)
from nbmigrate.ddl.elements import format_table_name as _table_name

if TYPE_CHECKING:
    from sqlalchemy.schema import Column
    from sqlalchemy.sql.compiler import DDLCompiler

__all__ = [
    "AddColumn",
    "AlterColumn",
    "AlterTable",
    "ColumnComment",
    "ColumnDefault",
    "ColumnName",
    "ColumnNullable",
    "ColumnType",
    "ComputedColumnDefault",
    "DropColumn",
    "IdentityColumnDefault",
    "RenameTable",
    "add_column",
    "alter_column",
    "alter_table",
    "drop_column",
    "format_column_name",
    "format_server_default",
    "format_table_name",
    "format_type",
    "quote_dotted",
]


def quote_dotted(name: Any, quote: Any) -> Any:
    """The parts of a dotted name, each quoted by ``quote``; a ``quoted_name`` is one part."""
    from sqlalchemy.sql.elements import quoted_name

    if isinstance(name, quoted_name):
        return quote(name)
    return ".".join(quote(part) for part in name.split("."))


def format_table_name(compiler: DDLCompiler, name: str, schema: str | None) -> str:
    """A table's name behind its schema, quoted where it must be."""
    return _table_name(compiler, name, schema)


def alter_table(compiler: DDLCompiler, name: str, schema: str | None) -> str:
    """``ALTER TABLE <name>``."""
    return f"ALTER TABLE {_table_name(compiler, name, schema)}"


def alter_column(compiler: DDLCompiler, name: str) -> str:
    """``ALTER COLUMN <name>``."""
    return f"ALTER COLUMN {format_column_name(compiler, name)}"


def drop_column(compiler: DDLCompiler, name: str, if_exists: bool | None = None, **kw: Any) -> str:
    """``DROP COLUMN [IF EXISTS] <name>``."""
    condition = "IF EXISTS " if if_exists else ""
    return f"DROP COLUMN {condition}{format_column_name(compiler, name)}"


def add_column(
    compiler: DDLCompiler, column: Column[Any], if_not_exists: bool | None = None, **kw: Any
) -> str:
    """``ADD COLUMN [IF NOT EXISTS] <definition>``, with the constraints that stand on the column."""
    condition = "IF NOT EXISTS " if if_not_exists else ""
    text = f"ADD COLUMN {condition}{compiler.get_column_specification(column, **kw)}"
    constraints = " ".join(compiler.process(constraint) for constraint in column.constraints)
    return f"{text} {constraints}" if constraints else text
