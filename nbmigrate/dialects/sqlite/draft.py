"""A table on the way to what it is to be: its text, changed by one operation after the other.

The methods are named after the operations, as the emitters are. Nothing runs here: when all operations have
been taken in, ``rebuild`` puts the new text in the place of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, MetaData, Table, exc, schema
from sqlalchemy import types as sqltypes
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import Computed, DefaultClause

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text
from nbmigrate.dialects.base import emitter_names
from nbmigrate.dialects.sqlite import edit
from nbmigrate.dialects.sqlite.catalogue import StoredObject, StoredTable
from nbmigrate.dialects.sqlite.create_table import Constraint, CreateTable, parse_create_table
from nbmigrate.dialects.sqlite.tokens import fold, same_name, unquote
from nbmigrate.errors import CommandError
from nbmigrate.model.naming import normalise_whitespace
from nbmigrate.model.operations.schema_objects import make_table, ordered_constraints

if TYPE_CHECKING:
    from nbmigrate.dialects.sqlite.dialect import SQLite
    from nbmigrate.model.operations import (
        AddColumnOp,
        AddConstraintOp,
        AlterColumnOp,
        BatchAlterTableOp,
        CreateIndexOp,
        DropColumnOp,
        DropConstraintOp,
        DropIndexOp,
        MigrateOperation,
    )

# defaults that SQLite takes without parentheses: a literal, perhaps signed, or a key word
_PLAIN_DEFAULT = re.compile(
    r"""[+-]?(?:[\d.]+(?:e[+-]?\d+)?|0x[0-9a-f]+)|x?'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\(.*\)""",
    re.IGNORECASE | re.DOTALL,
)


