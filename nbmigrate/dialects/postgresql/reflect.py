"""A PostgreSQL database as schema values: five catalogue queries, whatever the number of tables.

Types and expressions are the texts that PostgreSQL itself gives (``format_type``, ``pg_get_expr``,
``pg_get_indexdef``). The same queries read back what ``probe.py`` puts before the database, so that both
sides of a comparison were written by one hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from nbmigrate.compare.desired import identity_options
from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects.postgresql import probe
from nbmigrate.model.facts import Facts, KeyFacts, LazyTables, TableFacts
from nbmigrate.model.schema import (
    Check,
    Column,
    Exclude,
    ForeignKey,
    Index,
    Key,
    PrimaryKey,
    Schema,
    Table,
    Unique,
    sorted_constraints,
)

_SCHEMAS = """
SELECT nspname::text FROM pg_catalog.pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY nspname
"""

# partitions belong to their table, and what an extension made belongs to the extension
_TABLES = """
SELECT c.oid, n.nspname::text, c.relname::text, obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN :schemas
AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend e
    WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
)
ORDER BY n.nspname, c.relname
"""

_COLUMNS = """
SELECT a.attrelid, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
    a.attidentity::text, a.attgenerated::text,
    -- of a column that counts by itself it does not matter with which sequence
    CASE WHEN q.seqrelid IS NOT NULL AND pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%'
        THEN 'nextval()' ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
    col_description(a.attrelid, a.attnum),
    CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text END,
    q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_class'::regclass
    AND p.refclassid = 'pg_catalog.pg_class'::regclass AND p.refobjid = a.attrelid
    AND p.refobjsubid = a.attnum AND p.deptype IN ('a', 'i') AND p.objsubid = 0
    AND EXISTS (SELECT 1 FROM pg_catalog.pg_class s WHERE s.oid = p.objid AND s.relkind = 'S')
LEFT JOIN pg_catalog.pg_sequence q ON q.seqrelid = p.objid
WHERE a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
"""

_CONSTRAINTS = """
SELECT k.conrelid, k.conname::text, k.contype::text, k.condeferrable, k.condeferred,
    k.confupdtype::text, k.confdeltype::text,
    ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place),
    ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place),
    rn.nspname::text, rc.relname::text, pg_catalog.pg_get_expr(k.conbin, k.conrelid),
    CASE WHEN k.contype = 'u' THEN (SELECT to_jsonb(i) ->> 'indnullsnotdistinct'
        FROM pg_catalog.pg_index i WHERE i.indexrelid = k.conindid) END,
    CASE WHEN k.contype = 'x' THEN pg_catalog.pg_get_constraintdef(k.oid) END
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
LEFT JOIN pg_catalog.pg_class rc ON rc.oid = k.confrelid
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
ORDER BY k.conrelid, k.conname
"""

_INDEXES = """
SELECT i.indrelid, x.relname::text, i.indisunique, am.amname::text,
    pg_catalog.pg_get_expr(i.indpred, i.indrelid), i.indnkeyatts, x.reloptions,
    ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(number, place)
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number
            AND u.number <> 0 ORDER BY u.place),
    ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, u.place::int, false)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(number, place) ORDER BY u.place),
    ARRAY(SELECT CASE WHEN o.opcdefault THEN '' ELSE o.opcname::text END
        FROM unnest(i.indclass::oid[]) WITH ORDINALITY u(number, place)
        JOIN pg_catalog.pg_opclass o ON o.oid = u.number ORDER BY u.place),
    ARRAY(SELECT u.flags::int FROM unnest(i.indoption::int2[]) WITH ORDINALITY u(flags, place)
        ORDER BY u.place),
    to_jsonb(i) ->> 'indnullsnotdistinct'
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am am ON am.oid = x.relam
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k
    WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, x.relname
"""

_ACTIONS = {"r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def reflect(connection: Connection, options: CompareOptions) -> Schema:
    """All tables of the schemas that are asked for."""
    default = connection.dialect.default_schema_name
    names = [default if name is None else name for name in options.schemas]
    if options.include_schemas:
        there = connection.execute(sa.text(_SCHEMAS)).scalars().all()
        others = [name for name in there if name not in names and name != default]
        names += [name for name in others if options.wants_name(name, "schema", {})]
    catalogue = _Catalogue(connection, [name for name in names if name], default)
    keys = [key for key in catalogue.rows if key not in options.exclude_tables]
    return Schema(
        LazyTables(keys, catalogue.table),
        lambda keys: _types(connection, keys),
        Facts(catalogue.facts, lambda name, row: _column((name, *row)), _same_column),
    )


def normalise(connection: Connection, current: Schema, desired: Schema) -> tuple[Schema, Schema]:
    """Both schemas in PostgreSQL's own words: what differs in text is put to the database."""
    return current, probe.normalise(connection, current, desired, read)


