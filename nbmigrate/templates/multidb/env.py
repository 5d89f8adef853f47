"""How this project's migrations reach its databases: each revision runs on every one of them."""

import logging
import re
from contextlib import ExitStack
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

# commit on all databases in two phases, where they can
USE_TWOPHASE = False

config = context.config

# logging as the ini file says; loggers that exist already stay alive
if config.config_file_name is not None and config.file_config.has_section("loggers"):
    fileConfig(config.config_file_name, disable_existing_loggers=False)
logger = logging.getLogger("alembic.env")

# the databases: each is a section of the ini file with a sqlalchemy.url
names = re.split(r",\s*", config.get_main_option("databases", ""))

# the models that "revision --autogenerate" compares each database with:
#   from myapp import models
#   target_metadata = {"engine1": models.metadata1, "engine2": models.metadata2}
target_metadata = {}


def run_migrations_offline() -> None:
    """Write the SQL of each database into a file of its own (--sql)."""
    for name in names:
        logger.info("Writing the SQL of %s into %s.sql", name, name)
        with open(f"{name}.sql", "w") as buffer:
            context.configure(
                url=config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=buffer,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_migrations_online() -> None:
    """Begin on every database, run everything, then commit on every database."""
    with ExitStack() as stack:
        transactions = []
        for name in names:
            engine = engine_from_config(
                config.get_section(name, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
            )
            connection = stack.enter_context(engine.connect())
            transactions.append(connection.begin_twophase() if USE_TWOPHASE else connection.begin())
            logger.info("Migrating database %s", name)
            context.configure(
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=target_metadata.get(name),
            )
            context.run_migrations(engine_name=name)
        if USE_TWOPHASE:
            for transaction in transactions:
                transaction.prepare()
        for transaction in transactions:
            transaction.commit()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
