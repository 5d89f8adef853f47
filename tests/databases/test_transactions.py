"""The version row moves in the transaction of its step; a transaction of the caller's stays theirs (X1)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.errors import MigrationFailed


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two revisions."""
    monkeypatch.chdir(tmp_path)
    for name in ("t", "u"):
        Migrator("sqlite://").cell_revision(name, f'op.create_table("{name}", sa.Column("a", sa.Integer))\n')


def tables(url: str) -> list[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    return sorted(sa.inspect(engine).get_table_names())


@pytest.mark.parametrize("per_migration", [False, True])
def test_a_failure_after_the_version_row_was_moved_takes_both_back(
    url: str, history: None, per_migration: bool
) -> None:
    """Of the whole run, or of the step; on MariaDB the row alone, as it takes no CREATE back."""
    seen: list[Any] = []

    def refuse(**told: Any) -> None:
        seen.append(told["step"].up_revision_id)
        if len(seen) == 2:
            raise LookupError("after the row was moved")

    migrator = Migrator(url, on_version_apply=refuse, transaction_per_migration=per_migration)
    with pytest.raises(MigrationFailed, match="LookupError: after the row was moved"):
        migrator.upgrade()
    mariadb = sa.make_url(url).get_backend_name() == "mysql"
    at = [one.id for one in Migrator(url).current().revisions]
    assert at == (seen[:1] if per_migration or mariadb else [])
    if mariadb:
        assert tables(url) == ["alembic_version", "alembic_version_journal", "t", "u"]
    else:
        assert tables(url) == (["alembic_version", "t"] if per_migration else [])
    Migrator(url).upgrade()
    assert tables(url) == ["alembic_version", "t", "u"]


@pytest.mark.postgresql
def test_x1_a_transaction_of_the_callers_is_never_ended_and_keeps_others_out(
    postgresql_url: str, history: None
) -> None:
    engine = sa.create_engine(postgresql_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        transaction = connection.begin()
        assert len(Migrator(connection).upgrade().steps) == 2  # type: ignore[union-attr]
        assert transaction.is_active and tables(postgresql_url) == []
        with pytest.raises(Exception, match="another migration run is under way"):
            Migrator(postgresql_url, lock_timeout=0.1).upgrade()
        transaction.rollback()
    assert tables(postgresql_url) == []
    assert len(Migrator(postgresql_url, lock_timeout=0.1).upgrade().steps) == 2  # type: ignore[union-attr]


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "LookupError"])
def test_a_result_that_was_read_by_half_keeps_no_lock(sqlite_url: str, history: None, error: str) -> None:
    """A kernel keeps the traceback, and with it the script's frame."""
    body = (
        "rows = op.get_bind().exec_driver_sql('SELECT 1 FROM sqlite_master UNION ALL SELECT 2 FROM u')\n"
        f"rows.fetchone()\nraise {error}\n"
    )
    Migrator(sqlite_url).cell_revision("half", "def upgrade():\n    " + body.replace("\n", "\n    "))
    with pytest.raises((KeyboardInterrupt, MigrationFailed)) as kept:
        Migrator(sqlite_url).upgrade()
    engine = sa.create_engine(sqlite_url, poolclass=sa.NullPool, connect_args={"timeout": 0})
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
    assert kept.value is not None
