"""SQLAlchemy's tables as a drawing."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint

from nbmigrate.model.drawing import Drawing, DrawnColumn, DrawnKey, DrawnTable

if TYPE_CHECKING:
    from sqlalchemy import Column, MetaData, Table
    from sqlalchemy.engine import Dialect


def drawing_of(metadata: MetaData, dialect: Dialect, without: Collection[str] = ()) -> Drawing:
    """All tables but those of the names ``without``; types as the database spells them."""
    tables = [table for name, table in sorted(metadata.tables.items()) if name not in without]
    keys = [key for table in tables for key in _keys(table)]
    return Drawing(tuple(_table(table, dialect) for table in tables), tuple(keys))


def _table(table: Table, dialect: Dialect) -> DrawnTable:
    unique = _unique(table)
    columns = tuple(
        DrawnColumn(
            column.name,
            _type(column, dialect),
            tuple(
                word
                for word, holds in (
                    ("PK", column.primary_key),
                    ("FK", bool(column.foreign_keys)),
                    ("UQ", (column.name,) in unique),
                )
                if holds
            ),
            bool(column.nullable),
        )
        for column in table.columns
    )
    return DrawnTable(table.fullname, columns)


def _type(column: Column[object], dialect: Dialect) -> str:
    try:
        return str(column.type.compile(dialect=dialect))
    except Exception:  # a type of another database, or none: its name says enough for a picture
        return type(column.type).__name__.upper()


def _unique(table: Table) -> set[tuple[str, ...]]:
    """The columns that no two rows have the same values in."""
    found = {
        tuple(column.name for column in one.columns)
        for one in table.constraints
        if isinstance(one, UniqueConstraint)
    }
    for index in table.indexes:
        if index.unique:
            found.add(tuple(column.name for column in index.columns))
    return found


def _keys(table: Table) -> list[DrawnKey]:
    unique = {*_unique(table), tuple(column.name for column in table.primary_key.columns)}
    found = []
    for one in table.constraints:
        if not isinstance(one, ForeignKeyConstraint) or not one.elements:
            continue
        targets = [element.target_fullname.rpartition(".") for element in one.elements]
        columns = tuple(one.column_keys)
        optional = any(table.columns[name].nullable for name in columns if name in table.columns)
        goes = tuple(column for _, _, column in targets)
        found.append(DrawnKey(table.fullname, columns, targets[0][0], goes, columns in unique, optional))
    return sorted(found, key=lambda key: (key.columns, key.target))
