"""What a CREATE TABLE text says, as values; each with its span in the text: there it can be edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from nbmigrate.dialects.sqlite.tokens import fold
from nbmigrate.errors import CommandError
from nbmigrate.model.naming import derived_name

Span = tuple[int, int]


class UnreadableTable(CommandError):
    """A CREATE TABLE text that is not understood: nothing is guessed, nothing is changed."""


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier where it stands in the text; ``order`` and ``collation`` in key columns."""

    name: str
    span: Span
    order: str | None = None
    collation: str | None = None


@dataclass(frozen=True, slots=True)
class References:
    """What a foreign key points to; actions are upper case, None where nothing is said."""

    table: Name
    columns: tuple[Name, ...] = ()
    onupdate: str | None = None
    ondelete: str | None = None
    match: str | None = None
    deferrable: bool | None = None
    initially: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a column or of the table.

    ``kind``: primary, unique, foreignkey, check (``ConstraintKind``), and for columns also notnull, null,
    default, collate, generated. ``text`` is the expression (check, generated), the default or the collation
    as it is written, without the parentheses that CHECK and AS ask for; ``text_span`` is its place.
    """

    kind: str
    span: Span
    name: str | None = None
    name_span: Span | None = None
    columns: tuple[Name, ...] = ()
    text: str | None = None
    text_span: Span | None = None
    references: References | None = None
    conflict: str | None = None
    autoincrement: bool = False
    stored: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns it is over; of a CHECK none are known."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``type`` is the type as it is written, empty without one."""

    name: str
    name_span: Span
    span: Span
    type: str = ""
    type_span: Span | None = None
    constraints: tuple[Constraint, ...] = ()

    def constraint(self, kind: str) -> Constraint | None:
        """The first constraint of a kind."""
        return next((c for c in self.constraints if c.kind == kind), None)

    @property
    def not_null(self) -> bool:
        """Whether NOT NULL is written on it."""
        return self.constraint("notnull") is not None

    @property
    def default(self) -> str | None:
        """The default as it is written, parentheses included."""
        found = self.constraint("default")
        return found.text if found else None

    @property
    def collation(self) -> str | None:
        """The name of its collation."""
        found = self.constraint("collate")
        return found.text if found else None

    @property
    def generated(self) -> Constraint | None:
        """What makes it a generated column; ``stored`` tells the two sorts apart."""
        return self.constraint("generated")


@dataclass(frozen=True, slots=True)
class CreateTable:
    """A CREATE TABLE text, read.

    ``constraints`` are those of the table; ``all_constraints`` gives those written on columns too, with
    their column filled in. ``body`` is what stands between the outer parentheses.
    """

    text: str
    name: str
    name_span: Span
    body: Span
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    without_rowid: bool = False
    strict: bool = False
    temporary: bool = False
    if_not_exists: bool = False
    _by_name: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def column(self, name: str) -> Column | None:
        """The column of that name, by SQLite's rules for names."""
        return self._by_name.get(fold(name))

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The names of the primary key's columns, in the key's order."""
        for constraint in self.all_constraints():
            if constraint.kind == "primary":
                return constraint.column_names
        return ()

    def all_constraints(self) -> tuple[Constraint, ...]:
        """Primary key, unique, foreign key and check constraints, wherever they are written."""
        found = [
            replace(constraint, columns=constraint.columns or (Name(column.name, column.name_span),))
            for column in self.columns
            for constraint in column.constraints
            if constraint.kind in ("primary", "unique", "foreignkey", "check")
        ]
        return (*found, *self.constraints)

    def constraint_name(self, constraint: Constraint, table: str | None = None) -> str:
        """Its name, or the one derived for it."""
        if constraint.name is not None:
            return constraint.name
        return derived_name(
            constraint.kind,  # type: ignore[arg-type]
            table or self.name,
            constraint.column_names,
            referred_table=constraint.references.table.name if constraint.references else None,
            expression=constraint.text,
        )


def affinity(type_text: str) -> str:
    """The affinity that SQLite gives a declared type: integer, text, blob, real or numeric."""
    upper = type_text.upper()
    rules: Sequence[tuple[str, tuple[str, ...]]] = (
        ("integer", ("INT",)),
        ("text", ("CHAR", "CLOB", "TEXT")),
        ("blob", ("BLOB",)),
        ("real", ("REAL", "FLOA", "DOUB")),
    )
    for found, parts in rules:
        if any(part in upper for part in parts):
            return found
    return "numeric" if upper.strip() else "blob"
