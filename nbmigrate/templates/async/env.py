"""How this project's migrations reach its database, through an async driver."""

import asyncio
from logging.config import fileConfig

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import async_engine_from_config

config = context.config

# logging as the ini file says; loggers that exist already stay alive
if config.config_file_name is not None and config.file_config.has_section("loggers"):
    fileConfig(config.config_file_name, disable_existing_loggers=False)

# the models that "revision --autogenerate" and "check" compare the database with:
#   from myapp.models import Base
#   target_metadata = Base.metadata
# in a notebook the models come from the notebook
target_metadata = config.attributes.get("target_metadata")


def run_migrations_offline() -> None:
    """Write SQL instead of running it (--sql); needs a URL, no driver."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on(connection: Connection) -> None:
    """Run on a connection, which an async one hands over as an ordinary one."""
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_on_engine() -> None:
    """Run on a connection from the ini file's URL."""
    engine = async_engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(run_on)
    await engine.dispose()


if context.is_offline_mode():
    run_migrations_offline()
elif config.attributes.get("connection") is not None:
    run_on(config.attributes["connection"])
else:
    asyncio.run(run_on_engine())