def read(
    connection: Connection, schemas: Sequence[str], default: str | None, only: Iterable[str] | None = None
) -> list[Table]:
    """The tables of some schemas, in a fixed order; ``only`` some names among them."""
    wanted = None if only is None else frozenset(only)
    catalogue = _Catalogue(connection, schemas, default)
    return [catalogue.table(key) for key in catalogue.rows if wanted is None or key[1] in wanted]


def _same_column(there: Column, wanted: Column) -> bool:
    """Whether a column is as the models say, without asking the database."""
    return probe.column_in_known_words(wanted, there) == there


class _Catalogue:
    """The catalogue of some schemas, read at once; tables are put together when they are asked for."""

    def __init__(self, connection: Connection, schemas: Sequence[str], default: str | None) -> None:
        self.connection, self.schemas, self.default = connection, list(schemas), default
        self.rows: dict[Key, Any] = {
            (None if row[1] == default else row[1], row[2]): row for row in self.fetch(_TABLES)
        }
        self.columns, self.constraints, self.indexes = (
            self.grouped(sql) if self.rows else {} for sql in (_COLUMNS, _CONSTRAINTS, _INDEXES)
        )

    def fetch(self, sql: str) -> list[Any]:
        """The rows of one statement about all tables, as the driver has them."""
        statement = sa.text(sql).bindparams(sa.bindparam("schemas", expanding=True))
        result = self.connection.execute(statement, {"schemas": self.schemas})
        try:
            return list(result.cursor.fetchall())
        finally:
            result.close()

    def grouped(self, sql: str) -> dict[int, list[Any]]:
        """Rows by their first column, in order."""
        found: dict[int, list[Any]] = {}
        for row in self.fetch(sql):
            found.setdefault(row[0], []).append(row[1:])
        return found

    def table(self, key: Key) -> Table:
        """One table."""
        row = self.rows[key]
        columns, constraints, indexes = (
            found.get(row[0], ()) for found in (self.columns, self.constraints, self.indexes)
        )
        return _table(row, columns, constraints, indexes, self.default)

    def facts(self, key: Key) -> TableFacts | None:
        """What the catalogue says of a table, where that is nothing out of the ordinary."""
        row = self.rows[key]
        primary: tuple[str, ...] = ()
        keys: list[KeyFacts] = []
        uniques: list[tuple[str | None, tuple[str, ...]]] = []
        for constraint in self.constraints.get(row[0], ()):
            name, kind, deferrable, deferred, onupdate, ondelete, columns = constraint[:7]
            if kind == "p":
                primary = tuple(columns)
            elif deferrable or deferred or kind not in "fu" or constraint[11] == "true":
                return None
            elif kind == "u":
                uniques.append((name, tuple(columns)))
            else:
                schema = None if constraint[8] == self.default else constraint[8]
                referred = (schema, constraint[9], tuple(constraint[7]))
                keys.append(
                    KeyFacts(tuple(columns), *referred, _ACTIONS.get(onupdate), _ACTIONS.get(ondelete))
                )
        indexes: dict[str, tuple[tuple[str, ...], bool]] = {}
        for index in self.indexes.get(row[0], ()):
            name, unique, method, where, count, storage, names, _, classes, flags, not_distinct = index
            special = where or storage or any(classes) or any(flags) or not_distinct == "true"
            if special or method != "btree" or count != len(names) or None in names:
                return None
            indexes[name] = tuple(names), unique
        columns = {column[0]: column[1:] for column in self.columns.get(row[0], ())}
        return TableFacts(columns, primary, keys, uniques, indexes, row[3] or None)


def _table(
    row: Any, columns: Sequence[Any], constraints: Sequence[Any], indexes: Sequence[Any], default: str | None
) -> Table:
    schema = None if row[1] == default else row[1]
    by_kind: dict[str, list[Any]] = defaultdict(list)
    for constraint in constraints:
        by_kind[constraint[1]].append(constraint)
    return sorted_constraints(
        Table(
            name=row[2],
            schema=schema,
            columns=tuple(_column(column) for column in columns),
            primary_key=next((PrimaryKey(tuple(c[6]), c[0]) for c in by_kind["p"]), None),
            foreign_keys=tuple(_foreign_key(c, default) for c in by_kind["f"]),
            uniques=tuple(_unique(c) for c in by_kind["u"]),
            checks=tuple(Check(c[10], c[0]) for c in by_kind["c"]),
            excludes=tuple(Exclude(c[12], c[0]) for c in by_kind["x"]),
            indexes=tuple(_index(index) for index in indexes),
            comment=row[3] or None,
        )
    )


