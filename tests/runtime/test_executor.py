"""Statements arrive at the database as they are."""

from __future__ import annotations

import sqlalchemy as sa

from nbmigrate.ddl.statement import Statement
from nbmigrate.runtime.executor import OnlineExecutor


def test_a_plain_text_keeps_its_percent_signs_and_colons(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        executor = OnlineExecutor(connection)
        executor.execute(Statement("CREATE TABLE t (word VARCHAR(30) DEFAULT '100%s :x %(y)s %')"))
        executor.execute(Statement("INSERT INTO t (word) VALUES (DEFAULT)" if "sqlite" not in database_url
                                   else "INSERT INTO t DEFAULT VALUES"))  # fmt: skip
        assert executor.execute(Statement("SELECT word FROM t")).scalar() == "100%s :x %(y)s %"
    engine.dispose()
