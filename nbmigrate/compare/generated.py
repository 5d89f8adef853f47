"""Computed columns that change: dropped and added again, with what hangs on them around it.

No database lets one change what a column is computed from in a way that all share, and a computed column has
no data of its own: dropping it loses nothing. Only where it becomes a plain column its values would be lost;
PostgreSQL can keep them (DROP EXPRESSION), and does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nbmigrate.compare.text import normal, tokens
from nbmigrate.model.operations import (
    AddColumnOp,
    DropColumnOp,
    DropExpressionOp,
    DropIndexOp,
    MigrateOperation,
)
from nbmigrate.model.schema import UNKNOWN, Column, Key, Table

if TYPE_CHECKING:
    from nbmigrate.compare.compare import _Comparison


def same_expression(ours: str | None, theirs: str | None) -> bool:
    """Whether two expressions are the same but for blanks, case, quotes and parentheses around all of it."""
    if ours is None or theirs is None:
        return ours is theirs
    return UNKNOWN in (ours, theirs) or normal(ours) == normal(theirs)


def with_known_expression(there: Column, wanted: Column) -> dict[str, Any]:
    """What a computed column of the models takes over from the one that is there, as they say the same."""
    changes: dict[str, Any] = {}
    if there.generated is None or wanted.generated is None:
        return changes
    if same_expression(there.generated, wanted.generated):
        changes["generated"] = there.generated
    if wanted.stored is None:
        changes["stored"] = there.stored
    return changes


def recomputed(there: Table, wanted: Table) -> list[str]:
    """The columns of both that are computed otherwise, or are computed on one side only."""
    found = []
    for column in wanted.columns:
        other = there.column(column.name)
        if other is None or (other.generated is None and column.generated is None):
            continue
        if UNKNOWN in (other.generated, column.generated):
            continue
        if (other.generated, other.stored) != (column.generated, column.stored):
            found.append(column.name)
    return found


def replacements(
    comparison: _Comparison, key: Key, there: Table, wanted: Table
) -> tuple[list[MigrateOperation], Table, set[str]]:
    """Drop and add what is computed otherwise; the table without what went along; the columns' names."""
    if comparison.options.as_alembic:
        return [], there, set()
    names = [name for name in recomputed(there, wanted) if _is_wanted(comparison, key, wanted, name)]
    if not names:
        return [], there, set()
    operations: list[MigrateOperation] = []
    replaced: set[str] = set()
    for name in names:
        ours, theirs = there.column(name), wanted.column(name)
        assert ours is not None and theirs is not None
        if theirs.generated is None and ours.stored and comparison.traits.keeps_computed_values:
            add = AddColumnOp.from_column_and_tablename(
                theirs.source.table.schema, key[1], comparison.reflected.column(key, name)
            )
            operations.append(DropExpressionOp(key[1], name, schema=add.schema, _reverse=add))
        else:
            replaced.add(name)
    along = list(_hanging_on(there, replaced))
    for value, kind in along:
        if kind == "index":
            operations.append(DropIndexOp.from_index(comparison.reflected.item(key, value)))
        else:
            operations.append(comparison.removed(key, value, kind))
    for column in wanted.columns:
        if column.name in replaced:
            schema = column.source.table.schema
            item = comparison.reflected.column(key, column.name)
            operations.append(DropColumnOp.from_column_and_tablename(schema, key[1], item))
            operations.append(AddColumnOp.from_column_and_tablename(schema, key[1], column.source))
    gone = [value for value, _ in along]
    return operations, _without(there, gone), set(names)


def _is_wanted(comparison: _Comparison, key: Key, wanted: Table, name: str) -> bool:
    theirs = wanted.column(name)
    assert theirs is not None
    item = comparison.reflected.column(key, name)
    return comparison.options.wants_object(theirs.source, name, "column", False, item)


def _hanging_on(table: Table, names: set[str]) -> Iterator[tuple[Any, str]]:
    """Indexes and constraints that a column takes along when it goes."""
    for fk in table.foreign_keys:
        if not names.isdisjoint(fk.columns):
            yield fk, "foreignkey"
    for index in table.indexes:
        texts = [*index.columns, str(dict(index.options).get("where", ""))]
        included = dict(index.options).get("include") or ()
        if not names.isdisjoint([*index.columns, *included]) or any(_speaks_of(t, names) for t in texts):
            yield index, "index"
    for unique in table.uniques:
        if not names.isdisjoint(unique.columns):
            yield unique, "unique"
    for check in table.checks:
        if _speaks_of(check.expression, names):
            yield check, "check"
    if table.primary_key is not None and not names.isdisjoint(table.primary_key.columns):
        yield table.primary_key, "primary"


def _speaks_of(text: str, names: set[str]) -> bool:
    known = {name.lower() for name in names}
    return any(piece.strip('"').lower() in known for piece in tokens(text))


def _without(table: Table, gone: Sequence[Any]) -> Table:
    def kept(values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(value for value in values if not any(value is other for other in gone))

    primary = None if any(table.primary_key is other for other in gone) else table.primary_key
    return replace(
        table,
        foreign_keys=kept(table.foreign_keys),
        indexes=kept(table.indexes),
        uniques=kept(table.uniques),
        checks=kept(table.checks),
        primary_key=primary,
    )
