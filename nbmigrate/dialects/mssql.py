"""SQL Server: sp_rename, default constraints that must be looked up, comments as extended properties.

A script for it comes in batches, with GO between them; DDL is transactional.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Column, MetaData, Table, schema
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import NULLTYPE, NVARCHAR, Integer

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.altered import default_element, existing_facts, warn_of_autoincrement
from nbmigrate.dialects.base import (
    Dialect,
    Statements,
)
from nbmigrate.dialects.limits import Limit
from nbmigrate.dialects.waiting import lock_timeout
from nbmigrate.errors import CommandError

if TYPE_CHECKING:
    from sqlalchemy.dialects.mssql.base import MSDDLCompiler
    from sqlalchemy.engine import Connection

    from nbmigrate.model.operations import (
        AlterColumnOp,
        BulkInsertOp,
        CreateTableCommentOp,
        DropColumnOp,
        DropTableCommentOp,
        RenameIndexOp,
    )


class MSSQL(Dialect):
    """SQL Server; ``mssql_batch_separator`` of ``configure()`` is what stands between batches of a script."""

    transactional_ddl = True
    begin_text: ClassVar[str] = "BEGIN TRANSACTION"
    materialized_views: ClassVar[bool] = False
    replace_view_words: ClassVar[str] = "CREATE OR ALTER VIEW"

    def terminated(self, sql: str) -> str:
        """A statement, its terminator, and GO; not behind BEGIN, which is part of the first batch."""
        separator = self.opts.get("mssql_batch_separator", "GO")
        text = sql + self.statement_terminator
        return text if sql == self.begin_text or not separator else f"{text}\n\n{separator}"

    def rename_index(self, operation: RenameIndexOp) -> Statements:
        """``sp_rename``; a constraint is an object of its own in the table's schema."""
        is_index = operation.kind == "index"
        owner = self.name_of(operation.table_name, operation.schema) + "." if is_index else ""
        if not is_index and operation.schema:
            owner = f"{self.sqlalchemy.identifier_preparer.quote_schema(operation.schema)}."
        old = _in_string(owner + self.name_of(operation.index_name, None))
        kind = "INDEX" if is_index else "OBJECT"
        new = _in_string(operation.new_index_name)
        yield Statement(f"EXEC sp_rename N'{old}', N'{new}', N'{kind}'")

    @contextmanager
    def lock(
        self, connection: Connection, name: str, timeout: float, *, in_transaction: bool
    ) -> Iterator[None]:
        """An application lock of the session (Transact-SQL reference, ``sp_getapplock``)."""
        key = name.replace("'", "''")[:255]
        began = not connection.in_transaction()
        taken = connection.exec_driver_sql(
            f"DECLARE @taken int; EXEC @taken = sp_getapplock @Resource = N'{key}', @LockMode = 'Exclusive', "
            f"@LockOwner = 'Session', @LockTimeout = {round(timeout * 1000)}; SELECT @taken"
        ).scalar()
        if taken is None or taken < 0:
            raise lock_timeout(timeout, "sys.dm_tran_locks, resource type APPLICATION, tells which session")
        if began:
            connection.commit()
        try:
            yield
        finally:
            # a connection that broke has given the lock back already
            with suppress(SQLAlchemyError):
                if not connection.closed:
                    release = f"EXEC sp_releaseapplock @Resource = N'{key}', @LockOwner = 'Session'"
                    connection.exec_driver_sql(release)

    def limits(self, lock: float | None, statement: float | None) -> tuple[Limit, ...]:
        """How long a lock is waited for, in milliseconds."""
        if lock is None:
            return super().limits(lock, statement)
        wait = Limit("SELECT @@LOCK_TIMEOUT", "SET LOCK_TIMEOUT {}", round(lock * 1000))
        return (wait, *super().limits(None, statement))

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Error 1222, "Lock request time out period exceeded"."""
        return isinstance(error, DBAPIError) and "(1222)" in str(error.orig)

    def column_changes(self, operation: AlterColumnOp) -> Statements:
        """Type and nullability in one ALTER; a default is a constraint, dropped before all and made after."""
        warn_of_autoincrement(operation)
        table, column, existing = operation.table_name, operation.column_name, existing_facts(operation)
        special = default_element(operation) is not elements.ColumnDefault
        default = operation.modify_server_default
        type_, nullable = _type_and_nullable(operation)
        if special and default is not False:
            yield Statement(default_element(operation)(table, column, default, **existing))
            default = False
        if default is None or (default is not False and operation.existing_server_default is not False):
            yield Statement(
                DropColumnConstraint(table, column, operation.schema, catalogue="sys.default_constraints")
            )
        if type_ is not None and nullable is not None:
            facts = {**existing, "existing_type": type_}
            yield Statement(elements.ColumnNullable(table, column, nullable, **facts))
        elif type_ is not None:
            yield Statement(elements.ColumnType(table, column, type_, **existing))
        if operation.modify_comment is not False:
            yield Statement(elements.ColumnComment(table, column, operation.modify_comment, **existing))
        if default is not False and default is not None:
            yield Statement(elements.ColumnDefault(table, column, default, operation.schema))
        if operation.modify_name is not None:
            yield Statement(elements.ColumnName(table, column, operation.modify_name, operation.schema))

    def drop_column(self, operation: DropColumnOp) -> Statements:
        """DROP COLUMN, behind the constraints on it that ``mssql_drop_...`` speak of."""
        table, column = operation.table_name, operation.column_name
        for option, catalogue in _DROPPED_WITH_COLUMN.items():
            if operation.kw.get(option):
                yield Statement(DropColumnConstraint(table, column, operation.schema, catalogue=catalogue))
        yield from super().drop_column(operation)

    def index_element(self, index: schema.Index, **condition: Any) -> schema.CreateIndex:
        """CREATE INDEX; SQLAlchemy wants the columns of INCLUDE to be in the table."""
        table = index.table
        for name in index.kwargs.get("mssql_include") or ():
            if table is not None and isinstance(name, str) and name not in table.c:
                table.append_column(Column(name, NULLTYPE))
        return schema.CreateIndex(index, **condition)

    def bulk_insert(self, operation: BulkInsertOp) -> Statements:
        """INSERT; a script lets identity columns be given, online SQLAlchemy sees to it."""
        if not self.opts.get("as_sql", False):
            yield from super().bulk_insert(operation)
            return
        name = self.sqlalchemy.identifier_preparer.format_table(operation.table)
        yield Statement(f"SET IDENTITY_INSERT {name} ON")
        yield from super().bulk_insert(operation)
        yield Statement(f"SET IDENTITY_INSERT {name} OFF")

    # comments: an extended property is found by its schema's name, which must be said

    def create_table_comment(self, operation: CreateTableCommentOp) -> Statements:
        """The extended property, added; changed where ``existing_comment`` says that there is one."""
        if operation.existing_comment is None:
            yield Statement(schema.SetTableComment(self._with_schema(operation.to_table(self))))
        else:
            yield Statement(
                ChangeTableComment(operation.table_name, operation.comment or "", operation.schema)
            )

    def drop_table_comment(self, operation: DropTableCommentOp) -> Statements:
        """The extended property taken away."""
        yield Statement(schema.DropTableComment(self._with_schema(operation.to_table(self))))

    def comments(self, table: Table) -> Statements:
        """The extended properties of a new table, or of a new column."""
        return super().comments(self._with_schema(table))

    def _with_schema(self, table: Table) -> Table:
        """The table as far as comments need it, in a schema: ``dbo`` where none is known."""
        if table.schema is not None or self.sqlalchemy.default_schema_name is not None:
            return table
        columns = [Column(column.name, Integer, comment=column.comment) for column in table.columns]
        name = getattr(self.sqlalchemy, "schema_name", None) or "dbo"
        return Table(table.name, MetaData(), *columns, schema=name, comment=table.comment)


def _type_and_nullable(operation: AlterColumnOp) -> tuple[Any, bool | None]:
    """The type to write (None: neither type nor nullability changes) and NULL or NOT NULL behind it."""
    type_, nullable = operation.modify_type, operation.modify_nullable
    if nullable is not None:
        type_ = operation.existing_type if type_ is None else type_
        if type_ is None:
            raise CommandError(
                "MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the existing_type or a new "
                f"type_ be passed. (column {operation.column_name!r} of table {operation.table_name!r})"
            )
    elif type_ is not None and operation.existing_nullable is not None:
        nullable = operation.existing_nullable
    elif type_ is not None:
        warnings.warn(
            "MS-SQL ALTER COLUMN operations that specify type_= should also specify a nullable= or "
            "existing_nullable= argument to avoid implicit conversion of NOT NULL columns to NULL.",
            UserWarning,
            stacklevel=2,
        )
    return type_, nullable


_DROPPED_WITH_COLUMN = {
    "mssql_drop_default": "sys.default_constraints",
    "mssql_drop_check": "sys.check_constraints",
    "mssql_drop_foreign_key": "sys.foreign_keys",
}


class DropColumnConstraint(elements.AlterTable):
    """DROP of the one constraint of a kind that a column has; the database is asked for its name."""

    def __init__(self, table_name: str, column_name: str, schema: str | None, *, catalogue: str) -> None:
        super().__init__(table_name, schema)
        self.column_name = column_name
        self.catalogue = catalogue


class ChangeTableComment(elements.AlterTable):
    """Another value of the extended property that holds a table's comment."""

    def __init__(self, table_name: str, comment: str, schema: str | None) -> None:
        super().__init__(table_name, schema)
        self.comment = comment


