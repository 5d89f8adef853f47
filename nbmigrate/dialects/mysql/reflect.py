"""A MariaDB database as schema values: six questions to ``information_schema``, however many tables.

SQLAlchemy reads one SHOW CREATE TABLE after another. What a type, a default or a CHECK is in MariaDB's own
words is asked of MariaDB (``probe``) where the models' text is another. A unique constraint is an index
here, and a foreign key makes one for itself: both are told apart by what the models have. MySQL, whose
``information_schema`` says other things in other words, has the reader that serves all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from nbmigrate.compare.desired import action
from nbmigrate.compare.lenient import match_tables
from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects import reflect as usual
from nbmigrate.dialects.mysql import probe
from nbmigrate.dialects.mysql.expressions import in_server_words
from nbmigrate.dialects.mysql.types import sqlalchemy_type
from nbmigrate.model.facts import Facts, KeyFacts, LazyTables, TableFacts
from nbmigrate.model.schema import (
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

_SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")
_TABLES = """
SELECT table_schema, table_name, table_comment, engine, table_collation FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema IN :schemas ORDER BY table_schema, table_name
"""
_COLUMNS = """
SELECT table_schema, table_name, column_name, column_type, is_nullable, column_default, extra,
    column_comment, character_set_name, collation_name, generation_expression
FROM information_schema.columns WHERE table_schema IN :schemas
ORDER BY table_schema, table_name, ordinal_position
"""
_INDEXES = """
SELECT table_schema, table_name, index_name, non_unique, column_name, sub_part, collation, index_type
FROM information_schema.statistics WHERE table_schema IN :schemas
ORDER BY table_schema, table_name, index_name, seq_in_index
"""
_KEYS = """
SELECT table_schema, table_name, constraint_name, column_name, referenced_table_schema,
    referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage
WHERE table_schema IN :schemas AND referenced_table_name IS NOT NULL
ORDER BY table_schema, table_name, constraint_name, ordinal_position
"""
_ACTIONS = """
SELECT constraint_schema, table_name, constraint_name, update_rule, delete_rule
FROM information_schema.referential_constraints WHERE constraint_schema IN :schemas
"""
_CHECKS = """
SELECT constraint_schema, table_name, constraint_name, level, check_clause
FROM information_schema.check_constraints WHERE constraint_schema IN :schemas
ORDER BY constraint_schema, table_name, constraint_name
"""
# what MariaDB adds to a column of the type JSON, an alias of LONGTEXT with a collation of its own; by this it
# is known again (MariaDB's manual, "JSON Data Type")
_JSON_CHECK = re.compile(r"json_valid\(`((?:[^`]|``)*)`\)\Z", re.IGNORECASE)


def reflect(connection: Connection, options: CompareOptions) -> Schema:
    """All tables of the databases that are asked for."""
    if not connection.dialect.is_mariadb:  # type: ignore[attr-defined]
        return usual.reflect(connection, options)
    default = connection.dialect.default_schema_name
    names = [default if name is None else name for name in options.schemas]
    if options.include_schemas:
        others = [name for name in sa.inspect(connection).get_schema_names() if name not in _SYSTEM]
        wanted = [name for name in others if name not in names and name != default]
        names += [name for name in wanted if options.wants_name(name, "schema", {})]
    catalogue = _Catalogue(connection, [name for name in names if name], default)
    tables = LazyTables([key for key in catalogue.rows if key not in options.exclude_tables], catalogue.table)

    def types(keys: Sequence[Key]) -> Mapping[Key, Mapping[str, Any]]:
        dialect = connection.dialect
        return {
            key: {c.name: sqlalchemy_type(dialect, c.type_text) for c in tables[key].columns} for key in keys
        }

    return Schema(tables, types, Facts(catalogue.facts, catalogue.column, probe.same_column))


def normalise(connection: Connection, current: Schema, desired: Schema) -> tuple[Schema, Schema]:
    """Both schemas in MariaDB's own words."""
    if not connection.dialect.is_mariadb:  # type: ignore[attr-defined]
        return usual.normalise(connection, current, in_server_words(connection, current, desired))
    matched = match_tables(current, desired, probe.same_type)
    tables = probe.asked(connection, current.tables, matched.tables)
    there = {key: _without_shadows(table, tables.get(key)) for key, table in current.tables.items()}
    return replace(current, tables=there), replace(desired, tables=tables)


