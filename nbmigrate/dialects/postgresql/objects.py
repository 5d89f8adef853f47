"""Enum types, sequences and views of a PostgreSQL database: one catalogue statement for all of them.

Sequences that belong to a column (SERIAL, IDENTITY) are that column's affair and are left out, as is what an
extension brought. Views say which columns they read, so that only those that stand in the way of a change are
taken off for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from nbmigrate.compare.objects import views_over
from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.text import normal
from nbmigrate.dialects.objects_sql import literal, qualified
from nbmigrate.dialects.postgresql import probe
from nbmigrate.model.objects import Dependent, EnumColumn, EnumType, Objects, View
from nbmigrate.model.objects import Sequence as SequenceValue
from nbmigrate.model.schema import Key

_OWN = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
_NOT_OF_EXTENSION = """NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
    WHERE e.classid = {catalogue}::regclass AND e.objid = {oid} AND e.deptype = 'e')"""

_OBJECTS = f"""
SELECT 'enum', n.nspname::text, t.typname::text, json_build_object(
    'values', ARRAY(SELECT v.enumlabel::text FROM pg_catalog.pg_enum v WHERE v.enumtypid = t.oid
        ORDER BY v.enumsortorder),
    'comment', obj_description(t.oid, 'pg_type'),
    'owner', CASE WHEN t.typowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
        THEN pg_catalog.pg_get_userbyid(t.typowner) END,
    'for all', (SELECT bool_or(g.grantee = 0) FROM aclexplode(t.typacl) g),
    'grants', (SELECT json_agg(json_build_array(g.privilege_type, coalesce(r.rolname, 'PUBLIC'),
            g.is_grantable) ORDER BY r.rolname, g.privilege_type)
        FROM aclexplode(t.typacl) g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
        WHERE g.grantee <> t.typowner),
    'columns', (SELECT json_agg(json_build_array(cn.nspname, c.relname, a.attname, a.atttypid <> t.oid,
            CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END)
            ORDER BY cn.nspname, c.relname, a.attnum)
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
        JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.atttypid IN (t.oid, t.typarray) AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attinhcount = 0))::text
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND {_OWN} AND {_NOT_OF_EXTENSION.format(catalogue="'pg_catalog.pg_type'", oid="t.oid")}
UNION ALL
SELECT 'sequence', n.nspname::text, c.relname::text, json_build_object(
    'data_type', pg_catalog.format_type(q.seqtypid, NULL), 'start', q.seqstart, 'increment', q.seqincrement,
    'minvalue', q.seqmin, 'maxvalue', q.seqmax, 'cache', q.seqcache, 'cycle', q.seqcycle,
    'in_use', EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.refobjid = c.oid
        AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'n'))::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_sequence q ON q.seqrelid = c.oid
WHERE {_OWN} AND {_NOT_OF_EXTENSION.format(catalogue="'pg_catalog.pg_class'", oid="c.oid")}
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend o WHERE o.classid = 'pg_catalog.pg_class'::regclass
    AND o.objid = c.oid AND o.deptype IN ('a', 'i'))
UNION ALL
SELECT 'view', n.nspname::text, c.relname::text, json_build_object(
    'kind', c.relkind, 'sql', pg_catalog.pg_get_viewdef(c.oid), 'comment', obj_description(c.oid, 'pg_class'),
    'options', c.reloptions, 'oid', c.oid,
    'indexes', (SELECT json_agg(pg_catalog.pg_get_indexdef(i.indexrelid) ORDER BY i.indexrelid)
        FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid),
    'triggers', (SELECT json_agg(pg_catalog.pg_get_triggerdef(g.oid) ORDER BY g.tgname)
        FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal),
    'grants', (SELECT json_agg(json_build_array(g.privilege_type, coalesce(r.rolname, 'PUBLIC'),
            g.is_grantable) ORDER BY r.rolname, g.privilege_type)
        FROM aclexplode(c.relacl) g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
        WHERE g.grantee <> c.relowner),
    'uses', (SELECT json_agg(DISTINCT jsonb_build_array(un.nspname, u.relname, ua.attname))
        FROM pg_catalog.pg_rewrite w
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
            AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> c.oid
        JOIN pg_catalog.pg_class u ON u.oid = d.refobjid
        JOIN pg_catalog.pg_namespace un ON un.oid = u.relnamespace
        LEFT JOIN pg_catalog.pg_attribute ua ON ua.attrelid = u.oid AND ua.attnum = d.refobjsubid
            AND d.refobjsubid > 0
        WHERE w.ev_class = c.oid))::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND {_OWN}
