"""Objects beside the tables as plain values: enum types, sequences and views.

They have a module of their own because most databases have none of them, and because they are compared by
other rules than tables: a view by what the database makes of its text, a sequence by the options that were
said, an enum type by its values in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbmigrate.model.schema import Key


@dataclass(frozen=True, slots=True)
class EnumColumn:
    """A column of an enum type; ``is_array`` says that it holds several of its values.

    ``default`` is the server default's SQL as it is, ``new_default`` the one that it is to have after the
    type has changed (False: the same).
    """

    schema: str | None
    table: str
    name: str
    is_array: bool = False
    default: str | None = None
    new_default: str | bool | None = False


@dataclass(frozen=True, slots=True)
class Dependent:
    """What stands in the way of a change to a column's type, and the statements that make it again.

    ``drop`` and ``create`` are SQL. ``goes`` says that the same revision drops it anyway: it is not made
    again on the way up, but it is on the way down.
    """

    kind: str
    schema: str | None
    table: str | None
    name: str
    drop: str
    create: tuple[str, ...]
    goes: bool = False


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enum type and its values in order; ``columns`` are those that have it, in tables.

    ``rights`` are the statements that give such a type, when it is made anew, its rights and its owner.
    """

    name: str
    schema: str | None
    values: tuple[str, ...]
    columns: tuple[EnumColumn, ...] = field(default=(), compare=False)
    comment: str | None = field(default=None, compare=False)
    rights: tuple[str, ...] = field(default=(), compare=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)

    @property
    def key(self) -> Key:
        """Schema and name."""
        return self.schema, self.name


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence; ``options`` are sorted pairs by SQLAlchemy's names (``start``, ``increment``, ...).

    Of the models: what was said; of the database: all that there is. ``in_use`` says that a column's default
    draws from it, ``alterable`` that the database can change its options.
    """

    name: str
    schema: str | None
    options: tuple[tuple[str, Any], ...] = ()
    in_use: bool = field(default=False, compare=False)
    alterable: bool = field(default=True, compare=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)

    @property
    def key(self) -> Key:
        """Schema and name."""
        return self.schema, self.name


@dataclass(frozen=True, slots=True)
class View:
    """A view by the SELECT that it is; ``sql`` as the database keeps it, or as the models have it.

    ``uses`` are the tables and views that it reads, and ``columns`` (schema, table, name) the columns, where
    that is known. ``indexes`` are statements that belong to it: indexes of a materialised view, rights, a
    comment. ``extra`` is what else CREATE VIEW says (``WITH (...)``).
    """

    name: str
    schema: str | None
    sql: str
    materialized: bool = False
    uses: tuple[Key, ...] = field(default=(), compare=False)
    columns: tuple[tuple[str | None, str, str], ...] = field(default=(), compare=False)
    indexes: tuple[str, ...] = field(default=(), compare=False)
    extra: str = field(default="", compare=False)
    source: Any = field(default=None, compare=False, hash=False, repr=False)

    @property
    def key(self) -> Key:
        """Schema and name."""
        return self.schema, self.name


@dataclass(frozen=True)
class Objects:
    """All of them, of a database or of the models, each kind by key in a fixed order.

    ``declares`` are the kinds ("view", "sequence") that the models speak of: only those are dropped where the
    models do not have them.
    """

    enums: Mapping[Key, EnumType] = field(default_factory=dict)
    sequences: Mapping[Key, Sequence] = field(default_factory=dict)
    views: Mapping[Key, View] = field(default_factory=dict)
    declares: frozenset[str] = frozenset()
