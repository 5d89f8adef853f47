"""What each operation becomes on SQLite: its few ALTERs, and a rebuild of the table for all else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import Constraint, CreateIndex, CreateTable, Index, PrimaryKeyConstraint, Table
from sqlalchemy.sql.schema import ForeignKeyConstraint

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text
from nbmigrate.dialects.base import Dialect, Statements, check_batch
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.alterable import (
    CHANGES,
    can_alter,
    can_be_renamed,
    is_plain_anywhere,
    rename_alone,
    table_of_operation,
)
from nbmigrate.dialects.sqlite.catalogue import Catalogue, StoredObject, StoredTable
from nbmigrate.dialects.sqlite.create_table import parse_create_table
from nbmigrate.dialects.sqlite.draft import Draft
from nbmigrate.dialects.sqlite.foreign_keys import ForeignKeysOn, broken_foreign_keys, foreign_keys_on
from nbmigrate.dialects.sqlite.rebuild import rebuild
from nbmigrate.dialects.sqlite.transactions import driver_in_transaction, foreign_keys_off, immediate
from nbmigrate.errors import CommandError, MigrateError
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    BatchAlterTableOp,
    CreateIndexOp,
    CreateTableCommentOp,
    CreateTableOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    MigrateOperation,
    ModifyTableOps,
    OpContainer,
    RenameTableOp,
)
from nbmigrate.model.operations.schema_objects import ordered_constraints

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.schema import MetaData
    from sqlalchemy.sql.compiler import DDLCompiler


class SQLite(Dialect):
    """SQLite.

    ``catalogue`` knows the tables as they are at each moment; while text is written it knows those that the
    script has made so far, so that later changes to them can be written too.
    """

    transactional_ddl = True
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

    # whole tables

    def create_table(self, operation: CreateTableOp) -> Statements:
        """CREATE TABLE, as everywhere."""
        yield from super().create_table(operation)
        known = operation.if_not_exists and self.catalogue.table(operation.table_name, operation.schema)
        if not self.live and not known:
            self.catalogue.remember(self._described(operation.to_table(self)))

    def drop_table(self, operation: DropTableOp) -> Statements:
        """DROP TABLE, as everywhere."""
        yield from super().drop_table(operation)
        self.catalogue.forget(operation.table_name, operation.schema)

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

    def add_column(self, operation: AddColumnOp) -> Statements:
        """ADD COLUMN where SQLite can, else a rebuild."""
        yield from self.change_table([operation])

    def drop_column(self, operation: DropColumnOp) -> Statements:
        """DROP COLUMN where SQLite can, else a rebuild."""
        yield from self.change_table([operation])

    def alter_column(self, operation: AlterColumnOp) -> Statements:
        """RENAME COLUMN where it is nothing else, else a rebuild."""
        yield from self.change_table([operation])

    def add_constraint(self, operation: AddConstraintOp) -> Statements:
        """A rebuild."""
        yield from self.change_table([operation])

    def drop_constraint(self, operation: DropConstraintOp) -> Statements:
        """A rebuild."""
        yield from self.change_table([operation])

    def create_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX, as everywhere."""
        for statement in self.plain_index(operation):
            yield statement
            self.catalogue.remember_object(self._index_object(statement), operation.schema)

    def plain_index(self, operation: CreateIndexOp) -> Statements:
        """CREATE INDEX, without remembering it."""
        return super().create_index(operation)

    def drop_index(self, operation: DropIndexOp) -> Statements:
        """DROP INDEX, as everywhere."""
        yield from super().drop_index(operation)
        self.catalogue.forget_index(str(operation.index_name), operation.schema)

    def modify_table(self, operation: ModifyTableOps) -> Statements:
        """What autogenerate found out about one table: one rebuild, if it takes one."""
        yield from self.change_table(operation.ops)

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
        if stored is None or recreate == "never":
            for operation in operations:
                yield from self._change_unseen(operation, batch if recreate != "never" else None)
            return
        more = batch is not None and (batch.table_args or batch.table_kwargs or batch.partial_reordering)
        plain = all(can_alter(self, self.catalogue, stored, operation) for operation in operations)
        if recreate == "auto" and plain and not more:
            for operation in operations:
                yield from self._alter(operation, stored)
        else:
            yield from self._rebuild(stored, operations, batch)

    def _alter(self, operation: MigrateOperation, table: StoredTable) -> Statements:
        """One change that SQLite has a statement for; none where nothing would change."""
        if isinstance(operation, (CreateIndexOp, DropIndexOp)):
            yield from self.emit(operation)
            return
        stored = self.catalogue.table(table.name, table.schema) or table
        draft = Draft(stored, self)
        draft.take_in(operation)
        if not draft.changed:
            return
        if isinstance(operation, AddColumnOp):
            yield self._column_added(operation)
        elif isinstance(operation, DropColumnOp):
            column = operation.to_column(self)
            yield Statement(elements.DropColumn(operation.table_name, column, operation.schema))
        elif isinstance(operation, AlterColumnOp):
            old, new = operation.column_name, str(operation.modify_name)
            yield Statement(elements.ColumnName(operation.table_name, old, new, operation.schema))
        yield from draft.created
        self._remember(draft)

    def _column_added(self, operation: AddColumnOp) -> Statement:
        table, column = self.table_with_new_column(operation)
        constraints = [
            constraint
            for constraint in ordered_constraints(table)
            if not isinstance(constraint, PrimaryKeyConstraint) and self.is_wanted(constraint)
        ]
        return Statement(AddColumnWith(operation.table_name, column, operation.schema, constraints))

    # tables of which nothing is known

    def _change_unseen(self, operation: MigrateOperation, batch: BatchAlterTableOp | None) -> Statements:
        """The usual ALTER, whether SQLite takes it or not: only the one who runs the text can tell."""
        if batch is not None and not is_plain_anywhere(self, operation):
            raise CommandError(
                "This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live "
                f'database connection with which to reflect the table "{batch.table_name}". To generate a '
                'batch SQL migration script using table "move and copy", a complete Table object should be '
                'passed to the "copy_from" argument of the batch_alter_table() method so that table '
                "reflection can be skipped."
            )
        if isinstance(operation, AddColumnOp):
            yield from super().add_column(operation)
        elif isinstance(operation, DropColumnOp):
            yield from super().drop_column(operation)
        elif isinstance(operation, AlterColumnOp):
            for statement in self.column_changes(operation):
                if not isinstance(statement.construct, elements.ColumnComment):
                    yield statement
        elif isinstance(operation, AddConstraintOp):
            yield from self.constraint_added(operation.to_constraint(self))
        elif isinstance(operation, DropConstraintOp):
            self._refuse_constraint(operation.table_name)
        else:
            yield from self.emit(operation)

    def constraint_added(self, constraint: Constraint) -> Statements:
        """Nothing for what a type brings along, a refusal for all else: there is no such ALTER."""
        if constraint._create_rule is None:
            self._refuse_constraint(getattr(getattr(constraint, "table", None), "name", "?"))
        yield from ()

    def _refuse_constraint(self, table: str) -> None:
        raise CommandError(
            f"SQLite can't change the constraints of table {table!r} by ALTER, and what the table looks "
            "like is not known: give a connection, or use batch_alter_table() with copy_from="
        )

    # the rebuild

    def _rebuild(
        self, stored: StoredTable, operations: Sequence[MigrateOperation], batch: BatchAlterTableOp | None
    ) -> Statements:
        connection = self.connection if self.live else None
        if connection is not None:
            referring = self.catalogue.referring_tables(stored.name, stored.schema)
            if referring and foreign_keys_on(connection):
                raise ForeignKeysOn(stored.name)
            if not driver_in_transaction(connection):
                # a connection of somebody else's: what follows is done whole or not at all
                yield Statement("BEGIN IMMEDIATE")
        renamed: dict[str, str] = {}
        for operation in operations if batch is None or batch.copy_from is None else ():
            if isinstance(operation, AlterColumnOp) and can_be_renamed(stored, operation):
                # SQLite's own rename sees to views, triggers and other tables' foreign keys
                yield from self._alter(rename_alone(operation), stored)
                stored = self.catalogue.table(stored.name, stored.schema) or stored
                renamed[operation.column_name] = str(operation.modify_name)
        draft = Draft(stored, self, batch.naming_convention if batch else None, renamed)
        # a column that goes takes constraints and indexes along: those that are named go first
        for operation in sorted(
            operations, key=lambda op: not isinstance(op, (DropConstraintOp, DropIndexOp))
        ):
            draft.take_in(operation)
        if batch is not None:
            draft.take_in_arguments(batch)
        if draft.changed or (batch is not None and batch.recreate == "always"):
            yield from rebuild(draft, self.catalogue, connection)
        else:
            yield from draft.index_changes()
        self._remember(draft)

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
        triggers = stored.of_kind("trigger") if stored else ()
        return replace(given, name=name, schema=schema, objects=(*given.objects, *triggers))

    def _described(self, table: Table, indexes: Sequence[Index] | None = None) -> StoredTable:
        """A table that a script or the models describe, as the catalogue would have it."""
        text = compile_text(CreateTable(table), self.sqlalchemy)
        made = [Statement(CreateIndex(index)) for index in (indexes or sorted_indexes(table))]
        return StoredTable(table.name, table.schema, text, tuple(self._index_object(one) for one in made))

    def _index_object(self, statement: Statement) -> StoredObject:
        index = cast("CreateIndex", statement.construct).element
        table = index.table.name if index.table is not None else ""
        return StoredObject(
            "index", str(index.name), compile_text(statement.construct, self.sqlalchemy), table
        )

    def _remember(self, draft: Draft) -> None:
        if self.live:
            return
        sql = edit.rename_table(draft.sql, self.quote(draft.stored.name))
        created = [self._index_object(s) for s in draft.created if isinstance(s.construct, CreateIndex)]
        self.catalogue.remember(replace(draft.stored, sql=sql, objects=(*draft.objects, *created)))

    def quote(self, name: str) -> str:
        """A name as SQL."""
        return self.sqlalchemy.identifier_preparer.quote(name)

    # the run

    def changed_elsewhere(self, connection: Connection) -> object:
        """SQLite's ``data_version``: another one once another connection has committed.

        BEGIN IMMEDIATE, which each revision begins with, is the only lock there is.
        """
        return connection.exec_driver_sql("PRAGMA data_version").scalar()

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


