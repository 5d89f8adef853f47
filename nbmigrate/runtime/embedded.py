"""Running an environment: a project's env.py, or what one would do, built in, where there is no project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmigrate.runtime.settings import run_settings

if TYPE_CHECKING:
    from nbmigrate.runtime.database import Database
    from nbmigrate.runtime.environment import EnvironmentContext


def run_project(environment: EnvironmentContext) -> None:
    """Run the project's env.py.

    Where it could not open the database's file, since that belongs to another process for now (DuckDB's),
    nothing has been done yet: it is run again, for as long as another run is waited for. Raises
    ``LockTimeout`` where the other process keeps the file.
    """
    from sqlalchemy.exc import DBAPIError

    def nothing_done() -> bool:
        return not environment.contexts

    try:
        environment.script.run_env()
    except DBAPIError as error:
        from nbmigrate.dialects.duckdb.lock import locked_by, when_free

        if not nothing_done() or locked_by(error) is None:
            raise
    else:
        return
    when_free(environment.script.run_env, _wait(environment, {}), nothing_done)


def run_embedded(environment: EnvironmentContext, database: Database, options: Mapping[str, Any]) -> None:
    """Configure the environment with a connection to ``database`` (offline: its dialect) and run.

    ``options`` are parameters of ``configure()``.
    """
    if environment.is_offline_mode():
        environment.configure(
            url=database.url, literal_binds=True, dialect_opts={"paramstyle": "named"}, **options
        )
        with environment.begin_transaction():
            environment.run_migrations()
        return
    with database.connect(_wait(environment, options)) as connection:
        environment.configure(connection=connection, **options)
        with environment.begin_transaction():
            environment.run_migrations()


def _wait(environment: EnvironmentContext, options: Mapping[str, Any]) -> float:
    """How many seconds another run is waited for."""
    return run_settings({**environment.context_opts, **options}, environment.config).lock_timeout
