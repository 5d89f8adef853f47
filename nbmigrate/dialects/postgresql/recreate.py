"""``batch_alter_table(recreate="always")`` on PostgreSQL: the ALTERs, then the table made anew with its rows.

The ALTERs keep everything by themselves; to make the table anew serves the order of its columns, and whoever
asks for it. What the new table is made of are PostgreSQL's own texts (``pg_get_constraintdef`` and the like):
nothing has to be understood to be kept. Constraints, indexes and triggers are made when the old table is gone
and their names are free. What this does not know how to keep is refused before anything is touched, and no
DROP is ever CASCADE: views on the table stop it in PostgreSQL's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from nbmigrate.ddl.statement import Statement
from nbmigrate.dialects.places import placed_columns
from nbmigrate.errors import CommandError, MigrateError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Row

    from nbmigrate.dialects.base import Dialect
    from nbmigrate.model.operations import BatchAlterTableOp

_TEMPORARY = "_alembic_tmp_"

_TABLE = """
SELECT c.oid, c.relpersistence, c.reloptions, obj_description(c.oid, 'pg_class') AS comment,
    pg_get_userbyid(c.relowner) AS owner,
    c.relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) AS own,
    quote_ident(t.spcname) AS tablespace,
    concat_ws(', ',
        CASE WHEN c.relkind <> 'r' THEN 'it is not an ordinary table' END,
        CASE WHEN c.relispartition THEN 'it is a partition' END,
        CASE WHEN c.reloftype <> 0 THEN 'it is of a composite type' END,
        CASE WHEN EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
            THEN 'it inherits or is inherited from' END,
        CASE WHEN c.relrowsecurity OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
            THEN 'it has row security' END,
        CASE WHEN EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid) THEN 'it has rules' END,
        CASE WHEN EXISTS (SELECT FROM pg_statistic_ext e WHERE e.stxrelid = c.oid)
            THEN 'it has extended statistics' END,
        CASE WHEN EXISTS (SELECT FROM pg_publication_rel p WHERE p.prrelid = c.oid)
            THEN 'it is published' END,
        CASE WHEN c.relreplident NOT IN ('d') THEN 'it has a replica identity' END,
        CASE WHEN EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)
            THEN 'privileges were granted on its columns' END) AS lost
FROM pg_class c LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE c.oid = to_regclass(:name)
"""

_COLUMNS = """
SELECT a.attname AS name, quote_ident(a.attname) AS quoted, a.attgenerated <> '' AS generated,
    concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN
            'COLLATE ' || quote_ident(n.nspname) || '.' || quote_ident(l.collname) END,
        CASE WHEN a.attgenerated <> '' THEN 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
                || CASE WHEN a.attgenerated = 's' THEN ' STORED' ELSE '' END
            WHEN d.adbin IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
        CASE WHEN a.attnotnull AND k.conname IS NOT NULL THEN 'CONSTRAINT ' || quote_ident(k.conname) END,
        CASE WHEN a.attnotnull AND NOT EXISTS (SELECT FROM pg_constraint v WHERE v.conrelid = a.attrelid
            AND v.contype = 'n' AND v.conkey[1] = a.attnum AND NOT v.convalidated) THEN 'NOT NULL' END,
        CASE WHEN a.attnotnull AND k.connoinherit THEN 'NO INHERIT' END) AS definition,
    col_description(a.attrelid, a.attnum) AS comment,
    CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END AS identity,
    CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN'
        WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END END AS storage,
    nullif(a.attstattarget, -1) AS statistics
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey[1] = a.attnum
    AND k.convalidated
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_namespace n ON n.oid = l.collnamespace
WHERE a.attrelid = :oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""

