"""Sequences among the models: found, made, changed, dropped; those of SERIAL and IDENTITY left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from roundtrip import database, diffs, run, run_with_alembic, sources

FRESH = [
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
    "duckdb",
]


@pytest.fixture(params=FRESH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / 'fresh.duckdb'}"
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found.replace("mysql+", "mariadb+")


def models(*sequences: dict[str, Any], default: bool = False) -> sa.MetaData:
    metadata = sa.MetaData()
    made = [sa.Sequence(**given, metadata=metadata) for given in sequences]
    server_default = made[0].next_value() if default else None
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.BigInteger, server_default=server_default),
    )
    return metadata


KEPT = {"name": "kept"}


def there_and_back(engine: sa.Engine, wanted: sa.MetaData, before: sa.MetaData) -> tuple[str, str]:
    imports, up, down = sources(engine, wanted)
    for runs in (run, run_with_alembic):
        runs(engine, imports, up)
        assert diffs(engine, wanted) == []
        runs(engine, imports, down)
        assert diffs(engine, before) == []
    run(engine, imports, up)
    return up, down


def test_a_sequence_comes_and_goes(url: str) -> None:
    before = models(KEPT)
    after = models(KEPT, {"name": "order no", "start": 5, "increment": 2, "maxvalue": 99, "cycle": True})
    with database(url) as engine:
        before.create_all(engine)
        up, down = there_and_back(engine, after, before)
        assert "CREATE SEQUENCE" in up and "DROP SEQUENCE" in down
        there_and_back(engine, before, after)


def test_options_change(url: str) -> None:
    before = models({"name": "s", "increment": 1, "maxvalue": 500})
    after = models({"name": "s", "increment": 10, "maxvalue": 900})
    with database(url) as engine:
        before.create_all(engine)
        if engine.dialect.name == "duckdb":
            # it has no ALTER SEQUENCE: what can't be changed is not reported
            assert diffs(engine, after) == []
            return
        with engine.begin() as connection:
            connection.scalar(sa.Sequence("s"))
        up, _ = there_and_back(engine, after, before)
        assert "ALTER SEQUENCE s" in up and "START" not in up
        with engine.begin() as connection:
            assert connection.scalar(sa.Sequence("s")) > 1


def test_sequences_that_the_models_do_not_speak_of_stay(url: str) -> None:
    with database(url) as engine:
        models({"name": "by_hand"}).create_all(engine)
        assert diffs(engine, models()) == []


def test_a_sequence_that_a_default_draws_from_is_made_before_it(url: str) -> None:
    before, after = models(KEPT), models({"name": "numbers", "start": 7}, KEPT, default=True)
    with database(url) as engine:
        if engine.dialect.name == "mariadb":
            # SQLAlchemy's reflection does not tell such a default: made here, it is found to be as it should
            after.create_all(engine)
            assert diffs(engine, after) == []
            return
        before.create_all(engine)
        there_and_back(engine, after, before)
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO t (id) VALUES (1)")
            assert connection.exec_driver_sql("SELECT number FROM t").scalar() == 7
        # nobody has it in the models, but the column draws from it
        by_hand = models(KEPT, default=False)
        by_hand.tables["t"].c.number.server_default = sa.DefaultClause(sa.text("nextval('numbers')"))
        if engine.dialect.name == "postgresql":
            assert diffs(engine, by_hand) == []


@pytest.mark.postgresql
def test_sequences_of_columns_are_the_columns_affair(postgresql_url: str) -> None:
    metadata = models(KEPT)
    sa.Table(
        "u",
        metadata,
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("serial", sa.Integer, sa.Sequence("own", optional=True)),
    )
    with database(postgresql_url) as engine:
        metadata.create_all(engine)
        assert diffs(engine, metadata) == []
