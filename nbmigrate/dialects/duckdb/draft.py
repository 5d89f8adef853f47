"""A DuckDB table on the way to what it is to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmigrate.ddl import elements
from nbmigrate.dialects.duckdb.defaults import with_default_in_parentheses
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.create_table import Constraint, CreateTable, parse_create_table
from nbmigrate.dialects.sqlite.draft import Draft
from nbmigrate.dialects.sqlite.tokens import fold, same_name, tokenise
from nbmigrate.errors import NotInTable
from nbmigrate.model.naming import derived_name

if TYPE_CHECKING:
    from nbmigrate.dialects.duckdb.catalogue import DuckTable
    from nbmigrate.model.operations import AddColumnOp, AlterColumnOp, DropConstraintOp


class DuckDraft(Draft):
    """``values`` are expressions for columns that don't simply get the old values; ``comments`` as stored.

    ``new_name`` is the table's name to be.
    """

    stored: DuckTable

    def __init__(self, stored: DuckTable, dialect: Any, naming_convention: Any = None) -> None:
        super().__init__(stored, dialect, naming_convention)
        # DuckDB puts parentheses of its own around each CHECK
        checks = [one for one in self.table.all_constraints() if one.kind == "check" and one.text_span]
        inner = [(one.text_span, unwrapped(one.text or "")) for one in checks]
        self.sql = edit.splice(self.sql, *((span, text) for span, text in inner if span is not None))
        self.values: dict[str, str] = {}
        self.comments = {None if name is None else fold(name): text for name, text in stored.comments.items()}
        self.new_name = stored.name

    @property
    def renamed(self) -> dict[str, str]:
        """The columns that have another name now: the new one by the old one, folded."""
        return dict(self._renamed)

    @property
    def name(self) -> str:
        """The table's name to be, as SQL, with its schema."""
        return self.qualified(self.new_name)

    def qualified(self, name: str) -> str:
        """A name of the table's schema as SQL."""
        return (
            f"{self.quote(self.stored.schema)}.{self.quote(name)}" if self.stored.schema else self.quote(name)
        )

    def add_column(self, operation: AddColumnOp) -> None:
        """As everywhere, with its comment."""
        super().add_column(operation)
        if operation.column.comment:
            self.comments.setdefault(fold(operation.column.name), operation.column.comment)

    def column_text(self, operation: AddColumnOp, column: Any) -> str:
        """As everywhere; SQLAlchemy writes defaults without parentheses."""
        return with_default_in_parentheses(super().column_text(operation, column))

    def alter_column(self, operation: AlterColumnOp) -> None:
        """As everywhere; USING or a cast makes the values of a changed type."""
        name = self.current(operation.column_name)
        column = self.table.column(name)
        collate = column.constraint("collate") if column is not None else None
        if operation.modify_type is not None and collate is not None:
            # the type says it anew
            self.sql = edit.splice(self.sql, (collate.span, ""))
        super().alter_column(operation)
        new = operation.modify_name or name
        if operation.modify_type is not None:
            using = operation.kw.get("duckdb_using") or operation.kw.get("postgresql_using")
            type_ = elements.format_type(self.compiler, operation.modify_type).partition(" COLLATE ")[0]
            self.values[fold(new)] = using or f"CAST({self.quote(name)} AS {type_})"
        if operation.modify_comment is not False:
            self.comments[fold(new)] = operation.modify_comment or ""

    def rename_column(self, old: str, new: str) -> None:
        """As everywhere, with its comment."""
        super().rename_column(old, new)
        for kept in (self.comments, self.values):
            if fold(old) in kept:
                kept[fold(new)] = kept.pop(fold(old))

    def rename_to(self, new: str) -> None:
        """Another name for the table, where it refers to itself too, and in its indexes and triggers."""
        self.point_to(self.stored.name, new)
        self.objects = [
            type(found)(
                found.kind, found.name, edit.rename_in_object(found.sql, found.table, self.quote(new)), new
            )
            for found in self.objects
        ]
        self.sql = edit.rename_table(self.sql, self.qualified(new))
        self.new_name = new

    def point_to(self, old: str, new: str, renamed: Mapping[str, str] | None = None) -> None:
        """Foreign keys to a table follow it to its new name, and to its columns' new names."""
        changes = []
        for constraint in self.table.all_constraints():
            target = constraint.references
            if target is not None and same_name(target.table.name, old):
                changes.append((target.table.span, self.quote(new)))
                for key in target.columns:
                    if renamed and fold(key.name) in renamed:
                        changes.append((key.span, self.quote(renamed[fold(key.name)])))
        self.sql = edit.splice(self.sql, *changes)

    def _find_constraint(self, name: str, kind: str | None) -> Constraint | None:
        found = super()._find_constraint(name, kind)
        if found is not None:
            return found
        table = self.table
        candidates = [one for one in table.all_constraints() if kind is None or one.kind == kind]
        own = [one for one in candidates if same_name(own_name(table, one), name)]
        # DuckDB forgets the names of constraints: the only one of its kind must be meant
        likely = own or (candidates if kind is not None else [])
        return likely[0] if len(likely) == 1 else None

    def _derived_names(self, table: CreateTable, constraint: Constraint) -> tuple[str, ...]:
        names = super()._derived_names(table, constraint)
        if constraint.kind != "check":
            return names
        # the catalogue of constraints leaves out the parentheses that the text has
        plain = unwrapped(constraint.text or "")
        return (*names, derived_name("check", self.stored.name, expression=plain))

    def take_out(self, constraint: Constraint) -> None:
        """As everywhere; DuckDB leaves out NOT NULL beside a primary key, and columns keep it without one."""
        if constraint.kind == "primary":
            for name in constraint.column_names:
                self.sql = edit.set_not_null(self.sql, name, True)
            (constraint,) = [one for one in self.table.all_constraints() if one.kind == "primary"]
        super().take_out(constraint)

    def drop_constraint(self, operation: DropConstraintOp) -> None:
        """By the names that are left; what is asked for under a forgotten name must be the only one."""
        kind = operation.constraint_type
        found = operation.constraint_name and self._find_constraint(str(operation.constraint_name), kind)
        if not found and not operation.if_exists:
            table = self.table
            there = ", ".join(own_name(table, one) for one in table.all_constraints()) or "none"
            raise NotInTable(
                f"No such constraint: {operation.constraint_name!r} on table {self.stored.name!r}; DuckDB "
                f"forgets the names that constraints are given, the constraints there are {there}"
            )
        super().drop_constraint(operation)

    def copied_columns(self) -> tuple[list[str], list[str]]:
        """The columns that get values, and what these are, as SQL."""
        old = parse_create_table(self.stored.sql)
        columns, values = [], []
        for column in self.table.columns:
            source = old.column(self.origin.get(fold(column.name), ""))
            if column.generated is None and source is not None:
                columns.append(self.quote(column.name))
                values.append(self.values.get(fold(column.name), self.quote(source.name)))
        return columns, values

    def own_keys(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The foreign keys from the table to itself: columns, and the columns that they refer to."""
        found = []
        for constraint in self.table.all_constraints():
            target = constraint.references
            if target is not None and same_name(target.table.name, self.new_name):
                referred = tuple(key.name for key in target.columns) or self.table.primary_key
                found.append((constraint.column_names, referred))
        return found


def own_name(table: CreateTable, constraint: Constraint) -> str:
    """The name that DuckDB itself gives out for a constraint."""
    names = list(constraint.column_names)
    if constraint.kind == "check":
        names = [
            one.name for one in table.columns if edit.names_in(table.text, one.name, constraint.text_span)
        ]
    if constraint.references is not None:
        names += [key.name for key in constraint.references.columns]
    suffix = {"primary": "pkey", "unique": "key", "foreignkey": "fkey", "check": "check"}[constraint.kind]
    return re.sub(r"\s", "_", "_".join([table.name, *names, suffix]))


def unwrapped(expression: str) -> str:
    """An expression without one pair of parentheses around all of it."""
    if not (expression.startswith("(") and expression.endswith(")")):
        return expression
    depth = 0
    for token in tokenise(expression):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if not depth and token.end < len(expression):
            return expression
    return expression[1:-1]
