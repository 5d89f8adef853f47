"""``DefaultImpl``: the class that third-party dialects subclass for Alembic, by its documented names.

A subclass registers itself by its ``__dialect__``. Nothing of nbmigrate's own goes this way: here each method
makes the statements that nbmigrate's dialect makes, and hands them to ``_exec``; so a foreign subclass may
override any of them, call ``super()``, or override ``_exec`` alone. ``dialects.adapted`` is what turns an
operation into calls of these methods.

``_dialect`` and ``_run`` are given to an object before its ``__init__``; one that is made by hand executes on
its connection, or writes into its buffer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TextIO

from sqlalchemy import MetaData, PrimaryKeyConstraint, String, schema, text
from sqlalchemy.schema import Column, Table

from nbmigrate.ddl import elements
from nbmigrate.ddl.hooks import Hooks, Verdict
from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import to_sql
from nbmigrate.errors import CommandError
from nbmigrate.model.operations import (
    AlterColumnOp,
    BulkInsertOp,
    CreateTableOp,
    DropColumnOp,
    DropTableOp,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect

    from nbmigrate.model.rows import RowStream

__all__ = ["ComparisonResult", "DefaultImpl", "ImplMeta"]

ComparisonResult = Verdict

# by ``__dialect__``; filled where classes are made, as Alembic's is, and read under this name by add-ons
_impls: dict[str, type[DefaultImpl]] = {}
BUILT_IN = {"sqlite": "sqlite", "mysql": "mysql", "mariadb": "mysql", "postgresql": "postgresql"}
BUILT_IN |= {"mssql": "mssql", "oracle": "oracle"}


class ImplMeta(type):
    """Registers a class that says ``__dialect__``."""

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
        super().__init__(name, bases, members)
        if "__dialect__" in members:
            _impls[members["__dialect__"]] = cls  # type: ignore[assignment]


class UsualDialect(Protocol):
    """The part of nbmigrate's dialect that the methods here are made of."""

    def create_table(self, operation: CreateTableOp, /) -> Iterator[Statement]:
        """CREATE TABLE with all that belongs to it."""

    def drop_table(self, operation: DropTableOp, /) -> Iterator[Statement]:
        """DROP TABLE."""

    def drop_column(self, operation: DropColumnOp, /) -> Iterator[Statement]:
        """DROP COLUMN."""

    def column_changes(self, operation: AlterColumnOp, /) -> Iterator[Statement]:
        """The ALTERs of a column."""

    def constraint_added(self, constraint: schema.Constraint, /) -> Iterator[Statement]:
        """ADD CONSTRAINT."""

    def constraint_dropped(self, constraint: schema.Constraint, **condition: Any) -> Iterator[Statement]:
        """DROP CONSTRAINT."""

    def index_element(self, index: schema.Index, **condition: Any) -> schema.CreateIndex:
        """CREATE INDEX."""

    def bulk_insert(self, operation: BulkInsertOp, /) -> Iterator[Statement]:
        """INSERT."""


