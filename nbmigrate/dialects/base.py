"""What one database does with each operation: the emitters; what a run must know of it is in ``run_ways``.

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
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, Table, schema, text

from nbmigrate.ddl import elements
from nbmigrate.ddl.events import fire
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.altered import default_element, existing_facts, warn_of_autoincrement
from nbmigrate.dialects.lacking import check_constraint_kind
from nbmigrate.dialects.names import check_names
from nbmigrate.dialects.objects_sql import ObjectStatements
from nbmigrate.dialects.places import place_of, refuse_places
from nbmigrate.dialects.run_ways import RunWays
from nbmigrate.errors import CommandError
from nbmigrate.model.operations.schema_objects import (
    make_constraint,
    make_table,
    named_table,
    ordered_constraints,
)
from nbmigrate.model.rows import PIECE, RowStream

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

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


class Dialect(RunWays, ObjectStatements):
    """The usual database; also what an unknown one is treated as.

    ``sqlalchemy`` is SQLAlchemy's dialect. ``connection`` is there to be read, even while only text is
    written; ``live`` says that the statements really run on it.
    """

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
        if operation.is_bare:
            table = named_table(self._bare_table, operation.table_name, operation.schema)
        else:
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

    @cached_property
    def _bare_table(self) -> Table:
        return make_table("bare", context=self)

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


def emitter_names(cls: type) -> tuple[str, ...]:
    """``create_unique_constraint``, ``add_constraint``, ... for an operation's class and its bases."""
    names = (base.__name__.removesuffix("Ops").removesuffix("Op") for base in cls.__mro__)
    return tuple(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=SQL)(?=[A-Z])", "_", name).lower() for name in names)


def check_batch(operation: BatchAlterTableOp) -> None:
    """Refuse what a batch can't hold."""
    if operation.recreate not in ("auto", "always", "never"):
        raise ValueError("recreate may be one of 'auto', 'always', or 'never'.")
