"""A database schema as plain values: what reflection and models are both turned into before comparing.

Everything here is frozen, hashable and ordered by name where order has no meaning, so that two schemas are
compared with ``==`` per table and only what differs is looked at closely. ``source`` keys lead back to the
SQLAlchemy object that a value was made from (models only), for rendering and for users' hooks; they take no
part in equality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``type_text`` is the type as the database spells it (``VARCHAR(50)``), upper case, and what is compared;
    ``type`` is the SQLAlchemy type behind it. ``default`` is the server default's SQL text, None without one.
    ``generated`` is the expression of a computed column, ``identity`` the options of an identity column.
    """

    name: str
    type_text: str
    nullable: bool = True
    default: str | None = None
    comment: str | None = None
    generated: str | None = None
    stored: bool | None = None
    identity: tuple[tuple[str, Any], ...] | None = None
    autoincrement: bool = False
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
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint; ``expression`` is its SQL text, normalised for comparing."""

    expression: str
    name: str | None = field(default=None, compare=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Index:
    """An index; ``columns`` holds a column's name, or an expression's SQL text in parentheses.

    ``options`` holds what goes beyond columns and uniqueness as sorted pairs: ``where``, ``using``, ...
    """

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    options: tuple[tuple[str, Any], ...] = ()
    source: Any = field(default=None, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One table with all that belongs to it; ``columns`` stand in the database's order."""

    name: str
    schema: str | None = None
    columns: tuple[Column, ...] = ()
    primary_key: PrimaryKey | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    source: Any = field(default=None, compare=False, hash=False, repr=False)

    @property
    def key(self) -> tuple[str | None, str]:
        """Schema and name: what tells tables apart."""
        return self.schema, self.name


@dataclass(frozen=True)
class Schema:
    """All tables of a database, or of the models, by ``Table.key``, in a fixed order."""

    tables: Mapping[tuple[str | None, str], Table]
