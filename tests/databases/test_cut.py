"""Things that go wrong outside: a connection that is killed, a server that is stopped, a disk that is full.

The report says what happened and what to do, and the next run ends the matter.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from nbmigrate import Migrator
from nbmigrate.cli import run_line
from nbmigrate.errors import MigrationFailed

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
SECOND = """
import sqlalchemy as sa
from alembic import op
from outside import happens
revision = "b2"
down_revision = "a1"

def upgrade():
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO t (id, n) VALUES (1, 1)")
    happens(op.get_bind())
    op.execute("INSERT INTO t (id, n) VALUES (2, 2)")  # line 13
    op.create_index("ix_t_n", "t", ["n"])

def downgrade():
    op.drop_index("ix_t_n", "t")
    op.execute("DELETE FROM t")
    op.drop_table("u")
"""
LINE = SECOND.split("\n").index('    op.execute("INSERT INTO t (id, n) VALUES (2, 2)")  # line 13') + 1


class Project:
    """Two revisions, in the middle of the second of which something happens once."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = str(folder / "migrations")
        Migrator(url, directory=self.folder).init(self.folder)
        for name, text in (("a1", FIRST), ("b2", SECOND)):
            (folder / "migrations" / "versions" / f"{name}.py").write_text(text)

    def upgrade(self, **options: Any) -> Any:
        # a transaction for each revision, so that the first one stays
        return Migrator(self.url, directory=self.folder, transaction_per_migration=True, **options).upgrade()

    def finished(self) -> None:
        """Everything is there, once."""
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT id, n FROM t ORDER BY id").all() == [(1, 1), (2, 2)]
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").all() == [("b2",)]
        inspector = sa.inspect(engine)
        assert sorted(inspector.get_table_names()) == ["alembic_version", "t", "u"]
        assert [index["name"] for index in inspector.get_indexes("t")] == ["ix_t_n"]


Outside = Callable[[Callable[[Any], None]], None]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Say what happens in the middle of the second revision, once."""

    def set_(happens: Callable[[Any], None]) -> None:
        left = [happens]
        once = SimpleNamespace(happens=lambda connection: left.pop()(connection) if left else None)
        monkeypatch.setitem(sys.modules, "outside", once)

    return set_


def kill(connection: Any, url: str) -> None:
    """End a connection from another session."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    postgresql = engine.dialect.name == "postgresql"
    mine = "SELECT pg_backend_pid()" if postgresql else "SELECT connection_id()"
    number = connection.exec_driver_sql(mine).scalar()
    with engine.connect() as other:
        other.exec_driver_sql(
            f"SELECT pg_terminate_backend({number}, 5000)" if postgresql else f"KILL {number}"
        )


ENDS = {
    # nothing of the step stays; on MariaDB what the CREATE committed stays, and is not done again
    "postgresql": "the step was rolled back, the database is at a1",
    "mariadb": "its first statement is done and stays",
}
SAYS = {
    ("kill", "postgresql"): "terminating connection due to administrator command",
    ("restart", "postgresql"): "terminating connection due to administrator command",
    ("kill", "mariadb"): "Lost connection|Connection was killed|server has gone away",
    ("restart", "mariadb"): "Lost connection|Connection was killed|server has gone away|Server shutdown",
}


@pytest.mark.parametrize("what", ["kill", "restart"])
@pytest.mark.parametrize(
    "system",
    [
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
def test_a_connection_is_killed_or_a_server_stopped_in_mid_run(
    what: str, system: str, request: pytest.FixtureRequest, tmp_path: Path, outside: Outside
) -> None:
    url = request.getfixturevalue(f"{system}_url")
    server = request.getfixturevalue(f"{system}_server")
    project = Project(url, tmp_path)
    outside(lambda connection: kill(connection, url) if what == "kill" else server.restart())
    with pytest.raises(MigrationFailed, match=SAYS[what, system]) as failed:
        project.upgrade()
    error, told = failed.value, str(failed.value)
    assert "\n" not in told
    assert (error.revision, error.direction, error.line) == ("b2", "upgrade", LINE)
    assert error.statement == "INSERT INTO t (id, n) VALUES (2, 2)"
    assert error.statement in told and f"b2.py, line {LINE}" in told
    assert ENDS[system] in told, told
    project.upgrade()
    project.finished()


@pytest.mark.postgresql
def test_what_is_told_is_why_and_not_that_nothing_could_be_rolled_back(
    postgresql_url: str, tmp_path: Path, outside: Outside
) -> None:
    def happens(connection: Any) -> None:
        kill(connection, postgresql_url)
        raise LookupError("the reason")

    project = Project(postgresql_url, tmp_path)
    outside(happens)
    with pytest.raises(
        MigrationFailed, match=r"upgrade of b2 failed: LookupError: the reason; at .*, line 11"
    ):
        project.upgrade()
    project.upgrade()
    project.finished()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root on Linux only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no room on a disk; the file that takes it up."""
    file = folder / "filler"
    with suppress(OSError), file.open("wb", buffering=0) as stream:
        while True:
            stream.write(b"x" * 4096)
    return file


BLOB = {
    "sqlite": "INSERT INTO b SELECT randomblob(400000)",
    "duckdb+duckdb_sqlalchemy": "INSERT INTO b SELECT random()::varchar FROM range(60000)",
}


@pytest.mark.parametrize("driver", list(BLOB))
def test_the_disk_of_a_database_is_full(
    driver: str, tmp_path: Path, small_disk: Path, outside: Outside
) -> None:
    url = f"{driver}:///{small_disk / 'x.db'}"
    project = Project(url, tmp_path)
    filler: list[Path] = []

    def happens(connection: Any) -> None:
        connection.exec_driver_sql("CREATE TABLE b (b TEXT)")
        filler.append(fill(small_disk))
        for _ in range(8):
            connection.exec_driver_sql(BLOB[driver])

    outside(happens)
    with pytest.raises(MigrationFailed, match=r"(?i)disk is full|no space left|could not write") as failed:
        project.upgrade()
    told = str(failed.value)
    assert "upgrade of b2 failed" in told and "the step was rolled back, the database is at a1" in told
    filler[0].unlink()
    project.upgrade()
    project.finished()


def test_the_disk_of_the_scripts_is_full(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing half-written stays, and the line names the file."""
    monkeypatch.chdir(small_disk)
    Migrator("sqlite://").init("migrations")
    first = Migrator("sqlite://").revision("first").revision
    assert first is not None
    filler = fill(small_disk)
    before = sorted(path.name for path in small_disk.rglob("*.py"))
    assert run_line(["revision", "-m", "second"]) == 255
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and said.err.startswith("FAILED: ")
    assert "No space left on device" in said.err and "second.py" in said.err
    assert sorted(path.name for path in small_disk.rglob("*.py")) == before
    assert not [path for path in (small_disk / "migrations").rglob("*") if "tmp" in path.name]
    filler.unlink()
    assert run_line(["revision", "-m", "second"]) == 0
    assert len(Migrator("sqlite://").history().revisions) == 2