AND {_NOT_OF_EXTENSION.format(catalogue="'pg_catalog.pg_class'", oid="c.oid")}
ORDER BY 1, 2, 3
"""

# what must be taken off while a column changes its type, and what nothing can be done about
_DEPENDENTS = """
WITH columns AS (
    SELECT a.attrelid, a.attnum FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid OR t.typarray = a.atttypid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE NOT a.attisdropped AND t.typname = :name AND n.nspname = :schema
), hanging AS (
    SELECT DISTINCT d.classid, d.objid FROM pg_catalog.pg_depend d JOIN columns k
    ON d.refobjid = k.attrelid AND d.refobjsubid = k.attnum AND d.refclassid = 'pg_catalog.pg_class'::regclass
)
SELECT 'constraint', n.nspname::text, c.relname::text, k.conname::text, pg_get_constraintdef(k.oid),
    obj_description(k.oid, 'pg_constraint')
FROM pg_catalog.pg_constraint k JOIN hanging h ON h.classid = 'pg_catalog.pg_constraint'::regclass
    AND h.objid = k.oid
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('c', 'f', 'x') AND k.coninhcount = 0
UNION ALL
SELECT 'index', n.nspname::text, c.relname::text, x.relname::text, pg_get_indexdef(i.indexrelid),
    obj_description(x.oid, 'pg_class')
FROM pg_catalog.pg_index i JOIN hanging h ON h.classid = 'pg_catalog.pg_class'::regclass
    AND h.objid = i.indexrelid
JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (i.indpred IS NOT NULL OR i.indexprs IS NOT NULL) AND NOT x.relispartition
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid
        AND k.conrelid = i.indrelid)
UNION ALL
SELECT 'trigger', n.nspname::text, c.relname::text, g.tgname::text, pg_get_triggerdef(g.oid),
    obj_description(g.oid, 'pg_trigger')
FROM pg_catalog.pg_trigger g
JOIN hanging h ON h.classid = 'pg_catalog.pg_trigger'::regclass AND h.objid = g.oid
JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT g.tgisinternal
UNION ALL
SELECT 'blocker', NULL, NULL, pg_describe_object(d.classid, d.objid, d.objsubid), NULL, NULL
FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_type t ON d.refobjid IN (t.oid, t.typarray)
    AND d.refclassid = 'pg_catalog.pg_type'::regclass
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typname = :name AND n.nspname = :schema AND d.deptype = 'n'
AND d.classid IN ('pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_type'::regclass,
    'pg_catalog.pg_cast'::regclass, 'pg_catalog.pg_policy'::regclass)
