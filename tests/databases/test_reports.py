"""What a failure says: revision, statement, the words of the database, the line, what stays, then what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.errors import MigrationFailed

SCRIPT = """
import sqlalchemy as sa
from alembic import op
revision = "b2"
down_revision = "a1"
t = sa.table("t", sa.column("id"), sa.column("n"))

def upgrade():
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True))
    {line}

def downgrade():
    op.drop_table("u")
"""
FIRST = """
import sqlalchemy as sa
from alembic import op
revision = "a1"
down_revision = None

def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))

def downgrade():
    op.drop_table("t")
"""
LINE = SCRIPT.split("\n").index("    {line}") + 1
Make = Callable[[str], Migrator]


@pytest.fixture
def make(url: str, tmp_path: Path) -> Make:
    """A migrator at the first of two revisions; the second has this line."""

    def made(line: str) -> Migrator:
        folder = str(tmp_path / "migrations")
        migrator = Migrator(url, directory=folder, transaction_per_migration=True)
        migrator.init(folder)
        versions = tmp_path / "migrations" / "versions"
        (versions / "a1.py").write_text(FIRST)
        (versions / "b2.py").write_text(SCRIPT.format(line=line))
        migrator.upgrade("a1")
        return migrator

    return made


CASES = {
    # what the script does, the statement that is told, the database's words
    "sql": ("op.execute('INSERT INTO nowhere VALUES (1)')", "INSERT INTO nowhere VALUES (1)", "nowhere"),
    "rows": (
        "op.bulk_insert(t, [{'id': 1 + n % 7000, 'n': n} for n in range(8000)])",
        "INSERT INTO t (id, n) VALUES",
        r"(?i)unique|duplicate",
    ),
    "python": ("{}['key']", None, "KeyError: 'key'"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_failure_says_all_there_is_to_say(case: str, make: Make, url: str, tmp_path: Path) -> None:
    line, statement, words = CASES[case]
    with pytest.raises(MigrationFailed, match=words) as failed:
        make(line).upgrade()
    error, told = failed.value, str(failed.value)
    path = str(tmp_path / "migrations" / "versions" / "b2.py")
    assert told.startswith("upgrade of b2 failed: ") and "\n" not in told
    assert (error.revision, error.direction) == ("b2", "upgrade")
    assert (error.path, error.line) == (path, LINE) and f"at {path}, line {LINE}" in told
    if statement is None:
        assert error.statement is None and "statement:" not in told
    else:
        assert error.statement is not None and error.statement.startswith(statement)
        assert f"statement: {statement}" in told
    name = sa.make_url(url).get_backend_name()
    if name in ("mysql", "mariadb"):
        assert "its first statement is done and stays" in told and "the version is still a1" in told
        assert "`upgrade` carries on after that; `upgrade --undo` takes it back" in told
    else:
        assert "the step was rolled back, the database is at a1" in told
    assert error.state and told.endswith(error.state)
    assert rows(url) == (0, name in ("mysql", "mariadb"))


def rows(url: str) -> tuple[Any, bool]:
    """How many rows there are, and whether the second table is."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM t").scalar()
        return count, sa.inspect(connection).has_table("u")


def test_a_value_that_does_not_fit_in_the_middle_of_many(make: Make, url: str) -> None:
    """A DataError; SQLite takes any value."""
    if url.startswith("sqlite"):
        pytest.skip("SQLite keeps a text in a column of numbers")
    values = "[{'id': n, 'n': 'many' if n == 5000 else n} for n in range(1, 6000)]"
    with pytest.raises(MigrationFailed, match=r"many|Conversion|out of range|Incorrect") as failed:
        make(f"op.bulk_insert(t, {values})").upgrade()
    assert failed.value.line == LINE and (failed.value.statement or "").startswith("INSERT INTO t")
    assert rows(url)[0] == 0