@compiles(DropColumnConstraint, "mssql")
def _drop_column_constraint(element: DropColumnConstraint, compiler: MSDDLCompiler, **kw: Any) -> str:
    table, column = _in_string(_dotted(element)), _in_string(element.column_name)
    if element.catalogue == "sys.foreign_keys":
        source = (
            "\nsys.foreign_keys fk join sys.foreign_key_columns fkc\n"
            "on fk.object_id=fkc.constraint_object_id\n"
            f"where fkc.parent_object_id = object_id('{table}')\n"
            f"and col_name(fkc.parent_object_id, fkc.parent_column_id) = '{column}'"
        )
    else:
        source = (
            f" {element.catalogue}\nwhere parent_object_id = object_id('{table}')\n"
            f"and col_name(parent_object_id, parent_column_id) = '{column}'"
        )
    quoted = _in_string(elements.format_table_name(compiler, element.table_name, element.schema))
    return (
        "declare @const_name varchar(256)\n"
        f"select @const_name = QUOTENAME([name]) from{source}\n"
        f"exec('alter table {quoted} drop constraint ' + @const_name)"
    )


@compiles(elements.AddColumn, "mssql")
def _add_column(element: elements.AddColumn, compiler: MSDDLCompiler, **kw: Any) -> str:
    text = f"{elements.alter_table(compiler, element)} ADD {elements.format_new_column(compiler, element)}"
    if not element.if_not_exists:
        return text
    table = _in_string(elements.format_table_name(compiler, element.table_name, element.schema))
    return f"IF COL_LENGTH(N'{table}', N'{_in_string(element.column.name)}') IS NULL {text}"


