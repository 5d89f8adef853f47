"""Asking MySQL or MariaDB how it writes what a computed column is computed from.

Where the models' text is not the catalogue's, the columns are made as a temporary table, read and dropped
again: temporary tables commit nothing (MariaDB's and MySQL's manuals, "Statements That Cause an Implicit
Commit"). What the server would not take can't be told, and is not reported as a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import CompileError, DBAPIError, SQLAlchemyError

from nbmigrate.compare.desired import plain_dialect
from nbmigrate.compare.generated import same_expression
from nbmigrate.model.schema import UNKNOWN, Column, Schema, Table

_PROBE = "nbmigrate_probe"
_SEQUENCE = re.compile(r"nextval\((?:[^.)]*\.)?([^)]*)\)", re.IGNORECASE)


def in_server_words(connection: Connection, current: Schema, desired: Schema) -> Schema:
    """The desired schema with the server's words for computed columns whose texts differ."""
    tables = dict(desired.tables)
    for key, wanted in desired.tables.items():
        there = current.tables.get(key)
        if there is None:
            continue
        if any(_doubtful(there, column) for column in wanted.columns):
            tables[key] = wanted = _answered(connection, there, wanted)
        if any(_draws(column) for column in wanted.columns):
            tables[key] = replace(wanted, columns=tuple(_as_told(there, c) for c in wanted.columns))
    return replace(desired, tables=tables)


def _draws(column: Column) -> bool:
    return (column.default or "").lower().startswith("nextval(")


def _as_told(there: Table, wanted: Column) -> Column:
    """A default that draws from a sequence: the catalogue says which schema, SQLAlchemy's reader nothing."""
    other = there.column(wanted.name)
    if other is None or not _draws(wanted):
        return wanted
    drawn = _SEQUENCE.search((other.default or "").replace("`", ""))
    same = other.default is None or (drawn and drawn.group(1) in str(wanted.default).replace("`", ""))
    return replace(wanted, default=other.default) if same else wanted


def _doubtful(there: Table, wanted: Column) -> bool:
    if wanted.generated is None:
        return False
    other = there.column(wanted.name)
    return (
        other is not None
        and other.generated is not None
        and not same_expression(other.generated, wanted.generated)
    )


def _answered(connection: Connection, there: Table, wanted: Table) -> Table:
    told = _ask(connection, wanted)
    columns = []
    for column in wanted.columns:
        other = there.column(column.name)
        if other is not None and _doubtful(there, column):
            answer = told.get(column.name)
            same = answer is None or same_expression(other.generated, answer)
            column = replace(column, generated=other.generated if same else answer)
        columns.append(column)
    return replace(wanted, columns=tuple(columns))


def _ask(connection: Connection, table: Table) -> dict[str, str]:
    """What the server makes of each expression; nothing where it takes none of them."""
    options = {"no_parameters": True}
    try:
        definitions = ", ".join(_definitions(connection, table))
        text = f"CREATE TEMPORARY TABLE {_PROBE} ({definitions})"
        connection.exec_driver_sql(text, execution_options=options)
    except (CompileError, DBAPIError):
        return {}
    try:
        found = sa.inspect(connection).get_columns(_PROBE)
        return {c["name"]: c["computed"]["sqltext"] for c in found if c.get("computed")}
    except SQLAlchemyError:
        return {}
    finally:
        connection.exec_driver_sql(f"DROP TEMPORARY TABLE {_PROBE}", execution_options=options)


def _definitions(connection: Connection, table: Table) -> Iterator[str]:
    dialect = plain_dialect(connection.dialect)
    types: Any = dialect.type_compiler_instance
    quote = dialect.identifier_preparer.quote_identifier
    for column in sorted(table.columns, key=lambda column: column.generated is not None):
        type_ = types.process(column.type, type_expression=column.source)
        computed = column.generated not in (None, UNKNOWN)
        yield f"{quote(column.name)} {type_}" + (f" AS ({column.generated})" if computed else "")
