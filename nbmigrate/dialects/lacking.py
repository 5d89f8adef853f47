"""What only some databases have, said in one line where SQLAlchemy would speak of its compiler.

SQLAlchemy's compiler of a dialect knows what it can write; nothing here is a list of databases.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CheckConstraint, Constraint, ForeignKeyConstraint

from nbmigrate.errors import CommandError
from nbmigrate.model.operations.schema_objects import table_of


def check_constraint_kind(constraint: Constraint, dialect: Dialect) -> None:
    """Refuse (``CommandError``) an EXCLUDE constraint where the dialect has no words for one."""
    if getattr(constraint, "__visit_name__", "") != "exclude_constraint":
        return
    compiler: Any = dialect.ddl_compiler
    if not hasattr(compiler, "visit_exclude_constraint"):
        raise CommandError(no_exclude(constraint, dialect.name))


def check_deferrable(constraint: Constraint, database: str) -> None:
    """Refuse (``CommandError``) a CHECK or unique constraint to be deferred, where only keys can be."""
    if isinstance(constraint, ForeignKeyConstraint) or not (constraint.deferrable or constraint.initially):
        return
    kind = "CHECK" if isinstance(constraint, CheckConstraint) else "unique"
    raise CommandError(
        f"{database} can't defer a {kind} constraint (table {table_of(constraint).name!r}): leave deferrable "
        "and initially out"
    )


def no_exclude(constraint: Constraint, database: str) -> str:
    """What is said of an EXCLUDE constraint on a database that has none."""
    name = f"{str(constraint.name)!r}" if constraint.name else "without a name"
    return f"EXCLUDE constraints are PostgreSQL's, {database} has none: leave out the constraint {name}"