@compiles(elements.ColumnNullable, "mssql")
def _column_nullable(element: elements.ColumnNullable, compiler: MSDDLCompiler, **kw: Any) -> str:
    type_ = elements.format_type(compiler, element.existing_type)
    return f"{elements.alter_column(compiler, element)} {type_} {'NULL' if element.nullable else 'NOT NULL'}"


@compiles(elements.ColumnType, "mssql")
def _column_type(element: elements.ColumnType, compiler: MSDDLCompiler, **kw: Any) -> str:
    return f"{elements.alter_column(compiler, element)} {elements.format_type(compiler, element.type_)}"


@compiles(elements.ColumnDefault, "mssql")
def _column_default(element: elements.ColumnDefault, compiler: MSDDLCompiler, **kw: Any) -> str:
    default = elements.format_server_default(compiler, element.default)
    column = elements.format_column_name(compiler, element.column_name)
    return f"{elements.alter_table(compiler, element)} ADD DEFAULT {default} FOR {column}"


@compiles(elements.ColumnName, "mssql")
def _column_name(element: elements.ColumnName, compiler: MSDDLCompiler, **kw: Any) -> str:
    table = elements.format_table_name(compiler, element.table_name, element.schema)
    old, new = (
        elements.format_column_name(compiler, name) for name in (element.column_name, element.newname)
    )
    return f"EXEC sp_rename '{_in_string(table)}.{_in_string(old)}', {new}, 'COLUMN'"


@compiles(elements.RenameTable, "mssql")
def _rename_table(element: elements.RenameTable, compiler: MSDDLCompiler, **kw: Any) -> str:
    table = elements.format_table_name(compiler, element.table_name, element.schema)
    new = elements.format_table_name(compiler, element.new_table_name, None)
    return f"EXEC sp_rename '{_in_string(table)}', {new}"


@compiles(elements.ColumnComment, "mssql")
def _column_comment(element: elements.ColumnComment, compiler: MSDDLCompiler, **kw: Any) -> str:
    verb = "drop" if element.comment is None else "add" if element.existing_comment is None else "update"
    column = compiler.preparer.quote(element.column_name)
    return f"{_property(compiler, verb, element, element.comment)}, 'column', {column}"


@compiles(ChangeTableComment, "mssql")
def _change_table_comment(element: ChangeTableComment, compiler: MSDDLCompiler, **kw: Any) -> str:
    return _property(compiler, "update", element, element.comment)


def _property(compiler: MSDDLCompiler, verb: str, element: elements.AlterTable, comment: str | None) -> str:
    """``exec sp_...extendedproperty`` as far as the table's name."""
    schema_name = element.schema or compiler.dialect.default_schema_name
    schema_name = schema_name or getattr(compiler.dialect, "schema_name", None) or "dbo"
    words = ["'MS_Description'"]
    if comment is not None:
        words.append(compiler.sql_compiler.render_literal_value(comment, NVARCHAR()))
    words += ["'schema'", compiler.preparer.quote_schema(schema_name)]
    words += ["'table'", compiler.preparer.quote(element.table_name)]
    return f"exec sp_{verb}extendedproperty {', '.join(words)}"


def _dotted(element: elements.AlterTable) -> str:
    return f"{element.schema}.{element.table_name}" if element.schema else element.table_name


def _in_string(name: str) -> str:
    """A name inside a string literal."""
    return name.replace("'", "''")
