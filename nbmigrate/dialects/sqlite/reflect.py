"""A SQLite database as schema values: five statements, whatever the number of tables.

The pragmas, joined with ``sqlite_schema`` as table-valued functions, say what columns and keys there are; the
CREATE TABLE texts say what the pragmas leave out: names of constraints, CHECKs, collations, when a foreign
key is checked. A text that can't be read costs those, not the table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from nbmigrate.compare.desired import action
from nbmigrate.compare.lenient import match_tables, same_type
from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects.sqlite.create_table import CreateTable, UnreadableTable, parse_create_table
from nbmigrate.model.schema import (
    UNKNOWN,
    Check,
    Column,
    ForeignKey,
    Index,
    Key,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    sorted_constraints,
)

_WHERE = re.compile(r"\)\s*WHERE\b(.*)\Z", re.IGNORECASE | re.DOTALL)
_INTERNAL = "m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'"


def reflect(connection: Connection, options: CompareOptions) -> Schema:
    """All tables of the database, and of attached ones that are asked for."""
    tables: dict[Key, Table] = {}
    names: Sequence[str | None] = options.schemas
    if options.include_schemas:
        attached = [row[1] for row in connection.exec_driver_sql("PRAGMA database_list")]
        wanted = [name for name in attached if name not in ("main", "temp") and name not in names]
        names = [*names, *(name for name in wanted if options.wants_name(name, "schema", {}))]
    for schema in names:
        for table in _Catalogue(connection, schema).tables():
            if table.key not in options.exclude_tables:
                tables[table.key] = table
    return Schema(tables, lambda keys: _types(connection, tables, keys))


def normalise(connection: Connection, current: Schema, desired: Schema) -> tuple[Schema, Schema]:
    """Both schemas; the desired one with the database's spelling wherever it means the same."""
    dialect = connection.dialect

    def same(ours: Column, theirs: Column) -> bool:
        known = _type(dialect, ours.type_text)
        return same_type(dialect, known, ours.type_text, theirs)

    return current, match_tables(current, desired, same)


class _Catalogue:
    """The catalogue of one attached database."""

    def __init__(self, connection: Connection, schema: str | None) -> None:
        self.connection = connection
        self.schema = schema
        quoted = connection.dialect.identifier_preparer.quote_identifier(schema or "main")
        self.master = f"{quoted}.sqlite_master"
        self.inside = ", '{}'".format((schema or "main").replace("'", "''"))

    def rows(self, sql: str) -> list[Any]:
        """The rows of one statement about all tables."""
        return list(
            self.connection.exec_driver_sql(sql, execution_options={"no_parameters": True}).fetchall()
        )

    def grouped(self, sql: str) -> dict[str, list[Any]]:
        """Rows by their first column, in order."""
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.rows(sql):
            found[row[0]].append(row[1:])
        return found

    def tables(self) -> list[Table]:
        """Every table, by name."""
        texts = {
            row[0]: row[1]
            for row in self.rows(
                f"SELECT m.name, m.sql FROM {self.master} m WHERE {_INTERNAL} "
                "AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name"
            )
        }
        columns = self.grouped(
            'SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden '
            f"FROM {self.master} m JOIN pragma_table_xinfo(m.name{self.inside}) x "
            f"WHERE {_INTERNAL} ORDER BY m.name, x.cid"
        )
        keys = self.grouped(
            'SELECT m.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete '
            f"FROM {self.master} m JOIN pragma_foreign_key_list(m.name{self.inside}) f "
            f"WHERE {_INTERNAL} ORDER BY m.name, f.id, f.seq"
        )
        indexes = self.grouped(
            'SELECT m.name, i.name, i."unique", i.origin, s.sql '
            f"FROM {self.master} m JOIN pragma_index_list(m.name{self.inside}) i "
            f"LEFT JOIN {self.master} s ON s.type = 'index' AND s.name = i.name "
            f"WHERE {_INTERNAL} ORDER BY m.name, i.name"
        )
        members = self.grouped(
            f'SELECT i.name, x.name, x."desc", x.cid FROM {self.master} i '
            f"JOIN pragma_index_xinfo(i.name{self.inside}) x "
            "WHERE i.type = 'index' AND x.key = 1 ORDER BY i.name, x.seqno"
        )
        return [
            _TableReader(self.schema, name, text, columns[name], keys[name], indexes[name], members).table()
            for name, text in texts.items()
        ]


