"""``autocommit_block()`` where nothing began a transaction: not every env.py has ``begin_transaction()``."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from nbmigrate.migration import MigrationContext


@pytest.mark.postgresql
def test_the_block_is_outside_any_transaction_though_none_was_begun(postgresql_url: str) -> None:
    engine = sa.create_engine(postgresql_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        context.execute("CREATE TABLE t (a INTEGER)")
        with context.autocommit_block():
            # PostgreSQL refuses this inside a transaction
            context.execute("CREATE INDEX CONCURRENTLY ix ON t (a)")
        assert not connection.in_transaction()
    with engine.connect() as connection:
        assert [index["name"] for index in sa.inspect(connection).get_indexes("t")] == ["ix"]
    engine.dispose()
