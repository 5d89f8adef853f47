"""Sequences and views of a DuckDB database; DuckDB itself writes a SELECT in its own words.

Enum types need nothing here: a column has the values themselves, and a type is only a name for them.
There is no ALTER SEQUENCE, so a sequence is there or not; its options are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from nbmigrate.compare.options import CompareOptions
from nbmigrate.compare.text import tokens
from nbmigrate.dialects.objects_sql import literal
from nbmigrate.model.objects import Objects, View
from nbmigrate.model.objects import Sequence as SequenceValue
from nbmigrate.model.schema import Key

_SEQUENCES = """
SELECT schema_name, sequence_name, start_value, increment_by, min_value, max_value, cycle
FROM duckdb_sequences() WHERE database_name = current_database() AND NOT temporary
"""
_VIEWS = """
SELECT schema_name, view_name, sql, comment FROM duckdb_views()
WHERE database_name = current_database() AND NOT internal AND NOT temporary
"""
_DEFAULTS = """
SELECT column_default FROM duckdb_columns()
WHERE database_name = current_database() AND column_default LIKE '%nextval(%'
"""
_HEAD = re.compile(
    r"""CREATE VIEW (?:(?:"(?:[^"]|"")*"|\w+)\.)?(?:"(?:[^"]|"")*"|\w+)\s*(?P<columns>\([^)]*\))? AS """, re.I
)


def reflect_objects(connection: Connection, options: CompareOptions) -> Objects:
    """Sequences and views of all schemas."""
    default = connection.dialect.default_schema_name
    drawn = " ".join(str(text) for text in connection.execute(sa.text(_DEFAULTS)).scalars())
    sequences: dict[Key, SequenceValue] = {}
    for schema, name, start, increment, low, high, cycle in connection.execute(sa.text(_SEQUENCES)):
        key = (None if schema == default else schema, name)
        said = {"start": start, "increment": increment, "minvalue": low, "maxvalue": high, "cycle": cycle}
        in_use = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", drawn) is not None
        sequences[key] = SequenceValue(name, key[0], tuple(sorted(said.items())), in_use, alterable=False)
    views: dict[Key, View] = {}
    for schema, name, sql, comment in connection.execute(sa.text(_VIEWS)):
        key = (None if schema == default else schema, name)
        head = _HEAD.match(sql)
        text, extra = (sql[head.end() :], head.group("columns") or "") if head else (sql, "")
        quoted = connection.dialect.identifier_preparer.quote(name)
        told = comment.replace("'", "''") if comment else None
        after = (f"COMMENT ON VIEW {quoted} IS '{told}'",) if told and key[0] is None else ()
        views[key] = View(name, key[0], text.strip().rstrip(";"), indexes=after, extra=extra)
    return Objects(
        sequences=dict(sorted(sequences.items(), key=str)), views=dict(sorted(views.items(), key=str))
    )


def changed_views(connection: Connection, pairs: Sequence[tuple[View, View]]) -> dict[Key, bool]:
    """Views whose SELECT is another one in DuckDB's words; any can be replaced as it stands."""
    found: dict[Key, bool] = {}
    for there, wanted in pairs:
        if tokens(there.sql) == tokens(wanted.sql):
            continue
        if _in_its_words(connection, there.sql) != _in_its_words(connection, wanted.sql):
            found[there.key] = not there.extra
    return found


def _in_its_words(connection: Connection, sql: str) -> object:
    """A SELECT parsed and written again; as tokens where DuckDB can't do that."""
    # not as a parameter: only a text that stands in the statement is taken apart
    told = literal(sql)
    question = (
        f"SELECT CASE WHEN CAST(json_serialize_sql({told}) AS VARCHAR) NOT LIKE '{{\"error\":true%' "
        f"THEN json_deserialize_sql(json_serialize_sql({told})) END"
    )
    try:
        text = connection.exec_driver_sql(question, execution_options={"no_parameters": True}).scalar()
    except DBAPIError:
        text = None
    return tokens(sql if text is None else str(text))