class _TableReader:
    """Puts one table together."""

    def __init__(
        self,
        schema: str | None,
        name: str,
        text: str,
        columns: list[Any],
        keys: list[Any],
        indexes: list[Any],
        members: Mapping[str, list[Any]],
    ) -> None:
        self.schema, self.name = schema, name
        self.column_rows, self.key_rows, self.index_rows, self.members = columns, keys, indexes, members
        try:
            self.parsed: CreateTable | None = parse_create_table(text)
        except UnreadableTable:
            self.parsed = None

    def table(self) -> Table:
        """The whole table."""
        kwargs = {}
        written = self.parsed.all_constraints() if self.parsed else ()
        if any(c.autoincrement for c in written):
            kwargs["sqlite_autoincrement"] = True
        if self.parsed and self.parsed.without_rowid:
            kwargs["sqlite_with_rowid"] = False
        if self.parsed and self.parsed.strict:
            kwargs["sqlite_strict"] = True
        return sorted_constraints(
            Table(
                name=self.name,
                schema=self.schema,
                columns=tuple(self.column(row) for row in self.column_rows if row[5] != 1),
                primary_key=self.primary_key(),
                foreign_keys=self.foreign_keys(),
                uniques=self.uniques(),
                checks=tuple(Check(c.text or "", c.name) for c in written if c.kind == "check"),
                indexes=self.indexes(),
                kwargs=tuple(sorted(kwargs.items())),
            )
        )

    def column(self, row: Any) -> Column:
        """One column."""
        name, type_text, not_null, default, key, hidden = row
        parsed = self.parsed.column(name) if self.parsed else None
        generated = parsed.generated if parsed else None
        collation = parsed.collation if parsed else None
        text = " ".join((parsed.type if parsed else type_text).split())
        return Column(
            name=name,
            type_text=f'{text} COLLATE "{collation}"' if collation else text,
            # a key column without NOT NULL: nobody means NULLs in it, and SQLAlchemy never makes one
            nullable=not not_null and not key,
            default=default,
            generated=(generated.text if generated else UNKNOWN) if hidden in (2, 3) else None,
            stored=hidden == 3 if hidden in (2, 3) else None,
        )

    def primary_key(self) -> PrimaryKey | None:
        """The primary key, its columns in its own order."""
        columns = [row[0] for row in sorted(self.column_rows, key=lambda row: row[4]) if row[4]]
        if not columns:
            return None
        written = self.parsed.all_constraints() if self.parsed else ()
        name = next((c.name for c in written if c.kind == "primary"), None)
        return PrimaryKey(tuple(columns), name)

    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """Foreign keys: the pragma has them all, the text their names and when they are checked."""
        groups: dict[int, list[Any]] = defaultdict(list)
        for row in self.key_rows:
            groups[row[0]].append(row)
        written = [
            c for c in (self.parsed.all_constraints() if self.parsed else ()) if c.kind == "foreignkey"
        ]
        # SQLite numbers them from the last to the first
        in_order = [groups[number] for number in sorted(groups, reverse=True)]
        known = written if len(written) == len(in_order) else [None] * len(in_order)
        return tuple(self.foreign_key(rows, text) for rows, text in zip(in_order, known, strict=True))

    def foreign_key(self, rows: list[Any], text: Any) -> ForeignKey:
        """One foreign key."""
        references = text.references if text else None
        late = bool(references and references.initially == "DEFERRED")
        return ForeignKey(
            columns=tuple(row[2] for row in rows),
            referred_schema=self.schema,
            referred_table=rows[0][1],
            referred_columns=tuple(row[3] for row in rows if row[3] is not None),
            name=text.name if text else None,
            onupdate=action(rows[0][4]),
            ondelete=action(rows[0][5]),
            deferrable=True if references and (references.deferrable or late) else None,
            initially="DEFERRED" if late else None,
        )

    def uniques(self) -> tuple[Unique, ...]:
        """Unique constraints: those that are written in the table's text."""
        if self.parsed is not None:
            return tuple(
                Unique(c.column_names, c.name) for c in self.parsed.all_constraints() if c.kind == "unique"
            )
        own = [row[0] for row in self.index_rows if row[2] == "u"]
        return tuple(Unique(tuple(member[0] for member in self.members[name])) for name in own)

    def indexes(self) -> tuple[Index, ...]:
        """Indexes that were made by CREATE INDEX."""
        return tuple(self.index(row) for row in self.index_rows if row[2] == "c")

    def index(self, row: Any) -> Index:
        """One index; its expressions stand only in its text."""
        name, unique, _, text = row
        members = self.members[name]
        elements = _elements(text) if any(member[0] is None for member in members) else []
        columns, orders = [], []
        for number, (column, descending, _) in enumerate(members):
            if column is None:
                expression = elements[number] if len(elements) == len(members) else UNKNOWN
                column = f"({expression})"
            columns.append(column)
            orders.append("DESC" if descending else "")
        options: dict[str, Any] = {"order": tuple(orders)} if any(orders) else {}
        kwargs: dict[str, Any] = {}
        where = _where(text)
        if where:
            options["where"] = where
            kwargs["sqlite_where"] = sa.text(where.replace(":", r"\:"))
        return Index(
            name,
            tuple(columns),
            bool(unique),
            tuple(sorted(options.items())),
            tuple(sorted(kwargs.items())),
        )