def _without_shadows(there: Table, wanted: Table | None) -> Table:
    """Leave out the indexes that keys have made for themselves; a unique index is what the models call it."""
    names = {index.name for index in wanted.indexes} if wanted else set()
    # a constraint can't say an order or a length: what has one was made as an index
    asked = {unique.name for unique in wanted.uniques} if wanted else set()
    names |= {index.name for index in there.indexes if index.options and index.name not in asked}
    implied = {unique.name for unique in there.uniques}
    for fk in there.foreign_keys:
        if wanted is None or fk in wanted.foreign_keys:
            implied |= {i.name for i in there.indexes if _is_implied(i.name, i.unique, i.columns, fk)}
    uniques = {unique.name for unique in there.uniques}
    return replace(
        there,
        indexes=tuple(i for i in there.indexes if i.name in names or i.name not in implied),
        implied=tuple(i for i in there.indexes if i.name in implied - names - uniques),
        uniques=tuple(u for u in there.uniques if u.name not in names),
    )


def _is_implied(name: str, unique: bool, columns: Sequence[str], fk: Any) -> bool:
    """Whether an index is one that a foreign key makes: named after the key, or its first column."""
    if unique or tuple(columns) != fk.columns:
        return False
    return name == fk.name or re.fullmatch(re.escape(fk.columns[0]) + r"(?:_\d+)?", name) is not None