UNION ALL
SELECT 'blocker', NULL, NULL, pg_describe_object(h.classid, h.objid, a.adnum), NULL, NULL
FROM hanging h
JOIN pg_catalog.pg_attrdef a ON h.classid = 'pg_catalog.pg_attrdef'::regclass AND a.oid = h.objid
JOIN pg_catalog.pg_attribute g ON g.attrelid = a.adrelid AND g.attnum = a.adnum AND g.attgenerated <> ''
ORDER BY 1, 2, 3, 4
"""


def reflect_objects(connection: Connection, options: CompareOptions) -> Objects:
    """All of them; those in schemas that nobody asked about too, as columns may have types from there."""
    default = connection.dialect.default_schema_name
    enums: dict[Key, EnumType] = {}
    sequences: dict[Key, SequenceValue] = {}
    views: dict[Key, View] = {}

    def key(schema: str, name: str) -> Key:
        return (None if schema == default else schema), name

    # the driver, not SQLAlchemy: a colon in the text is no parameter
    rows = connection.exec_driver_sql(_OBJECTS, execution_options={"no_parameters": True}).fetchall()
    for kind, schema, name, text in rows:
        told, own = json.loads(text), key(schema, name)
        if kind == "enum":
            columns = tuple(
                EnumColumn(*key(s, t), c, array, default) for s, t, c, array, default in told["columns"] or ()
            )
            rights = tuple(_rights(connection, own, told))
            enums[own] = EnumType(name, own[0], tuple(told["values"]), columns, told["comment"], rights)
        elif kind == "sequence":
            in_use = told.pop("in_use")
            sequences[own] = SequenceValue(name, own[0], tuple(sorted(told.items())), in_use)
        else:
            views[own] = _view(connection, own, told, key)
    return Objects(enums, sequences, views)


def _grants(connection: Connection, thing: str, told: dict[str, Any]) -> Iterator[str]:
    for privilege, role, grantable in told["grants"] or ():
        to = role if role == "PUBLIC" else qualified(connection.dialect, role, None)
        option = " WITH GRANT OPTION" if grantable else ""
        yield f"GRANT {privilege} ON {thing} TO {to}{option}"


def _rights(connection: Connection, own: Key, told: dict[str, Any]) -> Iterator[str]:
    """What gives a type that is made anew the rights and the owner that it had; all may use it until told."""
    name = qualified(connection.dialect, own[1], own[0])
    if told["for all"] is False or (told["for all"] is None and told["grants"]):
        yield f"REVOKE ALL ON TYPE {name} FROM PUBLIC"
    yield from _grants(connection, f"TYPE {name}", told)
    if told["owner"]:
        yield f"ALTER TYPE {name} OWNER TO {qualified(connection.dialect, told['owner'], None)}"


def _view(connection: Connection, own: Key, told: dict[str, Any], key: Any) -> View:
    schema, name = own
    materialized = told["kind"] == "m"
    there = qualified(connection.dialect, name, schema)
    kind = "MATERIALIZED VIEW" if materialized else "VIEW"
    after = [*(told["indexes"] or ()), *(told["triggers"] or ())]
    if told["comment"]:
        after.append(f"COMMENT ON {kind} {there} IS {literal(told['comment'])}")
    after += _grants(connection, there, told)
    uses = sorted({(*key(s, t), c or "") for s, t, c in told["uses"] or ()}, key=repr)
    return View(
        name,
        schema,
        told["sql"].strip().rstrip(";"),
        materialized,
        uses=tuple(dict.fromkeys((s, t) for s, t, _ in uses)),
        columns=tuple(uses),
        indexes=tuple(after),
        extra=f"WITH ({', '.join(told['options'])})" if told["options"] else "",
    )


def dependents_of(
    connection: Connection, enum: EnumType, views: Iterable[View]
) -> tuple[tuple[Dependent, ...], tuple[str, ...]]:
    """What must be taken off while the columns of an enum type change; and what can't be (in words)."""
    default = connection.dialect.default_schema_name
    found: list[Dependent] = []
    blockers: list[str] = []
    statement = sa.text(_DEPENDENTS)
    rows = connection.execute(statement, {"name": enum.name, "schema": enum.schema or default})
    dialect = connection.dialect
    for kind, schema, table, name, text, comment in rows:
        if kind == "blocker":
            blockers.append(name)
            continue
        own = None if schema == default else schema
        there, quoted = qualified(dialect, table, own), qualified(dialect, name, None)
        drop, create = {
            "constraint": (
                f"ALTER TABLE {there} DROP CONSTRAINT {quoted}",
                f"ALTER TABLE {there} ADD CONSTRAINT {quoted} {text}",
            ),
            "index": (f"DROP INDEX {qualified(dialect, name, own)}", text),
            "trigger": (f"DROP TRIGGER {quoted} ON {there}", text),
        }[kind]
        told = []
        if comment:
            on = f"INDEX {qualified(dialect, name, own)}" if kind == "index" else None
            told = [f"COMMENT ON {on or f'{kind.upper()} {quoted} ON {there}'} IS {literal(comment)}"]
        found.append(Dependent(kind, own, table, name, drop, (create, *told)))
    # foreign keys behind all else: they need the keys that they refer to
    found.sort(key=lambda one: " FOREIGN KEY " in f" {one.create[0].partition(' ADD CONSTRAINT ')[2]}")
    columns = {(column.schema, column.table, column.name) for column in enum.columns}
    found += [as_dependent(dialect, view) for view in views_over(views, columns)]
    return tuple(found), tuple(sorted(set(blockers)))


