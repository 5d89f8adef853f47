"""A table on the way to what it is to be: its text, changed by one operation after the other.

The methods are named after the operations, as the emitters are; those about constraints alone stand in
``table_draft``, what a batch says of the whole table in ``arguments``. Nothing runs here: when all operations
have been taken in, ``rebuild`` puts the new text in the place of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import exc, schema
from sqlalchemy import types as sqltypes
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.schema import Computed, DefaultClause, Identity

from nbmigrate.ddl import elements
from nbmigrate.ddl.statement import Statement
from nbmigrate.ddl.text import compile_text
from nbmigrate.dialects.base import emitter_names
from nbmigrate.dialects.sqlite import arguments, edit
from nbmigrate.dialects.sqlite.catalogue import StoredObject
from nbmigrate.dialects.sqlite.create_table import Constraint, CreateTable
from nbmigrate.dialects.sqlite.table_draft import TableDraft
from nbmigrate.dialects.sqlite.tokens import fold, same_name
from nbmigrate.errors import CommandError, NotInTable
from nbmigrate.model.operations import AddColumnOp, DropConstraintOp, DropIndexOp
from nbmigrate.model.operations.schema_objects import ordered_constraints

if TYPE_CHECKING:
    from nbmigrate.model.operations import (
        AlterColumnOp,
        BatchAlterTableOp,
        CreateIndexOp,
        DropColumnOp,
        MigrateOperation,
    )

# defaults that SQLite takes without parentheses: a literal, perhaps signed, or a key word
_PLAIN_DEFAULT = re.compile(
    r"""[+-]?(?:[\d.]+(?:e[+-]?\d+)?|0x[0-9a-f]+)|x?'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\(.*\)""",
    re.IGNORECASE | re.DOTALL,
)


