"""Which changes SQLite has a statement for; every other takes a rebuild.

An ALTER is tried only where it is sure to be taken: a rebuild is always right, only slower. Newer SQLite can
alter more (lang_altertable.html, and tried out): which library is linked is asked at run time. While text is
written without a database, it is taken to be one that has RENAME COLUMN and DROP COLUMN, and nothing newer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import Computed, DefaultClause, FetchedValue

from nbmigrate.ddl.elements import format_server_default
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.create_table import CreateTable, parse_create_table
from nbmigrate.dialects.sqlite.tokens import same_name
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreateTableCommentOp,
    DropColumnOp,
    DropConstraintOp,
    DropIndexOp,
    DropTableCommentOp,
    MigrateOperation,
)

RENAME_COLUMN = (3, 25, 0)
DROP_COLUMN = (3, 35, 5)  # from 3.35.0, but for errors that lost data
SET_NOT_NULL = CHECKS = (3, 53, 0)
DROP_FOREIGN_KEY = (3, 54, 0)  # seen in 3.54.1

if TYPE_CHECKING:
    from nbmigrate.dialects.base import Dialect
    from nbmigrate.dialects.sqlite.catalogue import Catalogue, StoredTable

_LITERAL = re.compile(
    r"""[+-]?(?:[\d.]+(?:e[+-]?\d+)?|0x[0-9a-f]+)|x?'(?:[^']|'')*'|null|true|false""",
    re.IGNORECASE | re.DOTALL,
)


def can_alter(
    dialect: Dialect, catalogue: Catalogue, stored: StoredTable, operation: MigrateOperation
) -> bool:
    """Whether SQLite takes the change to this table as an ALTER, or as CREATE or DROP INDEX."""
    if isinstance(operation, AddColumnOp):
        return can_be_added(dialect, operation)
    if isinstance(operation, AlterColumnOp):
        return _can_be_altered(catalogue, stored, operation)
    if isinstance(operation, DropColumnOp):
        return _can_be_dropped(catalogue, stored, operation.column_name)
    if isinstance(operation, CreateCheckConstraintOp):
        return catalogue.has(CHECKS)
    if isinstance(operation, DropConstraintOp):
        return _constraint_can_be_dropped(catalogue, stored, operation)
    return isinstance(operation, (CreateIndexOp, DropIndexOp, CreateTableCommentOp, DropTableCommentOp))


def is_plain_anywhere(dialect: Dialect, operation: MigrateOperation) -> bool:
    """Whether SQLite has a statement for the operation, whatever its table is."""
    if isinstance(operation, AlterColumnOp):
        return not changes_definition(operation)
    if isinstance(operation, AddColumnOp):
        return can_be_added(dialect, operation)
    return not isinstance(operation, (DropColumnOp, AddConstraintOp, DropConstraintOp))


def _can_be_altered(catalogue: Catalogue, stored: StoredTable, operation: AlterColumnOp) -> bool:
    """Whether RENAME COLUMN, and SET or DROP NOT NULL where SQLite has them, are all it takes."""
    if changes_definition(operation, but_nullability=catalogue.has(SET_NOT_NULL)):
        return False
    if parse_create_table(stored.sql).column(operation.column_name) is None:
        # what is refused is refused in one place
        return False
    renamed = operation.modify_name not in (None, operation.column_name)
    return not renamed or (catalogue.has(RENAME_COLUMN) and can_be_renamed(stored, operation))


def _constraint_can_be_dropped(
    catalogue: Catalogue, stored: StoredTable, operation: DropConstraintOp
) -> bool:
    """Whether DROP CONSTRAINT takes it: by its own name, a CHECK or, in newer SQLite, a foreign key."""
    if not catalogue.has(CHECKS) or not operation.constraint_name:
        return False
    table = parse_create_table(stored.sql)
    named = [c for c in table.all_constraints() if c.name and same_name(c.name, operation.constraint_name)]
    kind = operation.constraint_type
    if len(named) != 1 or kind not in (None, named[0].kind):
        return False
    return named[0].kind == "check" or (named[0].kind == "foreignkey" and catalogue.has(DROP_FOREIGN_KEY))


def changes_definition(operation: AlterColumnOp, *, but_nullability: bool = False) -> bool:
    """Whether more than the column's name changes, or its comment, which SQLite does not keep."""
    return (
        operation.modify_type is not None
        or (operation.modify_nullable is not None and not but_nullability)
        or operation.modify_server_default is not False
        or bool(operation.kw.get("insert_before") or operation.kw.get("insert_after"))
    )


def can_be_renamed(stored: StoredTable, operation: AlterColumnOp) -> bool:
    """Whether RENAME COLUMN will do: there is such a column, and none of the new name."""
    table, new = parse_create_table(stored.sql), operation.modify_name
    if new is None or same_name(new, operation.column_name):
        return False
    return table.column(operation.column_name) is not None and table.column(new) is None


def can_be_added(dialect: Dialect, operation: AddColumnOp) -> bool:
    """Whether ADD COLUMN takes the column: no key, a literal default, and one where it must not be NULL."""
    column = operation.column
    if column.primary_key or column.unique:
        return False
    default = column.server_default
    if isinstance(default, Computed):
        return not default.persisted
    if default is None:
        return bool(column.nullable)
    return not column.foreign_keys and _is_literal(dialect, default)


def _is_literal(dialect: Dialect, default: FetchedValue) -> bool:
    if not isinstance(default, DefaultClause) or isinstance(default.arg, ColumnElement):
        return False
    compiler: Any = dialect.sqlalchemy.ddl_compiler(dialect.sqlalchemy, None)  # type: ignore[arg-type]
    text = format_server_default(compiler, default)
    return _LITERAL.fullmatch(text) is not None and text.upper() != "NULL"


def _can_be_dropped(catalogue: Catalogue, stored: StoredTable, name: str) -> bool:
    """Whether nothing names the column: no key, check, expression, index, view or trigger."""
    if not catalogue.has(DROP_COLUMN):
        return False
    table = parse_create_table(stored.sql)
    if table.column(name) is None:
        return True
    if len(table.columns) == 1 or _is_used(table, name):
        return False
    hanging = (*stored.objects, *catalogue.views(stored.schema), *catalogue.triggers(stored.schema))
    return not any(edit.mentions(found.sql, [name]) for found in hanging)


def _is_used(table: CreateTable, name: str) -> bool:
    clauses = [clause for column in table.columns for clause in column.constraints]
    expressions = [c for c in (*clauses, *table.constraints) if c.kind in ("check", "generated")]
    if any(edit.names_in(table.text, name, clause.text_span) for clause in expressions):
        return True
    keys = [constraint for constraint in table.all_constraints() if constraint.kind != "check"]
    referred = [key for key in keys if key.references and same_name(key.references.table.name, table.name)]
    return any(same_name(key, name) for constraint in keys for key in constraint.column_names) or any(
        same_name(key.name, name)
        for constraint in referred
        for key in constraint.references.columns  # type: ignore[union-attr]
    )


def rename_alone(operation: AlterColumnOp) -> AlterColumnOp:
    """Of an operation only the rename."""
    return AlterColumnOp(
        operation.table_name,
        operation.column_name,
        schema=operation.schema,
        modify_name=operation.modify_name,
    )


def table_of_operation(operation: MigrateOperation) -> tuple[str | None, str | None]:
    """The name and schema of the table that an operation changes."""
    if isinstance(operation, CreateForeignKeyOp):
        return operation.source_table, operation.kw.get("source_schema")
    return getattr(operation, "table_name", None), getattr(operation, "schema", None)
