"""Engine, character set and collation of tables: what the catalogue says, and the ALTER that changes them.

A character set is changed by CONVERT TO, which takes the columns along: they have the table's where they say
nothing of their own, as if the table had been made so (MariaDB's manual, "ALTER TABLE").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from nbmigrate.model.schema import Key

_OPTIONS = """
SELECT TABLE_SCHEMA, TABLE_NAME, ENGINE, TABLE_COLLATION FROM information_schema.TABLES
WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA IN :schemas
"""


def options_there(connection: Connection, schemas: Sequence[str | None]) -> dict[Key, dict[str, str]]:
    """What the tables of some schemas are kept in: ``engine``, ``charset``, ``collate``."""
    default = connection.dialect.default_schema_name
    statement = sa.text(_OPTIONS).bindparams(sa.bindparam("schemas", expanding=True))
    rows = connection.execute(statement, {"schemas": [name or default for name in schemas]})
    found: dict[Key, dict[str, str]] = {}
    for schema, name, engine, collation in rows:
        told = {"engine": engine, "collate": collation, "charset": (collation or "").partition("_")[0]}
        key = (None if schema == default else schema, name)
        found[key] = {word: value for word, value in told.items() if value}
    return found


def options_wanted(table: sa.Table, dialect_name: str) -> dict[str, str]:
    """What the models say that a table is to be kept in, as the dialect's compiler reads it."""
    if "dialect_options" not in vars(table):
        return {}
    given: dict[str, Any] = {}
    prefix = f"{dialect_name}_"
    for word, value in table.kwargs.items():
        if word.lower().startswith(prefix):
            given[word[len(prefix) :].lower().replace("_", " ").removeprefix("default ")] = value
    words = {"engine": "engine", "charset": "charset", "character set": "charset", "collate": "collate"}
    return {words[word]: str(value) for word, value in given.items() if word in words}


def differing(there: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Those that differ; ``utf8`` is what the server has for it now."""
    utf8 = {"utf8": "utf8mb3"}
    return {
        word: value
        for word, value in wanted.items()
        if word in there
        and utf8.get(value.lower(), value.lower()) != utf8.get(there[word].lower(), there[word].lower())
    }


def alter_table_options(table: str, options: Mapping[str, str]) -> str:
    """The ALTER TABLE."""
    parts = []
    if "engine" in options:
        parts.append(f"ENGINE={options['engine']}")
    charset = options.get("charset") or options.get("collate", "").partition("_")[0]
    if charset:
        collate = f" COLLATE {options['collate']}" if "collate" in options else ""
        parts.append(f"CONVERT TO CHARACTER SET {charset}{collate}")
    return f"ALTER TABLE {table} {', '.join(parts)}"
