"""Names that are longer than a database takes, told in one line before anything runs.

PostgreSQL cuts such a name silently, so that what a script calls its table is not what the table is called;
two names that differ behind the 63rd byte become one. Others stop in the middle, which on MySQL and MariaDB
leaves half of a revision. SQLAlchemy looks at constraints and indexes only, and counts characters.

Only names that an operation gives are looked at: what was cut once is still found under its long name. Names
that a naming convention makes are shortened by SQLAlchemy itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IdentifierError
from sqlalchemy.sql.elements import conv

from nbmigrate.errors import CommandError
from nbmigrate.model.operations import (
    AddColumnOp,
    AddConstraintOp,
    AlterColumnOp,
    CreateIndexOp,
    CreateTableOp,
    MigrateOperation,
    RenameTableOp,
)

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect

# SQLAlchemy says 255 for MySQL, where only aliases may be that long
_MOST = {"mysql": 64, "mariadb": 64}
_IN_BYTES = ("postgresql", "oracle")
_UNLIMITED = ("sqlite", "duckdb")
_CUTS = ("postgresql",)
_TITLES = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "mssql": "SQL Server",
    "oracle": "Oracle",
}


class NameTooLong(CommandError, IdentifierError):
    """A name that the database would cut or refuse; SQLAlchemy's error too, which scripts may catch."""


def longest_name(dialect: SQLAlchemyDialect) -> int:
    """How long a name may be, in the database's own unit."""
    return min(dialect.max_identifier_length, _MOST.get(dialect.name, dialect.max_identifier_length))


def check_names(operation: MigrateOperation, dialect: SQLAlchemyDialect) -> None:
    """Refuse a new name that is too long for the database; ``NameTooLong`` says which, and by how much."""
    if dialect.name in _UNLIMITED:
        return
    most = longest_name(dialect)
    unit = "bytes" if dialect.name in _IN_BYTES else "characters"
    for kind, name in _new_names(operation):
        if not isinstance(name, str) or len(name) * 4 <= most or isinstance(name, conv):
            continue
        length = len(name.encode()) if unit == "bytes" else len(name)
        if length > most:
            title = _TITLES.get(dialect.name, dialect.name)
            does = "would cut it silently" if dialect.name in _CUTS else "refuses it"
            raise NameTooLong(
                f"The {kind} name {name!r} has {length} {unit}; {title} takes {most} and {does}: "
                "write a shorter one"
            )


def _new_names(operation: MigrateOperation) -> Iterator[tuple[str, Any]]:
    if isinstance(operation, CreateTableOp):
        yield "table", operation.table_name
        for item in operation.columns:
            yield from _names_of(item)
    elif isinstance(operation, AddColumnOp):
        yield "column", operation.column.name
    elif isinstance(operation, AlterColumnOp):
        yield "column", operation.modify_name
    elif isinstance(operation, RenameTableOp):
        yield "table", operation.new_table_name
    elif isinstance(operation, CreateIndexOp):
        yield "index", operation.index_name
    elif isinstance(operation, AddConstraintOp):
        yield "constraint", operation.constraint_name


def _names_of(item: Any) -> Iterator[tuple[str, Any]]:
    """The name of a column, a constraint or an index of a new table."""
    kind = {"column": "column", "index": "index"}.get(getattr(item, "__visit_name__", ""), "constraint")
    yield kind, getattr(item, "name", None)
