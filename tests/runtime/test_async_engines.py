"""The user's AsyncEngine, in a loop that is running: migrated by a driver without one, then usable."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from nbmigrate import Migrator
from nbmigrate.errors import ConnectError
from nbmigrate.runtime.database import Database


@pytest.mark.parametrize("driver", ["aiosqlite", pytest.param("asyncpg", marks=pytest.mark.postgresql)])
def test_an_async_engine_stays_usable(
    driver: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(driver)
    monkeypatch.chdir(tmp_path)
    url = sa.make_url(request.getfixturevalue("sqlite_url" if driver == "aiosqlite" else "postgresql_url"))
    url = url.set(drivername=f"{url.get_backend_name()}+{driver}")
    Migrator("sqlite://").cell_revision(
        "first", 'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))\n'
    )

    async def cell() -> None:
        engine = create_async_engine(url)
        async with engine.connect() as mine:
            assert (await mine.execute(sa.text("SELECT 1"))).scalar() == 1
            await mine.rollback()
            threads = threading.active_count()
            assert len(Migrator(engine).upgrade().steps) == 1  # type: ignore[union-attr]
            assert threading.active_count() == threads
            await mine.execute(sa.text("INSERT INTO t VALUES (1)"))
            await mine.commit()
        async with engine.connect() as another:
            assert (await another.execute(sa.text("SELECT count(*) FROM t"))).scalar() == 1
        await engine.dispose()

    asyncio.run(cell())


def test_a_database_in_the_memory_of_an_async_engine_is_refused() -> None:
    """A twin of it would be another database, and what is migrated there would be gone."""
    with pytest.raises(ConnectError, match="a database in the memory of an AsyncEngine can't be migrated"):
        Database(create_async_engine("sqlite+aiosqlite://"))


def test_asyncpgs_own_words_are_told_in_psycopgs() -> None:
    url = "postgresql+asyncpg://u@h/d?ssl=require&prepared_statement_cache_size=0"
    shown = Database(url).url.render_as_string()
    assert shown == "postgresql+psycopg://u@h/d?sslmode=require"
