"""What DuckDB has no words for, said in one line before anything runs; and what it would take silently.

DuckDB's own messages for these are a parser's, or there is none at all: SQLAlchemy leaves an identity out of
the text, and ``DROP SEQUENCE ... CASCADE`` drops every table that counts with the sequence, with its rows.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from sqlalchemy import Constraint, ForeignKeyConstraint, Index, Table
from sqlalchemy.sql.schema import Computed, Identity

from nbmigrate.dialects.lacking import no_exclude
from nbmigrate.errors import CommandError

_CASCADE = re.compile(r"\s*DROP\s+SEQUENCE\b.*\bCASCADE\b", re.IGNORECASE | re.DOTALL)
_KEPT_ACTIONS = (None, "NO ACTION", "RESTRICT")


def check_table(table: Table) -> None:
    """Refuse columns and constraints that DuckDB can't keep; ``CommandError`` names the first."""
    for column in table.columns:
        where = f"column {column.name!r} of table {table.name!r}"
        default: Any = column.server_default
        if isinstance(default, Computed) and default.persisted:
            _refuse(f"store a computed value ({where})", "leave persisted=True out: it is computed when read")
        if isinstance(default, Identity):
            _refuse(
                f"make identity columns ({where})",
                "use a sequence: server_default=sa.text(\"nextval('name')\"), or an Integer primary key",
            )
    for constraint in table.constraints:
        check_constraint(constraint)


def check_constraint(constraint: Constraint) -> None:
    """Refuse actions of foreign keys, and constraints that are checked later."""
    table = getattr(constraint, "table", None)
    where = f"table {table.name!r}" if table is not None else "the table"
    if isinstance(constraint, ForeignKeyConstraint):
        for word, given in (("ON DELETE", constraint.ondelete), ("ON UPDATE", constraint.onupdate)):
            if (given.upper() if given else None) not in _KEPT_ACTIONS:
                _refuse(f"do {word} {given} ({where})", "delete or change the referring rows yourself")
    if constraint.__visit_name__ == "exclude_constraint":
        raise CommandError(no_exclude(constraint, "duckdb"))
    if constraint.kwargs.get("postgresql_nulls_not_distinct"):
        _refuse(
            f"take NULLs for the same in a unique constraint ({where})",
            "leave postgresql_nulls_not_distinct out",
        )
    if constraint.deferrable or constraint.initially:
        _refuse(f"defer constraints ({where})", "leave deferrable and initially out")


def check_index(index: Index) -> None:
    """Refuse partial indexes and INCLUDE, which SQLAlchemy's dialect takes over from PostgreSQL's."""
    words = {"where": "partial indexes", "include": "INCLUDE", "nulls_not_distinct": "NULLS NOT DISTINCT"}
    for name, told in words.items():
        value = index.kwargs.get(f"postgresql_{name}")
        if value is not None and value is not False and value != []:
            table = index.table.name if index.table is not None else "?"
            _refuse(
                f"make {told} (index {str(index.name)!r} on table {table!r})",
                f"leave postgresql_{name} out on DuckDB",
            )


def check_sql(sql: str) -> None:
    """Refuse the one statement that loses rows of tables that it does not name."""
    if _CASCADE.match(sql):
        raise CommandError(
            "DROP SEQUENCE ... CASCADE would drop every table whose default counts with the sequence, with "
            f"its rows: take the defaults away first, then drop the sequence alone ({sql.strip()})"
        )


def _refuse(what: str, instead: str) -> NoReturn:
    raise CommandError(f"DuckDB can't {what}: {instead}")
