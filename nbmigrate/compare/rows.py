"""What a change does to the rows that are there: a count to take, and the words for it.

Only the counting statement is made here; who runs it decides how long it may take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from nbmigrate.model.operations import (
    AddColumnOp,
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropTableOp,
    MigrateOperation,
)


@dataclass(frozen=True)
class Count:
    """A question to the database; ``words`` makes the answer a sentence, "" where nothing is at stake.

    ``unknown`` is what to say when there is no answer in time.
    """

    statement: sa.Select[Any]
    words: Callable[[int], str]
    unknown: str


def number(count: int, one: str, several: str) -> str:
    """``1 row``, ``12,431 rows``."""
    return f"{count:,} {one if count == 1 else several}"


def at_stake(operation: MigrateOperation) -> Count | None:
    """What to count before this operation runs; None where no row is touched."""
    for kind, question in _QUESTIONS.items():
        if isinstance(operation, kind):
            return question(operation)
    return None


def _table(operation: Any) -> sa.TableClause:
    name = getattr(operation, "table_name", None) or operation.source_table
    schema = getattr(operation, "schema", None)
    return sa.table(name, schema=schema if schema is not None else _schema_of_key(operation))


def _schema_of_key(operation: Any) -> str | None:
    found = getattr(operation, "kw", {}).get("source_schema")
    return None if found is None else str(found)


def _rows(table: sa.TableClause) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table)


def _values(table: sa.TableClause, name: str) -> sa.Select[Any]:
    return _rows(table).where(sa.column(name).is_not(None))


def _drop_table(operation: DropTableOp) -> Count:
    return Count(
        _rows(_table(operation)),
        lambda n: f"drops {number(n, 'row', 'rows')}" if n else "",
        "drops rows, too many to count",
    )


def _drop_column(operation: DropColumnOp) -> Count | None:
    if operation._reverse is not None and operation._reverse.column.computed is not None:
        return None  # it holds no data of its own
    return Count(
        _values(_table(operation), operation.column_name),
        lambda n: f"drops {number(n, 'value', 'values')}" if n else "",
        "drops values, too many to count",
    )


def _add_column(operation: AddColumnOp) -> Count | None:
    column = operation.column
    has_value = column.server_default is not None or column.primary_key
    if column.nullable or has_value:
        return None
    return Count(
        _rows(_table(operation)),
        lambda n: f"fails: {number(n, 'row has', 'rows have')} no value for it" if n else "",
        "fails if there are rows: they have no value for it",
    )


def _alter_column(operation: AlterColumnOp) -> Count | None:
    table, name = _table(operation), operation.column_name
    if operation.modify_nullable is False:
        return Count(
            _rows(table).where(sa.column(name).is_(None)),
            lambda n: f"fails: {number(n, 'row is', 'rows are')} NULL" if n else "",
            "fails if there are NULLs",
        )
    if operation.modify_type is not None:
        return Count(
            _values(table, name),
            lambda n: f"converts {number(n, 'value', 'values')}" if n else "",
            "converts values, too many to count",
        )
    return None


def _unique(operation: Any) -> Count | None:
    names = [str(getattr(column, "name", column)) for column in operation.columns]
    if isinstance(operation, CreateIndexOp) and not (
        operation.unique and all(isinstance(c, str) or hasattr(c, "name") for c in operation.columns)
    ):
        return None
    if isinstance(operation, CreateIndexOp) and any(word.endswith("_where") for word in operation.kw):
        return None
    columns: list[sa.ColumnClause[Any]] = [sa.column(name) for name in names]
    doubled = (
        sa.select(*columns)
        .select_from(_table(operation))
        .where(*(column.is_not(None) for column in columns))
        .group_by(*columns)
        .having(sa.func.count() > 1)
        .subquery()
    )
    return Count(
        sa.select(sa.func.count()).select_from(doubled),
        lambda n: f"fails: {number(n, 'value is', 'values are')} there more than once" if n else "",
        "fails if there are duplicates",
    )


def _check(operation: CreateCheckConstraintOp) -> Count:
    condition: Any = operation.condition
    if isinstance(condition, str):
        condition = sa.text(condition)
    return Count(
        _rows(_table(operation)).where(sa.not_(sa.literal_column(f"({condition})"))),
        lambda n: f"fails: {number(n, 'row breaks', 'rows break')} it" if n else "",
        "fails if rows break it",
    )


def _foreign_key(operation: CreateForeignKeyOp) -> Count:
    ours = sa.table(
        operation.source_table,
        *(sa.column(name) for name in operation.local_cols),
        schema=operation.kw.get("source_schema"),
    ).alias("ours")
    theirs = sa.table(
        operation.referent_table,
        *(sa.column(name) for name in operation.remote_cols),
        schema=operation.kw.get("referent_schema"),
    ).alias("theirs")
    pairs = [
        ours.c[local] == theirs.c[remote]
        for local, remote in zip(operation.local_cols, operation.remote_cols, strict=True)
    ]
    orphans = (
        sa.select(sa.func.count())
        .select_from(ours)
        .where(*(ours.c[name].is_not(None) for name in operation.local_cols))
        .where(~sa.exists(sa.select(sa.literal(1)).select_from(theirs).where(*pairs)))
    )
    return Count(
        orphans,
        lambda n: f"fails: {number(n, 'row refers', 'rows refer')} to nothing" if n else "",
        "fails if rows refer to nothing",
    )


_QUESTIONS: dict[type[MigrateOperation], Callable[[Any], Count | None]] = {
    DropTableOp: _drop_table,
    DropColumnOp: _drop_column,
    AddColumnOp: _add_column,
    AlterColumnOp: _alter_column,
    CreateUniqueConstraintOp: _unique,
    CreatePrimaryKeyOp: _unique,
    CreateIndexOp: _unique,
    CreateCheckConstraintOp: _check,
    CreateForeignKeyOp: _foreign_key,
}
