"""DuckDB as schema values: the usual reader, and the differences that are DuckDB's way of keeping things.

What this can't tell, because DuckDB does not keep it or SQLAlchemy's reflection does not say it: the length
of VARCHAR, names of constraints and of enum types, collations, and which columns are generated (their
expression comes as a default).
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Enum
from sqlalchemy.engine import Connection

from nbmigrate.dialects.reflect import normalise as usual
from nbmigrate.dialects.reflect import reflect
from nbmigrate.model.schema import Column, Schema, Table

__all__ = ["normalise", "reflect"]

_TRUTHS = (("CAST('t' AS BOOLEAN)", "true"), ("CAST('f' AS BOOLEAN)", "false"))


def normalise(connection: Connection, current: Schema, desired: Schema) -> tuple[Schema, Schema]:
    """Both schemas in one spelling."""
    tables = {
        key: _as_kept(table, current.tables[key]) if key in current.tables else table
        for key, table in desired.tables.items()
    }
    there = {
        key: _named_as_wanted(table, tables[key]) if key in tables else table
        for key, table in current.tables.items()
    }
    return usual(connection, replace(current, tables=there), replace(desired, tables=tables))


def _named_as_wanted(there: Table, wanted: Table) -> Table:
    """A unique constraint over the same columns is the same one: its name was forgotten."""
    names = {unique.columns: unique.name for unique in wanted.uniques}
    return replace(
        there, uniques=tuple(replace(u, name=names.get(u.columns) or u.name) for u in there.uniques)
    )


def _as_kept(wanted: Table, there: Table) -> Table:
    keys = wanted.primary_key.columns if wanted.primary_key else ()
    columns = []
    for column in wanted.columns:
        kept = there.column(column.name)
        columns.append(column if kept is None else _column_as_kept(column, kept, column.name in keys))
    return replace(wanted, columns=tuple(columns))


def _column_as_kept(wanted: Column, there: Column, in_key: bool) -> Column:
    if in_key and wanted.default is None and (there.default or "").startswith("nextval("):
        # the sequence that SQLAlchemy makes for a key which counts by itself
        wanted = replace(wanted, default=there.default)
    if isinstance(wanted.type, Enum) and wanted.type.native_enum:
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in wanted.type.enums)
        if there.type_text == f"ENUM({values})":
            wanted = replace(wanted, type_text=there.type_text)
    if (there.default, (wanted.default or "").lower()) in _TRUTHS:
        wanted = replace(wanted, default=there.default)
    if there.generated is None and wanted.generated is not None:
        wanted = replace(wanted, generated=None, stored=None, default=there.default)
    return wanted
