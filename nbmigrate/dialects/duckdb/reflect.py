"""DuckDB as schema values: the usual reader, and what only DuckDB's own texts tell.

SQLAlchemy's reflection leaves out collations, and gives the expression of a generated column as a default;
both stand in the CREATE TABLE texts of the catalogue. What DuckDB does not keep can't be told: the length of
VARCHAR, names of constraints and of enum types.

Whether two expressions are the same is asked of DuckDB's own parser: ``json_serialize_sql`` gives the tree of
an expression without looking at any table, for all of them in one question.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Enum, String, text
from sqlalchemy.engine import Connection

from nbmigrate.compare.options import CompareOptions
from nbmigrate.dialects.duckdb.catalogue import without_gaps
from nbmigrate.dialects.duckdb.draft import unwrapped
from nbmigrate.dialects.reflect import normalise as usual
from nbmigrate.dialects.reflect import reflect as usual_tables
from nbmigrate.dialects.sqlite.create_table import UnreadableTable, parse_create_table
from nbmigrate.model.schema import Check, Column, Key, Schema, Table, sorted_constraints

__all__ = ["normalise", "reflect"]

_TRUTHS = (("CAST('t' AS BOOLEAN)", "true"), ("CAST('f' AS BOOLEAN)", "false"))
_TEXTS = """
    SELECT schema_name, table_name, sql FROM duckdb_tables()
    WHERE database_name = current_database() AND NOT temporary
    AND (sql LIKE '% COLLATE %' OR sql LIKE '% GENERATED ALWAYS AS%')
"""
_TREES = """
    SELECT expression, CAST(json_serialize_sql(
        'SELECT ' || expression, skip_null := true, skip_empty := true, skip_default := true
    ) AS VARCHAR) FROM unnest(:expressions) AS given(expression)
"""
_SPELLED = """
    SELECT expression, json_deserialize_sql(json_serialize_sql('SELECT ' || expression))
    FROM unnest(:expressions) AS given(expression)
"""
_ANY_LENGTH = re.compile(r"(?:TEXT|CLOB|CHAR|VARCHAR|STRING)(?:\(\d+\))?", re.IGNORECASE)


def reflect(connection: Connection, options: CompareOptions) -> Schema:
    """All tables of the schemas that are asked for."""
    found = usual_tables(connection, options)
    tables = dict(found.tables)
    for schema, name, sql in connection.execute(text(_TEXTS)):
        table = tables.get(key := options.key(schema, name))
        if table is not None:
            tables[key] = _as_written(table, sql)
    return replace(found, tables=tables)


def _as_written(table: Table, sql: str) -> Table:
    """A table with what only its text tells: collations and generated columns."""
    try:
        written = parse_create_table(without_gaps(sql))
    except UnreadableTable:
        return table
    columns = []
    for column in table.columns:
        here = written.column(column.name)
        if here is not None and here.collation:
            type_text = f"{column.type_text} COLLATE {here.collation}"
            column = replace(column, type_text=type_text, type=String(collation=here.collation))
        if here is not None and here.generated is not None:
            expression = here.generated.text or column.default
            column = replace(column, default=None, generated=expression, stored=False)
        columns.append(column)
    return replace(table, columns=tuple(columns))


def normalise(connection: Connection, current: Schema, desired: Schema) -> tuple[Schema, Schema]:
    """Both schemas in one spelling."""
    spelling = _Spelling(connection, [*current.tables.values(), *desired.tables.values()])
    tables = {
        key: _as_kept(table, current.tables[key], spelling) if key in current.tables else table
        for key, table in desired.tables.items()
    }
    tables = spelling.as_duckdb(tables, current.tables)
    there = {
        key: _named_as_wanted(table, tables[key]) if key in tables else table
        for key, table in current.tables.items()
    }
    found, wanted = usual(connection, replace(current, tables=there), replace(desired, tables=tables))
    # the usual reader has only texts and names to go by; here the parser has told
    told = {
        key: sorted_constraints(replace(table, checks=tables[key].checks))
        for key, table in wanted.tables.items()
        if spelling.knows(tables[key].checks)
    }
    return found, replace(wanted, tables={**wanted.tables, **told})


class _Spelling:
    """Which expressions mean the same, whatever their blanks, quotes and parentheses."""

    def __init__(self, connection: Connection, tables: Iterable[Table]) -> None:
        given = sorted({expression for table in tables for expression in _expressions(table)})
        rows = connection.execute(text(_TREES), {"expressions": given}) if given else ()
        self._connection = connection
        self._trees = {row[0]: _tree(row[1]) for row in rows}

    def same(self, one: str | None, other: str | None) -> bool:
        """Whether both are the same; of what DuckDB can't read, only equal texts are."""
        tree = self._trees.get(one or "")
        return one == other or (tree is not None and tree == self._trees.get(other or ""))

    def knows(self, checks: Iterable[Check]) -> bool:
        """Whether DuckDB can read all of these."""
        return all(self._trees.get(check.expression) for check in checks)

    def as_duckdb(self, tables: dict[Key, Table], current: Mapping[Key, Table]) -> dict[Key, Table]:
        """CHECKs that are new, as DuckDB will write them: that is what they are known by, without names."""
        known = {check.expression for table in current.values() for check in table.checks}
        new = sorted(
            {
                check.expression
                for key in tables.keys() & current.keys()
                for check in tables[key].checks
                if check.expression not in known and self._trees.get(check.expression)
            }
        )
        if not new:
            return tables
        rows = self._connection.execute(text(_SPELLED), {"expressions": new})
        told = {row[0]: unwrapped(row[1].removeprefix("SELECT ")) for row in rows}
        self._trees |= {spelled: self._trees[given] for given, spelled in told.items()}
        return {
            key: replace(
                table,
                checks=tuple(
                    replace(c, expression=told.get(c.expression, c.expression)) for c in table.checks
                ),
            )
            for key, table in tables.items()
        }


