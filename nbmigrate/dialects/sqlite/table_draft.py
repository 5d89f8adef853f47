"""The text of a table that is being changed, and its constraints: found by their names, added, dropped.

A constraint of SQLite may have no name. It is found by the name that is derived for it, or by the one that a
naming convention gives it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, Table, exc, schema
from sqlalchemy import types as sqltypes

from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.lacking import check_constraint_kind, check_deferrable
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.catalogue import StoredObject, StoredTable
from nbmigrate.dialects.sqlite.create_table import Constraint, CreateTable, parse_create_table
from nbmigrate.dialects.sqlite.tokens import fold, same_name, unquote
from nbmigrate.errors import CommandError, NotInTable

if TYPE_CHECKING:
    from nbmigrate.dialects.sqlite.dialect import SQLite
    from nbmigrate.model.operations import AddConstraintOp, AlterColumnOp, DropConstraintOp


class TableDraft:
    """``sql`` is the table's text so far, ``objects`` its indexes and triggers so far.

    ``origin`` leads from each column (as SQLite compares names) to the old table's column whose values it
    gets; new columns are not in it. ``created`` are the statements for indexes that are new. ``renamed`` are
    columns that have another name since operations were written: they may still go by the old one.
    """

    def __init__(
        self,
        stored: StoredTable,
        dialect: SQLite,
        naming_convention: Mapping[str, str] | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.stored = stored
        self.dialect = dialect
        self.naming_convention = naming_convention
        self.compiler: Any = dialect.sqlalchemy.ddl_compiler(dialect.sqlalchemy, None)  # type: ignore[arg-type]
        self.quote = dialect.sqlalchemy.identifier_preparer.quote
        self.sql = stored.sql
        self.objects: list[StoredObject] = list(stored.objects)
        self.origin = {fold(column.name): column.name for column in self.table.columns}
        self.dropped: list[str] = []
        # columns that are yet to come, while operations are taken in
        self._coming: set[str] = set()
        # indexes and constraints that stay because their column comes again
        self._kept: set[str] = set()
        self.created: list[Statement] = []
        self._renamed = {fold(old): new for old, new in (renamed or {}).items()}

    @property
    def table(self) -> CreateTable:
        """The text so far, read."""
        return parse_create_table(self.sql)

    @property
    def changed(self) -> bool:
        """Whether the table itself is to be another."""
        return self.sql != self.stored.sql

    def current(self, name: str) -> str:
        """A column's name now: later operations of a batch may use the name that it had."""
        column = self.table.column(name)
        return column.name if column is not None else self._renamed.get(fold(name), name)

    # constraints

    def add_constraint(self, operation: AddConstraintOp) -> None:
        """A constraint; a primary key takes the place of the one that is there."""
        constraint = operation.to_constraint(self.dialect)
        if isinstance(constraint, schema.PrimaryKeyConstraint):
            existing = next((c for c in self.table.all_constraints() if c.kind == "primary"), None)
            if existing is not None:
                self.take_out(existing)
        self.append_constraint(constraint)

    def append_constraint(self, constraint: schema.Constraint) -> None:
        """A constraint's SQL behind all that is there; it takes the place of one that bears its name.

        SQLite would keep both. Alembic's batch has one: histories make a constraint again in this way.
        """
        check_constraint_kind(constraint, self.dialect.sqlalchemy)
        check_deferrable(constraint, {"sqlite": "SQLite", "duckdb": "DuckDB"}[self.dialect.sqlalchemy.name])
        if not self.dialect.is_wanted(constraint):
            return
        if constraint.name is not None:
            self._make_way(str(constraint.name))
            self._drop_named(str(constraint.name))
        if isinstance(constraint, schema.ForeignKeyConstraint):
            # it never leaves the file; SQLAlchemy leaves it out where only one of the tables says which
            other = constraint.referred_table
            other.schema = other.schema or constraint.table.schema
        text = self.compiler.process(constraint)
        if not text:
            return
        for old, new in self._renamed.items():
            if self.table.column(old) is None:
                text = edit.splice(text, *((span, self.quote(new)) for span in edit.names_in(text, old)))
        self.sql = edit.add_constraint(self.sql, text)

    def _make_way(self, name: str) -> None:
        """Take out the index or constraint of this name that had stayed because its column comes again."""
        if fold(name) not in self._kept:
            return
        self.objects = [one for one in self.objects if one.kind != "index" or not same_name(one.name, name)]
        self._drop_named(name)

    def _drop_named(self, name: str, kind: str | None = None) -> None:
        """Take out the constraints of this name; there may be several, as SQLite does not mind."""
        while found := self._find_named(name, kind):
            self.take_out(found)

    def _find_named(self, name: str, kind: str | None) -> Constraint | None:
        candidates = (c for c in self.table.all_constraints() if kind is None or c.kind == kind)
        return next((c for c in candidates if c.name is not None and same_name(c.name, name)), None)

    def drop_constraint(self, operation: DropConstraintOp) -> None:
        """A constraint by its name, its derived name, or the name that a naming convention gives it."""
        name = operation.constraint_name
        if not name:
            raise CommandError(
                f"drop_constraint() on table {self.stored.name!r} needs a name; the constraints there are "
                f"{self._known_constraints()}"
            )
        found = self._find_constraint(str(name), operation.constraint_type)
        if found is not None:
            self.take_out(found)
            self._drop_named(str(name), operation.constraint_type)
        elif not operation.if_exists:
            raise NotInTable(
                f"No such constraint: {str(name)!r} on table {self.stored.name!r}; the constraints there are "
                f"{self._known_constraints()}"
            )

    def take_out(self, constraint: Constraint) -> None:
        """A constraint that goes; its columns stay as they are."""
        self.sql = edit.drop_constraint(self.sql, constraint)

    def _find_constraint(self, name: str, kind: str | None) -> Constraint | None:
        named = self._find_named(name, kind)
        if named is not None:
            return named
        table = self.table
        candidates = [c for c in table.all_constraints() if kind is None or c.kind == kind]
        unnamed = [c for c in candidates if c.name is None]
        derived = [c for c in unnamed if any(same_name(n, name) for n in self._derived_names(table, c))]
        by_convention = [c for c in unnamed if self._conventional_name(c) == name]
        only_key = unnamed if kind == "primary" else []
        return next(iter([*derived, *by_convention, *only_key]), None)

    def _derived_names(self, table: CreateTable, constraint: Constraint) -> tuple[str, ...]:
        """The derived name of a constraint, and the one that it had before columns were renamed."""
        former = {fold(new): old for old, new in self._renamed.items()}
        before = tuple(replace(k, name=former.get(fold(k.name), k.name)) for k in constraint.columns)
        variants = (constraint, replace(constraint, columns=before))
        return tuple(table.constraint_name(variant, self.stored.name) for variant in variants)

    def _known_constraints(self) -> str:
        table = self.table
        names = [table.constraint_name(c, self.stored.name) for c in table.all_constraints()]
        return ", ".join(names) or "none"

    def _conventional_name(self, constraint: Constraint) -> str | None:
        """The name that the batch's naming convention, or the models', gives an unnamed constraint.

        None where there is no convention for it, or one that asks for a name to begin with.
        """
        convention = self.naming_convention or getattr(
            self.dialect.opts.get("target_metadata"), "naming_convention", None
        )
        built = _as_sqlalchemy(constraint)
        if not convention or built is None:
            return None
        columns = [Column(column.name, sqltypes.NULLTYPE) for column in self.table.columns]
        try:
            Table(self.stored.name, MetaData(naming_convention=dict(convention)), *columns, built)
            if built.name is None:
                return None
            return self.dialect.sqlalchemy.identifier_preparer.format_constraint(built)
        except exc.InvalidRequestError:
            return None

    def name_constraints(self) -> None:
        """Each constraint that has no name gets the one of the naming convention, if that has one for it."""
        number = 0
        while number < len(found := self.table.all_constraints()):
            constraint = found[number]
            name = self._conventional_name(constraint) if constraint.name is None else None
            if name is not None:
                at = constraint.span[0]
                self.sql = edit.splice(self.sql, ((at, at), f"CONSTRAINT {name} "))
            number += 1

    def _drop_type_check(self, name: str, operation: AlterColumnOp, type_: Any) -> None:
        """The CHECK that a type (Boolean, Enum) once put on the column: by its name, or by its look.

        One that has another name is somebody's own, and stays.
        """
        type_ = None if type_ is None else sqltypes.to_instance(type_)
        if not isinstance(type_, (sqltypes.Boolean, sqltypes.Enum)):
            return
        format_name = self.dialect.sqlalchemy.identifier_preparer.format_constraint
        made = [one for one in self.dialect.type_constraints(operation, type_) if one.name]
        names = {fold(unquote(str(format_name(one)))) for one in made} | {fold(type_.name or "")}
        look = re.compile(rf"\W*{re.escape(name)}\W*\s+IN\s*\([^()]*\)", re.IGNORECASE)
        for constraint in self.table.all_constraints():
            if constraint.kind != "check" or not edit.names_in(self.sql, name, constraint.text_span):
                continue
            known = constraint.name is not None and fold(constraint.name) in names
            if known or (constraint.name is None and look.fullmatch(constraint.text or "")):
                self.sql = edit.drop_constraint(self.sql, constraint)
                return


def _as_sqlalchemy(constraint: Constraint) -> Any:
    names = constraint.column_names
    if constraint.kind == "check":
        return schema.CheckConstraint(constraint.text or "")
    if constraint.kind == "unique":
        return schema.UniqueConstraint(*names)
    if constraint.kind == "primary":
        return schema.PrimaryKeyConstraint(*names)
    if constraint.kind == "foreignkey" and constraint.references is not None:
        target = constraint.references
        keys = [key.name for key in target.columns] or ["id"] * len(names)
        return schema.ForeignKeyConstraint(names, [f"{target.table.name}.{key}" for key in keys])
    return None
