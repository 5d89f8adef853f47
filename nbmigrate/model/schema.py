"""A database schema as plain values: what reflection and models are both turned into before comparing.

Everything here is frozen, hashable and ordered by name where order has no meaning, so that two schemas are
compared with ``==`` per table and only what differs is looked at closely. ``source`` keys lead back to the
SQLAlchemy object that a value was made from (models only), for rendering and for users' hooks; they take no
part in equality.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbmigrate.model.facts import Facts

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for a text that can't be told: whatever it is compared with, no change is reported."""

Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``type_text`` is the type as the database spells it, and what is compared; ``type`` is the SQLAlchemy type
    behind it, filled in late for what was reflected. ``default`` is the server default's SQL text, None
    without one. ``autoincrement`` is None where the database does not say. ``generated`` is the expression of
    a computed column, ``identity`` the options of an identity. ``collation`` is the one that holds, also
    where it is the table's (MariaDB only).
    """

    name: str
    type_text: str
    nullable: bool = True
    default: str | None = None
    comment: str | None = None
    generated: str | None = None
    stored: bool | None = None
    identity: tuple[tuple[str, Any], ...] | None = None
    autoincrement: bool | None = field(default=None, compare=False)
    collation: str | None = field(default=None, compare=False, repr=False)
    type: Any = field(default=None, compare=False, hash=False, repr=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """The primary key; ``name`` is None where the database gives it one by itself."""

    columns: tuple[str, ...]
    name: str | None = field(default=None, compare=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key; an action that is the default (NO ACTION) is None."""

    columns: tuple[str, ...]
    referred_schema: str | None
    referred_table: str
    referred_columns: tuple[str, ...]
    name: str | None = field(default=None, compare=False)
    onupdate: str | None = None
    ondelete: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique constraint."""

    columns: tuple[str, ...]
    name: str | None = field(default=None, compare=False)
    options: tuple[tuple[str, Any], ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = field(default=(), compare=False, hash=False, repr=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint; ``expression`` is its SQL text, normalised for comparing."""

    expression: str
    name: str | None = field(default=None, compare=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Exclude:
    """An EXCLUDE constraint (PostgreSQL); ``definition`` is all of it but the name."""

    definition: str
    name: str | None = field(default=None, compare=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Index:
    """An index; ``columns`` holds a column's name, or an expression's SQL text in parentheses.

    ``options`` holds what goes beyond columns and uniqueness as sorted pairs: ``where``, ``using``, ``order``
    (``DESC`` and the like, a text per column), ... ``kwargs`` are SQLAlchemy's, to make the index again.
    """

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    options: tuple[tuple[str, Any], ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = field(default=(), compare=False, hash=False, repr=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One table with all that belongs to it; ``columns`` stand in the database's order.

    ``implied`` are indexes that the database has made for keys; they are not compared.
    """

    name: str
    schema: str | None = None
    columns: tuple[Column, ...] = ()
    primary_key: PrimaryKey | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    excludes: tuple[Exclude, ...] = ()
    implied: tuple[Index, ...] = field(default=(), compare=False, hash=False, repr=False)
    comment: str | None = None
    kwargs: tuple[tuple[str, Any], ...] = field(default=(), compare=False, hash=False, repr=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)

    @property
    def key(self) -> Key:
        """Schema and name: what tells tables apart."""
        return self.schema, self.name

    @property
    def full_name(self) -> str:
        """Name, behind its schema where it is not the default one."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Schema:
    """All tables of a database, or of the models, by ``Table.key``, in a fixed order.

    ``load_types`` gives the SQLAlchemy types of the columns of some tables (reflected schemas only): they are
    asked for where something differs, not for every column of the database. ``facts`` are the same tables
    before any value was made of them, as far as the reader has them so. ``settled`` are tables that are known
    to be the same on both sides, and are compared no more.
    """

    tables: Mapping[Key, Table]
    load_types: Callable[[Sequence[Key]], Mapping[Key, Mapping[str, Any]]] | None = field(
        default=None, compare=False, repr=False
    )
    facts: Facts | None = field(default=None, compare=False, repr=False)
    settled: Mapping[Key, Table] = field(default_factory=dict, compare=False, repr=False)


def sorted_constraints(table: Table) -> Table:
    """The same table with its constraints and indexes in an order that depends on nothing but themselves."""
    return replace(
        table,
        foreign_keys=tuple(
            sorted(table.foreign_keys, key=lambda fk: (fk.columns, fk.referred_table, fk.referred_columns))
        ),
        uniques=tuple(sorted(table.uniques, key=lambda unique: (unique.columns, unique.name or ""))),
        checks=tuple(sorted(table.checks, key=lambda check: (check.expression, check.name or ""))),
        excludes=tuple(sorted(table.excludes, key=lambda one: (one.definition, one.name or ""))),
        indexes=tuple(sorted(table.indexes, key=lambda index: (index.name or "", repr(index)))),
    )
