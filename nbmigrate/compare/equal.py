"""Which tables are, beyond doubt, as the models say: one look at plain tuples for each, no values made.

This is the fast road of a comparison, and never has the last word: a table that is not proved equal here is
compared as values (``compare.py``), by the same rules. What is proved once is remembered: a column's row in
the catalogue and what the models say of it (type, NULL, default, comment) are the key, and a database has
some ten such pairs where it has thousands of columns. For 1,000 tables of 12 columns this takes 70 ms where
values on both sides take 700 ms.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import conv

from nbmigrate.compare.desired import ModelReader, action
from nbmigrate.compare.options import CompareOptions
from nbmigrate.model.facts import Facts, KeyFacts, Names, TableFacts
from nbmigrate.model.schema import Key, Schema


class _Doubt(Exception):
    """Something that is not told here: the table needs the closer look."""


def equal_tables(
    current: Schema, desired: Iterable[tuple[Key, sa.Table]], reader: ModelReader, options: CompareOptions
) -> set[Key]:
    """The keys of the tables that are as the models say.

    None at all where somebody wants to be asked about every object, or names are filtered: then equal tables
    must be looked at too.
    """
    asked = callable(options.compare_type) or callable(options.compare_server_default)
    if current.facts is None or asked or options.include_name or options.include_object:
        return set()
    if options.checks != "expression":
        return set()
    proof = _Proof(current.facts, reader)
    return {key for key, table in desired if key in current.tables and proof.holds(key, table)}


@contextmanager
def without_collector() -> Iterator[None]:
    """No garbage collection inside: a comparison makes many objects and hardly any garbage.

    Measured: 40 % of the time of a comparison of 1,000 tables, as each collection goes through all models.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Proof:
    """Compares facts with SQLAlchemy's tables."""

    def __init__(self, facts: Facts, reader: ModelReader) -> None:
        self.facts, self.reader = facts, reader
        self.dialect_name = reader.dialect.name
        self.same: dict[Any, bool] = {}
        self.plain_types: dict[type, bool] = {}

    def holds(self, key: Key, table: sa.Table) -> bool:
        """Whether the table is as the models say."""
        facts = self.facts.table(key)
        if facts is None:
            return False
        if facts.comment != table.comment and facts.comment != self.reader.comment(table.comment):
            return False
        try:
            return (
                self.columns(facts, table) and self.constraints(facts, table) and self.indexes(facts, table)
            )
        except _Doubt:
            return False

    def columns(self, facts: TableFacts, table: sa.Table) -> bool:
        """Whether the columns are the same, in whatever order."""
        rows, same = facts.columns, self.same
        columns = table.columns
        if len(columns) != len(rows):
            return False
        for column in columns:
            row = rows.get(column.name)
            if row is None or column.constraints or column.system:
                return False
            # the hot loop, hence by hand: what the answer depends on is the key, and is hashed once
            type_, default = column.type, column.server_default
            kind = type_.__class__
            key: Any = None
            if self.plain_types.get(kind) or self.is_plain(kind):
                text = default if default is None else getattr(default, "arg", default)
                # other defaults than None and texts are objects, which are equal to themselves only
                key = (row, kind, (*type_.__dict__.values(),), column.nullable, text, column.comment)
                try:
                    answer = same.get(key)
                except TypeError:  # a type that holds a list, an Enum for one
                    key, answer = None, None
            else:
                answer = None
            if answer is None:
                answer = self.same_column(column.name, row, column, table)
                if key is not None:
                    same[key] = answer
            if not answer:
                return False
        return True

    def is_plain(self, kind: type) -> bool:
        """Whether instances of a type's class with the same attributes are spelled the same.

        Not those of others, and not where others have said how to compile it: both may look at the column.
        """
        plain = kind.__module__.startswith("sqlalchemy.") and "_compiler_dispatcher" not in vars(kind)
        self.plain_types[kind] = plain
        return plain

    def same_column(self, name: str, row: Any, column: sa.Column[Any], table: sa.Table) -> bool:
        """Whether one column is the same: by values, as in the slow way."""
        there = self.facts.column(name, row)
        wanted = self.reader.column(column, table)
        return there == wanted or self.facts.same_column(there, wanted)

    def constraints(self, facts: TableFacts, table: sa.Table) -> bool:
        """Whether keys and unique constraints are the same; CHECKs are not proved here."""
        keys, uniques = list(facts.foreign_keys), list(facts.uniques)
        for constraint in table.constraints:
            kind = constraint.__class__
            if kind is sa.PrimaryKeyConstraint:
                if tuple([c.name for c in constraint.columns]) != facts.primary_key:  # type: ignore[attr-defined]
                    return False
            elif kind is sa.ForeignKeyConstraint:
                found = self.foreign_key(constraint, table)
                if found not in keys:
                    return False
                keys.remove(found)
            elif kind is sa.UniqueConstraint:
                if not self.unique(facts, uniques, constraint):
                    return False
            elif self.reader.exists_here(constraint):
                return False
        names = {index.name for index in table.indexes} if uniques and facts.implied else ()
        # where a unique constraint is an index, it is whichever the models have
        return not keys and all(name in names for name, _ in uniques)

    def foreign_key(self, constraint: Any, table: sa.Table) -> KeyFacts:
        """A foreign key as facts; its target is looked up without resolving it, which would cost more."""
        if constraint.deferrable or constraint.initially:
            raise _Doubt
        local, schema, name, referred = [], None, "", []
        for element in constraint.elements:
            local.append(element.parent.name)
            target = _target(element, table)
            if self.dialect_name == "sqlite" and target.table.schema != table.schema:
                raise _Doubt
            schema, name = self.reader.options.key(target.table.schema, target.table.name)
            referred.append(target.name)
        return KeyFacts(
            tuple(local),
            schema,
            name,
            tuple(referred),
            constraint.onupdate and action(constraint.onupdate, self.dialect_name),
            constraint.ondelete and action(constraint.ondelete, self.dialect_name),
        )

    def unique(self, facts: TableFacts, left: list[tuple[str | None, Names]], constraint: Any) -> bool:
        """Whether the database has this unique constraint; it is then taken from those that are left."""
        if constraint.deferrable or constraint.initially or "dialect_options" in vars(constraint):
            return False
        columns = tuple([column.name for column in constraint.columns])
        name = self.name(constraint)
        if facts.has_unique is not None:
            if (None, columns) not in left or (name is not None and not facts.has_unique(name, columns)):
                return False
            left.remove((None, columns))
            return True
        for found in left:
            if found[1] == columns and name in (None, found[0]):
                left.remove(found)
                return True
        return False

    def indexes(self, facts: TableFacts, table: sa.Table) -> bool:
        """Whether the indexes are the same: names, plain columns, uniqueness and nothing else."""
        left = len(facts.indexes)
        for index in table.indexes:
            if "dialect_options" in vars(index):
                return False
            expressions = index.expressions
            if any(not isinstance(element, sa.Column) for element in expressions):
                return False
            there = facts.indexes.get(self.name(index) or "")
            if there != (tuple([element.name for element in expressions]), bool(index.unique)):  # type: ignore[union-attr]
                return False
            left -= 1
        if left and facts.implied:
            models = {self.name(index) for index in table.indexes}
            left -= len(facts.implied - models)
        return not left

    def name(self, item: Any) -> str | None:
        """The name as the database knows it."""
        name = item.name
        if type(name) is conv and len(name) <= self.reader.dialect.max_identifier_length:
            return str(name)
        return self.reader.name(item)


def _target(element: Any, table: sa.Table) -> sa.Column[Any]:
    """The column that a foreign key's element refers to."""
    given = element._colspec
    if not isinstance(given, str):
        if not isinstance(given, sa.Column) or given.table is None:
            raise _Doubt
        return given
    other, _, name = given.rpartition(".")
    metadata = table.metadata
    found = metadata.tables.get(other)
    if found is None or metadata.schema is not None:
        raise _Doubt
    column: sa.Column[Any] | None = found.columns.get(name)
    if column is None or column.key != column.name:
        raise _Doubt
    return column
