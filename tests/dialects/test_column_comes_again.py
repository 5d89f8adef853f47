"""A batch that drops a column and adds one of its name: what is over it stays, as in Alembic; its values go.

Projects do it to change a generated column, which SQLite can't alter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate.migration import MigrationContext
from nbmigrate.operations import Operations

TABLE = """
    CREATE TABLE t (
        id INTEGER PRIMARY KEY, a INTEGER, c INTEGER,
        d INTEGER CONSTRAINT "d unique" UNIQUE REFERENCES o(id) CHECK (d > 0),
        CONSTRAINT uq_ac UNIQUE (a, c), CONSTRAINT fk_c FOREIGN KEY(c) REFERENCES o (id),
        CONSTRAINT ck_ac CHECK (a > c)
    )
"""
INDEXES = (
    "CREATE INDEX ix_ac ON t (a, c)",
    "CREATE INDEX ix_p ON t (a) WHERE c > 1",
    "CREATE INDEX ix_d ON t (lower(d))",
)
Change = Callable[[Any], None]


def changed(*changes: Change) -> tuple[list[str], list[Any]]:
    """The texts of the table and its indexes behind a batch of these changes, and the rows."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE o (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("INSERT INTO o VALUES (1)")
        for statement in (TABLE, *INDEXES, "INSERT INTO t VALUES (1, 5, 1, 1)"):
            connection.exec_driver_sql(statement)
        with Operations(MigrationContext.configure(connection)).batch_alter_table("t") as batch:
            for change in changes:
                change(batch)
        texts = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_schema WHERE tbl_name = 't' AND sql IS NOT NULL ORDER BY name"
        )
        return [" ".join(text.split()) for text in texts.scalars()], list(
            map(tuple, connection.exec_driver_sql("SELECT * FROM t"))
        )


def drop(name: str) -> Change:
    return lambda batch: batch.drop_column(name)


def add(name: str, **kw: Any) -> Change:
    return lambda batch: batch.add_column(sa.Column(name, sa.BigInteger(), **kw))


def test_keys_checks_and_indexes_over_it_stay_and_its_values_go() -> None:
    texts, rows = changed(drop("c"), drop("d"), add("c"), add("d"))
    assert texts == [
        "CREATE INDEX ix_ac ON t (a, c)",
        "CREATE INDEX ix_d ON t (lower(d))",
        "CREATE INDEX ix_p ON t (a) WHERE c > 1",
        'CREATE TABLE "t" ( id INTEGER PRIMARY KEY, a INTEGER, c BIGINT, d BIGINT, '
        "CONSTRAINT uq_ac UNIQUE (a, c), CONSTRAINT fk_c FOREIGN KEY(c) REFERENCES o (id), "
        'CONSTRAINT ck_ac CHECK (a > c), CONSTRAINT "d unique" UNIQUE (d), '
        "FOREIGN KEY (d) REFERENCES o(id), CHECK (d > 0) )",
    ]
    assert rows == [(1, 5, None, None)]


def test_what_is_made_anew_takes_the_old_ones_place() -> None:
    def more(batch: Any) -> None:
        batch.create_index("ix_ac", ["c", "a"])
        batch.create_unique_constraint("uq_ac", ["c"])

    texts, _ = changed(drop("c"), add("c"), more)
    assert "CREATE INDEX ix_ac ON t (c, a)" in texts
    assert "CONSTRAINT uq_ac UNIQUE (c)" in texts[-1]
    assert "UNIQUE (a, c)" not in texts[-1]


def test_what_is_dropped_by_name_goes() -> None:
    def more(batch: Any) -> None:
        batch.drop_index("ix_ac")
        batch.drop_constraint("fk_c", type_="foreignkey")

    texts, _ = changed(drop("c"), add("c"), more)
    assert not any("ix_ac" in text or "fk_c" in text for text in texts)


def test_without_its_column_it_goes_or_is_in_the_way() -> None:
    texts, _ = changed(lambda batch: batch.drop_constraint("ck_ac", type_="check"), drop("c"))
    assert [text for text in texts if "ix_" in text] == ["CREATE INDEX ix_d ON t (lower(d))"]
    with pytest.raises(Exception, match="the table uses it in CHECK"):
        changed(add("c2"), drop("c"))
