"""Rules that hold on any database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Column, PrimaryKeyConstraint

from nbmigrate.model.finding import Finding
from nbmigrate.model.operations import (
    AlterColumnOp,
    CreateIndexOp,
    CreateTableOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    DropTableOp,
    ExecuteSQLOp,
    MigrateOperation,
    RenameTableOp,
)
from nbmigrate.model.operations.so_far import SoFar, comes_without_values, table_name
from nbmigrate.model.widening import widens

if TYPE_CHECKING:
    from nbmigrate.dialects.base import Rule

_WORDS = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
_EVERY_ROW = re.compile(
    r"\s*(?:(TRUNCATE)\b|(UPDATE)\s+(?:ONLY\s+)?(\S+)\s+(?:\w+\s+)?SET\b|(DELETE)\s+FROM\s+(?:ONLY\s+)?(\S+))",
    re.IGNORECASE,
)
EXPAND = (
    "add the new one beside it, let programs write both, move the rows, drop the old one in a later revision"
)


def dropped_tables(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A table goes, with its rows."""
    if isinstance(operation, DropTableOp) and not so_far.is_new(operation):
        yield Finding(
            "drop-table",
            table_name(operation),
            "its rows are gone for good, and programs that still run ask for it",
            "stop using it, rename it aside, and drop it in a later revision",
        )


def dropped_columns(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A column goes, with its values."""
    if isinstance(operation, DropColumnOp) and not so_far.is_new(operation):
        yield Finding(
            "drop-column",
            f"{table_name(operation)}.{operation.column_name}",
            "its values are gone for good, and programs that still run ask for it",
            "take it out of the models first, and drop it once no program that knows it runs",
        )


def renames(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A table or column gets another name."""
    if so_far.is_new(operation):
        return
    why = "programs that still run ask for the old name"
    if isinstance(operation, RenameTableOp):
        yield Finding("rename-table", table_name(operation), why, f"a view under the old name; or {EXPAND}")
    elif isinstance(operation, AlterColumnOp) and operation.modify_name not in (None, operation.column_name):
        yield Finding("rename-column", f"{table_name(operation)}.{operation.column_name}", why, EXPAND)


def columns_without_values(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A new column that must not be NULL, and no value for the rows that are there."""
    if not comes_without_values(operation, so_far):
        return
    yield Finding(
        "not-null-without-default",
        f"{table_name(operation)}.{operation.column.name}",
        "it fails as soon as the table has a row: there is no value for it",
        "add it with a server_default; or as nullable, fill it, and forbid NULL in a later revision",
    )


def forbidden_nulls(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """NULL is forbidden where there may be some."""
    if isinstance(operation, AlterColumnOp) and operation.modify_nullable is False:
        yield Finding(
            "set-not-null",
            f"{table_name(operation)}.{operation.column_name}",
            "it fails where a row holds NULL",
            "fill such rows in the revision before, and let programs write a value",
        )


def unique_on_rows(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """Values must be unique from now on."""
    is_unique = isinstance(operation, CreateUniqueConstraintOp) or (
        isinstance(operation, CreateIndexOp) and operation.unique
    )
    if is_unique and not so_far.is_new(operation):
        yield Finding(
            "add-unique",
            table_name(operation),
            "it fails where values repeat",
            "look for repeated values first (GROUP BY ... HAVING count(*) > 1), and mend them",
        )


def changed_types(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A column gets another type, and not only more room."""
    if not isinstance(operation, AlterColumnOp) or operation.modify_type is None:
        return
    if operation.existing_type is not None and widens(operation.existing_type, operation.modify_type):
        return
    yield Finding(
        "change-type",
        f"{table_name(operation)}.{operation.column_name}",
        "values may be refused or become others, and most databases write every row anew",
        EXPAND,
    )


def dropped_constraints(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """What kept rows right is gone."""
    if isinstance(operation, DropConstraintOp) and not so_far.is_new(operation):
        name = f".{operation.constraint_name}" if operation.constraint_name else ""
        yield Finding(
            "drop-constraint",
            f"{table_name(operation)}{name}",
            "what it forbade can come in from now on, and to put it back such rows must be mended first",
            "drop it only on purpose, and together with what takes its place",
        )


def every_row(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """SQL that changes or deletes every row."""
    for statement in sql_texts(operation):
        match = _EVERY_ROW.match(statement)
        if match and (match[1] or not re.search(r"\bWHERE\b", statement, re.IGNORECASE)):
            word = (match[1] or match[2] or match[4]).upper()
            yield Finding(
                f"{word.lower()}-every-row",
                (match[3] or match[5] or "").strip('"`[];') or statement.split()[-1].strip(";"),
                f"{word} without WHERE: it touches every row that there is",
                "say which rows are meant; many rows in pieces, in a revision of their own",
            )


def tables_without_key(operation: MigrateOperation, so_far: SoFar) -> Iterator[Finding]:
    """A table in which rows can't be told apart."""
    if not isinstance(operation, CreateTableOp):
        return
    columns = [one for one in operation.columns if isinstance(one, Column)]
    keys = [one for one in operation.columns if isinstance(one, PrimaryKeyConstraint)]
    if (
        columns
        and not any(one.primary_key for one in columns)
        and not any(_holds_columns(one) for one in keys)
    ):
        yield Finding(
            "no-primary-key",
            table_name(operation),
            "rows can't be told apart: ORMs, replication and the mending of doubles need a key",
            "give it a primary key",
        )


def _holds_columns(key: PrimaryKeyConstraint) -> bool:
    return bool(getattr(key, "_pending_colargs", ())) or bool(list(key.columns))


def sql_texts(operation: MigrateOperation) -> list[str]:
    """The statements of plain SQL, without comments and the insides of texts."""
    if not isinstance(operation, ExecuteSQLOp):
        return []
    try:
        text = str(operation.sqltext)
    except Exception:  # an expression that only its own database can write
        return []
    return [one for one in _WORDS.sub("''", text).split(";") if one.strip()]


RULES: tuple[Rule, ...] = (
    dropped_tables,
    dropped_columns,
    renames,
    columns_without_values,
    forbidden_nulls,
    unique_on_rows,
    changed_types,
    dropped_constraints,
    every_row,
    tables_without_key,
)