def _key_list(text: str) -> tuple[int, int]:
    """Where the list of keys of a CREATE INDEX text begins and ends."""
    depth, start, quote = 0, -1, ""
    for place, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"`[":
            quote = "]" if sign == "[" else sign
        elif sign == "(":
            start = place + 1 if start < 0 else start
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                return start, place
    return -1, -1


def _elements(text: str) -> list[str]:
    """The keys of an index, each without its order."""
    start, end = _key_list(text)
    found, depth, quote, piece = [], 0, "", ""
    for sign in text[start:end] + ",":
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"`[":
            quote = "]" if sign == "[" else sign
        depth += 0 if quote else (sign == "(") - (sign == ")")
        if sign == "," and not depth and not quote:
            found.append(re.sub(r"\s+(?:ASC|DESC)\s*\Z", "", piece, flags=re.IGNORECASE).strip())
            piece = ""
        else:
            piece += sign
    return found


def _where(text: str) -> str | None:
    """The condition of a partial index."""
    _, end = _key_list(text)
    found = _WHERE.match(text[end:]) if end >= 0 else None
    return found.group(1).strip() if found else None


def _type(dialect: Any, text: str) -> Any:
    """The SQLAlchemy type of a type text, as SQLAlchemy's reflection would have it."""
    found = re.match(r'(.*?) COLLATE "(.*)"\Z', text)
    # SQLAlchemy knows the names in capitals only
    resolved = dialect._resolve_type_affinity((found.group(1) if found else text).upper())
    if found and hasattr(resolved, "collation"):
        resolved.collation = found.group(2)
    return resolved


def _types(
    connection: Connection, tables: Mapping[Key, Table], keys: Sequence[Key]
) -> dict[Key, dict[str, Any]]:
    dialect = connection.dialect
    return {key: {c.name: _type(dialect, c.type_text) for c in tables[key].columns} for key in keys}
