"""The same calls through Alembic's offline mode and through our emitters."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext as AlembicContext
from alembic.operations import Operations as AlembicOperations
from sqlalchemy.dialects import mssql, oracle
from sqlalchemy.engine import make_url

from nbmigrate.ddl.text import to_sql
from nbmigrate.dialects import dialect_for
from nbmigrate.errors import CommandError
from nbmigrate.operations import Operations

Run = Callable[[Any], Any]
CONVENTION = {
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(column_0_label)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
}


def engine_dialect(name: str) -> sa.Dialect:
    if name in ("mssql", "oracle"):
        # no driver of theirs is installed
        found = {"mssql": mssql, "oracle": oracle}[name].dialect(paramstyle="named")
        # as when connected; without it Alembic fails at comments
        found.default_schema_name = "dbo" if name == "mssql" else None
        return found
    if name == "duckdb":
        found = make_url("duckdb+duckdb_sqlalchemy://").get_dialect()(paramstyle="named")
        return found
    driver = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}.get(
        name, name
    )
    return make_url(f"{driver}://").get_dialect()(paramstyle="named")


def by_alembic(name: str, run: Callable[[Any], Any], metadata: sa.MetaData | None) -> str:
    buffer = io.StringIO()
    opts = {"as_sql": True, "output_buffer": buffer, "literal_binds": True, "target_metadata": metadata}
    with warnings.catch_warnings():
        # Alembic warns of CHECKs that it can't add on SQLite
        warnings.simplefilter("ignore")
        run(AlembicOperations(AlembicContext.configure(dialect=engine_dialect(name), opts=opts)))
    return buffer.getvalue()


class Writer:
    """As much of a migration context as operations need: it writes what is emitted."""

    def __init__(self, name: str, metadata: sa.MetaData | None) -> None:
        self.opts = {"as_sql": True, "target_metadata": metadata}
        self.dialect = engine_dialect(name)
        self.ddl = dialect_for(self.dialect, opts=self.opts, metadata=metadata)
        self.as_sql, self.bind, self.connection = True, None, None
        self.target_metadata = metadata
        self.text = ""

    def run_operation(self, operation: Any) -> None:
        for statement in self.ddl.emit(operation):
            for sql in to_sql(statement, self.dialect):
                self.text += self.ddl.terminated(sql) + "\n\n"


def by_us(name: str, run: Callable[[Any], Any], metadata: sa.MetaData | None) -> str:
    writer = Writer(name, metadata)
    with warnings.catch_warnings():
        # ON UPDATE on Oracle, a type without nullability on SQL Server
        warnings.simplefilter("ignore")
        run(Operations(writer))
    return writer.text


def assert_same_text(dialect: str, run: Run, convention: bool) -> None:
    """Alembic's text and ours; where Alembic refuses, we do."""
    metadata = sa.MetaData(naming_convention=CONVENTION) if convention else None
    try:
        expected = by_alembic(dialect, run, metadata)
    except Exception as error:
        refusal = CommandError if type(error).__name__ == "CommandError" else type(error)
        with pytest.raises(refusal):
            by_us(dialect, run, metadata)
        return
    found = by_us(dialect, run, metadata)
    # Alembic turns tabs into blanks, inside literals too
    found = found.replace("\t", "    ")
    if found.count("CREATE INDEX") > 1:
        # Alembic creates the indexes of a table in the order of a set
        found, expected = ("\n\n".join(sorted(text.split("\n\n"))) for text in (found, expected))
    assert found == expected