class AddColumnWith(elements.AddColumn):
    """ADD COLUMN with constraints behind the column: the only way to add them without a rebuild."""

    def __init__(
        self, table_name: str, column: Any, schema: str | None, constraints: Sequence[Constraint]
    ) -> None:
        super().__init__(table_name, column, schema)
        self.constraints = constraints


def sorted_indexes(table: Table) -> list[Index]:
    """A table's indexes (a set) by name."""
    return sorted(table.indexes, key=lambda index: str(index.name))


@compiles(AddColumnWith, "sqlite")
def _add_column_with(element: AddColumnWith, compiler: DDLCompiler, **kw: Any) -> str:
    parts = [
        elements.alter_table(compiler, element),
        "ADD COLUMN",
        elements.format_new_column(compiler, element),
    ]
    for constraint in element.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            name = compiler.preparer.format_constraint(constraint) if constraint.name else None
            parts += [f"CONSTRAINT {name}"] if name else []
            parts.append(elements.format_references(compiler, constraint))
        elif constraint not in element.column.constraints:
            parts.append(compiler.process(constraint))
    return " ".join(parts)


@compiles(elements.RenameTable, "sqlite")
def _rename_table(element: elements.RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = elements.format_table_name(compiler, element.new_table_name, None)
    return f"{elements.alter_table(compiler, element)} RENAME TO {new}"


@compiles(elements.ColumnName, "sqlite")
def _column_name(element: elements.ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    old = elements.format_column_name(compiler, element.column_name)
    new = elements.format_column_name(compiler, element.newname)
    return f"{elements.alter_table(compiler, element)} RENAME COLUMN {old} TO {new}"