class Draft(TableDraft):
    """A draft that takes in operations: columns and indexes here, constraints as ``TableDraft`` does."""

    def take_in(self, operation: MigrateOperation) -> None:
        """One operation: the method of its name, or of its base class's."""
        for name in emitter_names(type(operation)):
            method = getattr(self, name, None)
            if method is not None:
                method(operation)
                return
        raise CommandError(f"{type(operation).__name__} can't be part of a change to a table")

    def take_in_all(self, operations: Sequence[MigrateOperation]) -> None:
        """All that is to change at once, in an order that works.

        A column that goes and comes again keeps what is over it: keys, CHECKs, indexes. Only its values are
        new.
        """
        # what is named goes first: a column that goes takes its own along
        ordered = sorted(operations, key=lambda one: not isinstance(one, (DropConstraintOp, DropIndexOp)))
        for number, operation in enumerate(ordered):
            later = ordered[number + 1 :]
            self._coming = {fold(one.column.name) for one in later if isinstance(one, AddColumnOp)}
            self.take_in(operation)

    def take_in_arguments(self, batch: BatchAlterTableOp) -> None:
        """What a batch says of the table besides its operations."""
        arguments.take_in_arguments(self, batch)

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
        self.sql = edit.add_column(self.sql, self.column_text(operation, column))
        self.place(column.name, operation.kw.get("insert_before"), operation.kw.get("insert_after"))
        for constraint in ordered_constraints(table):
            if not isinstance(constraint, schema.PrimaryKeyConstraint):
                self.append_constraint(constraint)
            elif column.primary_key:
                self._new_primary_key(column.name)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            self._make_way(str(index.name))
            self.created.append(Statement(self.dialect.index_element(index)))

    def column_text(self, operation: AddColumnOp, column: Any) -> str:
        """A new column as it stands in CREATE TABLE."""
        new = elements.AddColumn(operation.table_name, column, operation.schema)
        return elements.format_new_column(self.compiler, new)

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
        comes_again = fold(name) in self._coming
        if comes_again:
            self._remember_kept(name)
        while self._drop_one_constraint_of(name, comes_again):
            pass
        own = self._own_constraints(name) if comes_again else []
        self.sql = edit.drop_column(self.sql, name)
        for text in own:
            self.sql = edit.add_constraint(self.sql, text)
        origin = self.origin.pop(fold(name), name)
        if not comes_again:
            self.dropped.append(origin)
            self.objects = [o for o in self.objects if o.kind != "index" or not _index_uses(o.sql, name)]

    def _remember_kept(self, name: str) -> None:
        """What is over a column that comes again stays, unless it is made anew under the same name."""
        self._kept |= {fold(o.name) for o in self.objects if o.kind == "index" and _index_uses(o.sql, name)}
        for constraint in self.table.all_constraints():
            over = edit.names_in(self.sql, name, constraint.span)
            if constraint.name is not None and over and constraint.kind != "primary":
                self._kept.add(fold(constraint.name))

    def _own_constraints(self, name: str) -> list[str]:
        """What a column's definition says of it that a table can say as well."""
        column = self.table.column(name)
        found = []
        for clause in column.constraints if column is not None else ():
            if clause.kind in ("unique", "foreignkey", "check"):
                start = clause.name_span[1] if clause.name_span else clause.span[0]
                said = f"CONSTRAINT {self.sql[slice(*clause.name_span)]} " if clause.name_span else ""
                text = self.sql[start : clause.span[1]].strip()
                over = f"({self.quote(name)})"
                if clause.kind == "unique":
                    text = f"UNIQUE {over}{text[len('UNIQUE') :]}"
                elif clause.kind == "foreignkey":
                    text = f"FOREIGN KEY {over} {text}"
                found.append(said + text)
        return found

    def _drop_one_constraint_of(self, name: str, only_key: bool = False) -> bool:
        """Take out the first table constraint that the column takes with it; whether there was one."""
        table = self.table
        if only_key:
            return self._drop_from_key(table, name)
        for column in table.columns:
            for clause in () if same_name(column.name, name) else column.constraints:
                if clause.text_span and clause.kind in ("check", "generated"):
                    self._refuse_shared(table, clause, name, f"column {column.name!r}")
        if self._drop_from_key(table, name):
            return True
        for constraint in table.constraints:
            if any(same_name(key, name) for key in constraint.column_names):
                self.sql = edit.drop_constraint(self.sql, constraint)
                return True
            if constraint.kind == "check" and edit.names_in(table.text, name, constraint.text_span):
                others = (column.name for column in table.columns if not same_name(column.name, name))
                if any(edit.names_in(table.text, other, constraint.text_span) for other in others):
                    self._refuse_shared(table, constraint, name, "the table")
                self.sql = edit.drop_constraint(self.sql, constraint)
                return True
        return False

    def _drop_from_key(self, table: CreateTable, name: str) -> bool:
        """Take a column out of the table's primary key; whether it was in it."""
        for constraint in table.constraints:
            if constraint.kind == "primary" and any(same_name(key, name) for key in constraint.column_names):
                several = len(constraint.columns) > 1
                self.sql = (
                    edit.drop_key_column(self.sql, constraint, name)
                    if several
                    else edit.drop_constraint(self.sql, constraint)
                )
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
            raise NotInTable(f"Table {self.stored.name!r} has no column {name!r}; it has {known}")
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
        if getattr(operation.existing_type, "collation", None) and not getattr(type_, "collation", None):
            # said to be there, and not said any more; one of which nothing is said stays
            self.sql = edit.drop_collation(self.sql, name)
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
        if isinstance(default, Identity):
            raise exc.CompileError(
                f"SQLite has no identity columns (column {name!r} of table {self.stored.name!r}): an Integer "
                "primary key counts by itself"
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

    def place(self, name: str, before: str | None, after: str | None) -> None:
        """A column put before or behind another."""
        if not before and not after:
            return
        names = [column.name for column in self.table.columns if not same_name(column.name, name)]
        folded = [fold(other) for other in names]
        target = fold(self.current(before or after or ""))
        if target not in folded:
            raise NotInTable(f"Table {self.stored.name!r} has no column {before or after!r}")
        names.insert(folded.index(target) + (0 if before else 1), name)
        self.sql = edit.reorder_columns(self.sql, names)

    def reorder(self, groups: Sequence[Sequence[str]]) -> None:
        """``partial_reordering``: within each group the columns follow each other as they stand there."""
        for group in groups:
            for first, second in pairwise(group):
                self.place(self.current(second), None, first)

    # indexes and comments

    def create_index(self, operation: CreateIndexOp) -> None:
        """An index that is made when the table stands."""
        self._make_way(str(operation.index_name))
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
            raise NotInTable(f"No such index: {name!r} on table {self.stored.name!r}")
        self.objects = kept

    def create_table_comment(self, operation: Any) -> None:
        """Nothing: SQLite keeps no comments."""

    def drop_table_comment(self, operation: Any) -> None:
        """Nothing: SQLite keeps no comments."""


def _index_uses(sql: str, column: str) -> bool:
    return bool(edit.names_in(sql, column, (sql.index("("), len(sql))))