# the sequences that go with the table: of serial columns (auto) and of identity columns (internal)
_SEQUENCES = """
SELECT s.oid::regclass::text AS name, d.deptype = 'i' AS identity, a.attname AS column,
    format('START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s %s', q.seqstart, q.seqincrement, q.seqmin,
        q.seqmax, q.seqcache, CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END) AS options
FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
JOIN pg_sequence q ON q.seqrelid = s.oid
JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = :oid
    AND d.deptype IN ('a', 'i') ORDER BY 1
"""

_CONSTRAINTS = """
SELECT conrelid::regclass::text AS on_table, quote_ident(conname) AS name,
    pg_get_constraintdef(oid) AS definition, conrelid <> :oid AS elsewhere,
    obj_description(oid, 'pg_constraint') AS comment
FROM pg_constraint WHERE (contype IN ('p', 'u', 'x', 'c', 'f') OR (contype = 'n' AND NOT convalidated))
    AND conparentid = 0
    AND (conrelid = :oid OR (contype = 'f' AND confrelid = :oid))
ORDER BY position(contype::text IN 'puxcnf'), conrelid::regclass::text, conname
"""

_OTHERS = """
SELECT pg_get_indexdef(i.indexrelid) AS sql, 'INDEX ' || i.indexrelid::regclass::text AS what,
    obj_description(i.indexrelid, 'pg_class') AS comment
FROM pg_index i WHERE i.indrelid = :oid
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = :oid)
UNION ALL
SELECT pg_get_triggerdef(t.oid), 'TRIGGER ' || quote_ident(t.tgname) || ' ON ' || t.tgrelid::regclass::text,
    obj_description(t.oid, 'pg_trigger')
FROM pg_trigger t WHERE t.tgrelid = :oid AND NOT t.tgisinternal
UNION ALL
SELECT format('ALTER TABLE %s %s TRIGGER %I', t.tgrelid::regclass, CASE t.tgenabled WHEN 'D' THEN 'DISABLE'
    WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname), NULL, NULL
FROM pg_trigger t WHERE t.tgrelid = :oid AND NOT t.tgisinternal AND t.tgenabled <> 'O'
UNION ALL
SELECT format('GRANT %s ON %s TO %s%s', g.privilege_type, c.oid::regclass,
    CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
    CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), NULL, NULL
FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g WHERE c.oid = :oid AND g.grantee <> c.relowner
"""


