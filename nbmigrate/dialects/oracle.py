"""Oracle: MODIFY instead of ALTER COLUMN, and scripts with ``/`` between statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.ext.compiler import compiles

from nbmigrate.ddl import elements
from nbmigrate.dialects.base import Dialect

if TYPE_CHECKING:
    from sqlalchemy.dialects.oracle.base import OracleDDLCompiler

# what Oracle says of a column that is there already, or is not there
_COLUMN_EXISTS = -1430
_NO_SUCH_COLUMN = -904


class Oracle(Dialect):
    """Oracle; ``oracle_batch_separator`` of ``configure()`` is what stands between statements of a script."""

    leases: ClassVar[bool] = True  # its own (DBMS_LOCK) has to be granted
    statement_terminator: ClassVar[str] = ""
    begin_text: ClassVar[str] = "SET TRANSACTION READ WRITE"

    def terminated(self, sql: str) -> str:
        """A statement and the line that makes SQL*Plus run it."""
        separator = self.opts.get("oracle_batch_separator", "/")
        return f"{sql}{self.statement_terminator}\n\n{separator}" if separator else sql


def modify(compiler: OracleDDLCompiler, element: elements.AlterColumn) -> str:
    """``ALTER TABLE <name> MODIFY <name>``."""
    column = elements.format_column_name(compiler, element.column_name)
    return f"{elements.alter_table(compiler, element)} MODIFY {column}"


def unless(statement: str, code: int) -> str:
    """A block that runs a statement and lets one error pass: Oracle has no IF EXISTS for columns."""
    quoted = statement.replace("'", "''")
    return (
        f"BEGIN EXECUTE IMMEDIATE '{quoted}'; "
        f"EXCEPTION WHEN OTHERS THEN IF SQLCODE != {code} THEN RAISE; END IF; END;"
    )


@compiles(elements.AddColumn, "oracle")
def _add_column(element: elements.AddColumn, compiler: OracleDDLCompiler, **kw: Any) -> str:
    text = f"{elements.alter_table(compiler, element)} ADD {elements.format_new_column(compiler, element)}"
    return unless(text, _COLUMN_EXISTS) if element.if_not_exists else text


@compiles(elements.DropColumn, "oracle")
def _drop_column(element: elements.DropColumn, compiler: OracleDDLCompiler, **kw: Any) -> str:
    column = elements.format_column_name(compiler, element.column.name)
    text = f"{elements.alter_table(compiler, element)} DROP COLUMN {column}"
    return unless(text, _NO_SUCH_COLUMN) if element.if_exists else text


@compiles(elements.ColumnNullable, "oracle")
def _column_nullable(element: elements.ColumnNullable, compiler: OracleDDLCompiler, **kw: Any) -> str:
    return f"{modify(compiler, element)} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(elements.ColumnType, "oracle")
def _column_type(element: elements.ColumnType, compiler: OracleDDLCompiler, **kw: Any) -> str:
    return f"{modify(compiler, element)} {elements.format_type(compiler, element.type_)}"


@compiles(elements.ColumnName, "oracle")
def _column_name(element: elements.ColumnName, compiler: OracleDDLCompiler, **kw: Any) -> str:
    old, new = (
        elements.format_column_name(compiler, name) for name in (element.column_name, element.newname)
    )
    return f"{elements.alter_table(compiler, element)} RENAME COLUMN {old} TO {new}"


@compiles(elements.ColumnDefault, "oracle")
def _column_default(element: elements.ColumnDefault, compiler: OracleDDLCompiler, **kw: Any) -> str:
    default = "NULL" if element.default is None else elements.format_server_default(compiler, element.default)
    return f"{modify(compiler, element)} DEFAULT {default}"


@compiles(elements.IdentityColumnDefault, "oracle")
def _identity_column(element: elements.IdentityColumnDefault, compiler: OracleDDLCompiler, **kw: Any) -> str:
    if element.default is None:
        return f"{modify(compiler, element)} DROP IDENTITY"
    options = compiler.visit_identity_column(element.default)  # type: ignore[no-untyped-call]
    return f"{modify(compiler, element)} {options}"


@compiles(elements.ColumnComment, "oracle")
def _column_comment(element: elements.ColumnComment, compiler: OracleDDLCompiler, **kw: Any) -> str:
    table = elements.format_table_name(compiler, element.table_name, element.schema)
    column = elements.format_column_name(compiler, element.column_name)
    # Oracle takes a comment away by an empty one
    return f"COMMENT ON COLUMN {table}.{column} IS {elements.format_comment(compiler, element.comment or '')}"


@compiles(elements.RenameTable, "oracle")
def _rename_table(element: elements.RenameTable, compiler: OracleDDLCompiler, **kw: Any) -> str:
    # the new name takes no schema: a rename does not move a table
    new = elements.format_table_name(compiler, element.new_table_name, None)
    return f"{elements.alter_table(compiler, element)} RENAME TO {new}"
