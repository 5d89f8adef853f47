"""The environment of a database that was named without a project: what an env.py would do, built in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmigrate.runtime.settings import run_settings

if TYPE_CHECKING:
    from nbmigrate.runtime.database import Database
    from nbmigrate.runtime.environment import EnvironmentContext


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
    wait = run_settings({**environment.context_opts, **options}, environment.config).lock_timeout
    with database.connect(wait) as connection:
        environment.configure(connection=connection, **options)
        with environment.begin_transaction():
            environment.run_migrations()