def recreate(dialect: Dialect, batch: BatchAlterTableOp) -> Iterator[Statement]:
    """The statements that make the table anew; they run on the dialect's connection as they come.

    Raises ``CommandError`` where something on the table would be lost, and ``MigrateError`` where rows would.
    """
    assert dialect.connection is not None
    schema = f"{_quote(batch.schema)}." if batch.schema else ""
    name, target = schema + _quote(batch.table_name), schema + _quote((_TEMPORARY + batch.table_name)[:50])
    yield Statement(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
    table = _rows(dialect.connection, _TABLE, name=name)[0]
    if table.lost or not table.own:
        why = table.lost or f"it belongs to {table.owner}"
        raise CommandError(
            f"Table {batch.table_name!r} can't be made anew ({why}): leave recreate='always' out, the same "
            "changes are made by ALTER then"
        )
    found = {row.name: row for row in _rows(dialect.connection, _COLUMNS, oid=table.oid)}
    columns = [found[one] for one in placed_columns(list(found), batch)]
    sequences = _rows(dialect.connection, _SEQUENCES, oid=table.oid)
    constraints = _rows(dialect.connection, _CONSTRAINTS, oid=table.oid)
    others = _rows(dialect.connection, _OTHERS, oid=table.oid)
    positions = {row.name: _position(dialect.connection, row.name) for row in sequences if row.identity}
    yield Statement(_create(table, columns, target))
    copied = ", ".join(column.quoted for column in columns if not column.generated)
    if copied:
        yield Statement(f"INSERT INTO {target} ({copied}) SELECT {copied} FROM {name}")
    else:
        yield Statement(f"INSERT INTO {target} SELECT FROM {name}")
    _compare_counts(dialect.connection, name, target)
    for row in constraints:
        if row.elsewhere:
            yield Statement(f"ALTER TABLE {row.on_table} DROP CONSTRAINT {row.name}")
    for row in sequences:
        if not row.identity:
            yield Statement(f"ALTER SEQUENCE {row.name} OWNED BY NONE")
    yield Statement(f"DROP TABLE {name}")
    yield Statement(f"ALTER TABLE {target} RENAME TO {_quote(batch.table_name)}")
    yield from _sequences_back(name, found, sequences, positions)
    for row in constraints:
        yield Statement(f"ALTER TABLE {row.on_table} ADD CONSTRAINT {row.name} {row.definition}")
        yield from _comment(f"CONSTRAINT {row.name} ON {row.on_table}", row.comment)
    for row in others:
        yield Statement(row.sql)
        yield from _comment(row.what, row.comment)
    yield from _comment(f"TABLE {name}", table.comment)
    for column in columns:
        yield from _column_back(name, column)


def _create(table: Row[Any], columns: Sequence[Row[Any]], target: str) -> str:
    kind = "UNLOGGED TABLE" if table.relpersistence == "u" else "TABLE"
    options = f" WITH ({', '.join(table.reloptions)})" if table.reloptions else ""
    place = f" TABLESPACE {table.tablespace}" if table.tablespace else ""
    return f"CREATE {kind} {target} ({', '.join(column.definition for column in columns)}){options}{place}"


def _sequences_back(
    name: str,
    columns: dict[str, Row[Any]],
    sequences: Sequence[Row[Any]],
    positions: dict[str, tuple[int, bool]],
) -> Iterator[Statement]:
    for row in sequences:
        column = _quote(row.column)
        if not row.identity:
            yield Statement(f"ALTER SEQUENCE {row.name} OWNED BY {name}.{column}")
            continue
        kind = columns[row.column].identity
        yield Statement(
            f"ALTER TABLE {name} ALTER COLUMN {column} ADD GENERATED {kind} AS IDENTITY "
            f"(SEQUENCE NAME {row.name} {row.options})"
        )
        value, called = positions[row.name]
        yield Statement(f"SELECT setval({_literal(row.name)}, {value}, {called})")


def _column_back(name: str, column: Row[Any]) -> Iterator[Statement]:
    alter = f"ALTER TABLE {name} ALTER COLUMN {column.quoted}"
    if column.storage:
        yield Statement(f"{alter} SET STORAGE {column.storage}")
    if column.statistics is not None:
        yield Statement(f"{alter} SET STATISTICS {column.statistics}")
    yield from _comment(f"COLUMN {name}.{column.quoted}", column.comment)


def _comment(what: str | None, comment: str | None) -> Iterator[Statement]:
    if comment is not None:
        yield Statement(f"COMMENT ON {what} IS {_literal(comment)}")


def _quote(name: str) -> str:
    # in texts that the driver takes as they are: SQLAlchemy's quoting doubles percent signs for some
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    quoted = value.replace("'", "''").replace("\\", "\\\\")
    return f"E'{quoted}'" if "\\" in value else f"'{quoted}'"


def _position(connection: Connection, sequence: str) -> tuple[int, bool]:
    """Where a sequence stands: its last value, and whether that was given out."""
    row = connection.exec_driver_sql(
        f"SELECT last_value, is_called FROM {sequence}", execution_options={"no_parameters": True}
    ).one()
    return row[0], row[1]


def _compare_counts(connection: Connection, name: str, target: str) -> None:
    old, new = (
        connection.exec_driver_sql(
            f"SELECT count(*) FROM {one}", execution_options={"no_parameters": True}
        ).scalar_one()
        for one in (name, target)
    )
    if old != new:
        raise MigrateError(f"Table {name} made anew: {new} of {old} rows would be kept")


def _rows(connection: Connection, query: str, **parameters: Any) -> list[Row[Any]]:
    return list(connection.execute(text(query), parameters).all())
