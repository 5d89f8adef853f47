"""Single changes as SQLite's own ALTERs: of tables that are known, and of those that are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy.schema import PrimaryKeyConstraint

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.sqlite.alterable import is_plain_anywhere, table_of_operation
from nbmigrate.dialects.sqlite.draft import Draft
from nbmigrate.dialects.sqlite.elements import AddColumnWith
from nbmigrate.errors import CommandError
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    BatchAlterTableOp,
    CreateCheckConstraintOp,
    CreateIndexOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    MigrateOperation,
)
from nbmigrate.model.operations.schema_objects import ordered_constraints

if TYPE_CHECKING:
    from nbmigrate.dialects.sqlite.catalogue import StoredTable
    from nbmigrate.dialects.sqlite.dialect import SQLite


def alter(dialect: SQLite, operation: MigrateOperation, table: StoredTable) -> Iterator[Statement]:
    """One change that SQLite has a statement for; none where nothing would change."""
    if isinstance(operation, (CreateIndexOp, DropIndexOp)):
        yield from dialect.emit(operation)
        return
    stored = dialect.catalogue.table(table.name, table.schema) or table
    draft = Draft(stored, dialect)
    draft.take_in(operation)
    if not draft.changed:
        return
    prefix = f"{dialect.quote(stored.schema)}." if stored.schema else ""
    begun = f"ALTER TABLE {prefix}{dialect.quote(stored.name)}"
    if isinstance(operation, AddColumnOp):
        yield _column_added(dialect, operation)
    elif isinstance(operation, DropColumnOp):
        column = operation.to_column(dialect)
        yield Statement(elements.DropColumn(operation.table_name, column, operation.schema))
    elif isinstance(operation, AlterColumnOp):
        yield from _column_altered(operation, stored, draft)
    elif isinstance(operation, CreateCheckConstraintOp):
        yield Statement(f"{begun} ADD {dialect.constraint_text(operation.to_constraint(dialect))}")
    elif isinstance(operation, DropConstraintOp):
        yield Statement(f"{begun} DROP CONSTRAINT {dialect.quote(str(operation.constraint_name))}")
    yield from draft.created
    dialect.remember(draft)


def _column_altered(operation: AlterColumnOp, stored: StoredTable, draft: Draft) -> Iterator[Statement]:
    old, new, schema = operation.column_name, operation.modify_name, operation.schema
    before = Draft(stored, draft.dialect).table.column(old)
    if operation.modify_nullable is not None and before and before.not_null == operation.modify_nullable:
        nullable = operation.modify_nullable
        yield Statement(elements.ColumnNullable(operation.table_name, old, nullable, schema))
    if new is not None and new != old:
        yield Statement(elements.ColumnName(operation.table_name, old, new, schema))


def _column_added(dialect: SQLite, operation: AddColumnOp) -> Statement:
    table, column = dialect.table_with_new_column(operation)
    constraints = [
        constraint
        for constraint in ordered_constraints(table)
        if not isinstance(constraint, PrimaryKeyConstraint) and dialect.is_wanted(constraint)
    ]
    return Statement(AddColumnWith(operation.table_name, column, operation.schema, constraints))


# tables of which nothing is known


def alter_unseen(
    dialect: SQLite, operation: MigrateOperation, batch: BatchAlterTableOp | None
) -> Iterator[Statement]:
    """The usual ALTER where SQLite has one; for all else the table would have to be known."""
    never = batch is not None and batch.recreate == "never"
    # SQLite takes these for some tables, such as empty ones
    perhaps = batch is None and isinstance(operation, (AddColumnOp, DropColumnOp))
    if not never and not perhaps and not is_plain_anywhere(dialect, operation):
        refuse_unseen(dialect, operation, batch)
    if isinstance(operation, AlterColumnOp):
        for statement in dialect.column_changes(operation):
            if not isinstance(statement.construct, elements.ColumnComment):
                yield statement
    elif isinstance(operation, DropConstraintOp):
        refuse_unseen(dialect, operation, batch)
    elif isinstance(operation, AddConstraintOp):
        if operation.to_constraint(dialect)._create_rule is None:
            refuse_unseen(dialect, operation, batch)
    else:
        yield from dialect.by_alter(operation)


class UnknownTable(CommandError, NotImplementedError):
    """A change that takes a rebuild, of a table of which nothing is known.

    Also a NotImplementedError: that is what scripts catch that were written for plain ALTERs.
    """


def refuse_unseen(dialect: SQLite, operation: MigrateOperation, batch: BatchAlterTableOp | None) -> NoReturn:
    """Say what is missing for a change that takes a rebuild."""
    name = table_of_operation(operation)[0]
    if batch is not None and batch.recreate == "never":
        raise CommandError(
            f"SQLite has no ALTER for this change to the constraints of table {name!r}: leave "
            'recreate="never" out'
        )
    if dialect.live:
        raise UnknownTable(f"No such table: {name!r}; it would have to be rebuilt for this change")
    if batch is not None:
        raise UnknownTable(
            "This operation cannot proceed in --sql mode; batch mode with dialect sqlite requires a live "
            f'database connection with which to reflect the table "{batch.table_name}". To generate a '
            'batch SQL migration script using table "move and copy", a complete Table object should be '
            'passed to the "copy_from" argument of the batch_alter_table() method so that table '
            "reflection can be skipped."
        )
    what = f"column {operation.column_name!r}" if isinstance(operation, AlterColumnOp) else "constraints"
    raise UnknownTable(
        f"No support for ALTER of {what} in SQLite dialect, and what table {name!r} looks like is not known "
        "while text is written (--sql): use batch_alter_table() with copy_from=, or give a connection"
    )
