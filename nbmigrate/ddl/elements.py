"""DDL elements for the ALTERs that SQLAlchemy has none of.

Each is what one ALTER says, without the text; the text is compiled with SQLAlchemy's own ``@compiles``, so
that a database's dialect file only registers what it spells differently. The names are those that Alembic
gives its elements, because people look for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, exc
from sqlalchemy import types as sqltypes
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql.elements import quoted_name

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler
    from sqlalchemy.sql.schema import ForeignKeyConstraint


class AlterTable(ExecutableDDLElement):
    """ALTER TABLE: a table by name and schema."""

    def __init__(self, table_name: str, schema: str | None = None) -> None:
        self.table_name = table_name
        self.schema = schema


class RenameTable(AlterTable):
    """RENAME TO."""

    def __init__(self, table_name: str, new_table_name: str, schema: str | None = None) -> None:
        super().__init__(table_name, schema)
        self.new_table_name = new_table_name


class AddColumn(AlterTable):
    """ADD COLUMN; ``column`` belongs to a table."""

    def __init__(
        self,
        table_name: str,
        column: Column[Any],
        schema: str | None = None,
        *,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key


class DropColumn(AlterTable):
    """DROP COLUMN."""

    def __init__(
        self,
        table_name: str,
        column: Column[Any],
        schema: str | None = None,
        *,
        if_exists: bool | None = None,
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.if_exists = if_exists


class AlterColumn(AlterTable):
    """One change to one column; ``existing`` is what is known of it (``existing_*`` by Alembic's names)."""

    def __init__(self, table_name: str, column_name: str, schema: str | None = None, **existing: Any) -> None:
        super().__init__(table_name, schema)
        self.column_name = column_name
        type_ = existing.get("existing_type")
        self.existing_type = None if type_ is None else sqltypes.to_instance(type_)
        self.existing_nullable = existing.get("existing_nullable")
        self.existing_server_default = existing.get("existing_server_default")
        self.existing_comment = existing.get("existing_comment")


class ColumnNullable(AlterColumn):
    """SET or DROP NOT NULL."""

    def __init__(
        self, table_name: str, column_name: str, nullable: bool, schema: str | None = None, **existing: Any
    ) -> None:
        super().__init__(table_name, column_name, schema, **existing)
        self.nullable = nullable


class ColumnType(AlterColumn):
    """TYPE; ``using`` is PostgreSQL's USING expression."""

    def __init__(
        self,
        table_name: str,
        column_name: str,
        type_: Any,
        schema: str | None = None,
        using: str | None = None,
        **existing: Any,
    ) -> None:
        super().__init__(table_name, column_name, schema, **existing)
        self.type_ = sqltypes.to_instance(type_)
        self.using = using


class ColumnName(AlterColumn):
    """RENAME of a column."""

    def __init__(
        self, table_name: str, column_name: str, newname: str, schema: str | None = None, **existing: Any
    ) -> None:
        super().__init__(table_name, column_name, schema, **existing)
        self.newname = newname


class ColumnDefault(AlterColumn):
    """SET or (None) DROP DEFAULT."""

    def __init__(
        self, table_name: str, column_name: str, default: Any, schema: str | None = None, **existing: Any
    ) -> None:
        super().__init__(table_name, column_name, schema, **existing)
        self.default = default


class ComputedColumnDefault(ColumnDefault):
    """A computed column's expression, which no database lets one change."""


class IdentityColumnDefault(ColumnDefault):
    """ADD, SET or DROP of a column's IDENTITY."""


class ColumnComment(AlterColumn):
    """A column's comment; None takes it away."""

    def __init__(
        self,
        table_name: str,
        column_name: str,
        comment: str | None,
        schema: str | None = None,
        **existing: Any,
    ) -> None:
        super().__init__(table_name, column_name, schema, **existing)
        self.comment = comment


# pieces of text


def format_table_name(compiler: DDLCompiler, name: str, schema: str | None) -> str:
    """A table's name, quoted where it must be, behind its schema (which may be dotted)."""
    quote = compiler.preparer.quote
    if not schema:
        return quote(name)
    if isinstance(schema, quoted_name):
        return f"{quote(schema)}.{quote(name)}"
    return ".".join([*(quote(part) for part in schema.split(".")), quote(name)])


def format_column_name(compiler: DDLCompiler, name: str) -> str:
    """A column's name, quoted where it must be."""
    return compiler.preparer.quote(name)


def format_server_default(compiler: DDLCompiler, default: Any) -> str:
    """A server default's SQL."""
    text = compiler.get_column_default_string(Column("x", Integer, server_default=default))
    assert text is not None
    return text


def format_type(compiler: DDLCompiler, type_: Any) -> str:
    """A type's SQL; a class stands for its instance without arguments."""
    return str(compiler.dialect.type_compiler_instance.process(sqltypes.to_instance(type_)))


def alter_table(compiler: DDLCompiler, element: AlterTable) -> str:
    """``ALTER TABLE <name>``."""
    return f"ALTER TABLE {format_table_name(compiler, element.table_name, element.schema)}"


def alter_column(compiler: DDLCompiler, element: AlterColumn) -> str:
    """``ALTER TABLE <name> ALTER COLUMN <name>``."""
    return (
        f"{alter_table(compiler, element)} ALTER COLUMN {format_column_name(compiler, element.column_name)}"
    )


def format_comment(compiler: DDLCompiler, comment: str | None) -> str:
    """A comment as a SQL string; ``NULL`` for none."""
    if comment is None:
        return "NULL"
    return str(compiler.sql_compiler.render_literal_value(comment, sqltypes.String()))


def inline_foreign_key(column: Column[Any]) -> ForeignKeyConstraint | None:
    """The one single-column foreign key of a column: what can be written behind it as REFERENCES."""
    keys = list(column.foreign_keys)
    if len(keys) != 1:
        return None
    constraint = keys[0].constraint
    return constraint if constraint is not None and len(constraint.columns) == 1 else None


def format_references(compiler: DDLCompiler, constraint: ForeignKeyConstraint) -> str:
    """``REFERENCES <table> (<column>) ...`` of a single-column foreign key."""
    target = constraint.elements[0].column
    preparer = compiler.preparer
    table = preparer.quote(target.table.name)
    if target.table.schema:
        table = f"{preparer.quote_schema(target.table.schema)}.{table}"
    return (
        f"REFERENCES {table} ({preparer.quote(target.name)})"
        + compiler.define_constraint_match(constraint)
        + compiler.define_constraint_cascades(constraint)
        + compiler.define_constraint_deferrability(constraint)
    )


def format_new_column(compiler: DDLCompiler, element: AddColumn) -> str:
    """A new column's definition with what is asked for inline."""
    column = element.column
    text = compiler.get_column_specification(column)
    if element.inline_primary_key and column.primary_key:
        text += " PRIMARY KEY"
    foreign_key = inline_foreign_key(column) if element.inline_references else None
    if foreign_key is not None:
        text += " " + format_references(compiler, foreign_key)
    constraints = " ".join(compiler.process(constraint) for constraint in column.constraints)
    return f"{text} {constraints}" if constraints else text


# the usual spelling


@compiles(RenameTable)
def _rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = format_table_name(compiler, element.new_table_name, element.schema)
    return f"{alter_table(compiler, element)} RENAME TO {new}"


@compiles(AddColumn)
def _add_column(element: AddColumn, compiler: DDLCompiler, **kw: Any) -> str:
    condition = "IF NOT EXISTS " if element.if_not_exists else ""
    return f"{alter_table(compiler, element)} ADD COLUMN {condition}{format_new_column(compiler, element)}"


@compiles(DropColumn)
def _drop_column(element: DropColumn, compiler: DDLCompiler, **kw: Any) -> str:
    condition = "IF EXISTS " if element.if_exists else ""
    name = format_column_name(compiler, element.column.name)
    return f"{alter_table(compiler, element)} DROP COLUMN {condition}{name}"


@compiles(ColumnNullable)
def _column_nullable(element: ColumnNullable, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{alter_column(compiler, element)} {'DROP' if element.nullable else 'SET'} NOT NULL"


@compiles(ColumnType)
def _column_type(element: ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    return f"{alter_column(compiler, element)} TYPE {format_type(compiler, element.type_)}"


@compiles(ColumnName)
def _column_name(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    old = format_column_name(compiler, element.column_name)
    return f"{alter_table(compiler, element)} RENAME {old} TO {format_column_name(compiler, element.newname)}"


@compiles(ColumnDefault)
def _column_default(element: ColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    if element.default is None:
        return f"{alter_column(compiler, element)} DROP DEFAULT"
    return f"{alter_column(compiler, element)} SET DEFAULT {format_server_default(compiler, element.default)}"


@compiles(ComputedColumnDefault)
def _computed_column(element: ComputedColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    raise exc.CompileError(
        'Adding or removing a "computed" construct, e.g. GENERATED ALWAYS AS, to or from an existing column '
        f"is not supported. Drop column {element.column_name!r} of table {element.table_name!r} and add it."
    )


@compiles(IdentityColumnDefault)
def _identity_column(element: IdentityColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    raise exc.CompileError(
        'Adding, removing or modifying an "identity" construct, e.g. GENERATED AS IDENTITY, to or from an '
        "existing column is not supported in this dialect. "
        f"(column {element.column_name!r} of table {element.table_name!r}, {compiler.dialect.name})"
    )


@compiles(ColumnComment)
def _column_comment(element: ColumnComment, compiler: DDLCompiler, **kw: Any) -> str:
    table = format_table_name(compiler, element.table_name, element.schema)
    column = format_column_name(compiler, element.column_name)
    return f"COMMENT ON COLUMN {table}.{column} IS {format_comment(compiler, element.comment)}"
