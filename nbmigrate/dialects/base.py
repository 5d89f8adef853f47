"""What one database does with each operation: the emitters, and what a run must know of the database.

``Dialect`` is the usual case; a database's own file overrides what it does otherwise. ``emit`` calls the
method that is named after the operation's class (``AddColumnOp``: ``add_column``), or after the next of its
base classes for which there is one (``CreateForeignKeyOp``: ``add_constraint``). So a new operation is one
method here, and a database that differs is one method in its file.

Emitters are generators. Their statements are run in the order in which they come, before the next one is
asked for; with ``live`` an emitter may look at the database between two of them.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from weakref import WeakSet

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, event, schema, text
from sqlalchemy.sql.schema import Computed, Identity

from nbmigrate.ddl import elements
from nbmigrate.ddl.events import fire
from nbmigrate.ddl.statement import Executor, Statement
from nbmigrate.dialects.lacking import check_constraint_kind
from nbmigrate.dialects.names import check_names, longest_name
from nbmigrate.dialects.objects_sql import ObjectStatements
from nbmigrate.errors import CommandError
from nbmigrate.model.operations.schema_objects import make_constraint, make_table, ordered_constraints
from nbmigrate.model.rows import PIECE, RowStream

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.dialects.limits import Limit
    from nbmigrate.model.finding import Finding
    from nbmigrate.model.operations import (
        AddColumnOp,
        AddConstraintOp,
        AlterColumnOp,
        BatchAlterTableOp,
        BulkInsertOp,
        CreateIndexOp,
        CreateTableCommentOp,
        CreateTableOp,
        DropColumnOp,
        DropConstraintOp,
        DropIndexOp,
        DropTableCommentOp,
        DropTableOp,
        ExecuteSQLOp,
        MigrateOperation,
        OpContainer,
        RemarkOp,
        RenameIndexOp,
        RenameTableOp,
    )
    from nbmigrate.model.operations.so_far import SoFar

Statements = Iterator[Statement]
Rule = Callable[[Any, "SoFar"], Iterator["Finding"]]


class HeldText(Protocol):
    """Text that has been kept back."""

    def release(self) -> None:
        """Write it."""


class Dialect(ObjectStatements):
    """The usual database; also what an unknown one is treated as.

    ``sqlalchemy`` is SQLAlchemy's dialect. ``connection`` is there to be read, even while only text is
    written; ``live`` says that the statements really run on it.
    """

    transactional_ddl: bool = False
    transaction_per_migration: ClassVar[bool] = False
    keeps_lengths: ClassVar[bool] = True  # whether a VARCHAR(32) refuses, or cuts, what is longer
    leases: ClassVar[bool] = False  # whether runs are kept apart by a row, for want of a lock
    # whether the lock that is waited for, for want of another, is that of all tables at once
    one_lock: ClassVar[bool] = False
    in_process: ClassVar[bool] = False  # whether the database is a library in this process, and no server
    statement_terminator: ClassVar[str] = ";"
    batch_separator: str = ""
    begin_text: ClassVar[str] = "BEGIN"
    commit_text: ClassVar[str] = "COMMIT"
    restart_errors: ClassVar[tuple[type[Exception], ...]] = ()
    # whether a run keeps a journal where DDL is not taken back, and a statement that does nothing
    journals: ClassVar[bool] = False
    nothing: ClassVar[str] = ""

    def __init__(
        self,
        sqlalchemy: SQLAlchemyDialect,
        connection: Connection | None = None,
        opts: Mapping[str, Any] | None = None,
        metadata: MetaData | None = None,
    ) -> None:
        self.sqlalchemy = sqlalchemy
        self.connection = connection
        self.opts: dict[str, Any] = dict(opts or {})
        if metadata is not None:
            self.opts["target_metadata"] = metadata
        # what types remember while tables are created (see fire)
        self.memo: dict[Any, Any] = {}

    @property
    def dialect(self) -> SQLAlchemyDialect:
        """SQLAlchemy's dialect, under the name by which type-bound constraints ask for it."""
        return self.sqlalchemy

    @property
    def live(self) -> bool:
        """Whether what is emitted runs on ``connection``, rather than being written or collected."""
        return self.connection is not None and not self.opts.get("as_sql", False)

    # emission

    def emit(self, operation: MigrateOperation) -> Statements:
        """The statements that do what the operation means."""
        check_names(operation, self.sqlalchemy)
        for name in emitter_names(type(operation)):
            emitter: Callable[[Any], Statements] | None = getattr(self, name, None)
            if emitter is not None:
                yield from emitter(operation)
                return
        raise CommandError(f"{type(self).__name__} has no SQL for the operation {type(operation).__name__}")

    def needs_rebuild(self, operation: MigrateOperation) -> bool:
        """Whether the operation takes a rebuild of its table."""
        return False

    @property
    def lint_rules(self) -> tuple[Rule, ...]:
        """What lint has to say of operations on this database, beside what it says on any (``lint/``)."""
        return ()

    def op_container(self, operation: OpContainer) -> Statements:
        """One after the other."""
        for inner in operation.ops:
            yield from self.emit(inner)

    def batch_alter_table(self, operation: BatchAlterTableOp) -> Statements:
        """Plain ALTERs, one after the other; with ``recreate="always"`` what the database has for that."""
        check_batch(operation)
        if operation.recreate == "always":
            yield from self.table_recreated(operation)
            return
        refuse_places(operation.operations)
        for inner in operation.operations:
            yield from self.emit(inner)

    def table_recreated(self, operation: BatchAlterTableOp) -> Statements:
        """Plain ALTERs, said so: a database that can do better does it in its own file."""
        if operation.partial_reordering or any(place_of(inner) for inner in operation.operations):
            warnings.warn(
                f"{self.sqlalchemy.name} adds columns at the end: insert_before, insert_after and "
                f"partial_reordering of table {operation.table_name!r} are left out of account",
                stacklevel=2,
            )
        for inner in operation.operations:
            yield from self.emit(inner)

    # tables

    def create_table(self, operation: CreateTableOp) -> Statements:
        """CREATE TABLE, with what its events execute, its indexes and its comments."""
        table = operation.to_table(self)
        condition: dict[str, Any] = (
            {} if operation.if_not_exists is None else {"if_not_exists": operation.if_not_exists}
        )
        yield from self._fire("before_create", table)
        yield Statement(schema.CreateTable(table, **condition))
        yield from self._fire("after_create", table)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield Statement(schema.CreateIndex(index))
        yield from self.comments(table)

    def drop_table(self, operation: DropTableOp) -> Statements:
        """DROP TABLE, with what its events execute."""
        table = operation.to_table(self)
        condition: dict[str, Any] = {} if operation.if_exists is None else {"if_exists": operation.if_exists}
        yield from self._fire("before_drop", table)
        yield Statement(schema.DropTable(table, **condition))
        yield from self._fire("after_drop", table)

    def rename_table(self, operation: RenameTableOp) -> Statements:
        """RENAME TO."""
        yield Statement(
            elements.RenameTable(operation.table_name, operation.new_table_name, operation.schema)
        )

    def create_table_comment(self, operation: CreateTableCommentOp) -> Statements:
        """COMMENT ON TABLE, or what stands for it."""
        yield Statement(schema.SetTableComment(operation.to_table(self)))

    def drop_table_comment(self, operation: DropTableCommentOp) -> Statements:
        """The comment taken away."""
        yield Statement(schema.DropTableComment(operation.to_table(self)))

    # columns

    def add_column(self, operation: AddColumnOp) -> Statements:
        """ADD COLUMN, then the column's constraints and indexes, then its comment."""
        table, column = self.table_with_new_column(operation)
        yield Statement(
            elements.AddColumn(
                operation.table_name,
                column,
                operation.schema,
                if_not_exists=operation.if_not_exists,
                inline_references=operation.inline_references,
                inline_primary_key=operation.inline_primary_key,
            )
        )
        inlined = elements.inline_foreign_key(column) if operation.inline_references else None
        for constraint in ordered_constraints(table):
            if constraint is not inlined and not isinstance(constraint, PrimaryKeyConstraint):
                yield from self.constraint_added(constraint)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield Statement(self.index_element(index))
        yield from self.comments(table)

    def drop_column(self, operation: DropColumnOp) -> Statements:
        """DROP COLUMN."""
        column = operation.to_column(self)
        yield Statement(
            elements.DropColumn(operation.table_name, column, operation.schema, if_exists=operation.if_exists)
        )

    def alter_column(self, operation: AlterColumnOp) -> Statements:
        """One ALTER for each thing that changes, between dropping and adding the constraints of its types."""
        if operation.existing_type is not None and operation.modify_type is not None:
            for constraint in self.type_constraints(operation, operation.existing_type):
                yield from self.constraint_dropped(constraint)
        yield from self.column_changes(operation)
        if operation.modify_type is not None:
            for constraint in self.type_constraints(operation, operation.modify_type):
                yield from self.constraint_added(constraint)

    def column_changes(self, operation: AlterColumnOp) -> Statements:
        """The ALTERs of one column; the rename comes last, as all others name the column."""
        warn_of_autoincrement(operation)
        table, column, existing = operation.table_name, operation.column_name, existing_facts(operation)
        if operation.modify_nullable is not None:
            yield Statement(elements.ColumnNullable(table, column, operation.modify_nullable, **existing))
        if operation.modify_server_default is not False:
            element = default_element(operation)
            yield Statement(element(table, column, operation.modify_server_default, **existing))
        yield from self.column_type_change(operation)
        if operation.modify_comment is not False:
            yield Statement(elements.ColumnComment(table, column, operation.modify_comment, **existing))
        if operation.modify_name is not None:
            yield Statement(elements.ColumnName(table, column, operation.modify_name, **existing))

    def column_type_change(self, operation: AlterColumnOp) -> Statements:
        """The ALTER of a column's type."""
        if operation.modify_type is not None:
            table, column = operation.table_name, operation.column_name
            yield Statement(
                elements.ColumnType(table, column, operation.modify_type, **existing_facts(operation))
            )

    # constraints and indexes

    def add_constraint(self, operation: AddConstraintOp) -> Statements:
        """ADD CONSTRAINT, of any kind."""
        yield from self.constraint_added(operation.to_constraint(self))

    def drop_constraint(self, operation: DropConstraintOp) -> Statements:
        """DROP CONSTRAINT."""
        constraint = make_constraint(
            operation.constraint_name,
            operation.table_name,
            operation.constraint_type,
            context=self,
            schema_name=operation.schema,
        )
        condition: dict[str, Any] = {} if operation.if_exists is None else {"if_exists": operation.if_exists}
        yield from self.constraint_dropped(constraint, **condition)

    def constraint_added(self, constraint: schema.Constraint) -> Statements:
        """ADD CONSTRAINT, unless a type made it for other databases only."""
        if not self.is_wanted(constraint):
            return
        check_constraint_kind(constraint, self.sqlalchemy)
        rule = constraint._create_rule
        element = schema.AddConstraint(constraint)
        # AddConstraint marks the constraint as never to be created otherwise; the operation that owns it may
        # be emitted again, as a plan first and then for real
        constraint._create_rule = rule
        yield Statement(element)

    def constraint_dropped(self, constraint: schema.Constraint, **condition: Any) -> Statements:
        """DROP CONSTRAINT."""
        yield Statement(schema.DropConstraint(constraint, **condition))

    def create_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX."""
        condition: dict[str, Any] = (
            {} if operation.if_not_exists is None else {"if_not_exists": operation.if_not_exists}
        )
        yield Statement(self.index_element(operation.to_index(self), **condition))

    def index_element(self, index: schema.Index, **condition: Any) -> schema.CreateIndex:
        """CREATE INDEX of this index."""
        return schema.CreateIndex(index, **condition)

    def drop_index(self, operation: DropIndexOp) -> Statements:
        """DROP INDEX."""
        condition: dict[str, Any] = {} if operation.if_exists is None else {"if_exists": operation.if_exists}
        yield Statement(schema.DropIndex(operation.to_index(self), **condition))

    def rename_index(self, operation: RenameIndexOp) -> Statements:
        """ALTER INDEX ... RENAME TO; a unique constraint takes its index along."""
        new = self.name_of(operation.new_index_name, None)
        if operation.kind == "unique":
            table = self.name_of(operation.table_name, operation.schema)
            old = self.name_of(operation.index_name, None)
            yield Statement(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
        else:
            yield Statement(
                f"ALTER INDEX {self.name_of(operation.index_name, operation.schema)} RENAME TO {new}"
            )

    # rows

    def bulk_insert(self, operation: BulkInsertOp) -> Statements:
        """INSERT, of all rows at once or one by one; of more than a few thousand in pieces."""
        rows = operation.rows
        if not isinstance(rows, list) or len(rows) > PIECE:
            stream = RowStream(rows, one_by_one=not operation.multiinsert)
            yield Statement(operation.table.insert().inline(), rows=stream)
            return
        if rows and not isinstance(rows[0], Mapping):
            raise TypeError("List of dictionaries expected")
        if rows and operation.multiinsert:
            yield Statement(operation.table.insert().inline(), rows=rows)
            return
        for row in rows:
            yield Statement(operation.table.insert().inline().values(**row))

    def remark(self, operation: RemarkOp) -> Statements:
        """Nothing: it is for people."""
        yield from ()

    def execute_sql(self, operation: ExecuteSQLOp) -> Statements:
        """The SQL as it is; a text as SQLAlchemy's ``text()``."""
        sql = operation.sqltext
        yield Statement(
            text(sql) if isinstance(sql, str) else sql,
            execution_options=dict(operation.execution_options or {}),
        )

    # what emitters share

    def comments(self, table: Table) -> Statements:
        """The comments of a new table and its columns, where they are statements of their own."""
        if not self.sqlalchemy.supports_comments or self.sqlalchemy.inline_comments:
            return
        if table.comment is not None:
            yield Statement(schema.SetTableComment(table))
        for column in table.columns:
            if column.comment is not None:
                yield Statement(schema.SetColumnComment(column))

    def _fire(self, event: str, table: Table) -> Statements:
        yield from fire(event, table, self.sqlalchemy, self.connection if self.live else None, self)

    def table_with_new_column(self, operation: AddColumnOp) -> tuple[Table, Column[Any]]:
        """A table that has just the new column, and that column in it."""
        table = make_table(operation.table_name, [operation.column], context=self, schema=operation.schema)
        return table, next(iter(table.c))

    def type_constraints(self, operation: AlterColumnOp, type_: Any) -> list[schema.Constraint]:
        """The constraints that a type (Boolean, Enum) makes for the column on this database."""
        table = make_table(
            operation.table_name,
            [Column(operation.column_name, type_)],
            context=self,
            schema=operation.schema,
        )
        return [
            constraint
            for constraint in ordered_constraints(table)
            if not isinstance(constraint, PrimaryKeyConstraint) and self.is_wanted(constraint)
        ]

    def is_wanted(self, constraint: schema.Constraint) -> bool:
        """Whether a constraint that a type made is meant for this database; any other always is."""
        rule: Any = constraint._create_rule
        return rule is None or bool(rule(self))

    # the run

    def terminated(self, sql: str) -> str:
        """A statement's text as it stands in a script: with the terminator."""
        return sql + self.statement_terminator

    def version_table(self, name: str, schema: str | None = None, primary_key: bool = True) -> Table:
        """The version table as this database keeps it."""
        table = Table(name, MetaData(), Column("version_num", String(32), nullable=False), schema=schema)
        if primary_key:
            key: str | None = f"{name}_pkc"
            if len(f"{name}_pkc".encode()) > longest_name(self.sqlalchemy):
                key = None  # the database's own name for it
            table.append_constraint(PrimaryKeyConstraint("version_num", name=key))
        return table

    def version_executor(self, executor: Executor) -> Executor:
        """The way of the version table's statements."""
        return executor

    def attach(self, run: Callable[[Statement], Any], write: Callable[[str], None]) -> None:
        """A run begins to use the dialect; only one written for Alembic sends statements by itself."""

    def hook(self, name: str) -> Callable[..., Any] | None:
        """A hook of autogenerate that a dialect written for Alembic overrides; None for none."""
        return None

    def started(self) -> None:
        """The steps of a run are about to begin."""

    @contextmanager
    def text_transaction(
        self, write: Callable[[str], None], hold: Callable[[], AbstractContextManager[HeldText]]
    ) -> Iterator[None]:
        """BEGIN and COMMIT as text around a block.

        What is written within ``hold()`` is kept back until its ``release()``: for a database where it
        depends on the block what must stand before BEGIN.
        """
        write(self.begin_text)
        yield
        write(self.commit_text)

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """A real transaction around a block: committed at its end, rolled back when an error leaves it."""
        with connection.begin():
            yield

    @contextmanager
    def uninterrupted(self, connection: Connection | None) -> Iterator[None]:
        """A block that an interrupt may leave without costing the connection, where it is in this process.

        SQLAlchemy gives up a connection on which an interrupt came, since it may be in the middle of an
        answer. A database that is no server has no such thing, and what is in memory would be lost. But a
        result that was read by half keeps its lock for as long as a traceback holds it, which a kernel does:
        so those are closed.
        """
        if not self.in_process or connection is None:
            yield
            return

        def keep(context: Any) -> None:
            if context.connection is connection and not isinstance(context.original_exception, Exception):
                context.is_disconnect = False

        cursors: WeakSet[Any] = WeakSet()

        def note(_connection: Any, cursor: Any, *_more: Any) -> None:
            cursors.add(cursor)

        event.listen(connection.engine, "handle_error", keep)
        event.listen(connection, "before_cursor_execute", note)
        try:
            yield
        except BaseException:
            for cursor in list(cursors):
                with suppress(Exception):
                    cursor.close()
            raise
        finally:
            event.remove(connection, "before_cursor_execute", note)
            event.remove(connection.engine, "handle_error", keep)

    def lock(
        self, connection: Connection, name: str, timeout: float, *, in_transaction: bool
    ) -> AbstractContextManager[None]:
        """Keep other runs of that name out while a block runs; ``timeout`` is in seconds.

        ``in_transaction`` says that the transaction is the caller's, who ends it later. A database without
        such a lock has none.
        """
        return nullcontext()

    def limits(self, lock: float | None, statement: float | None) -> tuple[Limit, ...]:
        """The session's limits for waiting for a lock and for a statement, in seconds; None is no limit.

        Raises ``CommandError`` where statements can't be limited. A database without locks of tables has no
        limit for them.
        """
        if statement is not None:
            raise CommandError(f"{self.sqlalchemy.name} has no statement_timeout: leave it out")
        return ()

    def is_lock_timeout(self, error: BaseException) -> bool:
        """Whether an error says that a lock was not to be had in time."""
        return False

    def whole_lock(self, error: BaseException) -> str | None:
        """Who holds the database's one lock, where an error says that it was not to be had; else None."""
        return None

    def changed_elsewhere(self, connection: Connection) -> object:
        """A value that is another one once another connection has written; None where that is not told."""
        return None

    def has_run(self, connection: Connection, statement: str) -> bool | None:
        """Whether a DDL statement that was interrupted has run, by the catalogue; None where that isn't told.

        False also for one that may simply run again.
        """
        from nbmigrate.dialects.doubt import has_run

        return has_run(connection, statement)

    def restarted(self, connection: Connection, error: Exception) -> AbstractContextManager[None]:
        """What must hold for a step to be run again after one of ``restart_errors``: a block around it."""
        raise error


