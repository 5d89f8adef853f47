"""What each operation becomes on DuckDB: an ALTER where that is safe, else a rebuild.

DuckDB refuses to ALTER much of a table that has an index, a key or a foreign key to it, has no statement at
all for dropping a constraint or adding a foreign key, and lets some changes pass that break the table or the
commit. The rule here is simple: a table on which nothing hangs is ALTERed, any other is rebuilt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from sqlalchemy import ARRAY, Constraint, Enum, PrimaryKeyConstraint, UniqueConstraint, event, exc
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex, Index
from sqlalchemy.types import to_instance

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text
from nbmigrate.dialects.base import Rule, Statements, check_batch
from nbmigrate.dialects.duckdb.alterable import can_alter, stands_alone
from nbmigrate.dialects.duckdb.catalogue import DuckTable
from nbmigrate.dialects.duckdb.draft import DuckDraft
from nbmigrate.dialects.duckdb.enum_types import enum_type
from nbmigrate.dialects.duckdb.rebuild import check_views, rebuild
from nbmigrate.dialects.duckdb.refusals import check_constraint, check_index, check_sql, check_table
from nbmigrate.dialects.duckdb.tables import Tables
from nbmigrate.dialects.rebuilding import CHANGES, RebuildingDialect
from nbmigrate.dialects.run_ways import HeldText
from nbmigrate.dialects.sqlite.alterable import table_of_operation
from nbmigrate.dialects.sqlite.tokens import fold
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    BatchAlterTableOp,
    CreateIndexOp,
    CreateTableCommentOp,
    CreateTableOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    ExecuteSQLOp,
    MigrateOperation,
    OpContainer,
    RenameTableOp,
)
from nbmigrate.model.operations.schema_objects import table_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.compiler import DDLCompiler

_HARMLESS = re.compile(
    r"\s*(INSERT|SELECT|FROM|CREATE|ALTER|COMMENT|DROP|SET|PRAGMA|EXPLAIN)\b", re.IGNORECASE
)
_UPSERT = re.compile(r"\s*INSERT\b.*\b(CONFLICT|REPLACE)\b", re.IGNORECASE | re.DOTALL)
_ASIDE = re.compile(r"UPDATE _nbmigrate_rows_")
_COMMENTS = (CreateTableCommentOp, DropTableCommentOp)


class DuckDB(RebuildingDialect):
    """DuckDB.

    ``catalogue`` knows the tables as they are at each moment, while text is written too. ``updated``: rows
    may have been updated in this transaction; DuckDB then refuses indexes and, in 1.x, the commit of an
    ALTER.
    ``index_dropped``: tables of which an index went in this transaction; they can't be ALTERed before it is
    committed.
    """

    transactional_ddl = True
    keeps_lengths = False
    transaction_per_migration: ClassVar[bool] = True

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.catalogue = Tables(self.sqlalchemy, self.connection, self.live)
        self.updated = False
        self.index_dropped: set[tuple[str | None, str]] = set()

    @property
    def lint_rules(self) -> tuple[Rule, ...]:
        """Imported when something is linted."""
        from nbmigrate.dialects.duckdb.lint import RULES

        return RULES

    # whole tables

    def create_table(self, operation: CreateTableOp) -> Statements:
        """CREATE TABLE, as everywhere."""
        table = operation.to_table(self)
        check_table(table)
        for index in table.indexes:
            check_index(index)
        yield from super().create_table(operation)
        if not (operation.if_not_exists and self._stored(operation.table_name, operation.schema)):
            self.catalogue.created(operation.to_table(self))

    def rename_table(self, operation: RenameTableOp) -> Statements:
        """RENAME TO, or a rebuild under the new name."""
        stored = self._stored(operation.table_name, operation.schema)
        if stored is None:
            yield from super().rename_table(operation)
            return
        draft = DuckDraft(stored, self)
        draft.rename_to(operation.new_table_name)
        if not stands_alone(self, stored):
            yield from self._rebuild(draft)
            return
        yield from super().rename_table(operation)
        self.catalogue.changed(draft)
        self._check_views(stored)

    def drop_table(self, operation: DropTableOp) -> Statements:
        """DROP TABLE, and the sequences that SQLAlchemy made for its keys; not from under a view."""
        stored = self._stored(operation.table_name, operation.schema)
        dropped = []
        if stored is not None:
            qualified = DuckDraft(stored, self).qualified
            dropped = [
                f"DROP SEQUENCE IF EXISTS {qualified(name)}" for name in self.catalogue.sequences(stored)
            ]
        yield from super().drop_table(operation)
        self.catalogue.forget(operation.table_name, operation.schema)
        yield from map(Statement, dropped)
        if stored is not None:
            self._check_views(stored)

    def create_table_comment(self, operation: CreateTableCommentOp) -> Statements:
        """COMMENT ON TABLE."""
        yield from super().create_table_comment(operation)
        self.catalogue.with_comment(operation.table_name, operation.schema, operation.comment)

    def drop_table_comment(self, operation: DropTableCommentOp) -> Statements:
        """COMMENT ON TABLE ... IS NULL."""
        yield from super().drop_table_comment(operation)
        self.catalogue.with_comment(operation.table_name, operation.schema, None)

    # indexes

    def create_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX; behind an update in the same transaction it takes a rebuild."""
        check_index(operation.to_index(self))
        stored = self._stored(str(operation.table_name), operation.schema)
        if stored is not None and self._is_there(stored, operation):
            yield from self.plain_index(operation)
        elif stored is not None and self.updated:
            draft = DuckDraft(stored, self)
            draft.take_in(operation)
            yield from self._rebuild(draft)
        else:
            statements = list(self.plain_index(operation))
            yield from statements
            self.catalogue.with_index(statements, str(operation.table_name), operation.schema)

    def plain_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX, as everywhere."""
        return super().create_index(operation)

    def index_element(self, index: Index, **condition: Any) -> CreateIndex:
        """CREATE INDEX; nobody else is kept waiting, so there is no CONCURRENTLY."""
        index.dialect_options["postgresql"]["concurrently"] = False
        return super().index_element(index, **condition)

    def drop_index(self, operation: DropIndexOp) -> Statements:
        """DROP INDEX, as everywhere."""
        yield from super().drop_index(operation)
        name = operation.table_name
        self.catalogue.without_index(str(operation.index_name), name, operation.schema)
        if name is not None:
            self.index_dropped.add((operation.schema, fold(name)))

    def execute_sql(self, operation: ExecuteSQLOp) -> Statements:
        """The SQL as it is; remembered where it may update rows."""
        sql = operation.sqltext
        text = sql if isinstance(sql, str) else getattr(sql, "text", None)
        if text is not None:
            check_sql(text)
            self.updated = self.updated or may_update(text)
        else:
            self.updated = self.updated or not getattr(sql, "is_select", False)
        yield from super().execute_sql(operation)

    # changes to a table

    def batch_alter_table(self, operation: BatchAlterTableOp) -> Statements:
        """ALTERs where all of it can be, else one rebuild."""
        check_batch(operation)
        if self._stored(operation.table_name, operation.schema) is None:
            yield from super().batch_alter_table(operation)
        else:
            yield from self.change_table(operation.operations, operation)

    def needs_rebuild(self, operation: MigrateOperation) -> bool:
        """Whether the operation takes a rebuild of its table, as the table is now."""
        if isinstance(operation, OpContainer):
            return any(self.needs_rebuild(inner) for inner in operation.ops)
        if isinstance(operation, (*CHANGES, RenameTableOp)):
            stored = self._stored(*table_of_operation(operation))
            if stored is not None and isinstance(operation, RenameTableOp):
                return not stands_alone(self, stored)
            return stored is not None and not can_alter(self, stored, operation)
        return False

    def change_table(
        self, operations: Sequence[MigrateOperation], batch: BatchAlterTableOp | None = None
    ) -> Statements:
        """All these changes to one table: as ALTERs, or by one rebuild."""
        if not operations and (batch is None or batch.recreate != "always"):
            return
        named = (batch.table_name, batch.schema) if batch else table_of_operation(operations[0])
        for operation in operations:
            yield from self._prepared(operation)
        stored = self._stored(*named)
        recreate = batch.recreate if batch else "auto"
        more = batch is not None and (batch.table_args or batch.partial_reordering)
        plain = stored is None or all(can_alter(self, stored, operation) for operation in operations)
        if stored is None or recreate == "never" or (plain and recreate == "auto" and not more):
            for operation in operations:
                yield from self._alter(operation, stored)
            return
        draft = DuckDraft(stored, self, batch.naming_convention if batch else None)
        draft.take_in_all([one for one in operations if not isinstance(one, _COMMENTS)])
        if batch is not None:
            draft.take_in_arguments(batch)
        yield from self._rebuild(draft)
        for operation in operations:
            if isinstance(operation, _COMMENTS):
                yield from self.emit(operation)

    def _prepared(self, operation: MigrateOperation) -> Statements:
        """What must be said before a change to a table: that it can't be, or a type that it takes."""
        type_: Any = None
        if isinstance(operation, AddColumnOp):
            table, column = self.table_with_new_column(operation)
            check_table(table)
            type_ = column.type
            for made in self._fire("before_create", table):
                # the sequence that SQLAlchemy's dialect makes for a key which counts by itself
                if compile_text(made.construct, self.sqlalchemy).startswith("CREATE SEQUENCE"):
                    yield made
        elif isinstance(operation, AlterColumnOp):
            type_ = operation.modify_type
        elif isinstance(operation, AddConstraintOp):
            check_constraint(operation.to_constraint(self))
        type_ = to_instance(type_) if type_ is not None else None
        type_ = type_.item_type if isinstance(type_, ARRAY) else type_
        if isinstance(type_, Enum) and type_.native_enum and type_.name:
            yield from enum_type(self, type_)

    def _alter(self, operation: MigrateOperation, stored: DuckTable | None) -> Statements:
        """One change by ALTER."""
        if isinstance(operation, DropConstraintOp):
            self._refuse(operation.table_name, "drop a constraint")
        yield from self.by_alter(operation)
        if stored is None or not isinstance(operation, CHANGES):
            return
        if not self.live:
            draft = DuckDraft(self.catalogue.table(stored.name, stored.schema) or stored, self)
            draft.take_in(operation)
            self.catalogue.changed(draft)
        self._check_views(stored)

    def _check_views(self, stored: DuckTable) -> None:
        if self.live and self.connection is not None:
            check_views(stored.name, self.connection)

    def constraint_added(self, constraint: Constraint) -> Statements:
        """ADD of a key, which newer DuckDB takes; nothing else can be added."""
        if not self.is_wanted(constraint):
            return
        if not isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint)):
            self._refuse(table_of(constraint).name, "add a CHECK or a foreign key")
        yield from super().constraint_added(constraint)

    def constraint_dropped(self, constraint: Constraint, **condition: Any) -> Statements:
        """Nothing on a table that has no constraints, which is all that is ALTERed while things run."""
        if not self.live:
            self._refuse(table_of(constraint).name, "drop a constraint")
        yield from ()

    def _rebuild(self, draft: DuckDraft) -> Statements:
        yield from rebuild(draft, self.catalogue)

    def column_type_change(self, operation: AlterColumnOp) -> Statements:
        """The ALTER of a column's type, with USING."""
        if operation.modify_type is not None:
            using = operation.kw.get("duckdb_using") or operation.kw.get("postgresql_using")
            yield Statement(
                elements.ColumnType(
                    operation.table_name,
                    operation.column_name,
                    operation.modify_type,
                    operation.schema,
                    using=using,
                )
            )

    # what is there

    def _stored(self, name: Any, schema: str | None) -> DuckTable | None:
        """The table as it is at this point; None where there is none, or nothing is known of it."""
        return self.catalogue.table(str(name), schema)

    def _is_there(self, stored: DuckTable, operation: CreateIndexOp) -> bool:
        names = [fold(found.name) for found in stored.of_kind("index")]
        return bool(operation.if_not_exists) and fold(str(operation.index_name)) in names

    def _refuse(self, table: str, what: str) -> NoReturn:
        raise CommandError(
            f"DuckDB can't {what} on table {table!r} by ALTER: that takes a rebuild, which needs "
            "a connection to look at the table"
        )

    # the run

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """BEGIN ... COMMIT; a transaction that an error has aborted is a failure, though COMMIT says yes."""
        self.updated, self.index_dropped = False, set()
        try:
            with _without_bars(connection), connection.begin(), self._watched(connection):
                yield
                try:
                    connection.exec_driver_sql("SELECT 1").close()
                except exc.DBAPIError as error:
                    raise MigrateError(
                        "A statement failed in this transaction and the error was passed over; DuckDB keeps "
                        "nothing of such a transaction (though its COMMIT reports success)"
                    ) from error
        finally:
            self.updated, self.index_dropped = False, set()

    @contextmanager
    def _watched(self, connection: Connection) -> Iterator[None]:
        """Notice updates that a script sends past the operations, on ``op.get_bind()``."""

        def look(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            self.updated = self.updated or may_update(statement)

        event.listen(connection, "before_cursor_execute", look)
        try:
            yield
        finally:
            event.remove(connection, "before_cursor_execute", look)

    @contextmanager
    def text_transaction(
        self, write: Callable[[str], None], hold: Callable[[], AbstractContextManager[HeldText]]
    ) -> Iterator[None]:
        """BEGIN and COMMIT as text; what was updated before does not matter behind them."""
        self.updated, self.index_dropped = False, set()
        with super().text_transaction(write, hold):
            yield
        self.updated, self.index_dropped = False, set()


@contextmanager
def _without_bars(connection: Connection) -> Iterator[None]:
    """DuckDB draws progress bars of its own in a notebook: widgets, which each saved file would keep."""
    cursor = connection.connection.cursor()
    cursor.execute("SELECT current_setting('enable_progress_bar')")
    [shown] = cursor.fetchone() or [False]
    if shown:
        cursor.execute("SET enable_progress_bar = false")
    try:
        yield
    finally:
        if shown and not connection.closed and not connection.invalidated:
            cursor.execute("SET enable_progress_bar = true")
        cursor.close()


def may_update(sql: str) -> bool:
    """Whether a statement may change rows that are there, and are not what a rebuild has put aside."""
    if _ASIDE.match(sql):
        return False
    return not _HARMLESS.match(sql) or bool(_UPSERT.match(sql))


@compiles(elements.RenameTable, "duckdb")
def _rename_table(element: elements.RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    # the new name takes no schema: a rename does not move a table
    new = elements.format_table_name(compiler, element.new_table_name, None)
    return f"{elements.alter_table(compiler, element)} RENAME TO {new}"


@compiles(elements.ColumnType, "duckdb")
def _column_type(element: elements.ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    using = f" USING {element.using}" if element.using else ""
    alter = elements.alter_column(compiler, element)
    return f"{alter} TYPE {elements.format_type(compiler, element.type_)}{using}"