class Draft:
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

    def take_in(self, operation: MigrateOperation) -> None:
        """One operation: the method of its name, or of its base class's."""
        for name in emitter_names(type(operation)):
            method = getattr(self, name, None)
            if method is not None:
                method(operation)
                return
        raise CommandError(f"{type(operation).__name__} can't be part of a change to a table")

    def take_in_arguments(self, batch: BatchAlterTableOp) -> None:
        """What a batch says of the table besides its operations."""
        self.add_table_args(batch.table_args)
        self.reorder(batch.partial_reordering or ())
        if batch.table_kwargs.get("sqlite_autoincrement"):
            self.sql = edit.set_autoincrement(self.sql)

    def index_changes(self) -> Iterator[Statement]:
        """What is to be done where only indexes change."""
        prefix = f"{self.quote(self.stored.schema)}." if self.stored.schema else ""
        for gone in (found for found in self.stored.objects if found not in self.objects):
            yield Statement(f"DROP INDEX {prefix}{self.quote(gone.name)}")
        yield from self.created

    # columns

    def add_column(self, operation: AddColumnOp) -> None:
        """A column at the end, or where it is asked for, with its constraints and indexes."""
        table, column = self.dialect.table_with_new_column(operation)
        if operation.if_not_exists and self.table.column(column.name) is not None:
            return
        if self.table.column(column.name) is not None:
            raise CommandError(f"Table {self.stored.name!r} has a column {column.name!r} already")
        definition = elements.format_new_column(
            self.compiler, elements.AddColumn(operation.table_name, column, operation.schema)
        )
        self.sql = edit.add_column(self.sql, definition)
        self.place(column.name, operation.kw.get("insert_before"), operation.kw.get("insert_after"))
        for constraint in ordered_constraints(table):
            if not isinstance(constraint, schema.PrimaryKeyConstraint):
                self.append_constraint(constraint)
            elif column.primary_key:
                self._new_primary_key(column.name)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            self.created.append(Statement(self.dialect.index_element(index)))

    def _new_primary_key(self, column: str) -> None:
        if self.table.primary_key:
            raise CommandError(
                f"Table {self.stored.name!r} has a primary key already: drop it before {column!r} becomes one"
            )
        self.sql = edit.add_constraint(self.sql, f"PRIMARY KEY ({self.quote(column)})")

    def drop_column(self, operation: DropColumnOp) -> None:
        """A column taken out, with the keys and checks that are about it alone."""
        name = self.current(operation.column_name)
        if self.table.column(name) is None and operation.if_exists:
            return
        while self._drop_one_constraint_of(name):
            pass
        self.sql = edit.drop_column(self.sql, name)
        self.dropped.append(self.origin.pop(fold(name), name))
        self.objects = [o for o in self.objects if o.kind != "index" or not _index_uses(o.sql, name)]

    def _drop_one_constraint_of(self, name: str) -> bool:
        """Take out the first table constraint that the column takes with it; whether there was one."""
        table = self.table
        for column in table.columns:
            for clause in () if same_name(column.name, name) else column.constraints:
                if clause.text_span and clause.kind in ("check", "generated"):
                    self._refuse_shared(table, clause, name, f"column {column.name!r}")
        for constraint in table.constraints:
            if any(same_name(key, name) for key in constraint.column_names):
                several = len(constraint.columns) > 1
                if constraint.kind == "primary" and several:
                    self.sql = edit.drop_key_column(self.sql, constraint, name)
                else:
                    self.sql = edit.drop_constraint(self.sql, constraint)
                return True
            if constraint.kind == "check" and edit.names_in(table.text, name, constraint.text_span):
                others = (column.name for column in table.columns if not same_name(column.name, name))
                if any(edit.names_in(table.text, other, constraint.text_span) for other in others):
                    self._refuse_shared(table, constraint, name, "the table")
                self.sql = edit.drop_constraint(self.sql, constraint)
                return True
        return False

    def _refuse_shared(self, table: CreateTable, clause: Constraint, name: str, where: str) -> None:
        if edit.names_in(table.text, name, clause.text_span):
            raise CommandError(
                f"Column {name!r} of table {table.name!r} can't be dropped: {where} uses it in "
                f"{clause.kind.upper()} ({clause.text}); drop that first"
            )

    def alter_column(self, operation: AlterColumnOp) -> None:
        """A column's type, nullability, default, name and place."""
        name = self.current(operation.column_name)
        if self.table.column(name) is None:
            known = ", ".join(column.name for column in self.table.columns)
            raise CommandError(f"Table {self.stored.name!r} has no column {name!r}; it has {known}")
        if operation.modify_type is not None:
            self._change_type(name, operation)
        if operation.modify_nullable is not None:
            self.sql = edit.set_not_null(self.sql, name, not operation.modify_nullable)
        if operation.modify_server_default is not False:
            self._change_default(name, operation)
        if operation.modify_name is not None and operation.modify_name != name:
            self.rename_column(name, operation.modify_name)
            name = operation.modify_name
        self.place(name, operation.kw.get("insert_before"), operation.kw.get("insert_after"))

    def _change_type(self, name: str, operation: AlterColumnOp) -> None:
        type_ = sqltypes.to_instance(operation.modify_type)
        self._drop_type_check(name, operation, operation.existing_type)
        self.sql = edit.set_type(self.sql, name, elements.format_type(self.compiler, type_))
        for constraint in self.dialect.type_constraints(operation, type_):
            self._drop_type_check(name, operation, type_)
            self.append_constraint(constraint)

    def _change_default(self, name: str, operation: AlterColumnOp) -> None:
        default = operation.modify_server_default
        if isinstance(default, Computed) or isinstance(operation.existing_server_default, Computed):
            raise exc.CompileError(
                f"Column {name!r} of table {self.stored.name!r}: an existing column can't be made computed "
                "(GENERATED ALWAYS AS), nor its expression be changed or taken away; drop and add the column"
            )
        self.sql = edit.set_default(self.sql, name, self.default_text(default))

    def default_text(self, default: Any) -> str | None:
        """A server default as SQLite takes it: whatever is not a literal stands in parentheses."""
        if default is None:
            return None
        given = elements.format_server_default(self.compiler, default)
        argument = default.arg if isinstance(default, DefaultClause) else default
        expression = isinstance(argument, ColumnElement) and not given.startswith("(")
        return f"({given})" if expression or not _PLAIN_DEFAULT.fullmatch(given) else given

    def rename_column(self, old: str, new: str) -> None:
        """A column's name, in the table's text and in its indexes."""
        if self.table.column(new) is not None and not same_name(old, new):
            raise CommandError(f"Table {self.stored.name!r} has a column {new!r} already")
        self.sql = edit.rename_column(self.sql, old, self.quote(new))
        source = self.origin.pop(fold(old), None)
        if source is not None:
            self.origin[fold(new)] = source
        self._renamed[fold(old)] = new
        self.objects = [
            StoredObject(o.kind, o.name, edit.rename_in_index(o.sql, old, self.quote(new)), o.table)
            if o.kind == "index"
            else o
            for o in self.objects
        ]

    def current(self, name: str) -> str:
        """A column's name now: later operations of a batch may use the name that it had."""
        column = self.table.column(name)
        return column.name if column is not None else self._renamed.get(fold(name), name)

    def place(self, name: str, before: str | None, after: str | None) -> None:
        """A column put before or behind another."""
        if not before and not after:
            return
        names = [column.name for column in self.table.columns if not same_name(column.name, name)]
        folded = [fold(other) for other in names]
        target = fold(self.current(before or after or ""))
        if target not in folded:
            raise CommandError(f"Table {self.stored.name!r} has no column {before or after!r}")
        names.insert(folded.index(target) + (0 if before else 1), name)
        self.sql = edit.reorder_columns(self.sql, names)

    def reorder(self, groups: Sequence[Sequence[str]]) -> None:
        """``partial_reordering``: within each group the columns follow each other as they stand there."""
        for group in groups:
            for first, second in pairwise(group):
                self.place(self.current(second), None, first)

    # constraints

    def add_constraint(self, operation: AddConstraintOp) -> None:
        """A constraint; a primary key takes the place of the one that is there."""
        constraint = operation.to_constraint(self.dialect)
        if isinstance(constraint, schema.PrimaryKeyConstraint):
            existing = next((c for c in self.table.all_constraints() if c.kind == "primary"), None)
            if existing is not None:
                self.sql = edit.drop_constraint(self.sql, existing)
        self.append_constraint(constraint)

    def append_constraint(self, constraint: schema.Constraint) -> None:
        """A constraint's SQL behind all that is there."""
        if not self.dialect.is_wanted(constraint):
            return
        text = self.compiler.process(constraint)
        if not text:
            return
        for old, new in self._renamed.items():
            if self.table.column(old) is None:
                text = edit.splice(text, *((span, self.quote(new)) for span in edit.names_in(text, old)))
        self.sql = edit.add_constraint(self.sql, text)

    def add_table_args(self, items: Sequence[Any]) -> None:
        """``table_args``: constraints, where the table has no such thing yet."""
        constraints = [item for item in items if isinstance(item, schema.Constraint)]
        columns = [Column(column.name, sqltypes.NULLTYPE) for column in self.table.columns]
        described = [*columns, *constraints]
        table = make_table(self.stored.name, described, context=self.dialect, schema=self.stored.schema)
        known = {self._essence(constraint) for constraint in self.table.all_constraints()}
        for constraint in ordered_constraints(table):
            empty = isinstance(constraint, schema.PrimaryKeyConstraint) and not constraint.columns
            text = None if empty else self.compiler.process(constraint)
            if not text:
                continue
            added = parse_create_table(edit.add_constraint(self.sql, text)).constraints[-1]
            if self._essence(added) not in known:
                self.sql = edit.add_constraint(self.sql, text)

    def _essence(self, constraint: Constraint) -> tuple[Any, ...]:
        target = constraint.references
        return (
            constraint.kind,
            tuple(fold(name) for name in constraint.column_names) if constraint.kind != "check" else (),
            normalise_whitespace(constraint.text or "") if constraint.kind == "check" else "",
            fold(target.table.name) if target else "",
        )

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
            self.sql = edit.drop_constraint(self.sql, found)
        elif not operation.if_exists:
            raise CommandError(
                f"No such constraint: {str(name)!r} on table {self.stored.name!r}; the constraints there are "
                f"{self._known_constraints()}"
            )

    def _find_constraint(self, name: str, kind: str | None) -> Constraint | None:
        table = self.table
        candidates = [c for c in table.all_constraints() if kind is None or c.kind == kind]
        named = [c for c in candidates if c.name is not None and same_name(c.name, name)]
        unnamed = [c for c in candidates if c.name is None]
        derived = [c for c in unnamed if any(same_name(n, name) for n in self._derived_names(table, c))]
        by_convention = [c for c in unnamed if self._conventional_name(c) == name]
        only_key = unnamed if kind == "primary" else []
        return next(iter([*named, *derived, *by_convention, *only_key]), None)

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
        """The name that the batch's naming convention, or the models', gives an unnamed constraint."""
        convention = self.naming_convention or getattr(
            self.dialect.opts.get("target_metadata"), "naming_convention", None
        )
        built = _as_sqlalchemy(constraint)
        if not convention or built is None:
            return None
        columns = [Column(column.name, sqltypes.NULLTYPE) for column in self.table.columns]
        Table(self.stored.name, MetaData(naming_convention=dict(convention)), *columns, built)
        return self.dialect.sqlalchemy.identifier_preparer.format_constraint(built) if built.name else None

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

    # indexes and comments

    def create_index(self, operation: CreateIndexOp) -> None:
        """An index that is made when the table stands."""
        for statement in self.dialect.plain_index(operation):
            stale = {old: new for old, new in self._renamed.items() if self.table.column(old) is None}
            sql = original = compile_text(statement.construct, self.dialect.sqlalchemy)
            for old, new in stale.items():
                sql = edit.rename_in_index(sql, old, self.quote(new))
            self.created.append(statement if sql == original else Statement(sql))

    def drop_index(self, operation: DropIndexOp) -> None:
        """An index that is not made again."""
        name = str(operation.index_name)
        kept = [o for o in self.objects if o.kind != "index" or not same_name(o.name, name)]
        if len(kept) == len(self.objects) and not operation.if_exists:
            raise CommandError(f"No such index: {name!r} on table {self.stored.name!r}")
        self.objects = kept

    def create_table_comment(self, operation: Any) -> None:
        """Nothing: SQLite keeps no comments."""

    def drop_table_comment(self, operation: Any) -> None:
        """Nothing: SQLite keeps no comments."""


def _index_uses(sql: str, column: str) -> bool:
    return bool(edit.names_in(sql, column, (sql.index("("), len(sql))))


def _as_sqlalchemy(constraint: Constraint) -> Any:
    names = constraint.column_names
    if constraint.kind == "unique":
        return schema.UniqueConstraint(*names)
    if constraint.kind == "primary":
        return schema.PrimaryKeyConstraint(*names)
    if constraint.kind == "foreignkey" and constraint.references is not None:
        target = constraint.references
        keys = [key.name for key in target.columns] or ["id"] * len(names)
        return schema.ForeignKeyConstraint(names, [f"{target.table.name}.{key}" for key in keys])
    return None
