"""Models against a database, and back: what tests of comparing and autogenerate share."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from nbmigrate.autogenerate import generate, render_script
from nbmigrate.autogenerate.renaming import Renaming
from nbmigrate.runtime.migration import MigrationContext

Models = Callable[[sa.MetaData], None]


@contextmanager
def database(url: str) -> Iterator[sa.Engine]:
    """An engine that leaves nothing open."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


def metadata_of(models: Models, **options: Any) -> sa.MetaData:
    """The MetaData that a function fills."""
    metadata = sa.MetaData(**options)
    models(metadata)
    return metadata


def context_of(connection: Connection, **opts: Any) -> MigrationContext:
    """A migration context without an environment."""
    return MigrationContext.configure(connection, opts=opts)


def upgrade_ops(connection: Connection, metadata: sa.MetaData, **opts: Any) -> Any:
    """What must change in the database."""
    return generate(context_of(connection, **opts), metadata).upgrade_ops


def diffs(engine: sa.Engine, metadata: sa.MetaData, **opts: Any) -> list[Any]:
    """The differences as diff tuples."""
    with engine.connect() as connection:
        return upgrade_ops(connection, metadata, **opts).as_diffs()


def sources(
    engine: sa.Engine, metadata: sa.MetaData, *, renames: Mapping[str, str | None] | None = None, **opts: Any
) -> tuple[str, str, str]:
    """Imports, upgrade and downgrade, as they would stand in a file.

    ``renames`` are the answers of somebody who writes a revision; without them nobody is asked or told.
    """
    renaming = None if renames is None else Renaming(renames, fills=True)
    with engine.connect() as connection:
        context = context_of(connection, **opts)
        variables = render_script(generate(context, metadata, renaming=renaming), context)
    return variables["imports"], variables["upgrades"], variables["downgrades"]


def run(engine: sa.Engine, imports: str, body: str, **opts: Any) -> None:
    """Run a rendered body as a migration does."""
    from nbmigrate.operations import Operations

    with engine.connect() as connection:
        context = context_of(connection, **opts)
        with context.ddl.transaction(connection), Operations.context(context) as operations:
            execute(imports, body, operations)


def run_with_alembic(engine: sa.Engine, imports: str, body: str) -> None:
    """Run a rendered body with plain Alembic."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext as Alembic

    with engine.connect() as connection:
        context = Alembic.configure(connection)
        with context.begin_transaction(), Operations.context(context) as operations:
            execute(imports, body, operations)
        connection.commit()


def execute(imports: str, body: str, operations: Any) -> None:
    """The body as Python."""
    source = f"{imports}\nimport sqlalchemy as sa\n" + textwrap.dedent(f"    {body}\n")
    exec(compile(source, "<rendered>", "exec"), {"op": operations})
