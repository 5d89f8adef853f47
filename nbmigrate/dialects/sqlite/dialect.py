"""What each operation becomes on SQLite: its few ALTERs, and a rebuild of the table for all else."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from sqlalchemy import exc
from sqlalchemy.schema import (
    Constraint,
    CreateIndex,
    CreateTable,
    Index,
    Table,
)

from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text
from nbmigrate.dialects.base import Statements, check_batch
from nbmigrate.dialects.lacking import check_constraint_kind, check_deferrable
from nbmigrate.dialects.limits import Limit
from nbmigrate.dialects.places import refuse_places
from nbmigrate.dialects.rebuilding import CHANGES, RebuildingDialect
from nbmigrate.dialects.run_ways import HeldText
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.alterable import (
    RENAME_COLUMN,
    can_alter,
    can_be_renamed,
    is_plain_anywhere,
    rename_alone,
    table_of_operation,
)
from nbmigrate.dialects.sqlite.alters import UnknownTable, alter, alter_unseen
from nbmigrate.dialects.sqlite.arguments import take_in_reflection
from nbmigrate.dialects.sqlite.catalogue import Catalogue, StoredObject, StoredTable
from nbmigrate.dialects.sqlite.create_table import parse_create_table
from nbmigrate.dialects.sqlite.draft import Draft
from nbmigrate.dialects.sqlite.foreign_keys import ForeignKeysOn, broken_foreign_keys, foreign_keys_on
from nbmigrate.dialects.sqlite.holders import holders
from nbmigrate.dialects.sqlite.rebuild import rebuild
from nbmigrate.dialects.sqlite.tokens import fold
from nbmigrate.dialects.sqlite.transactions import (
    ask_driver,
    driver_in_transaction,
    foreign_keys_off,
    immediate,
)
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.model.operations import (
    AddConstraintOp,
    AlterColumnOp,
    BatchAlterTableOp,
    CreateIndexOp,
    CreateTableCommentOp,
    CreateTableOp,
    CreateViewOp,
    DropColumnOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    DropViewOp,
    MigrateOperation,
    OpContainer,
    RenameTableOp,
    ReplaceViewOp,
)
from nbmigrate.model.operations.schema_objects import ordered_constraints, table_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.schema import MetaData


class SQLite(RebuildingDialect):
    """SQLite.

    ``catalogue`` knows the tables as they are at each moment; while text is written it knows those that the
    script has made so far, so that later changes to them can be written too.
    """

    transactional_ddl = True
    one_lock = True
    keeps_lengths = False
    transaction_per_migration: ClassVar[bool] = True
    restart_errors: ClassVar[tuple[type[Exception], ...]] = (ForeignKeysOn,)

    def __init__(
        self,
        sqlalchemy: SQLAlchemyDialect,
        connection: Connection | None = None,
        opts: Mapping[str, Any] | None = None,
        metadata: MetaData | None = None,
    ) -> None:
        super().__init__(sqlalchemy, connection, opts, metadata)
        self.catalogue = Catalogue(connection, self.live)
        # how many rows broke each foreign key before a step that runs with foreign keys off; else None
        self._broken_before: Counter[tuple[str, str]] | None = None
        # in a transaction that is written as text; a table was rebuilt in it
        self.in_text = self._rebuilt_in_text = False

    # whole tables

    def create_table(self, operation: CreateTableOp) -> Statements:
        """CREATE TABLE, as everywhere."""
        for statement in super().create_table(operation):
            yield statement
            if not self.live and isinstance(statement.construct, CreateTable):
                table = statement.construct.element
                known = operation.if_not_exists and self.catalogue.table(table.name, table.schema)
                if not known:
                    self.catalogue.remember_later(table.name, table.schema, partial(self._described, table))

    def drop_table(self, operation: DropTableOp) -> Statements:
        """DROP TABLE, as everywhere."""
        yield from super().drop_table(operation)
        self.catalogue.forget(operation.table_name, operation.schema)

    def replace_view(self, operation: ReplaceViewOp) -> Statements:
        """DROP and CREATE: there is no CREATE OR REPLACE."""
        yield from self.drop_view(DropViewOp(operation.view_name, schema=operation.schema))
        yield from self.create_view(
            CreateViewOp(operation.view_name, operation.definition, schema=operation.schema)
        )

    def rename_table(self, operation: RenameTableOp) -> Statements:
        """RENAME TO, as everywhere."""
        yield from super().rename_table(operation)
        if not self.live:
            new = operation.new_table_name
            self.catalogue.rename(operation.table_name, operation.schema, new, self.quote(new))

    def create_table_comment(self, operation: CreateTableCommentOp) -> Statements:
        """Nothing: SQLite keeps no comments, and has no words for them."""
        yield from ()

    def drop_table_comment(self, operation: DropTableCommentOp) -> Statements:
        """Nothing: SQLite keeps no comments, and has no words for them."""
        yield from ()

    # changes to a table

    def create_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX, as everywhere."""
        for statement in self.plain_index(operation):
            yield statement
            table = cast("CreateIndex", statement.construct).element.table
            if table is not None:
                self.catalogue.remember_object(
                    table.name, operation.schema, partial(self._index_object, statement)
                )

    def plain_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX, without remembering it."""
        return super().create_index(operation)

    def drop_index(self, operation: DropIndexOp) -> Statements:
        """DROP INDEX, as everywhere."""
        yield from super().drop_index(operation)
        self.catalogue.forget_index(str(operation.index_name), operation.schema)

    def batch_alter_table(self, operation: BatchAlterTableOp) -> Statements:
        """ALTERs where SQLite can, else one rebuild for all."""
        check_batch(operation)
        yield from self.change_table(operation.operations, operation)

    def needs_rebuild(self, operation: MigrateOperation) -> bool:
        """Whether the operation takes a rebuild of its table, as the table is now."""
        if isinstance(operation, OpContainer):
            return any(self.needs_rebuild(inner) for inner in operation.ops)
        if not isinstance(operation, CHANGES):
            return False
        name, schema = table_of_operation(operation)
        stored = self.catalogue.table(str(name), schema)
        if stored is None:
            return not is_plain_anywhere(self, operation)
        return not can_alter(self, self.catalogue, stored, operation)

    def change_table(
        self, operations: Sequence[MigrateOperation], batch: BatchAlterTableOp | None = None
    ) -> Statements:
        """All these changes to one table: as ALTERs, or by one rebuild."""
        recreate = batch.recreate if batch else "auto"
        if not operations and recreate != "always":
            return
        name, schema = (batch.table_name, batch.schema) if batch else table_of_operation(operations[0])
        stored = self._stored(str(name), schema, batch)
        if stored is None:
            for operation in operations:
                yield from alter_unseen(self, operation, batch)
            return
        plain = [can_alter(self, self.catalogue, stored, operation) for operation in operations]
        if recreate == "never":
            refuse_places(operations)
            for can, operation in zip(plain, operations, strict=True):
                yield from alter(self, operation, stored) if can else alter_unseen(self, operation, batch)
        elif recreate == "auto" and all(plain) and not self._asks_for_rebuild(operations, batch):
            refuse_places(operations)
            for operation in operations:
                yield from alter(self, operation, stored)
        else:
            yield from self._rebuild(stored, operations, batch)

    def _asks_for_rebuild(
        self, operations: Sequence[MigrateOperation], batch: BatchAlterTableOp | None
    ) -> bool:
        """Whether changes that could each be an ALTER take a rebuild all the same."""
        renames = any(isinstance(one, AlterColumnOp) and one.modify_name for one in operations)
        if renames and any(isinstance(one, AddConstraintOp) for one in operations):
            # which may speak of the column by its old name
            return True
        if batch is None:
            return False
        if batch.copy_from is not None and not self.live:
            # the text may be for a library without DROP COLUMN
            return any(isinstance(one, DropColumnOp) for one in operations)
        return bool(batch.table_args or batch.table_kwargs or batch.partial_reordering)

    def constraint_added(self, constraint: Constraint) -> Statements:
        """Nothing for what a type brings along; what was asked for is not left out of a text."""
        if constraint._create_rule is None and not self.live:
            raise UnknownTable(
                "No support for ALTER of constraints in SQLite dialect, and what table "
                f"{table_of(constraint).name!r} looks like is not known while text is written (--sql): use "
                "batch_alter_table() with copy_from=, or give a connection"
            )
        yield from ()

    def constraint_text(self, constraint: Constraint) -> str:
        """A constraint as it stands in CREATE TABLE and behind ADD."""
        check_constraint_kind(constraint, self.sqlalchemy)
        check_deferrable(constraint, "SQLite")
        compiler: Any = self.sqlalchemy.ddl_compiler(self.sqlalchemy, None)  # type: ignore[arg-type]
        return str(compiler.process(constraint) or "")

    # the rebuild

    def _rebuild(
        self, stored: StoredTable, operations: Sequence[MigrateOperation], batch: BatchAlterTableOp | None
    ) -> Statements:
        connection = self.connection if self.live else None
        self._rebuilt_in_text = connection is None
        if connection is not None:
            if foreign_keys_on(connection) and self.catalogue.referring_tables(stored.name, stored.schema):
                raise ForeignKeysOn(stored.name)
            if not driver_in_transaction(connection):
                # a connection of somebody else's: what follows is done whole or not at all
                yield Statement("BEGIN IMMEDIATE")
        renamed: dict[str, str] = {}
        by_alter = (batch is None or batch.copy_from is None) and self.catalogue.has(RENAME_COLUMN)
        for operation in operations if by_alter else ():
            if isinstance(operation, AlterColumnOp) and can_be_renamed(stored, operation):
                # SQLite's own rename sees to views, triggers and other tables' foreign keys
                yield from alter(self, rename_alone(operation), stored)
                stored = self.catalogue.table(stored.name, stored.schema) or stored
                renamed[operation.column_name] = str(operation.modify_name)
        draft = Draft(stored, self, batch.naming_convention if batch else None, renamed)
        if batch is not None:
            take_in_reflection(draft, batch, connection)
        draft.take_in_all(operations)
        if batch is not None:
            draft.take_in_arguments(batch)
        if draft.changed or (batch is not None and batch.recreate == "always"):
            yield from rebuild(draft, self.catalogue, connection)
        else:
            yield from draft.index_changes()
        self.remember(draft)

    def _stored(self, name: str, schema: str | None, batch: BatchAlterTableOp | None) -> StoredTable | None:
        """The table as it is; ``copy_from`` says what it is to be taken for."""
        stored = self.catalogue.table(name, schema)
        if batch is None or batch.copy_from is None:
            return stored
        operation = CreateTableOp.from_table(batch.copy_from)
        given = self._described(operation.to_table(self), sorted_indexes(batch.copy_from))
        if stored is not None:
            known = parse_create_table(given.sql)
            lost = [c.name for c in parse_create_table(stored.sql).columns if known.column(c.name) is None]
            if lost:
                raise CommandError(
                    f"copy_from of table {name!r} lacks the columns {', '.join(lost)}: "
                    "their values would be lost"
                )
        told = {fold(found.name) for found in given.objects}
        kept = [found for found in stored.objects if fold(found.name) not in told] if stored else []
        return replace(given, name=name, schema=schema, objects=(*given.objects, *kept))

    def _described(self, table: Table, indexes: Sequence[Index] | None = None) -> StoredTable:
        """A table that a script or the models describe, as the catalogue would have it."""
        self._leave_unnamed(table)
        text = compile_text(CreateTable(table), self.sqlalchemy)
        made = [Statement(CreateIndex(index)) for index in (indexes or sorted_indexes(table))]
        return StoredTable(table.name, table.schema, text, tuple(self._index_object(one) for one in made))

    def _leave_unnamed(self, table: Table) -> None:
        """Type's CHECKs without a name stay so where the naming convention asks for one to begin with."""
        for constraint in (one for one in ordered_constraints(table) if one.name is not None):
            try:
                self.sqlalchemy.identifier_preparer.format_constraint(constraint)
            except exc.InvalidRequestError:
                column = next(iter(getattr(constraint, "columns", ())), None)
                warnings.warn(
                    "The CHECK constraint generated by the type of column "
                    f"'{table.name}.{getattr(column, 'name', '?')}' has no name: give its type one "
                    '(Boolean(name="...")), which the naming convention needs',
                    UserWarning,
                    stacklevel=2,
                )
                constraint.name = None

    def _index_object(self, statement: Statement) -> StoredObject:
        index = cast("CreateIndex", statement.construct).element
        table = index.table.name if index.table is not None else ""
        return StoredObject(
            "index", str(index.name), compile_text(statement.construct, self.sqlalchemy), table
        )

    def remember(self, draft: Draft) -> None:
        """From here on, while only text is written, the table is as the draft has it."""
        if self.live:
            return
        sql = edit.rename_table(draft.sql, self.quote(draft.stored.name))
        created = [self._index_object(s) for s in draft.created if isinstance(s.construct, CreateIndex)]
        self.catalogue.remember(replace(draft.stored, sql=sql, objects=(*draft.objects, *created)))

    def quote(self, name: str) -> str:
        """A name as SQL."""
        return self.sqlalchemy.identifier_preparer.quote(name)

    # the run

    def limits(self, lock: float | None, statement: float | None) -> tuple[Limit, ...]:
        """How long the file's lock is waited for, in milliseconds."""
        if lock is None:
            return super().limits(lock, statement)
        wait = Limit("PRAGMA busy_timeout", "PRAGMA busy_timeout = {}", round(lock * 1000))
        return (wait, *super().limits(None, statement))

    def is_lock_timeout(self, error: BaseException) -> bool:
        """SQLITE_BUSY, or SQLITE_LOCKED within one process (sqlite.org/rescode.html)."""
        code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0)
        return code & 0xFF in (5, 6)

    def whole_lock(self, error: BaseException) -> str | None:
        """Which processes have the file locked, where BEGIN IMMEDIATE was refused."""
        if not self.is_lock_timeout(error) or getattr(error, "statement", None) != "BEGIN IMMEDIATE":
            return None
        path = self.connection.engine.url.database if self.connection is not None else None
        return holders(path or "") or "SQLite does not tell by whom"

    def changed_elsewhere(self, connection: Connection) -> object:
        """SQLite's ``data_version``: another one once another connection has committed.

        BEGIN IMMEDIATE, which each revision begins with, is the only lock there is.
        """
        return ask_driver(connection, "PRAGMA data_version")

    @contextmanager
    def text_transaction(
        self, write: Callable[[str], None], hold: Callable[[], AbstractContextManager[HeldText]]
    ) -> Iterator[None]:
        """As everywhere; where a table is rebuilt in it, with foreign keys off: no cascade deletes rows.

        They can only be turned off before BEGIN. Nobody can tell here whether they were on, so they are not
        turned on again.
        """
        self.in_text, self._rebuilt_in_text = True, False
        with ExitStack() as stack:
            held = stack.enter_context(hold())
            try:
                yield
            finally:
                stack.close()
                self.in_text = False
                if self._rebuilt_in_text:
                    write("PRAGMA foreign_keys=OFF")
                write(self.begin_text)
                held.release()
        if self._rebuilt_in_text:
            write("PRAGMA foreign_key_check")
        write(self.commit_text)

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """BEGIN IMMEDIATE ... COMMIT, with DDL in it; rows that lost what they refer to stop the commit."""
        with immediate(connection):
            yield
            if self._broken_before is not None:
                broken = broken_foreign_keys(connection) - self._broken_before
                if broken:
                    found = [f"{count} in {child} to {parent}" for (child, parent), count in broken.items()]
                    raise MigrateError(f"Rows would refer to rows that are not there: {', '.join(found)}")

    @contextmanager
    def restarted(self, connection: Connection, error: Exception) -> Iterator[None]:
        """A block in which foreign keys are not enforced, but checked before each commit."""
        self._broken_before = broken_foreign_keys(connection)
        try:
            with foreign_keys_off(connection):
                yield
        finally:
            self._broken_before = None


def sorted_indexes(table: Table) -> list[Index]:
    """A table's indexes (a set) by name."""
    return sorted(table.indexes, key=lambda index: str(index.name))
