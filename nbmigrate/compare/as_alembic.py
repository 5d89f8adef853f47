"""What a comparison leaves out or says otherwise where an env.py asks for just what Alembic finds.

An env.py does so by listing its comparators, ``autogenerate_plugins=["alembic.autogenerate.*"]``; then
``CompareOptions.as_alembic`` holds. What stands here is what no rule of ours would do by itself.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from nbmigrate.model.operations import AlterColumnOp
from nbmigrate.model.schema import Column, Index, Schema, Table


def without_expressions(indexes: dict[str, Index], *, in_models: bool) -> dict[str, Index]:
    """Without indexes over expressions, which SQLAlchemy does not reflect on SQLite; each with a warning."""
    kept = {}
    for name, index in indexes.items():
        if not any(column.startswith("(") for column in index.columns):
            kept[name] = index
            continue
        told = f"Skipped unsupported reflection of expression-based index {name}"
        if in_models:
            told = (
                f"autogenerate skipping metadata-specified expression-based index {name!r}; dialect 'sqlite' "
                f"under SQLAlchemy {sa.__version__} can't reflect these indexes so they can't be compared"
            )
        warnings.warn(told, UserWarning, stacklevel=2)
    return kept


def say_autoincrement(operation: AlterColumnOp, column: Any) -> None:
    """``autoincrement``, said for every database, though all but MySQL warn of the word."""
    if column.table._autoincrement_column is column or column.autoincrement is True:
        operation.kw["autoincrement"] = True
    elif column.autoincrement is False:
        operation.kw["autoincrement"] = False


def warn_of_computed(there: Column, wanted: Column, table: str) -> None:
    """A computed column that changes is only told."""
    if (there.generated, there.stored) != (wanted.generated, wanted.stored):
        warnings.warn(
            f"Computed default on {table}.{wanted.name} cannot be modified", UserWarning, stacklevel=2
        )


def uniques_as_indexes(current: Schema, desired: Schema) -> Schema:
    """MySQL's unique constraints that the models don't have, as the unique indexes that they are."""
    tables = {key: _as_indexes(table, desired.tables.get(key)) for key, table in current.tables.items()}
    return replace(current, tables=tables)


def _as_indexes(there: Table, wanted: Table | None) -> Table:
    asked = wanted.uniques if wanted is not None else ()
    names = {unique.name for unique in asked if unique.name}
    known = {index.name for index in there.indexes}
    kept = tuple(
        u for u in there.uniques if u.name in names or any(u == other and not other.name for other in asked)
    )
    made = tuple(
        Index(str(u.name), u.columns, unique=True)
        for u in there.uniques
        if u not in kept and u.name not in known
    )
    return replace(there, uniques=kept, indexes=(*there.indexes, *made)) if made else there