def as_dependent(dialect: Any, view: View) -> Dependent:
    """A view as something to be taken off and put back."""
    kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
    name = qualified(dialect, view.name, view.schema)
    extra = f" {view.extra}" if view.extra else ""
    create: Sequence[str] = (f"CREATE {kind} {name}{extra} AS {view.sql}", *view.indexes)
    return Dependent("view", view.schema, None, view.name, f"DROP {kind} {name}", tuple(create))


def changed_views(connection: Connection, pairs: Sequence[tuple[View, View]]) -> dict[Key, bool]:
    """Views whose SELECT is another one in PostgreSQL's own words, and which can be replaced as they stand.

    Temporary views are made inside a savepoint that is rolled back. One that can't be made reads what is not
    there yet: it has changed. Where none can be made (a read-only server) nothing can be told.
    """
    doubtful = [pair for pair in pairs if normal(pair[0].sql) != normal(pair[1].sql)]
    if not doubtful:
        return {}
    names = {view.key: f"nbmigrate_view_{number}" for number, (_, view) in enumerate(doubtful)}
    made = [["CREATE VIEW pg_temp.nbmigrate_view AS SELECT 1 AS one"]]
    made += [[f"CREATE VIEW pg_temp.{names[view.key]} AS {view.sql}"] for _, view in doubtful]
    try:
        with probe.taken_back(connection):
            told = dict(_ask(connection, made, _TEXTS))
            if "nbmigrate_view" not in told:
                return {}
            changed = [
                (there, wanted)
                for there, wanted in doubtful
                if told.get(names[wanted.key], "").strip().rstrip(";") != there.sql
            ]
        with probe.taken_back(connection):
            replaced = [row[0] for row in _ask(connection, list(_replacements(connection, changed)), _TEXTS)]
    except DBAPIError:
        return {}
    return {there.key: f"nbmigrate_{number}" in replaced for number, (there, _) in enumerate(changed)}


_TEXTS = """
SELECT c.relname::text, pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c
WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind = 'v'
"""


def _ask(connection: Connection, statements: Sequence[Sequence[str]], question: str) -> list[Any]:
    if not statements:
        return []
    options = {"no_parameters": True}
    connection.exec_driver_sql(probe.block(statements), execution_options=options)
    return [tuple(row) for row in connection.exec_driver_sql(question, execution_options=options)]


def _replacements(connection: Connection, changed: Sequence[tuple[View, View]]) -> Iterator[list[str]]:
    """Replaced, put back, and a temporary view that says so: all of it, or nothing."""
    for number, (there, wanted) in enumerate(changed):
        if there.materialized:
            continue
        name = qualified(connection.dialect, there.name, there.schema)
        extra = f" {there.extra}" if there.extra else ""
        replace = [f"CREATE OR REPLACE VIEW {name}{extra} AS {text}" for text in (wanted.sql, there.sql)]
        mark = f"CREATE VIEW pg_temp.nbmigrate_{number} AS SELECT 1 AS one"
        yield [probe.all_or_nothing([*replace, mark])]