class _Catalogue:
    """What ``information_schema`` says, read at once; tables are made when they are asked for."""

    def __init__(self, connection: Connection, schemas: Sequence[str], default: str | None) -> None:
        self.connection, self.schemas, self.default = connection, list(schemas), default
        self.rows: dict[Key, Any] = {self.key(row): row[2:] for row in self.fetch(_TABLES)}
        self.columns, self.indexes, self.keys, self.actions, self.checks = (
            self.grouped(sql) if self.rows else {} for sql in (_COLUMNS, _INDEXES, _KEYS, _ACTIONS, _CHECKS)
        )
        for key, rows in self.checks.items():
            found = {match[1].replace("``", "`") for row in rows if (match := _JSON_CHECK.match(row[2]))}
            if found:
                self.columns[key] = [_as_json(row) if row[0] in found else row for row in self.columns[key]]

    def key(self, row: Any) -> Key:
        """The key of the table that a row is about."""
        return (None if row[0] == self.default else row[0]), row[1]

    def fetch(self, sql: str) -> Sequence[Any]:
        """The rows of one statement about all tables, as the driver has them."""
        statement = sa.text(sql).bindparams(sa.bindparam("schemas", expanding=True))
        result = self.connection.execute(statement, {"schemas": self.schemas})
        try:
            return list(result.cursor.fetchall())
        finally:
            result.close()

    def grouped(self, sql: str) -> dict[Key, list[Any]]:
        """The rows of each table, in order."""
        found: dict[Key, list[Any]] = {}
        for row in self.fetch(sql):
            found.setdefault(self.key(row), []).append(row[2:])
        return found

    def table(self, key: Key) -> Table:
        """One table."""
        comment, engine, collation = self.rows[key]
        indexes = [self.index(name, rows) for name, rows in _by_name(self.indexes.get(key, ())).items()]
        primary = next((index for index in indexes if index.name == "PRIMARY"), None)
        kwargs = {"mysql_engine": engine, "mysql_collate": collation}
        if collation:
            kwargs["mysql_default_charset"] = collation.partition("_")[0]
        return sorted_constraints(
            Table(
                name=key[1],
                schema=key[0],
                columns=tuple(
                    self.column(row[0], (*row[1:], collation)) for row in self.columns.get(key, ())
                ),
                primary_key=PrimaryKey(primary.columns) if primary else None,
                foreign_keys=self.foreign_keys(key),
                uniques=tuple(Unique(i.columns, i.name) for i in indexes if i.unique and i is not primary),
                checks=tuple(
                    Check(clause, name)
                    for name, _, clause in self.checks.get(key, ())
                    if not _JSON_CHECK.match(clause)
                ),
                indexes=tuple(index for index in indexes if index is not primary),
                comment=comment or None,
                kwargs=tuple(sorted((name, value) for name, value in kwargs.items() if value)),
            )
        )

    def column(self, name: str, row: Any) -> Column:
        """One column; the last of its row is the table's collation, which is said where it is not that."""
        type_text, nullable, default, extra, comment, charset, collation, generated, of_table = row
        if collation and collation != of_table:
            type_text = f"{type_text} CHARACTER SET {charset} COLLATE {collation}"
        default = None if default in (None, "NULL") or generated else default
        on_update = re.search(r"on update \S+", extra, re.IGNORECASE)
        if on_update:
            default = f"{default or 'NULL'} {on_update[0].upper()}"
        return Column(
            name,
            type_text,
            nullable == "YES",
            default,
            comment or None,
            generated=generated or None,
            stored="STORED" in extra if generated else None,
            autoincrement="auto_increment" in extra,
            collation=collation,
        )

    def index(self, name: str, rows: Sequence[Any]) -> Index:
        """One index, a primary key for one."""
        lengths = tuple(row[3] for row in rows)
        orders = tuple("DESC" if row[4] == "D" else "" for row in rows)
        kind = rows[0][5]
        special = kind not in ("BTREE", "HASH", "RTREE")
        columns = tuple(row[2] for row in rows)
        options: dict[str, Any] = {"order": orders} if any(orders) else {}
        kwargs: dict[str, Any] = {}
        if any(lengths) and kind not in ("RTREE", "SPATIAL"):
            options["length"] = lengths
            pairs = zip(columns, lengths, strict=True)
            kwargs["mysql_length"] = {column: length for column, length in pairs if length}
        if special:
            options["prefix"] = kwargs["mysql_prefix"] = kind
        unique = not int(rows[0][1])
        return Index(name, columns, unique, tuple(sorted(options.items())), tuple(sorted(kwargs.items())))

    def foreign_keys(self, key: Key) -> tuple[ForeignKey, ...]:
        """The foreign keys; RESTRICT is what NO ACTION is."""
        actions = {row[0]: row[1:] for row in self.actions.get(key, ())}
        found = []
        for name, rows in _by_name(self.keys.get(key, ())).items():
            update, delete = actions.get(name, (None, None))
            found.append(
                ForeignKey(
                    tuple(row[1] for row in rows),
                    None if rows[0][2] == self.default else rows[0][2],
                    rows[0][3],
                    tuple(row[4] for row in rows),
                    name,
                    action(update, "mysql"),
                    action(delete, "mysql"),
                )
            )
        return tuple(found)

    def facts(self, key: Key) -> TableFacts | None:
        """What the catalogue says of a table, where that is nothing out of the ordinary."""
        if any(not _JSON_CHECK.match(clause) for _, _, clause in self.checks.get(key, ())):
            return None
        comment, _, collation = self.rows[key]
        keys = self.foreign_keys(key)
        primary: tuple[str, ...] = ()
        uniques: list[tuple[str | None, tuple[str, ...]]] = []
        indexes: dict[str, tuple[tuple[str, ...], bool]] = {}
        implied = set()
        for name, rows in _by_name(self.indexes.get(key, ())).items():
            if any(row[3] or row[4] == "D" or row[5] != "BTREE" for row in rows):
                return None
            columns, unique = tuple(row[2] for row in rows), not int(rows[0][1])
            if name == "PRIMARY":
                primary = columns
                continue
            indexes[name] = columns, unique
            if unique:
                uniques.append((name, columns))
            if unique or any(_is_implied(name, unique, columns, fk) for fk in keys):
                implied.add(name)
        columns_ = {row[0]: (*row[1:], collation) for row in self.columns.get(key, ())}
        facts = [
            KeyFacts(
                fk.columns,
                fk.referred_schema,
                fk.referred_table,
                fk.referred_columns,
                fk.onupdate,
                fk.ondelete,
            )
            for fk in keys
        ]
        return TableFacts(
            columns_, primary, facts, uniques, indexes, comment or None, implied=frozenset(implied)
        )


def _as_json(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A column's row with the alias JSON for its type, which brings the collation."""
    name, type_text, *facts, _, collation, generated = row
    if type_text != "longtext" or collation != "utf8mb4_bin":
        return row
    return (name, "json", *facts, None, None, generated)


def _by_name(rows: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found
