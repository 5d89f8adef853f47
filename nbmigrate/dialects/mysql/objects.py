"""Sequences (MariaDB) and views of a MySQL or MariaDB database.

The catalogue writes a view with every name in full: ```db`.`t`.`a` AS `a```. What is put on is taken off for
comparing; where texts still differ, the server is asked how it understands both (EXPLAIN EXTENDED), and only
where that differs too, or the values in them do, a view has changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.text import tokens
from nbmigrate.dialects.objects_sql import always_quoted
from nbmigrate.model.objects import Objects, View
from nbmigrate.model.objects import Sequence as SequenceValue
from nbmigrate.model.schema import Key

_VIEWS = """
SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS
WHERE TABLE_SCHEMA IN :schemas ORDER BY TABLE_SCHEMA, TABLE_NAME
"""
_SEQUENCES = """
SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES
WHERE TABLE_TYPE = 'SEQUENCE' AND TABLE_SCHEMA IN :schemas ORDER BY TABLE_SCHEMA, TABLE_NAME
"""
_DEFAULTS = """
SELECT COLUMN_DEFAULT FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA IN :schemas AND COLUMN_DEFAULT LIKE '%nextval(%'
"""
_COUNT = re.compile(r"\bcount\s*\(\s*\*\s*\)", re.IGNORECASE)
# a name before another, or a text, in which nothing is a name
_NAME_OR_TEXT = re.compile(r"'(?:[^'\\]|''|\\.)*'|(?<!\.)`(?:[^`]|``)*`\.")
_VALUE = re.compile(r"'(?:[^'\\]|''|\\.)*'|\b\d+(?:\.\d+)?\b")


def reflect_objects(connection: Connection, options: CompareOptions) -> Objects:
    """Sequences and views of the schemas that are looked at."""
    default = connection.dialect.default_schema_name
    names = [name or default for name in options.schemas]

    def rows(sql: str) -> Sequence[Any]:
        statement = sa.text(sql).bindparams(sa.bindparam("schemas", expanding=True))
        return connection.execute(statement, {"schemas": names}).fetchall()

    views: dict[Key, View] = {}
    for schema, name, sql in rows(_VIEWS):
        key = (None if schema == default else schema, name)
        views[key] = View(name, key[0], _without_schema(sql, default))
    sequences: dict[Key, SequenceValue] = {}
    found = rows(_SEQUENCES)
    if found:
        drawn = " ".join(str(row[0]) for row in rows(_DEFAULTS))
        for schema, name, start, low, high, increment, cache, cycle in _options(connection, found):
            key = (None if schema == default else schema, name)
            said = {"start": start, "minvalue": low, "maxvalue": high, "increment": increment}
            said |= {"cache": cache, "cycle": bool(cycle)}
            in_use = f"`{name}`" in drawn
            sequences[key] = SequenceValue(name, key[0], tuple(sorted(said.items())), in_use)
    return Objects(sequences=sequences, views=views)


def _without_schema(sql: str, schema: str | None) -> str:
    """A SELECT without the name of the database in it: what is written into a file runs in any."""
    prefix = "`" + str(schema).replace("`", "``") + "`."
    return _NAME_OR_TEXT.sub(lambda found: "" if found[0] == prefix else found[0], sql)


def _options(connection: Connection, found: Sequence[Any]) -> Sequence[Any]:
    """What each sequence says of itself, in one statement for all."""
    parts = [
        f"SELECT '{_escaped(schema)}', '{_escaped(name)}', start_value, minimum_value, maximum_value, "
        f"increment, cache_size, cycle_option FROM {always_quoted(connection.dialect, name, schema)}"
        for schema, name in found
    ]
    text = " UNION ALL ".join(parts)
    return connection.exec_driver_sql(text, execution_options={"no_parameters": True}).fetchall()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")


def changed_views(connection: Connection, pairs: Sequence[tuple[View, View]]) -> dict[Key, bool]:
    """Views that the server understands otherwise; any can be replaced as it stands."""
    default = connection.dialect.default_schema_name or ""
    found: dict[Key, bool] = {}
    for there, wanted in pairs:
        if _plain(there.sql, default) == _plain(wanted.sql, default):
            continue
        same_values = _values(there.sql) == _values(wanted.sql)
        ours, theirs = (_understood(connection, sql) for sql in (there.sql, wanted.sql))
        if not (same_values and ours is not None and ours == theirs):
            found[there.key] = True
    return found


def _values(sql: str) -> list[str]:
    """The values that stand in a SELECT; the server writes ``count(*)`` as ``count(0)``."""
    return sorted(_VALUE.findall(_COUNT.sub("count(0)", sql)))


def _plain(sql: str, schema: str) -> list[str]:
    """The tokens of a SELECT without the schema, names given to columns that have them, and parentheses."""
    pieces = [piece.strip('"') for piece in tokens(sql) if piece not in "()"]
    found: list[str] = []
    for piece in pieces:
        found.append(piece)
        if found[-2:] == [schema, "."] or (len(found) > 2 and found[-2] == "as" and found[-3] == piece):
            del found[-2:]
    return found


def _understood(connection: Connection, sql: str) -> str | None:
    """The SELECT as the server has understood it; None where it can't say."""
    options = {"no_parameters": True}
    try:
        connection.exec_driver_sql(f"EXPLAIN EXTENDED {sql}", execution_options=options).fetchall()
        notes = connection.exec_driver_sql("SHOW WARNINGS", execution_options=options).fetchall()
    except DBAPIError:
        return None
    return next((str(row[2]) for row in notes if row[1] == 1003), None)
