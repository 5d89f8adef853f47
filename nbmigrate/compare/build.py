"""SQLAlchemy objects for what was reflected, made only where something needs them.

Operations (to be reversible), rendering and users' hooks want Table, Column and Constraint objects. Most
tables don't differ and never get any. Each table has a MetaData of its own, with bare stand-ins for the
tables that it refers to, so that making one does not pull in the rest of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import conv, quoted_name
from sqlalchemy.types import NULLTYPE

from nbmigrate.compare.exclusions import exclusion
from nbmigrate.model.naming import derived_name
from nbmigrate.model.schema import (
    Check,
    Column,
    Exclude,
    ForeignKey,
    Index,
    Key,
    PrimaryKey,
    Schema,
    Table,
    Unique,
)


class Reflected:
    """The SQLAlchemy side of a reflected schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._tables: dict[Key, sa.Table] = {}
        self._items: dict[int, Any] = {}
        self._types: dict[Key, Mapping[str, Any]] = {}

    def load(self, keys: Sequence[Key]) -> None:
        """Get the types of all columns of these tables at once."""
        missing = [key for key in keys if key in self.schema.tables and key not in self._types]
        if missing and self.schema.load_types is not None:
            self._types |= self.schema.load_types(missing)

    def table(self, key: Key) -> sa.Table:
        """The Table, with columns, constraints and indexes."""
        if key not in self._tables:
            self._tables[key] = self._make(self.schema.tables[key])
        return self._tables[key]

    def item(self, key: Key, value: Unique | Check | Exclude | ForeignKey | Index | PrimaryKey) -> Any:
        """The constraint or index object of a value that belongs to a table."""
        self.table(key)
        return self._items[id(value)]

    def column(self, key: Key, name: str) -> sa.Column[Any]:
        """The Column of that name."""
        return self.table(key).columns[name]

    def _make(self, table: Table) -> sa.Table:
        self.load([table.key])
        types = self._types.get(table.key, {})
        metadata = sa.MetaData()
        primary = table.primary_key.columns if table.primary_key else ()
        made = sa.Table(
            quoted_name.construct(table.name, None),
            metadata,
            *(self._column(column, types.get(column.name, column.type), primary) for column in table.columns),
            schema=table.schema,
            comment=table.comment,
            **dict(table.kwargs),
        )
        items: list[tuple[Any, Callable[..., Any], Sequence[Any]]] = []
        if table.primary_key is not None:
            items.append((table.primary_key, self._primary_key, ()))
        items += [(value, self._foreign_key, ()) for value in table.foreign_keys]
        items += [(value, self._unique, ()) for value in table.uniques]
        items += [(value, self._check, ()) for value in table.checks]
        items += [(value, self._exclude, ()) for value in table.excludes]
        for value, make, _ in items:
            constraint = make(value, table, made)
            made.append_constraint(constraint)
            self._items[id(value)] = constraint
        for index in table.indexes:
            self._items[id(index)] = self._index(index, made)
        for index in table.implied:
            # not the table's: who makes it again gets them with its keys
            self._items[id(index)] = made_index = self._index(index, made)
            made.indexes.discard(made_index)
        return made

    def _column(self, column: Column, type_: Any, primary: Sequence[str]) -> sa.Column[Any]:
        default: Any = None
        if column.identity is not None:
            default = sa.Identity(**dict(column.identity))
        elif column.generated is not None:
            default = sa.Computed(_text(column.generated), persisted=column.stored)
        elif column.default is not None:
            default = sa.DefaultClause(_text(column.default), _reflected=True)
        options: dict[str, Any] = {}
        if column.autoincrement is not None:
            options["autoincrement"] = column.autoincrement
        elif list(primary) == [column.name] and default is not None:
            options["autoincrement"] = False
        return sa.Column(
            column.name,
            NULLTYPE if type_ is None else type_,
            *(() if default is None else (default,)),
            nullable=column.nullable,
            comment=column.comment,
            **options,
        )

    def name(self, name: str | None, kind: Any, table: Table, value: Any) -> Any:
        """A constraint's name, as one that conventions leave alone."""
        return None if name is None else conv(name)

    def drop_name(self, kind: Any, table: Table, value: Any) -> str | None:
        """The name to drop a constraint by; derived where the database has none."""
        if value.name is not None:
            return conv(value.name)
        return conv(
            derived_name(
                kind,
                table.name,
                getattr(value, "columns", ()),
                referred_table=getattr(value, "referred_table", None),
                expression=getattr(value, "expression", None),
            )
        )

    def _primary_key(self, value: PrimaryKey, table: Table, made: sa.Table) -> Any:
        return sa.PrimaryKeyConstraint(
            *(made.columns[name] for name in value.columns),
            name=self.name(value.name, "primary", table, value),
        )

    def _unique(self, value: Unique, table: Table, made: sa.Table) -> Any:
        options = dict(value.options) | dict(value.kwargs)
        options.pop("nulls_not_distinct", None)
        return sa.UniqueConstraint(
            *(made.columns[name] for name in value.columns),
            name=self.name(value.name, "unique", table, value),
            **options,
        )

    def _check(self, value: Check, table: Table, made: sa.Table) -> Any:
        return sa.CheckConstraint(_text(value.expression), name=self.name(value.name, "check", table, value))

    def _exclude(self, value: Exclude, table: Table, made: sa.Table) -> Any:
        return exclusion(value.definition, self.name(value.name, "exclude", table, value))

    def _foreign_key(self, value: ForeignKey, table: Table, made: sa.Table) -> Any:
        target = ".".join(part for part in (value.referred_schema, value.referred_table) if part)
        other = made.metadata.tables.get(target)
        if other is None:
            other = sa.Table(value.referred_table, made.metadata, schema=value.referred_schema)
        referred = value.referred_columns or self._primary_key_of(value)
        for local, name in zip(value.columns, referred, strict=False):
            if name not in other.columns:
                # what it is there is not known; it holds what the column here refers to
                other.append_column(sa.Column(name, made.columns[local].type))
        return sa.ForeignKeyConstraint(
            list(value.columns),
            [f"{target}.{name}" for name in referred],
            name=self.name(value.name, "foreignkey", table, value),
            onupdate=value.onupdate,
            ondelete=value.ondelete,
            deferrable=value.deferrable,
            initially=value.initially,
        )

    def _primary_key_of(self, value: ForeignKey) -> tuple[str, ...]:
        """The columns that a foreign key means which names none."""
        key = (value.referred_schema, value.referred_table)
        other = self.schema.tables.get(key) or self.schema.settled.get(key)
        if other is not None and other.primary_key is not None:
            return other.primary_key.columns
        return value.columns

    def _index(self, value: Index, made: sa.Table) -> sa.Index:
        orders = dict(value.options).get("order") or ("",) * len(value.columns)
        elements = [_element(made, name, order) for name, order in zip(value.columns, orders, strict=True)]
        return sa.Index(conv(value.name), *elements, unique=value.unique, _table=made, **dict(value.kwargs))


def _element(table: sa.Table, name: str, order: str) -> Any:
    if name in table.columns:
        element: Any = table.columns[name]
        if not order:
            return element
        element = element.desc() if order.startswith("DESC") else element
        element = element.nulls_last() if order.endswith("LAST") else element
        return element.nulls_first() if order.endswith("FIRST") else element
    return _text(f"{name} {order}".strip())


def _text(sql: str) -> Any:
    """A piece of SQL as it is: a colon in it is no parameter."""
    return sa.text(sql.replace(":", r"\:"))