def _expressions(table: Table) -> list[str]:
    given = [check.expression for check in table.checks]
    given += [text for column in table.columns for text in (column.default, column.generated) if text]
    given += [one for index in table.indexes for one in index.columns if one.startswith("(")]
    return given


def _tree(serialised: str) -> str | None:
    """The tree as text, without places and the case of names."""
    found = json.loads(serialised)
    return None if found.get("error", True) else json.dumps(_without_places(found), sort_keys=True)


def _without_places(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_places(one) for one in node]
    if not isinstance(node, dict):
        return node
    # DuckDB 2 says how long a place is, too
    kept = {k: _without_places(value) for k, value in node.items() if not k.startswith("query_location")}
    if "column_names" in kept:
        kept["column_names"] = [name.lower() for name in kept["column_names"]]
    if "function_name" in kept:
        kept["function_name"] = kept["function_name"].lower()
    return kept


def _named_as_wanted(there: Table, wanted: Table) -> Table:
    """A constraint over the same columns or of the same expression is the same: its name was forgotten.

    What SQLAlchemy takes for the name of a CHECK is made of its columns, and may be the name of several.
    """
    names = {unique.columns: unique.name for unique in wanted.uniques}
    checks = {check.expression: check.name for check in wanted.checks}
    return replace(
        there,
        uniques=tuple(replace(u, name=names.get(u.columns) or u.name) for u in there.uniques),
        checks=tuple(replace(c, name=checks.get(c.expression)) for c in there.checks),
    )


def _as_kept(wanted: Table, there: Table, spelling: _Spelling) -> Table:
    keys = wanted.primary_key.columns if wanted.primary_key else ()
    columns = []
    for column in wanted.columns:
        kept = there.column(column.name)
        columns.append(
            column if kept is None else _column_as_kept(column, kept, column.name in keys, spelling)
        )
    checks = tuple(_check_as_kept(check, there, spelling) for check in wanted.checks)
    return replace(wanted, columns=tuple(columns), checks=checks)


def _check_as_kept(wanted: Check, there: Table, spelling: _Spelling) -> Check:
    same = [one.expression for one in there.checks if spelling.same(one.expression, wanted.expression)]
    return replace(wanted, expression=same[0]) if same else wanted


def _column_as_kept(wanted: Column, there: Column, in_key: bool, spelling: _Spelling) -> Column:
    if in_key and wanted.default is None and (there.default or "").startswith("nextval("):
        # the sequence that SQLAlchemy makes for a key which counts by itself
        wanted = replace(wanted, default=there.default)
    if isinstance(wanted.type, Enum) and wanted.type.native_enum:
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in wanted.type.enums)
        if there.type_text == f"ENUM({values})":
            wanted = replace(wanted, type_text=there.type_text)
    if _ANY_LENGTH.sub("VARCHAR", wanted.type_text).casefold() == there.type_text.casefold():
        wanted = replace(wanted, type_text=there.type_text)
    if (there.default, (wanted.default or "").lower()) in _TRUTHS:
        wanted = replace(wanted, default=there.default)
    if wanted.default is not None and spelling.same(wanted.default, there.default):
        wanted = replace(wanted, default=there.default)
    if wanted.generated is not None and spelling.same(wanted.generated, there.generated):
        wanted = replace(wanted, generated=there.generated, stored=there.stored)
    return wanted
