"""What hurts on PostgreSQL: locks that stop readers and writers while a table is read or written anew.

Locks and rewrites as in PostgreSQL's manual, "ALTER TABLE" and "CREATE INDEX"; the safe ways are those that
squawk and strong_migrations tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import types
from sqlalchemy.schema import Identity

from nbmigrate.model.finding import Finding
from nbmigrate.model.operations import (
    AddColumnOp,
    AlterColumnOp,
    BulkInsertOp,
    CreateCheckConstraintOp,
    CreateExcludeConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropIndexOp,
    ExecuteSQLOp,
    MigrateOperation,
)
from nbmigrate.model.operations.so_far import SoFar, table_name
from nbmigrate.model.widening import widens

if TYPE_CHECKING:
    from nbmigrate.dialects.base import Rule

__all__ = ["RULES"]

_VOLATILE = re.compile(
    r"\b(random|gen_random_uuid|uuid_generate_v\d\w*|uuidv[47]|clock_timestamp|timeofday|nextval)\s*\(",
    re.IGNORECASE,
)
_WRITES = re.compile(r"\s*(UPDATE|DELETE|INSERT)\b", re.IGNORECASE)
BLOCK = "with op.get_context().autocommit_block(): "


def indexes(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """Indexes are made and dropped beside writers only if that is asked for, outside a transaction."""
    if not isinstance(operation, (CreateIndexOp, DropIndexOp)) or so_far.is_new(operation):
        return
    about = str(operation.index_name or table_name(operation))
    concurrently = operation.kw.get("postgresql_concurrently")
    word = "create" if isinstance(operation, CreateIndexOp) else "drop"
    if concurrently and so_far.in_transaction:
        yield Finding(
            f"{word}-index-concurrently",
            about,
            "CONCURRENTLY can't run in a transaction: the database refuses it",
            f"{BLOCK}op.{word}_index(..., postgresql_concurrently=True)",
        )
    elif not concurrently:
        stops = "writers" if word == "create" else "readers and writers"
        yield Finding(
            f"{word}-index",
            about,
            f"{stops} of the table wait until it is done",
            f"{BLOCK}op.{word}_index(..., postgresql_concurrently=True), in a revision of its own",
        )


def validated_constraints(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A foreign key or CHECK reads the whole table under a lock."""
    if not isinstance(operation, (CreateForeignKeyOp, CreateCheckConstraintOp)) or so_far.is_new(operation):
        return
    if operation.kw.get("postgresql_not_valid"):
        return
    is_key = isinstance(operation, CreateForeignKeyOp)
    yield Finding(
        "add-foreign-key" if is_key else "add-check",
        f"{table_name(operation)}.{operation.constraint_name or '(no name)'}",
        "the table is read whole while "
        + ("writers of both tables wait" if is_key else "readers and writers wait"),
        "postgresql_not_valid=True here, and ALTER TABLE ... VALIDATE CONSTRAINT in the next revision",
    )


def index_constraints(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A key or unique constraint builds its index under the strongest lock."""
    if so_far.is_new(operation):
        return
    if isinstance(operation, CreateExcludeConstraintOp):
        yield Finding(
            "add-exclude",
            table_name(operation),
            "its index is built while readers and writers wait, and there is no way around that",
            "run it when nobody needs the table",
        )
    if not isinstance(operation, (CreatePrimaryKeyOp, CreateUniqueConstraintOp)):
        return
    is_key = isinstance(operation, CreatePrimaryKeyOp)
    yield Finding(
        "add-primary-key" if is_key else "add-unique",
        table_name(operation),
        "it fails where values repeat, and its index is built while readers and writers wait",
        "a unique index first, made with postgresql_concurrently=True; then ALTER TABLE ... ADD CONSTRAINT "
        f"... {'PRIMARY KEY' if is_key else 'UNIQUE'} USING INDEX",
    )


def forbidden_nulls(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """SET NOT NULL reads the whole table under the strongest lock."""
    if (
        isinstance(operation, AlterColumnOp)
        and operation.modify_nullable is False
        and not so_far.is_new(operation)
    ):
        yield Finding(
            "set-not-null",
            f"{table_name(operation)}.{operation.column_name}",
            "it fails where a row holds NULL, and the table is read whole while readers and writers wait",
            f"CHECK ({operation.column_name} IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT, SET NOT NULL, and "
            "drop the CHECK, each in a revision of its own",
        )


def rewritten_by_a_column(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A new column whose values differ by row makes the table anew."""
    if not isinstance(operation, AddColumnOp) or so_far.is_new(operation):
        return
    column, reason = operation.column, ""
    if column.computed is not None and column.computed.persisted is not False:
        reason = "a stored generated column"
    elif isinstance(column.server_default, Identity) or column.identity is not None:
        reason = "an identity column"
    elif _VOLATILE.search(_text(getattr(column.server_default, "arg", None))):
        reason = "a default that is another one for each row"
    if reason:
        yield Finding(
            "rewrite",
            f"{table_name(operation)}.{column.name}",
            f"{reason} writes every row anew while readers and writers wait",
            "add it without, set the default afterwards, and fill old rows in pieces",
        )


def rewritten_by_a_type(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """Most changes of type make the table and its indexes anew; more room for text does not."""
    if not isinstance(operation, AlterColumnOp) or operation.modify_type is None or so_far.is_new(operation):
        return
    old, new = operation.existing_type, types.to_instance(operation.modify_type)
    fits = old is not None and widens(old, new)
    if fits and not isinstance(new, types.Integer):
        return
    yield Finding(
        "change-type",
        f"{table_name(operation)}.{operation.column_name}",
        "every row and index is written anew while readers and writers wait"
        + ("" if fits else ", and values may be refused or become others"),
        "add a column of the new type beside it, let programs write both, fill it in pieces, and drop the "
        "old one in a later revision",
    )


def rows_beside_changes(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """Rows are written while the locks of the changes before are held."""
    if not so_far.changed_tables or not so_far.in_transaction:
        return
    writes = isinstance(operation, BulkInsertOp)
    if isinstance(operation, ExecuteSQLOp):
        writes = _WRITES.match(_text(operation.sqltext)) is not None
    if writes:
        yield Finding(
            "rows-beside-changes",
            "this revision",
            "the locks of the changes before it are held until all rows are written",
            "write rows in a revision of its own, many rows in pieces",
        )


def plain_json(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """``json`` has no equality: DISTINCT and GROUP BY fail on it."""
    if isinstance(operation, AddColumnOp) and operation.column.type.__visit_name__ == "JSON":
        yield Finding(
            "json",
            f"{table_name(operation)}.{operation.column.name}",
            "json can't be compared: DISTINCT and GROUP BY over it fail",
            "sqlalchemy.dialects.postgresql.JSONB",
        )


def _text(expression: Any) -> str:
    try:
        return str(expression)
    except Exception:  # an expression that only its own database can write
        return ""


RULES: tuple[Rule, ...] = (
    indexes,
    validated_constraints,
    index_constraints,
    forbidden_nulls,
    rewritten_by_a_column,
    rewritten_by_a_type,
    rows_beside_changes,
    plain_json,
)
