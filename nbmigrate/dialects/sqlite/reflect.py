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
from nbmigrate.compare.lenient import SameColumn, equal_texts, match_column, match_tables, same_type
from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects.sqlite.create_table import CreateTable, UnreadableTable, parse_create_table
from nbmigrate.model.facts import Facts, KeyFacts, LazyTables, TableFacts
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
# what a table's text can say beyond the pragmas
_MORE = re.compile(r"\b(?:CHECK|COLLATE|DEFERRABLE|INITIALLY|AS)\b", re.IGNORECASE)
_WHERE_WORD = re.compile(r"\b(?:WHERE|COLLATE)\b", re.IGNORECASE)
_INTERNAL = "m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'"


def reflect(connection: Connection, options: CompareOptions) -> Schema:
    """All tables of the database, and of attached ones that are asked for."""
    catalogues: dict[str | None, _Catalogue] = {}
    names: Sequence[str | None] = options.schemas
    if options.include_schemas:
        attached = [row[1] for row in connection.exec_driver_sql("PRAGMA database_list")]
        wanted = [name for name in attached if name not in ("main", "temp") and name not in names]
        names = [*names, *(name for name in wanted if options.wants_name(name, "schema", {}))]
    keys: list[Key] = []
    for schema in names:
        catalogues[schema] = _Catalogue(connection, schema)
        keys += [(schema, name) for name in catalogues[schema].texts]
    tables = LazyTables(
        [key for key in keys if key not in options.exclude_tables],
        lambda key: catalogues[key[0]].table(key[1]),
    )
    facts = Facts(
        lambda key: catalogues[key[0]].facts(key[1]), _plain_column, _same_column(connection.dialect)
    )
    return Schema(tables, lambda keys: _types(connection, tables, keys), facts)


def normalise(connection: Connection, current: Schema, desired: Schema) -> tuple[Schema, Schema]:
    """Both schemas; the desired one with the database's spelling wherever it means the same."""
    return current, match_tables(current, desired, _same_type(connection.dialect))


def _same_type(dialect: Any) -> SameColumn:
    def same(ours: Column, theirs: Column) -> bool:
        return same_type(dialect, _type(dialect, ours.type_text), ours.type_text, theirs)

    return same


def _same_column(dialect: Any) -> SameColumn:
    """Whether a column is as the models say, by the rules of ``normalise``."""
    same = _same_type(dialect)
    return lambda ours, theirs: match_column(ours, theirs, same, equal_texts) == ours


class _Catalogue:
    """The catalogue of one attached database, read at once; tables are made when they are asked for."""

    def __init__(self, connection: Connection, schema: str | None) -> None:
        self.connection = connection
        self.schema = schema
        self.quote = connection.dialect.identifier_preparer.quote
        quoted = connection.dialect.identifier_preparer.quote_identifier(schema or "main")
        master = f"{quoted}.sqlite_master"
        inside = ", '{}'".format((schema or "main").replace("'", "''"))
        self.texts: dict[str, str] = dict(
            self.rows(
                f"SELECT m.name, m.sql FROM {master} m WHERE {_INTERNAL} "
                "AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name"
            )
        )
        self.columns = self.grouped(
            'SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden '
            f"FROM {master} m JOIN pragma_table_xinfo(m.name{inside}) x "
            f"WHERE {_INTERNAL} ORDER BY m.name, x.cid"
        )
        self.keys = self.grouped(
            'SELECT m.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete '
            f"FROM {master} m JOIN pragma_foreign_key_list(m.name{inside}) f "
            f"WHERE {_INTERNAL} ORDER BY m.name, f.id, f.seq"
        )
        self.indexes = self.grouped(
            'SELECT m.name, i.name, i."unique", i.origin, s.sql '
            f"FROM {master} m JOIN pragma_index_list(m.name{inside}) i "
            f"LEFT JOIN {master} s ON s.type = 'index' AND s.name = i.name "
            f"WHERE {_INTERNAL} ORDER BY m.name, i.name"
        )
        self.members = self.grouped(
            f'SELECT i.name, x.name, x."desc", x.cid FROM {master} i '
            f"JOIN pragma_index_xinfo(i.name{inside}) x "
            "WHERE i.type = 'index' AND x.key = 1 ORDER BY i.name, x.seqno"
        )

    def rows(self, sql: str) -> list[Any]:
        """The rows of one statement about all tables, as the driver has them."""
        result = self.connection.exec_driver_sql(sql, execution_options={"no_parameters": True})
        try:
            return list(result.cursor.fetchall())
        finally:
            result.close()

    def grouped(self, sql: str) -> dict[str, list[Any]]:
        """Rows by their first column, in order."""
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.rows(sql):
            found[row[0]].append(row[1:])
        return found

    def table(self, name: str) -> Table:
        """One table."""
        return _TableReader(
            self.schema,
            name,
            self.texts[name],
            self.columns[name],
            self.keys[name],
            self.indexes[name],
            self.members,
        ).table()

    def facts(self, name: str) -> TableFacts | None:
        """What the pragmas say of a table, where its text can't say more than that."""
        text = self.texts[name]
        if _MORE.search(text):
            return None
        rows = self.columns[name]
        indexes: dict[str, tuple[tuple[str, ...], bool]] = {}
        uniques: list[tuple[None, tuple[str, ...]]] = []
        for index, unique, origin, sql in self.indexes[name]:
            members = self.members[index]
            columns = tuple([member[0] for member in members])
            if origin == "u":
                uniques.append((None, columns))
            elif origin == "c":
                if None in columns or any([member[1] for member in members]) or _WHERE_WORD.search(sql):
                    return None
                indexes[index] = columns, bool(unique)
        return TableFacts(
            # of the place in the primary key only whether there is one
            {row[0]: (row[1], row[2], row[3], row[4] > 0, row[5]) for row in rows},
            tuple([row[0] for row in sorted(rows, key=_place_in_key) if row[4]]),
            self.key_facts(name),
            uniques,
            indexes,
            None,
            lambda unique, columns: self.unique_text(unique, columns) in text,
        )

    def key_facts(self, name: str) -> list[KeyFacts]:
        """The foreign keys; those that name no columns over there are not told."""
        groups: dict[int, list[Any]] = {}
        for row in self.keys[name]:
            groups.setdefault(row[0], []).append(row)
        return [
            KeyFacts(
                tuple([row[2] for row in rows]),
                self.schema,
                rows[0][1],
                tuple([row[3] for row in rows]),
                action(rows[0][4]),
                action(rows[0][5]),
            )
            for rows in groups.values()
        ]

    def unique_text(self, name: str, columns: Sequence[str]) -> str:
        """A unique constraint as SQLAlchemy writes it: the name stands nowhere but in the table's text."""
        return f"CONSTRAINT {self.quote(name)} UNIQUE ({', '.join([self.quote(c) for c in columns])})"


def _place_in_key(row: Any) -> int:
    return row[4]  # type: ignore[no-any-return]


def _plain_column(name: str, row: Any) -> Column:
    """A column as the pragma has it."""
    type_text, not_null, default, in_key, hidden = row
    if hidden:
        return Column(name, UNKNOWN, generated=UNKNOWN)
    return Column(name, " ".join(type_text.split()), not not_null and not in_key, default)


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