class DefaultImpl(Hooks, metaclass=ImplMeta):
    """A database's ways, method by method; to be subclassed with ``__dialect__`` set."""

    __dialect__: ClassVar[str] = "default"
    transactional_ddl: bool = False
    command_terminator: str = ";"

    _dialect: UsualDialect
    _run: Callable[[Statement], Any]
    _write: Callable[[str], None]

    def __init__(
        self,
        dialect: Dialect,
        connection: Connection | None,
        as_sql: bool,
        transactional_ddl: bool | None,
        output_buffer: TextIO | None,
        context_opts: dict[str, Any],
    ) -> None:
        self.dialect = dialect
        self.connection = connection
        self.as_sql = as_sql
        self.literal_binds: bool = context_opts.get("literal_binds", False)
        self.output_buffer = output_buffer
        self.memo: dict[Any, Any] = {}
        self.context_opts = context_opts
        if transactional_ddl is not None:
            self.transactional_ddl = transactional_ddl
        if self.literal_binds and not self.as_sql:
            raise CommandError("Can't use literal_binds setting without as_sql mode")

    @classmethod
    def get_by_dialect(cls, dialect: Dialect) -> type[DefaultImpl]:
        """The class that is registered for a SQLAlchemy dialect; ``KeyError`` for none."""
        if dialect.name not in _impls and dialect.name in BUILT_IN:
            import_module(f"nbmigrate.ddl.{BUILT_IN[dialect.name]}")
        return _impls[dialect.name]

    @property
    def bind(self) -> Connection | None:
        """The connection."""
        return self.connection

    # where statements go

    def _exec(
        self,
        construct: Any,
        execution_options: Mapping[str, Any] | None = None,
        multiparams: Sequence[Mapping[str, Any]] | RowStream | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Any:
        """Run or write one statement; online, the cursor result. Every method here ends in it."""
        if self.as_sql and params:
            raise TypeError("SQL parameters not allowed with as_sql")
        if params and multiparams is not None:
            raise TypeError("Can't send params and multiparams at the same time")
        if isinstance(construct, str):
            construct = text(construct)
        rows = multiparams or ([dict(params)] if params else None)
        return self._send(Statement(construct, rows=rows, execution_options=dict(execution_options or {})))

    def _send(self, statement: Statement) -> Any:
        run = getattr(self, "_run", None)
        if run is not None:
            return run(statement)
        if self.as_sql:
            for sql in to_sql(statement, self.dialect):
                self.static_output(sql + self.command_terminator)
            return None
        if self.connection is None:
            raise CommandError(f"{type(self).__name__} has no connection to run a statement on")
        rows = None if statement.rows is None else [dict(row) for row in statement.rows]
        options = dict(statement.execution_options)
        return self.connection.execute(statement.construct, rows, execution_options=options)  # type: ignore[arg-type]

    def _each(self, statements: Iterator[Statement]) -> None:
        for statement in statements:
            if isinstance(statement.construct, str):
                self._send(statement)
            else:
                self._exec(statement.construct, statement.execution_options or None, statement.rows)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Run or write SQL text or a SQLAlchemy statement."""
        self._exec(sql, execution_options)

    def static_output(self, text: str) -> None:
        """Write text into a script; a statement in a preview is kept as a statement."""
        run, write = getattr(self, "_run", None), getattr(self, "_write", None)
        if run is not None and text.endswith(self.command_terminator) and not text.lstrip().startswith("--"):
            run(Statement(text.removesuffix(self.command_terminator)))
        elif write is not None:
            write(text)
        elif self.output_buffer is not None:
            self.output_buffer.write(text + "\n\n")
            self.output_buffer.flush()

    def emit_begin(self) -> None:
        """Write BEGIN."""
        self.static_output("BEGIN" + self.command_terminator)

    def emit_commit(self) -> None:
        """Write COMMIT."""
        self.static_output("COMMIT" + self.command_terminator)

    # tables

    def version_table_impl(
        self,
        *,
        version_table: str,
        version_table_schema: str | None,
        version_table_pk: bool,
        **kw: Any,
    ) -> Table:
        """The version table as this database keeps it: of that name, with a column ``version_num``."""
        table = Table(
            version_table,
            MetaData(),
            Column("version_num", String(32), nullable=False),
            schema=version_table_schema,
        )
        if version_table_pk:
            table.append_constraint(PrimaryKeyConstraint("version_num", name=f"{version_table}_pkc"))
        return table

    def create_table(self, table: Table, **kw: Any) -> None:
        """CREATE TABLE, with its events, indexes and comments."""
        self._each(self._dialect.create_table(_ThisTable(table, **kw)))

    def drop_table(self, table: Table, **kw: Any) -> None:
        """DROP TABLE, with its events."""
        self._each(self._dialect.drop_table(_ThatTable(table, **kw)))

    def rename_table(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        """RENAME TO."""
        self._exec(elements.RenameTable(old_table_name, new_table_name, schema))

    def create_table_comment(self, table: Table) -> None:
        """The comment of a table."""
        self._exec(schema.SetTableComment(table))

    def drop_table_comment(self, table: Table) -> None:
        """No comment on a table."""
        self._exec(schema.DropTableComment(table))

    # columns

    def add_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
        **kw: Any,
    ) -> None:
        """ADD COLUMN, the column alone."""
        self._exec(
            elements.AddColumn(
                table_name,
                column,
                schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
            )
        )

    def drop_column(
        self,
        table_name: str,
        column: Column[Any],
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """DROP COLUMN."""
        operation = DropColumnOp(table_name, column.name, schema=schema, if_exists=if_exists, **kw)
        self._each(self._dialect.drop_column(operation))

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        server_default: Any = False,
        name: str | None = None,
        type_: Any = None,
        schema: str | None = None,
        autoincrement: bool | None = None,
        comment: str | Literal[False] | None = False,
        existing_comment: str | None = None,
        existing_type: Any = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_autoincrement: bool | None = None,
        **kw: Any,
    ) -> None:
        """The ALTERs of a column; what its types' constraints need is the caller's."""
        operation = AlterColumnOp(
            table_name,
            column_name,
            schema=schema,
            existing_type=existing_type,
            existing_server_default=existing_server_default,
            existing_nullable=existing_nullable,
            existing_comment=existing_comment,
            modify_name=name,
            modify_type=type_,
            modify_server_default=server_default,
            modify_nullable=nullable,
            modify_comment=comment,
            **{word: said for word, said in _autoincrement(autoincrement, existing_autoincrement)},
            **kw,
        )
        self._each(self._dialect.column_changes(operation))

    def create_column_comment(self, column: Column[Any]) -> None:
        """The comment of a column."""
        self._exec(schema.SetColumnComment(column))

    # constraints, indexes, rows

    def add_constraint(self, const: Any, **kw: Any) -> None:
        """ADD CONSTRAINT, unless a type made it for other databases only."""
        self._each(self._dialect.constraint_added(const))

    def drop_constraint(self, const: schema.Constraint, **kw: Any) -> None:
        """DROP CONSTRAINT."""
        self._each(self._dialect.constraint_dropped(const, **kw))

    def create_index(self, index: schema.Index, **kw: Any) -> None:
        """CREATE INDEX."""
        self._exec(self._dialect.index_element(index, **kw))

    def drop_index(self, index: schema.Index, **kw: Any) -> None:
        """DROP INDEX."""
        self._exec(schema.DropIndex(index, **kw))

    def bulk_insert(self, table: Any, rows: Sequence[Mapping[str, Any]], multiinsert: bool = True) -> None:
        """INSERT of rows."""
        self._each(self._dialect.bulk_insert(BulkInsertOp(table, rows, multiinsert=multiinsert)))


def _autoincrement(new: bool | None, existing: bool | None) -> Iterator[tuple[str, bool]]:
    """The two keywords of MySQL's, where they are said."""
    if new is not None:
        yield "autoincrement", new
    if existing is not None:
        yield "existing_autoincrement", existing


class _ThisTable(CreateTableOp):
    """CREATE of a table that is a Table already."""

    def __init__(self, table: Table, **kw: Any) -> None:
        super().__init__(table.name, (), **kw)
        self.table = table

    def to_table(self, migration_context: Any = None) -> Table:
        """The table itself."""
        return self.table


class _ThatTable(DropTableOp):
    """DROP of a table that is a Table already."""

    def __init__(self, table: Table, **kw: Any) -> None:
        super().__init__(table.name, **kw)
        self.table = table

    def to_table(self, migration_context: Any = None) -> Table:
        """The table itself."""
        return self.table