def _column(row: Any) -> Column:
    name, type_text, not_null, identity, generated, default, comment, collation = row[:8]
    sequence = dict(
        zip(("start", "increment", "minvalue", "maxvalue", "cache", "cycle"), row[8:], strict=True)
    )
    owned = not identity and sequence["increment"] is not None and (default or "").startswith("nextval(")
    return Column(
        name=name,
        type_text=f'{type_text} COLLATE "{collation}"' if collation else type_text,
        nullable=not not_null,
        default=None if generated or identity or owned else default,
        comment=comment or None,
        generated=default if generated else None,
        stored=generated == "s" if generated else None,
        identity=identity_options({"always": identity == "a", **sequence}, type_text) if identity else None,
        autoincrement=bool(owned or identity),
    )


def _timing(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"deferrable": True} if row[2] else {}
    return found | ({"initially": "DEFERRED"} if row[3] else {})


def _unique(row: Any) -> Unique:
    options = _timing(row) | ({"nulls_not_distinct": True} if row[11] == "true" else {})
    # PostgreSQL 15 and later say it either way
    kwargs = {} if row[11] is None else {"postgresql_nulls_not_distinct": row[11] == "true"}
    return Unique(tuple(row[6]), row[0], tuple(sorted(options.items())), tuple(kwargs.items()))


def _foreign_key(row: Any, default: str | None) -> ForeignKey:
    return ForeignKey(
        columns=tuple(row[6]),
        referred_schema=None if row[8] == default else row[8],
        referred_table=row[9],
        referred_columns=tuple(row[7]),
        name=row[0],
        onupdate=_ACTIONS.get(row[4]),
        ondelete=_ACTIONS.get(row[5]),
        **_timing(row),
    )


def _index(row: Any) -> Index:
    name, unique, method, where, keys, storage, names, texts, classes, flags, not_distinct = row
    columns = tuple(
        column if column is not None else f"({text})"
        for column, text in zip(names[:keys], texts[:keys], strict=True)
    )
    orders = tuple(_order(flag) for flag in flags[:keys])
    found: dict[str, Any] = {
        "where": where,
        "using": method if method != "btree" else None,
        "include": tuple(names[keys:]) or None,
        "ops": tuple(classes[:keys]) if any(classes[:keys]) else None,
        "order": orders if any(orders) else None,
        "with": tuple(sorted(tuple(pair.split("=", 1)) for pair in storage or ())) or None,
        "nulls_not_distinct": True if not_distinct == "true" else None,
    }
    options = tuple(sorted((key, value) for key, value in found.items() if value is not None))
    return Index(name, columns, unique, options, _index_kwargs(found, columns))


def _order(flags: int) -> str:
    """DESC is bit 1, NULLS FIRST bit 2; DESC puts NULLs first by itself."""
    return ("", "DESC NULLS LAST", "NULLS FIRST", "DESC")[flags & 3]


def _index_kwargs(found: Mapping[str, Any], columns: Sequence[str]) -> tuple[tuple[str, Any], ...]:
    """SQLAlchemy's keywords to make such an index again."""
    kwargs: dict[str, Any] = {}
    if found["where"] is not None:
        kwargs["postgresql_where"] = sa.text(found["where"].replace(":", r"\:"))
    if found["using"]:
        kwargs["postgresql_using"] = found["using"]
    if found["include"]:
        kwargs["postgresql_include"] = list(found["include"])
    if found["ops"]:
        kwargs["postgresql_ops"] = {
            column: name for column, name in zip(columns, found["ops"], strict=True) if name
        }
    if found["with"]:
        kwargs["postgresql_with"] = dict(found["with"])
    if found["nulls_not_distinct"]:
        kwargs["postgresql_nulls_not_distinct"] = True
    return tuple(sorted(kwargs.items()))


def _types(connection: Connection, keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """SQLAlchemy's types of the columns of some tables, one bulk reflection a schema."""
    inspector = sa.inspect(connection)
    found: dict[Key, dict[str, Any]] = {}
    for schema in sorted({key[0] for key in keys}, key=lambda name: name or ""):
        names = [name for s, name in keys if s == schema]
        for (_, name), columns in inspector.get_multi_columns(schema, filter_names=names).items():
            found[schema, name] = {column["name"]: column["type"] for column in columns}
    return found