def emitter_names(cls: type) -> tuple[str, ...]:
    """``create_unique_constraint``, ``add_constraint``, ... for an operation's class and its bases."""
    names = (base.__name__.removesuffix("Ops").removesuffix("Op") for base in cls.__mro__)
    return tuple(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=SQL)(?=[A-Z])", "_", name).lower() for name in names)


def existing_facts(operation: AlterColumnOp) -> dict[str, Any]:
    """The schema, and what is known of the column: keyword arguments of ``elements.AlterColumn``."""
    return {
        "schema": operation.schema,
        "existing_type": operation.existing_type,
        "existing_nullable": operation.existing_nullable,
        "existing_server_default": operation.existing_server_default,
        "existing_comment": operation.existing_comment,
    }


def default_element(operation: AlterColumnOp) -> type[elements.ColumnDefault]:
    """The element for a changed default: computed and identity columns have their own."""
    defaults = (operation.modify_server_default, operation.existing_server_default)
    if any(isinstance(default, Computed) for default in defaults):
        return elements.ComputedColumnDefault
    if any(isinstance(default, Identity) for default in defaults):
        return elements.IdentityColumnDefault
    return elements.ColumnDefault


def warn_of_autoincrement(operation: AlterColumnOp) -> None:
    """AUTO_INCREMENT is MySQL's."""
    if not {"autoincrement", "existing_autoincrement"}.isdisjoint(operation.kw):
        told = "autoincrement and existing_autoincrement only make sense for MySQL"
        warnings.warn(told, UserWarning, stacklevel=3)


def place_of(operation: MigrateOperation) -> tuple[str | None, str | None] | None:
    """``insert_before`` and ``insert_after`` of a column that is added or altered, where there is one."""
    kw: Mapping[str, Any] = getattr(operation, "kw", {})
    place = (kw.get("insert_before"), kw.get("insert_after"))
    return place if any(place) else None


def refuse_places(operations: Sequence[MigrateOperation]) -> None:
    """Refuse a column's place where nothing is rebuilt: an ALTER can't give it one."""
    if any(place_of(operation) for operation in operations):
        raise CommandError(
            "Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'"
        )


def check_batch(operation: BatchAlterTableOp) -> None:
    """Refuse what a batch can't hold."""
    if operation.recreate not in ("auto", "always", "never"):
        raise ValueError("recreate may be one of 'auto', 'always', or 'never'.")
