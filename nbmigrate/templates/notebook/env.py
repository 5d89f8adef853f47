"""How this project's migrations reach its database, from notebooks, terminals and programs alike."""

import asyncio

from sqlalchemy import Connection, engine_from_config, make_url, pool

from nbmigrate import context

config = context.config

# the models that "revision --autogenerate" and "check" compare the database with:
#   from myapp.models import Base
#   target_metadata = Base.metadata
# in a notebook, None means the notebook's own models
target_metadata = None


def run_migrations_offline(url: str) -> None:
    """Write SQL instead of running it (--sql); needs a URL, no driver."""
    context.configure(
        url=url,
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


def run_on_engine(settings: dict[str, str]) -> None:
    """Run on a connection from the ini file's URL."""
    engine = engine_from_config(settings, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        run_on(connection)


async def run_on_async_engine(settings: dict[str, str]) -> None:
    """The same through an async driver; works in a kernel, whose loop is running."""
    from sqlalchemy.ext.asyncio import async_engine_from_config

    engine = async_engine_from_config(settings, prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run_on)
    await engine.dispose()


settings = config.get_section(config.config_ini_section, {})
if context.is_offline_mode():
    run_migrations_offline(settings["sqlalchemy.url"])
elif config.attributes.get("connection") is not None:
    run_on(config.attributes["connection"])
elif make_url(settings["sqlalchemy.url"]).get_dialect().is_async:
    asyncio.run(run_on_async_engine(settings))
else:
    run_on_engine(settings)
