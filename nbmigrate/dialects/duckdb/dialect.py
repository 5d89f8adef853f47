"""What each operation becomes on DuckDB: an ALTER where that is safe, else a rebuild.

DuckDB refuses to ALTER much of a table that has an index, a key or a foreign key to it, has no statement at
all for dropping a constraint or adding a foreign key, and lets some changes pass that break the table or the
commit. The rule here is simple: a table on which nothing hangs is ALTERed, any other is rebuilt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from sqlalchemy import Constraint, PrimaryKeyConstraint, UniqueConstraint, exc
from sqlalchemy.ext.compiler import compiles

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.base import Statements, check_batch
from nbmigrate.dialects.duckdb.catalogue import DuckTable, own_sequences, read_table, referring_tables
from nbmigrate.dialects.duckdb.draft import DuckDraft
from nbmigrate.dialects.duckdb.rebuild import check_views, rebuild
from nbmigrate.dialects.rebuilding import CHANGES, RebuildingDialect, drops_first
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
    DropColumnOp,
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

_HARMLESS = re.compile(r"\s*(INSERT|SELECT|FROM|CREATE|ALTER|COMMENT|DROP|SET|PRAGMA)\b", re.IGNORECASE)
_COMMENTS = (CreateTableCommentOp, DropTableCommentOp)


class DuckDB(RebuildingDialect):
    """DuckDB.

    ``_updated``: rows may have been updated in this transaction; DuckDB then refuses indexes and, in 1.x, the
    commit of an ALTER. ``_index_dropped``: tables of which an index went in this transaction; they can't be
    ALTERed before it is committed.
    """

    transactional_ddl = True
    keeps_lengths = False
    transaction_per_migration: ClassVar[bool] = True

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self._updated = False
        self._index_dropped: set[tuple[str | None, str]] = set()

    # changes to a table

    def batch_alter_table(self, operation: BatchAlterTableOp) -> Statements:
        """ALTERs where all of it can be, else one rebuild."""
        check_batch(operation)
        if self._stored(operation.table_name, operation.schema) is None:
            yield from super().batch_alter_table(operation)
        else:
            yield from self.change_table(operation.operations, operation)

    def rename_table(self, operation: RenameTableOp) -> Statements:
        """RENAME TO, or a rebuild under the new name."""
        stored = self._stored(operation.table_name, operation.schema)
        if stored is None or self._stands_alone(stored):
            yield from super().rename_table(operation)
            if stored is not None and self.connection is not None:
                check_views(stored.name, self.connection)
            return
        draft = DuckDraft(stored, self)
        draft.rename_to(operation.new_table_name)
        yield from self._rebuild(draft)

    def drop_table(self, operation: DropTableOp) -> Statements:
        """DROP TABLE, and the sequences that SQLAlchemy made for its keys."""
        stored = self._stored(operation.table_name, operation.schema)
        yield from super().drop_table(operation)
        if stored is None or self.connection is None:
            return
        for name in own_sequences(self.connection, stored):
            yield Statement(f"DROP SEQUENCE IF EXISTS {DuckDraft(stored, self).qualified(name)}")

    def create_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX; behind an update in the same transaction it takes a rebuild."""
        stored = self._stored(operation.table_name, operation.schema) if self._updated else None
        if stored is None or self._is_there(stored, operation):
            yield from self.plain_index(operation)
            return
        draft = DuckDraft(stored, self)
        draft.take_in(operation)
        yield from self._rebuild(draft)

    def plain_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX, as everywhere."""
        return super().create_index(operation)

    def drop_index(self, operation: DropIndexOp) -> Statements:
        """DROP INDEX, as everywhere."""
        yield from super().drop_index(operation)
        if operation.table_name is not None:
            self._index_dropped.add((operation.schema, fold(operation.table_name)))

    def execute_sql(self, operation: ExecuteSQLOp) -> Statements:
        """The SQL as it is; remembered where it may update rows."""
        sql = operation.sqltext
        text = sql if isinstance(sql, str) else getattr(sql, "text", None)
        harmless = _HARMLESS.match(text) if text is not None else getattr(sql, "is_select", False)
        self._updated = self._updated or not harmless
        yield from super().execute_sql(operation)

    def needs_rebuild(self, operation: MigrateOperation) -> bool:
        """Whether the operation takes a rebuild of its table, as the table is now."""
        if isinstance(operation, OpContainer):
            return any(self.needs_rebuild(inner) for inner in operation.ops)
        if isinstance(operation, (*CHANGES, RenameTableOp)):
            stored = self._stored(*table_of_operation(operation))
            if stored is not None and isinstance(operation, RenameTableOp):
                return not self._stands_alone(stored)
            return stored is not None and not self._can_alter(stored, operation)
        return False

    def change_table(
        self, operations: Sequence[MigrateOperation], batch: BatchAlterTableOp | None = None
    ) -> Statements:
        """All these changes to one table: as ALTERs, or by one rebuild."""
        if not operations and (batch is None or batch.recreate != "always"):
            return
        named = (batch.table_name, batch.schema) if batch else table_of_operation(operations[0])
        stored = self._stored(*named)
        recreate = batch.recreate if batch else "auto"
        more = batch is not None and (batch.table_args or batch.partial_reordering)
        plain = stored is None or all(self._can_alter(stored, operation) for operation in operations)
        if stored is None or recreate == "never" or (plain and recreate == "auto" and not more):
            for operation in operations:
                yield from self._alter(operation, stored)
            return
        draft = DuckDraft(stored, self, batch.naming_convention if batch else None)
        for operation in drops_first(operations):
            if not isinstance(operation, _COMMENTS):
                draft.take_in(operation)
        if batch is not None:
            draft.take_in_arguments(batch)
        yield from self._rebuild(draft)
        for operation in operations:
            if isinstance(operation, _COMMENTS):
                yield from self.emit(operation)

    def _alter(self, operation: MigrateOperation, stored: DuckTable | None) -> Statements:
        """One change by ALTER."""
        if isinstance(operation, DropConstraintOp):
            self._refuse(operation.table_name, "drop a constraint")
        yield from self.by_alter(operation)
        if not isinstance(operation, CHANGES):
            return
        if stored is not None and self.connection is not None:
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
        assert self.connection is not None
        yield from rebuild(draft, self.connection)

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

    # what can be ALTERed

    def _stored(self, name: Any, schema: str | None) -> DuckTable | None:
        """The table as it is; None where it is not there, or nothing runs."""
        if not self.live or self.connection is None:
            return None
        return read_table(self.connection, str(name), schema)

    def _can_alter(self, stored: DuckTable, operation: MigrateOperation) -> bool:
        if isinstance(operation, AddColumnOp):
            _, column = self.table_with_new_column(operation)
            bare = column.nullable and column.computed is None and not self._constraints_of(operation)
            placed = operation.kw.get("insert_before") or operation.kw.get("insert_after")
            return bool(bare and not placed and not self._updated)
        if isinstance(operation, AlterColumnOp):
            if operation.kw.get("insert_before") or operation.kw.get("insert_after"):
                return False
            # SET NOT NULL is refused behind an update in the same transaction, seen or not
            deep = operation.modify_type is not None or operation.modify_name is not None
            deep = deep or operation.modify_nullable is True
            if operation.modify_type is not None and self.type_constraints(operation, operation.modify_type):
                return False
            return operation.modify_nullable is not False and (not deep or self._stands_alone(stored))
        if isinstance(operation, DropColumnOp):
            return self._stands_alone(stored)
        if isinstance(operation, CreateIndexOp):
            return not self._updated
        return not isinstance(operation, (AddConstraintOp, DropConstraintOp))

    def _stands_alone(self, stored: DuckTable) -> bool:
        """Whether nothing hangs on the table, and its rows have not been updated in this transaction."""
        assert self.connection is not None
        constrained = DuckDraft(stored, self).table.all_constraints()
        generated = any(column.generated for column in DuckDraft(stored, self).table.columns)
        dropped = (stored.schema, fold(stored.name)) in self._index_dropped
        if constrained or generated or stored.objects or dropped or self._updated:
            return False
        return not referring_tables(self.connection, stored.name, stored.schema)

    def _is_there(self, stored: DuckTable, operation: CreateIndexOp) -> bool:
        names = [fold(found.name) for found in stored.of_kind("index")]
        return bool(operation.if_not_exists) and fold(str(operation.index_name)) in names

    def _constraints_of(self, operation: AddColumnOp) -> bool:
        """Whether a new column brings constraints along."""
        table, column = self.table_with_new_column(operation)
        made = [one for one in table.constraints if self.is_wanted(one)]
        real = [one for one in made if not isinstance(one, PrimaryKeyConstraint) or one.columns]
        return bool(real or column.constraints)

    def _refuse(self, table: str, what: str) -> NoReturn:
        raise CommandError(
            f"DuckDB can't {what} on table {table!r} by ALTER: that takes a rebuild, which needs "
            "a connection to look at the table"
        )

    # the run

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """BEGIN ... COMMIT; a transaction that an error has aborted is a failure, though COMMIT says yes."""
        self._updated, self._index_dropped = False, set()
        try:
            with connection.begin():
                yield
                try:
                    connection.exec_driver_sql("SELECT 1").close()
                except exc.DBAPIError as error:
                    raise MigrateError(
                        "A statement failed in this transaction and the error was passed over; DuckDB keeps "
                        "nothing of such a transaction (though its COMMIT reports success)"
                    ) from error
        finally:
            self._updated, self._index_dropped = False, set()


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
