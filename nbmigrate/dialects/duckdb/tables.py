"""The tables as they are at each moment, for the emitters.

While statements run, DuckDB's catalogue is asked each time. While they are only written or shown, the tables
that the script itself has made or changed are remembered as they would be, so that a later change to them
can be written too; what the script did not touch is read, where there is a connection to read from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import CreateIndex, CreateTable

from nbmigrate.ddl.text import compile_text
from nbmigrate.dialects.duckdb.catalogue import DuckTable, own_sequences, read_table, referring_tables
from nbmigrate.dialects.duckdb.defaults import with_default_in_parentheses
from nbmigrate.dialects.sqlite.catalogue import StoredObject
from nbmigrate.dialects.sqlite.create_table import UnreadableTable, parse_create_table
from nbmigrate.dialects.sqlite.tokens import fold, same_name

if TYPE_CHECKING:
    from sqlalchemy import Index, Table
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

    from nbmigrate.ddl.statement import Statement
    from nbmigrate.dialects.duckdb.draft import DuckDraft


class Tables:
    """``connection`` is read; ``live`` says that what is emitted runs on it: nothing need be remembered."""

    def __init__(self, sqlalchemy: SQLAlchemyDialect, connection: Connection | None, live: bool) -> None:
        self.sqlalchemy = sqlalchemy
        self.connection = connection
        self.live = live
        self._remembered: dict[tuple[str | None, str], DuckTable | None] = {}
        # how many generations the rows of a table have that refers to itself
        self.depths: dict[tuple[str | None, str], int] = {}

    def table(self, name: str, schema: str | None) -> DuckTable | None:
        """The table; None where there is none, or nothing is known of it."""
        key = (schema, fold(name))
        if key in self._remembered:
            return self._remembered[key]
        return None if self.connection is None else read_table(self.connection, name, schema)

    def exists_now(self, name: str, schema: str | None) -> bool:
        """Whether the table's rows can be looked at: the database has it, and the script did not touch it."""
        return self.connection is not None and (schema, fold(name)) not in self._remembered

    def referring(self, name: str, schema: str | None) -> list[str]:
        """The tables with a foreign key to this one; itself among them where it refers to itself."""
        found = [] if self.connection is None else referring_tables(self.connection, name, schema)
        names = [one for one in found if (schema, fold(one)) not in self._remembered]
        for key, table in self._remembered.items():
            if table is not None and key[0] == schema and any(same_name(t, name) for t in _targets(table)):
                names.append(table.name)
        return sorted(names)

    def sequences(self, table: DuckTable) -> list[str]:
        """The sequences that count for this table's columns alone, and go with it."""
        if self.connection is not None and self.exists_now(table.name, table.schema):
            return own_sequences(self.connection, table)
        wanted = [f"{table.name}_{column.name}_seq" for column in parse_create_table(table.sql).columns]
        others = [t for t in self._remembered.values() if t is not None and t.name != table.name]
        return [name for name in wanted if name in table.sql and not any(name in t.sql for t in others)]

    # what a script that is only written has done so far

    def created(self, table: Table) -> None:
        """A table that the script makes, with its indexes and comments."""
        if self.live:
            return
        sql = with_default_in_parentheses(compile_text(CreateTable(table), self.sqlalchemy))
        comments: dict[str | None, Any] = {None: table.comment} if table.comment else {}
        comments.update((column.name, column.comment) for column in table.columns if column.comment)
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        self.remember(
            DuckTable(table.name, table.schema, sql, tuple(map(self.index_object, indexes)), comments)
        )

    def changed(self, draft: DuckDraft) -> None:
        """A table that the script changes."""
        if self.live:
            return
        made = [s.construct.element for s in draft.created if isinstance(s.construct, CreateIndex)]
        objects = [*draft.objects, *(self.index_object(index) for index in made)]
        names = {fold(column.name): column.name for column in draft.table.columns}
        comments = {
            None if column is None else names[column]: text
            for column, text in draft.comments.items()
            if text and (column is None or column in names)
        }
        if draft.new_name != draft.stored.name:
            self.forget(draft.stored.name, draft.stored.schema)
        stored = replace(draft.stored, name=draft.new_name, sql=draft.sql)
        self.remember(replace(stored, objects=tuple(objects), comments=comments))

    def with_index(self, statements: Sequence[Statement], name: str, schema: str | None) -> None:
        """An index that the script makes."""
        table = None if self.live else self.table(name, schema)
        if table is not None:
            made = [s.construct.element for s in statements if isinstance(s.construct, CreateIndex)]
            self.remember(replace(table, objects=(*table.objects, *map(self.index_object, made))))

    def without_index(self, name: str, table_name: str | None, schema: str | None) -> None:
        """An index that the script drops."""
        known = [table for table in self._remembered.values() if table is not None]
        named = self.table(table_name, schema) if table_name and not self.live else None
        for table in [*known, *([named] if named is not None else [])]:
            kept = tuple(o for o in table.objects if o.kind != "index" or not same_name(o.name, name))
            if table.schema == schema and kept != table.objects:
                self.remember(replace(table, objects=kept))

    def with_comment(self, name: str, schema: str | None, comment: str | None) -> None:
        """A table's comment that the script sets or takes away."""
        table = None if self.live else self.table(name, schema)
        if table is not None:
            comments = dict(table.comments)
            comments.pop(None, None)
            self.remember(replace(table, comments={**comments, None: comment} if comment else comments))

    def remember(self, table: DuckTable) -> None:
        """From here on the table is this."""
        if not self.live:
            self._remembered[(table.schema, fold(table.name))] = table

    def forget(self, name: str, schema: str | None) -> None:
        """From here on there is no such table."""
        if not self.live:
            self._remembered[(schema, fold(name))] = None

    def index_object(self, index: Index) -> StoredObject:
        """An index as the catalogue would have it."""
        table = index.table.name if index.table is not None else ""
        return StoredObject(
            "index", str(index.name), compile_text(CreateIndex(index), self.sqlalchemy), table
        )


def _targets(table: DuckTable) -> list[str]:
    try:
        constraints = parse_create_table(table.sql).all_constraints()
    except UnreadableTable:
        return []
    return [one.references.table.name for one in constraints if one.references is not None]
