"""SIGKILL at random moments: the schema is that of the recorded version, and the next run ends the matter.

Five upgrades and five downgrades of thirty revisions are killed on each database; with ``NBMIGRATE_NIGHTLY``
fifty and fifty.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from databases import killing

ROUNDS = 50 if os.environ.get("NBMIGRATE_NIGHTLY") else 5

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> killing.Killer:
    folder = tmp_path_factory.mktemp("killed") / "migrations"
    killing.write_history(folder)
    return killing.Killer(folder)


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    """Without a pool: DuckDB's file belongs to whoever has it open."""
    made = sa.create_engine(url, poolclass=sa.NullPool)
    yield made
    made.dispose()


def test_killed_at_random_moments(killer: killing.Killer, url: str, engine: sa.Engine) -> None:
    seed = random.randrange(1 << 30)
    moments = random.Random(seed)
    in_the_middle = 0
    for _ in range(ROUNDS):
        for target in ("head", "base"):
            killer.run(url, target, moments)
            alone(engine)
            number = killing.at(engine)
            in_the_middle += 0 < number < killing.COUNT
            unfinished = sa.inspect(engine).has_table("alembic_version_journal")
            if not unfinished:
                assert killing.state(engine) == killing.expected(number), f"seed {seed}"
            killing.migrate(url, str(killer.folder), target)
            end = killing.COUNT if target == "head" else 0
            assert killing.at(engine) == end, f"seed {seed}"
            assert killing.state(engine) == killing.expected(end), f"seed {seed}"
            assert not sa.inspect(engine).has_table("alembic_version_journal"), f"seed {seed}"
    assert in_the_middle, "no run was killed in the middle: this test shows nothing"


def alone(engine: sa.Engine) -> None:
    """Wait until the server has noticed that the killed client is gone."""
    if engine.dialect.name not in ("mysql", "mariadb", "postgresql"):
        return
    others = {
        "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()",
    }.get(
        engine.dialect.name,
        "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
    )
    for _ in range(2000):
        with engine.connect() as connection:
            if not connection.exec_driver_sql(others).scalar():
                return
        time.sleep(0.005)
    raise AssertionError("the killed client is still connected after 10 s")
