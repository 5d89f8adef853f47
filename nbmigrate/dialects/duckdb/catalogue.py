"""What DuckDB's catalogue says about a table: its text, what hangs on it, and who refers to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from nbmigrate.dialects.sqlite.catalogue import StoredObject, StoredTable
from nbmigrate.dialects.sqlite.create_table import UnreadableTable, parse_create_table
from nbmigrate.dialects.sqlite.edit import splice
from nbmigrate.dialects.sqlite.tokens import tokenise

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_REFERS = re.compile(r"(FOREIGN KEY \([^)]*\) REFERENCES ).+?(\([^()]*\)(?=, [FUCP]|\);))")
_HERE = "database_name = current_database() AND schema_name = coalesce(:schema, current_schema())"
_TABLE = f"""
    SELECT table_name, sql, comment FROM duckdb_tables()
    WHERE {_HERE} AND lower(table_name) = lower(:name) AND NOT temporary
"""
_INDEXES = f"""
    SELECT index_name, sql FROM duckdb_indexes()
    WHERE {_HERE} AND table_name = :name AND sql IS NOT NULL ORDER BY index_oid
"""
_TRIGGERS = f"SELECT trigger_name, sql FROM duckdb_triggers() WHERE {_HERE} AND table_name = :name"
_COMMENTS = f"""
    SELECT column_name, comment FROM duckdb_columns()
    WHERE {_HERE} AND table_name = :name AND comment IS NOT NULL ORDER BY column_index
"""
_REFERRING = f"""
    SELECT DISTINCT table_name FROM duckdb_constraints()
    WHERE {_HERE} AND constraint_type = 'FOREIGN KEY' AND lower(referenced_table) = lower(:name)
    ORDER BY table_name
"""
_OWN_KEYS = f"""
    SELECT constraint_column_names, referenced_column_names FROM duckdb_constraints()
    WHERE {_HERE} AND table_name = :name AND constraint_type = 'FOREIGN KEY' AND constraint_text = ''
    ORDER BY constraint_index
"""
_TARGETS = f"""
    SELECT DISTINCT referenced_table FROM duckdb_constraints()
    WHERE {_HERE} AND table_name = :name AND constraint_type = 'FOREIGN KEY'
"""
_SEQUENCES = f"SELECT sequence_name FROM duckdb_sequences() WHERE {_HERE}"
_DEFAULTS = """
    SELECT column_default FROM duckdb_columns()
    WHERE database_name = current_database() AND table_name <> :name AND column_default LIKE 'nextval(%'
"""
_VIEWS = """
    SELECT schema_name, view_name, sql FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal AND NOT temporary ORDER BY view_oid
"""


@dataclass(frozen=True)
class DuckTable(StoredTable):
    """A table with its comments (by column; the table's own under None), which its text does not have."""

    comments: dict[str | None, str] = field(default_factory=dict)


def read_table(connection: Connection, name: str, schema: str | None) -> DuckTable | None:
    """The table as it is now, names compared as DuckDB compares them; None where there is none."""
    where = {"name": name, "schema": schema}
    found = connection.execute(text(_TABLE), where).first()
    if found is None:
        return None
    real, sql, comment = found
    where["name"] = real
    sql = _with_own_keys(connection, _with_quoted_targets(connection, sql, where), where)
    objects = [
        StoredObject("index", row[0], row[1], real) for row in connection.execute(text(_INDEXES), where)
    ]
    if is_version_2(connection):
        rows = connection.execute(text(_TRIGGERS), where)
        objects += [StoredObject("trigger", row[0], row[1], real) for row in rows]
    comments: dict[str | None, Any] = {} if comment is None else {None: comment}
    comments.update((row[0], row[1]) for row in connection.execute(text(_COMMENTS), where))
    return DuckTable(real, schema, sql, tuple(objects), comments)


def _with_quoted_targets(connection: Connection, sql: str, where: dict[str, Any]) -> str:
    """DuckDB 1.x does not quote the name of the table that a foreign key refers to, nor its schema."""
    quote = connection.dialect.identifier_preparer.quote
    schema = where["schema"]
    for name in connection.execute(text(_TARGETS), where).scalars():
        sql = sql.replace(f"REFERENCES {name}(", f"REFERENCES {quote(name)}(")
        if schema:
            sql = sql.replace(f"REFERENCES {schema}.{name}(", f"REFERENCES {quote(schema)}.{quote(name)}(")
    return sql


def _with_own_keys(connection: Connection, sql: str, where: dict[str, Any]) -> str:
    """DuckDB 1.x leaves foreign keys from a table to itself out of its text: just their commas are there."""
    tokens = tokenise(sql)
    gaps = [a.end for a, b in pairwise(tokens) if a.text == "," and b.text in (",", ")")]
    if not gaps:
        return sql
    quote = connection.dialect.identifier_preparer.quote
    keys = []
    for row in connection.execute(text(_OWN_KEYS), where):
        columns, referred = (", ".join(quote(name) for name in names) for names in row)
        keys.append(f" FOREIGN KEY ({columns}) REFERENCES {quote(str(where['name']))} ({referred})")
    if len(keys) != len(gaps):
        return sql
    return splice(sql, *(((at, at), key) for at, key in zip(gaps, keys, strict=True)))


def without_gaps(sql: str) -> str:
    """A text that can be read, without the commas that foreign keys from a table to itself have left.

    DuckDB puts no quotes around the name of a table that is referred to, whatever it is: another one stands
    there instead, as the catalogue has the keys.
    """
    sql = _REFERS.sub(r"\1referred\2", sql)
    tokens = tokenise(sql)
    gaps = [a for a, b in pairwise(tokens) if a.text == "," and b.text in (",", ")")]
    return splice(sql, *(((gap.start, gap.end), "") for gap in gaps))


def is_version_2(connection: Connection) -> bool:
    """Whether this is DuckDB 2, which knows triggers, and which types the tables were made with."""
    return int(connection.exec_driver_sql("SELECT version()").scalar_one().lstrip("v").split(".")[0]) >= 2


def referring_tables(connection: Connection, name: str, schema: str | None) -> list[str]:
    """The tables with a foreign key to this one; itself among them where it refers to itself."""
    return list(connection.execute(text(_REFERRING), {"name": name, "schema": schema}).scalars())


def own_sequences(connection: Connection, table: DuckTable) -> list[str]:
    """The sequences that are named after the table's columns, and that no other table counts with."""
    try:
        wanted = [f"{table.name}_{column.name}_seq" for column in parse_create_table(table.sql).columns]
    except UnreadableTable:
        return []
    there = set(connection.execute(text(_SEQUENCES), {"schema": table.schema}).scalars())
    used = list(connection.execute(text(_DEFAULTS), {"name": table.name}).scalars())
    return [name for name in wanted if name in there and not any(name in default for default in used)]


def views(connection: Connection) -> list[tuple[str, str, str]]:
    """Schema, name and text of every view."""
    return [(row[0], row[1], row[2]) for row in connection.execute(text(_VIEWS))]
