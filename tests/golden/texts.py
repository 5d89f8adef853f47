"""The text of a golden file: each call of an operation, and the SQL that it becomes on each database.

Databases whose text is the same stand together. What a database can't do stands there as the line that a
user gets instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from dialects.same_sql import CONVENTION
from golden.calls import CALLS, NAMES, OBJECTS

DATABASES = ("sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle", "duckdb")

Write = Callable[[str, Callable[[Any], Any], sa.MetaData | None], str]


def metadata_for(call: str) -> sa.MetaData | None:
    """The models' naming convention, where the call leaves the name of a constraint to it."""
    return (
        sa.MetaData(naming_convention=CONVENTION) if "constraint(None" in call or "key(None" in call else None
    )


def called(call: str) -> Callable[[Any], Any]:
    """The call as a function of ``op``."""
    return lambda op: eval(call, {**NAMES, "op": op})


def text_or_refusal(write: Write, database: str, call: str) -> str:
    """What a call becomes, or the first line of what is said instead."""
    try:
        return write(database, called(call), metadata_for(call)).strip()
    except Exception as error:
        return f"-- refused: {(str(error) or repr(error)).splitlines()[0]}"


def golden_text(operation: str, texts: Mapping[str, Mapping[str, str]], notes: Mapping[str, str]) -> str:
    """The whole file: ``texts`` by case and database; ``notes`` by case, where ours is not Alembic's text."""
    number, cases = CALLS.get(operation) or ("Beyond Alembic:", OBJECTS)
    parts = [f"-- {number} op.{operation}: written by tests/golden; read it before you commit a change of it"]
    for case, by_database in texts.items():
        parts.append(f"\n\n-- ==== {case}\n-- {cases[case]}")
        if case in notes:
            parts.append(f"-- other than Alembic: {notes[case]}")
        alike: dict[str, list[str]] = {}
        for database, text in by_database.items():
            alike.setdefault(text, []).append(database)
        parts.extend(
            f"\n-- {', '.join(databases)}\n{text or '-- nothing'}" for text, databases in alike.items()
        )
    return "\n".join(parts) + "\n"
